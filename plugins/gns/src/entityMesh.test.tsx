import { type JsonObject } from '@backstage/types';
import { screen, within } from '@testing-library/react';
import {
  createExtensionTester,
  renderInTestApp,
} from '@backstage/frontend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
} from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../dev/FakeHub';
import { type GnsApi, gnsApiRef } from './api';
import { meshContent } from './extensions/entityCard';
import { rootRouteRef } from './routes';

const entity = (annotations?: Record<string, string>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', ...(annotations ? { annotations } : {}) },
});

function show(
  annotations: Record<string, string>,
  options: { answers?: Partial<GnsApi>; config?: JsonObject } = {},
) {
  const hub = Object.assign(new FakeHub(), options.answers);
  renderInTestApp(
    <EntityProvider entity={entity(annotations)}>
      {createExtensionTester(meshContent).reactElement()}
    </EntityProvider>,
    {
      apis: [[gnsApiRef, asGnsApi(hub)]],
      mountedRoutes: { '/gns': rootRouteRef },
      ...(options.config ? { config: options.config } : {}),
    },
  );
}

jest.setTimeout(60_000);
const SLOW = { timeout: 30_000 };

describe('the mesh tab', () => {
  it('is for entities whose services are named or were found', () => {
    const filter = createExtensionTester(meshContent).get(
      EntityContentBlueprint.dataRefs.filterFunction,
    );
    expect(filter?.(entity({ [ANNOTATION_SERVICE]: 'shop/a' }))).toBe(true);
    expect(filter?.(entity({ [ANNOTATION_FOUND_SERVICES]: 'shop/a' }))).toBe(
      true,
    );
    expect(filter?.(entity({ other: 'x' }))).toBe(false);
    expect(filter?.(entity())).toBe(false);
  });

  it('shows hosts to copy, places and changes of each service, side by side', async () => {
    show({ [ANNOTATION_SERVICE]: 'shop/checkout, shop/payments' });
    expect(
      await screen.findByText(
        /^(http:\/\/)?checkout\.shop\.gns\.example/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(
      await screen.findByText(/^(http:\/\/)?payments\.shop\.gns\.example/),
    ).toBeInTheDocument();
    expect(
      screen.getAllByRole('heading', { name: 'Changes of the last hour' }),
    ).toHaveLength(2);
    expect(screen.queryByRole('heading', { name: 'Elsewhere' })).toBeNull();
  });

  it('links to the tools of the admin, for each cluster where they ask for it', async () => {
    show(
      { [ANNOTATION_SERVICE]: 'shop/checkout' },
      {
        config: {
          gns: {
            serviceLinks: [
              {
                title: 'Kiali',
                url: 'https://kiali.example/{cluster}/{namespace}',
              },
              { title: 'Logs', url: 'https://logs.example/?q={host}' },
            ],
          },
        },
      },
    );
    const part = await screen.findByRole('region', { name: 'Elsewhere' }, SLOW);
    const links = within(part).getAllByRole('link');
    expect(links.map(l => l.getAttribute('href'))).toEqual(
      expect.arrayContaining([
        'https://kiali.example/cloud-b/shop-backend',
        'https://logs.example/?q=checkout.shop.gns.example',
      ]),
    );
    expect(links[0]).toHaveAttribute('rel', 'noopener noreferrer');
  });

  it('says how to annotate what labels found', async () => {
    show({ [ANNOTATION_FOUND_SERVICES]: 'shop/checkout' });
    expect(
      await screen.findByText(`${ANNOTATION_SERVICE}: shop/checkout`, {}, SLOW),
    ).toBeInTheDocument();
  });

  it('says that the history could not be read, not that nothing changed', async () => {
    show(
      { [ANNOTATION_SERVICE]: 'shop/checkout' },
      {
        answers: {
          listRevisions: async () => {
            throw new Error('503');
          },
        },
      },
    );
    expect(
      await screen.findByText('What changed is not known: 503', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByText('Nothing changed.')).toBeNull();
  });

  it('degrades to one sentence where the service does not exist', async () => {
    show({ [ANNOTATION_SERVICE]: 'shop/gone' });
    expect(
      await screen.findByText(
        'The global namespace shop has no service gone',
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
  });
});
