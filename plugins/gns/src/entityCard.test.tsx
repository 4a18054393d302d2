import { screen, within } from '@testing-library/react';
import {
  createExtensionTester,
  renderInTestApp,
} from '@backstage/frontend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../dev/FakeHub';
import { gnsApiRef } from './api';
import { topologyCard } from './extensions/entityCard';
import { rootRouteRef } from './routes';

const entity = (annotation?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'checkout',
    annotations: annotation ? { [ANNOTATION_SERVICE]: annotation } : {},
  },
});

function show(annotation?: string) {
  renderInTestApp(
    <EntityProvider entity={entity(annotation)}>
      {createExtensionTester(topologyCard).reactElement()}
    </EntityProvider>,
    {
      apis: [[gnsApiRef, asGnsApi(new FakeHub())]],
      mountedRoutes: { '/gns': rootRouteRef },
    },
  );
}

jest.setTimeout(60_000);
const SLOW = { timeout: 30_000 };

describe('the topology card', () => {
  it('is for entities with the annotation only', () => {
    const filter = createExtensionTester(topologyCard).get(
      EntityCardBlueprint.dataRefs.filterFunction,
    );
    expect(filter?.(entity('shop/checkout'))).toBe(true);
    expect(filter?.(entity())).toBe(false);
  });

  it('shows each service with its host and its endpoints per cluster', async () => {
    show('shop/checkout, shop/payments');
    expect(
      await screen.findByText('checkout.shop.gns.example', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('payments.shop.gns.example'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('row', { name: /cloud-b \/ shop-backend 1 of 2 ready/ }),
    ).toBeInTheDocument();
  });

  it('shows callers and dependencies with owners and rates, as picture and as table', async () => {
    show('shop/checkout');
    expect(
      await screen.findByLabelText(
        /^Service checkout, Degraded, receives 12\.4\/s/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', {
      name: 'Callers and dependencies of shop/checkout',
    });
    const [, cart, payments] = within(table).getAllByRole('row');
    expect(cart).toHaveTextContent(/^cartcalls itcloud-a.*12\.4\/s3\.4%/);
    expect(payments).toHaveTextContent(
      /^paymentsis calledcloud-b.*11\.9\/s12%/,
    );
    expect(screen.queryByLabelText(/^Service search/)).toBeNull();
  });

  it('shows hostile parts as text and uses them for nothing', async () => {
    const hub = jest.spyOn(FakeHub.prototype, 'getGlobalNamespace');
    show('<img src=x onerror=alert(1)>, ../../etc/passwd');
    expect(
      await screen.findByText(
        `2 parts of the annotation ${ANNOTATION_SERVICE} are no services`,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(screen.getByText(/Not read: <img src=x/)).toBeInTheDocument();
    expect(hub).not.toHaveBeenCalled();
    hub.mockRestore();
  });

  it('says when the service or its global namespace does not exist', async () => {
    show('shop/gone, nowhere/cart');
    expect(
      await screen.findByText(
        'The global namespace shop has no service gone',
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(
      await screen.findByText(
        'The global namespace nowhere has no service cart',
      ),
    ).toBeInTheDocument();
  });

  it('draws nothing on an entity without', async () => {
    show();
    expect(screen.queryByText('Global service')).not.toBeInTheDocument();
  });
});
