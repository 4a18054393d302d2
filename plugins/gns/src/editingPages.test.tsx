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
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(120_000);
// Machines that run this are busy; what is awaited here comes after a debounce.
configure({ asyncUtilTimeout: 15_000 });

/** The YAML side of the page. */
async function editor(): Promise<EditorView> {
  const content = await screen.findByRole('textbox', { name: /as YAML/ }, SLOW);
  return EditorView.findFromDOM(content)!;
}
const textOf = (view: EditorView) => view.state.doc.toString();
function write(view: EditorView, from: string, to: string) {
  const at = textOf(view).indexOf(from);
  act(() =>
    view.dispatch({
      changes: { from: at, to: at + from.length, insert: to },
      userEvent: 'input.type',
    }),
  );
}
const put = (label: string | RegExp, text: string) =>
  fireEvent.change(screen.getByRole('textbox', { name: label }), {
    target: { value: text },
  });

describe('editing', () => {
  it('form and YAML are in step, and comments stay', async () => {
    open('/gns/shop/edit');
    const view = await editor();
    write(view, 'name: shop', 'name: shop # the shop');
    put(/^Title/, 'Corner shop');
    expect(textOf(view)).toContain('title: Corner shop');
    expect(textOf(view)).toContain('name: shop # the shop');
    write(view, 'Corner shop', 'Shop at the corner');
    expect(screen.getByRole('textbox', { name: /^Title/ })).toHaveValue(
      'Shop at the corner',
    );
  });

  it('undo and redo go over both sides', async () => {
    open('/gns/shop/edit');
    const view = await editor();
    put(/^Title/, 'From the form');
    write(view, 'cloud-', 'edge-');
    const undo = screen.getByRole('button', { name: 'Undo' });
    await userEvent.click(undo);
    expect(textOf(view)).toContain('cloud-');
    await userEvent.click(undo);
    expect(textOf(view)).toContain('title: Web shop');
    fireEvent.keyDown(screen.getByRole('textbox', { name: /^Title/ }), {
      key: 'y',
      ctrlKey: true,
    });
    expect(textOf(view)).toContain('title: From the form');
  });

  it('says what the members match while they are written, and what was meant', async () => {
    open('/gns/shop/edit');
    const view = await editor();
    expect(
      await screen.findByText('Matches 3 namespaces in 2 clusters'),
    ).toBeInTheDocument();
    write(view, '- shop-web', '- shop-wbe');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Write shop-web' }),
    );
    expect(textOf(view)).toContain('shop-web');
    expect(
      await screen.findByText('Matches 3 namespaces in 2 clusters'),
    ).toBeInTheDocument();
    const list = screen.getByRole('list', { name: 'What entry 1 matches' });
    expect(within(list).getByText('shop-backend')).toBeInTheDocument();
  });

  it('the form waits while the YAML cannot be read', async () => {
    open('/gns/shop/edit');
    const view = await editor();
    write(view, 'spec:', 'spec: [');
    expect(screen.getByText(/The YAML cannot be read/)).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: /^Title/ })).toBeDisabled();
    expect(screen.getByRole('textbox', { name: /^Title/ })).toHaveValue(
      'Web shop',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.getByRole('textbox', { name: /^Title/ })).toBeEnabled();
  });

  it('leads to the first problem instead of to the review', async () => {
    open('/gns/shop/edit');
    await editor();
    fireEvent.change(screen.getByRole('combobox', { name: /^Owner/ }), {
      target: { value: 'nobody' },
    });
    await userEvent.click(
      screen.getByRole('button', { name: 'Review the change' }),
    );
    expect(screen.getByText('Mend 1 problem first')).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByRole('combobox', { name: /^Owner/ })).toHaveFocus(),
    );
  });

  it('a person who may not is told which permission is missing', async () => {
    open('/gns/-/create', {}, AuthorizeResult.DENY);
    expect(
      await screen.findByText(/permission gns\.definition\.create/, {}, SLOW),
    ).toBeInTheDocument();
  });
});

describe('drafts', () => {
  it('are there again after leaving, and can be thrown away', async () => {
    const first = open('/gns/shop/edit');
    const view = await editor();
    put(/^Title/, 'Half done');
    write(view, 'Half done', 'Half done # later');
    expect(await screen.findByText(/Your draft is kept/)).toBeInTheDocument();
    first.leave();

    open('/gns/shop/edit', {}, undefined, first.storage);
    const again = await editor();
    expect(screen.getByText(/You are back at your draft/)).toBeInTheDocument();
    expect(textOf(again)).toContain('title: Half done # later');
    await userEvent.click(
      screen.getByRole('button', { name: 'Throw the draft away' }),
    );
    expect(textOf(again)).toContain('title: Web shop');
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(textOf(again)).toContain('Half done');
  });

  it('what was typed in the last moment is kept too', async () => {
    const first = open('/gns/shop/edit');
    await editor();
    put(/^Title/, 'In a hurry');
    first.leave();
    open('/gns/shop/edit', {}, undefined, first.storage);
    expect(textOf(await editor())).toContain('title: In a hurry');
  });
});

