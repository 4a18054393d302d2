import { type ComponentProps, useState } from 'react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { type IndexedService } from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../../dev/FakeHub';
import { type GnsApi, gnsApiRef } from '../api';
import { GnsClusterPicker } from './GnsClusterPicker';
import { GnsHostPreview } from './GnsHostPreview';
import { GnsPicker } from './GnsPicker';

jest.setTimeout(60_000);
const SLOW = { timeout: 30_000 };

type FieldProps = ComponentProps<typeof GnsHostPreview>;

function show(
  Field: (props: FieldProps) => JSX.Element,
  options: {
    answers?: Partial<GnsApi>;
    form?: Record<string, string>;
    required?: boolean;
  } = {},
) {
  const chosen: (string | undefined)[] = [];
  function Host() {
    const [value, setValue] = useState<string | undefined>();
    const props = {
      schema: {},
      uiSchema: {},
      formContext: { formData: options.form ?? {} },
      formData: value,
      required: options.required,
      onChange: (next: string | undefined) => {
        chosen.push(next);
        setValue(next);
      },
    };
    return <Field {...(props as unknown as FieldProps)} />;
  }
  const hub = Object.assign(new FakeHub(), options.answers);
  renderInTestApp(<Host />, { apis: [[gnsApiRef, asGnsApi(hub)]] });
  return chosen;
}

const CART: IndexedService = {
  gns: 'shop',
  name: 'cart',
  host: 'cart.shop.gns.example',
  places: [
    { cluster: 'cloud-a', namespace: 'web', service: 'cart', labels: {} },
  ],
};

describe('the fields of templates', () => {
  it('offer the global namespaces by title and domain', async () => {
    const chosen = show(GnsPicker);
    await userEvent.click(
      await screen.findByRole('button', { name: /Global namespace/ }, SLOW),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /shop\.gns\.example/ }),
    );
    expect(chosen).toEqual(['shop']);
  });

  it('say when there is nothing to choose', async () => {
    show(GnsPicker, {
      answers: { listGlobalNamespaces: async () => ({ items: [] }) },
    });
    expect(
      await screen.findByText(
        /no global namespace that you may read/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
  });

  it('say when the hub does not answer', async () => {
    show(GnsClusterPicker, {
      answers: {
        listClusters: async () => {
          throw new Error('503');
        },
      },
    });
    expect(
      await screen.findByText('The hub does not answer: 503', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('offer enrolled clusters, with a word on those that are not heard of', async () => {
    show(GnsClusterPicker);
    await userEvent.click(
      await screen.findByRole('button', { name: /Cluster/ }, SLOW),
    );
    const options = await screen.findAllByRole('option');
    expect(options.map(o => o.textContent).join()).toContain('not heard of');
  });

  it.each([
    [
      { gns: 'shop', name: 'returns' },
      'returns.shop.gns.example',
      /All members/,
    ],
    [{ gns: 'shop', name: 'cart' }, 'cart.shop.gns.example', /cloud-a\/web/],
    [{ gns: 'shop', name: 'Not Good' }, '', /is no service name/],
    [{ gns: 'shop' }, '', /Choose a global namespace and a name/],
  ])('preview the host name of %j', async (form, host, told) => {
    const chosen = show(GnsHostPreview, {
      form: form as Record<string, string>,
      answers: { allServices: async () => [CART] },
    });
    expect(await screen.findByText(told, {}, SLOW)).toBeInTheDocument();
    expect(screen.getByRole('textbox')).toHaveValue(host);
    await waitFor(() => expect(chosen).toEqual(host ? [host] : []));
  });
});
