import {
  act,
  configure,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EditorView } from '@codemirror/view';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { parseYaml } from '@isthmus/plugin-gns-common';
import { sloDetail, sloPreview } from '../dev/sloFixtures';
import { openPage, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';

jest.setTimeout(120_000);
// Machines that run this are busy; what is awaited here comes after a debounce.
configure({ asyncUtilTimeout: 15_000 });

async function editor(): Promise<EditorView> {
  const content = await screen.findByRole('textbox', { name: /as YAML/ }, SLOW);
  return EditorView.findFromDOM(content)!;
}
const textOf = (view: EditorView) => view.state.doc.toString();
const documentOf = (view: EditorView) => {
  const parsed = parseYaml(textOf(view));
  return parsed.ok ? (parsed.documents[0] as any) : undefined;
};
const put = (label: string | RegExp, text: string) =>
  fireEvent.change(screen.getByRole('textbox', { name: label }), {
    target: { value: text },
  });

function openWith(path: string, over: Partial<GnsApi> = {}) {
  const preview = jest.fn(async (_: unknown) => sloPreview);
  const putDefinition = jest.fn(async () => ({
    result: 'created' as const,
    generation: 1,
    warnings: [],
  }));
  const page = openPage(path, {
    slo: {
      preview,
      get: async () => sloDetail,
      exportOpenSlo: async () => ({
        documents: [],
        yaml: 'apiVersion: openslo/v1\n',
        losses: [
          {
            severity: 'warning' as const,
            code: 'alerts',
            path: 'spec.alerts',
            message: 'OpenSLO v1 knows one window for an alert.',
            remedy: 'Set the alerts up again.',
          },
        ],
      }),
      importOpenSlo: async () => ({
        definitions: [
          {
            apiVersion: 'gns.isthmus.dev/v1',
            kind: 'ServiceLevelObjective',
            metadata: { gns: 'shop', name: 'imported' },
            spec: {},
          },
        ],
        problems: [
          {
            severity: 'error' as const,
            code: 'no-istio-metric',
            path: 'spec.indicator',
            message: 'The query asks for no metric of Istio.',
            remedy: 'Use istio_requests_total.',
          },
        ],
      }),
    } as unknown as GnsApi['slo'],
    putDefinition: putDefinition as unknown as GnsApi['putDefinition'],
    ...over,
  });
  return { ...page, preview, putDefinition };
}

describe('writing an objective', () => {
  it('form and YAML are in step; a template replaces what is promised only', async () => {
    openWith('/gns/shop/slos/-/create?service=checkout');
    const view = await editor();
    expect(documentOf(view)).toMatchObject({
      kind: 'ServiceLevelObjective',
      metadata: { gns: 'shop', name: 'checkout' },
      spec: { services: ['checkout'] },
    });
    put(/^Title/, 'Checkout answers');
    await userEvent.click(screen.getByRole('button', { name: 'Batch' }));
    expect(documentOf(view)).toMatchObject({
      metadata: { title: 'Checkout answers' },
      spec: {
        services: ['checkout'],
        window: { type: 'calendar', period: 'month' },
        objectives: [{ name: 'good-hours', target: 98 }],
      },
    });
    put(/^Target/, '97.5');
    expect(documentOf(view).spec.objectives[0].target).toBe(97.5);
    const at = textOf(view).indexOf('97.5');
    act(() =>
      view.dispatch({
        changes: { from: at, to: at + 4, insert: '96' },
        userEvent: 'input.type',
      }),
    );
    expect(screen.getByRole('textbox', { name: /^Target/ })).toHaveValue('96');
  });

  it('a number is not rewritten under the cursor, and a mistake is named', async () => {
    openWith('/gns/shop/slos/-/create?service=checkout');
    const view = await editor();
    await userEvent.click(screen.getByRole('button', { name: 'gRPC' }));
    put(/^Target/, '99.');
    expect(screen.getByRole('textbox', { name: /^Target/ })).toHaveValue('99.');
    put(/^Target/, '99,9');
    expect(documentOf(view).spec.objectives[0].target).toBe(99.9);
    put(/^Target/, '100');
    expect(
      (await screen.findAllByText(/leaves no error budget/)).length,
    ).toBeGreaterThan(0);
  });

  it('shows what the past would have reached, and takes its target on request', async () => {
    const { preview } = openWith('/gns/shop/slos/-/create?service=checkout');
    const view = await editor();
    const past = await screen.findByRole('table', {
      name: 'What the past reached',
    });
    expect(preview).toHaveBeenCalledTimes(1);
    expect(preview.mock.calls[0][0]).toMatchObject({
      metadata: { gns: 'shop', name: 'checkout' },
    });
    const row = within(past).getByRole('row', { name: /^fast/ });
    expect(row).toHaveTextContent('98.82%');
    expect(screen.getByText('1 alert would have come:')).toBeInTheDocument();
    await userEvent.click(within(row).getByRole('button', { name: 'Use 98%' }));
    expect(documentOf(view).spec.objectives[1].target).toBe(98);
    await waitFor(() => expect(preview).toHaveBeenCalledTimes(2));
    expect(preview.mock.calls[1][0]).toMatchObject({
      spec: { objectives: [{}, { target: 98 }] },
    });
  });

  it('says why the past could not be asked, and asks again', async () => {
    let down = true;
    openWith('/gns/shop/slos/-/create?service=checkout', {
      slo: {
        preview: async () => {
          if (down) throw new Error('The hub rests');
          return sloPreview;
        },
      } as unknown as GnsApi['slo'],
    });
    expect(
      await screen.findByText('It could not be tried on the past', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText('The hub rests')).toBeInTheDocument();
    down = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('table', { name: 'What the past reached' }),
    ).toBeInTheDocument();
  });

  it('is reviewed and written, and leads to the objective', async () => {
    const { putDefinition } = openWith(
      '/gns/shop/slos/-/create?service=checkout',
    );
    await editor();
    put(/^Title/, 'Checkout answers');
    await userEvent.click(screen.getByRole('button', { name: /review/i }));
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Why, for the history/ }),
      'First promise',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Create the objective' }),
    );
    expect(putDefinition).toHaveBeenCalledWith(
      expect.objectContaining({
        kind: 'ServiceLevelObjective',
        metadata: expect.objectContaining({ title: 'Checkout answers' }),
      }),
      { ifMatch: undefined, message: 'First promise' },
    );
    expect(
      await screen.findByRole('heading', { name: 'Payments answer fast' }),
    ).toBeInTheDocument();
  });

  it('of one that is not there leads to those that are', async () => {
    openPage('/gns/shop/slos/nothing/edit');
    expect(
      await screen.findByText('There is no objective “nothing”', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('without permission names it', async () => {
    openPage('/gns/shop/slos/-/create', {}, AuthorizeResult.DENY);
    expect(
      await screen.findByText(/permission gns\.definition\.create/, {}, SLOW),
    ).toBeInTheDocument();
  });
});

describe('an objective and others', () => {
  it('is exported as OpenSLO with what is lost', async () => {
    openWith('/gns/shop/slos/payments');
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'More about this objective' },
        SLOW,
      ),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Export as OpenSLO' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText(/apiVersion: openslo\/v1/),
    ).toBeInTheDocument();
    expect(
      within(dialog).getByText(/knows one window for an alert/),
    ).toBeInTheDocument();
  });

  it('is deleted after a question, by the generation that was seen', async () => {
    const deleteDefinition = jest.fn(async () => ({
      result: 'deleted' as const,
      generation: 4,
      warnings: [],
    }));
    openWith('/gns/shop/slos/payments', {
      deleteDefinition:
        deleteDefinition as unknown as GnsApi['deleteDefinition'],
    });
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'More about this objective' },
        SLOW,
      ),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Delete' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Delete' }),
    );
    expect(deleteDefinition).toHaveBeenCalledWith(
      { kind: 'ServiceLevelObjective', gns: 'shop', name: 'payments' },
      { ifMatch: 3 },
    );
  });

  it('comes out of OpenSLO, with what does not come along, and is written when asked', async () => {
    const { putDefinition } = openWith('/gns/shop/slos/-/import');
    fireEvent.change(
      await screen.findByRole('textbox', { name: /OpenSLO documents/ }, SLOW),
      { target: { value: 'apiVersion: openslo/v1' } },
    );
    await userEvent.click(screen.getByRole('button', { name: 'Read' }));
    expect(await screen.findByText('1 objective found')).toBeInTheDocument();
    expect(screen.getByText(/asks for no metric of Istio/)).toBeInTheDocument();
    expect(putDefinition).not.toHaveBeenCalled();
    await userEvent.click(
      screen.getByRole('button', { name: 'Create “imported”' }),
    );
    expect(putDefinition).toHaveBeenCalledWith(
      expect.objectContaining({
        metadata: { gns: 'shop', name: 'imported' },
      }),
      {},
    );
    expect(await screen.findByText('created')).toBeInTheDocument();
  });
});