describe('two who edit at once', () => {
  it('the loser sees the change of the other, keeps her text, and puts both together', async () => {
    const { hub, signal } = open('/gns/shop/edit');
    const view = await editor();
    write(view, 'title: Web shop', 'title: Corner shop # mine');
    hub.editing.writeAs('user:default/grace', 'shop', text =>
      text.replace('"strict"', '"permissive"'),
    );
    signal({ changed: ['definitions'], gns: ['shop'] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'See both changes' }),
    );
    const dialog = await screen.findByRole('dialog');
    const theirs = within(dialog).getByRole('table', {
      name: 'What user:default/grace changed',
    });
    expect(theirs).toHaveTextContent('permissive');
    const mine = within(dialog).getByRole('table', {
      name: 'What you changed',
    });
    expect(mine).toHaveTextContent('Corner shop # mine');
    await userEvent.click(
      within(dialog).getByRole('button', {
        name: 'Take their change into mine',
      }),
    );
    expect(textOf(view)).toContain('title: Corner shop # mine');
    expect(textOf(view)).toContain('mtls: permissive');
    expect(screen.queryByText(/while you were writing/)).toBeNull();
  });

  it('who changed the same place has to choose', async () => {
    const { hub, signal } = open('/gns/shop/edit');
    const view = await editor();
    write(view, 'title: Web shop', 'title: Mine');
    hub.editing.writeAs('user:default/grace', 'shop', text =>
      text.replace('"Web shop"', '"Theirs"'),
    );
    signal({ changed: ['definitions'], gns: ['shop'] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'See both changes' }),
    );
    const dialog = await screen.findByRole('dialog');
    const take = within(dialog).getByRole('button', {
      name: 'Take their change into mine',
    });
    expect(take).toBeDisabled();
    await userEvent.click(
      within(dialog).getByRole('radio', { name: 'Theirs: Theirs' }),
    );
    await userEvent.click(take);
    expect(textOf(view)).toContain('title: Theirs');
  });

  it('a write that lost says so, and nothing of it is lost', async () => {
    const { hub } = open('/gns/shop/edit');
    const view = await editor();
    write(view, 'title: Web shop', 'title: Mine');
    await userEvent.click(
      screen.getByRole('button', { name: 'Review the change' }),
    );
    const apply = await screen.findByRole('button', {
      name: 'Bring it into force',
    });
    await waitFor(() => expect(apply).toBeEnabled());
    hub.editing.writeAs('user:default/grace', 'shop', text =>
      text.replace('"strict"', '"permissive"'),
    );
    await userEvent.click(apply);
    const alerts = await screen.findAllByRole('alert');
    expect(alerts.map(one => one.textContent).join()).toContain(
      'user:default/grace changed it meanwhile. Nothing of yours was lost.',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Back to writing' }),
    );
    expect(textOf(await editor())).toContain('title: Mine');
    expect(
      screen.getByRole('button', { name: 'See both changes' }),
    ).toBeInTheDocument();
  });
});

describe('the review', () => {
  async function toReview() {
    const opened = open('/gns/shop/edit');
    await editor();
    put(/^Title/, 'Corner shop');
    await userEvent.click(
      screen.getByRole('button', { name: 'Review the change' }),
    );
    await screen.findByText(/2 services join, 1 leaves/);
    return opened;
  }

  it('says in words what changes for whom, before anything else', async () => {
    await toReview();
    expect(
      screen.getByText(
        '2 services join, 1 leaves; 3 callers lose a host; 2 callers gain a host; 40% of calls would cross clusters',
      ),
    ).toBeInTheDocument();
    const list = screen.getByRole('list', { name: 'What changes for whom' });
    expect(within(list).getAllByRole('listitem')[1]).toHaveTextContent(
      'cloud-b/shop-backend and edge-1/store can no longer call assets.shop.gns.example (calls not measured).',
    );
    expect(
      screen.getByRole('table', { name: 'The definition' }),
    ).toHaveTextContent('Corner shop');
    expect(
      screen.getByRole('heading', { name: 'What this change does' }),
    ).toHaveFocus();
  });

  it('shows what each cluster is told, object by object', async () => {
    await toReview();
    await userEvent.click(screen.getByRole('button', { name: /cloud-b/ }));
    const object = (
      await screen.findAllByText('ServiceEntry shop-web/gns-pricing-remote')
    )[1];
    fireEvent.click(object);
    expect(
      await screen.findByRole('table', {
        name: 'Change of ServiceEntry shop-web/gns-pricing-remote',
      }),
    ).toHaveTextContent('pricing.shop.gns.example');
  });

  it('brings it to the clusters in waves that were put in order', async () => {
    const { hub } = await toReview();
    const create = jest.spyOn(hub.editing.rollouts, 'create');
    await userEvent.click(screen.getByRole('radio', { name: /In waves/ }));
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Move edge-1 to the wave before',
      }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Move cloud-a to the wave after' }),
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: /Why, for the history/ }),
      'A better name',
    );
    const begin = screen.getByRole('button', { name: 'Begin the rollout' });
    await waitFor(() => expect(begin).toBeEnabled());
    expect(screen.getByText(/^Wave 2: 2 services join/)).toBeInTheDocument();
    await userEvent.click(begin);
    expect(
      await screen.findByRole('heading', { name: 'Change of shop' }),
    ).toBeInTheDocument();
    expect(create).toHaveBeenCalledWith(
      expect.objectContaining({
        expect: 4,
        message: 'A better name',
        plan: expect.stringMatching(/^plan-of-/),
        strategy: expect.objectContaining({
          waves: [
            { clusters: ['edge-1'], soakSeconds: 60 },
            { clusters: ['cloud-b', 'cloud-a'], soakSeconds: 0 },
          ],
        }),
      }),
    );
  });

  it('shows the equal commands', async () => {
    await toReview();
    await userEvent.click(
      screen.getByRole('button', { name: /The same over REST/ }),
    );
    expect(
      await screen.findByText(
        /curl -X PUT .*\/definitions\/GlobalNamespace\/shop/,
      ),
    ).toHaveTextContent(`If-Match: "4"`);
  });
});

describe('creating', () => {
  it('begins calm, and goes from nothing to a rollout', async () => {
    const { hub } = open('/gns/-/create');
    const view = await editor();
    expect(screen.queryByRole('list', { name: 'Problems' })).toBeNull();
    put(/^Name/, 'lab2');
    put(/^Domain/, 'lab2.gns.internal');
    await userEvent.type(
      screen.getByRole('combobox', { name: 'Add to: Namespaces' }),
      'shop-data{Enter}',
    );
    await userEvent.tab();
    expect(textOf(view)).toContain('names: [ shop-data ]');
    await userEvent.click(
      screen.getByRole('button', { name: 'Review the change' }),
    );
    const apply = await screen.findByRole('button', {
      name: 'Bring it into force',
    });
    await waitFor(() => expect(apply).toBeEnabled());
    await userEvent.click(apply);
    expect(
      await screen.findByRole('heading', { name: 'Creation of lab2' }),
    ).toBeInTheDocument();
    expect(hub.editing.stored.get('lab2')?.generation).toBe(1);
  });

  it('a name that exists meanwhile is shown, and the text stays', async () => {
    open('/gns/-/create');
    const view = await editor();
    put(/^Name/, 'shop');
    put(/^Domain/, 'shop2.gns.internal');
    write(view, 'names: []', 'names: [shop-web]');
    await userEvent.click(
      screen.getByRole('button', { name: 'Review the change' }),
    );
    const apply = await screen.findByRole('button', {
      name: 'Bring it into force',
    });
    await waitFor(() =>
      expect(
        screen.getByRole('heading', { name: 'What this change does' }),
      ).toBeInTheDocument(),
    );
    expect(apply).toBeDisabled();
  });
});

describe('deleting', () => {
  it('asks for the name after what it costs was seen', async () => {
    const { hub } = open('/gns/shop/delete');
    const confirm = await screen.findByRole(
      'button',
      { name: 'Delete shop' },
      SLOW,
    );
    expect(await screen.findByText(/12 leave/)).toBeInTheDocument();
    expect(confirm).toBeDisabled();
    put(/^Write shop to confirm/, 'shop');
    await waitFor(() => expect(confirm).toBeEnabled());
    await userEvent.click(confirm);
    expect(
      await screen.findByRole('heading', { name: 'Deletion of shop' }),
    ).toBeInTheDocument();
    expect(hub.editing.stored.has('shop')).toBe(false);
  });
});
