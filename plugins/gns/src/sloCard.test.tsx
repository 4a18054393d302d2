import { screen, within } from '@testing-library/react';
import {
  createExtensionTester,
  renderInTestApp,
} from '@backstage/frontend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { type Entity } from '@backstage/catalog-model';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { ANNOTATION_SERVICE, type SloList } from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../dev/FakeHub';
import { sloListOf, sloSummary, undecided, violated } from '../dev/sloFixtures';
import { type GnsApi, gnsApiRef } from './api';
import { sloCard } from './extensions/entityCard';
import { rootRouteRef } from './routes';

const SLOW = { timeout: 30_000 };
jest.setTimeout(60_000);

const entity = (annotation?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'checkout',
    annotations: annotation ? { [ANNOTATION_SERVICE]: annotation } : {},
  },
});

function show(
  annotation: string | undefined,
  list: (filter: { service?: string }) => Promise<SloList>,
) {
  const hub = Object.assign(new FakeHub(), {
    slo: { list } as unknown as GnsApi['slo'],
  });
  return renderInTestApp(
    <EntityProvider entity={entity(annotation)}>
      {createExtensionTester(sloCard).reactElement()}
    </EntityProvider>,
    {
      apis: [[gnsApiRef, asGnsApi(hub)]],
      mountedRoutes: { '/gns': rootRouteRef },
    },
  );
}

describe('the card of objectives', () => {
  it('is for entities with global services only, and draws nothing elsewhere', async () => {
    const filter = createExtensionTester(sloCard).get(
      EntityCardBlueprint.dataRefs.filterFunction,
    );
    expect(filter?.(entity('shop/checkout'))).toBe(true);
    expect(filter?.(entity())).toBe(false);
    const list = jest.fn();
    show(undefined, list);
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(list).not.toHaveBeenCalled();
    expect(screen.queryByText('Objectives')).not.toBeInTheDocument();
  });

  it('asks once for all services, and says what burns now, since when and where', async () => {
    const list = jest.fn(async () => sloListOf([violated, sloSummary()]));
    show('shop/payments, shop/checkout', list);
    const bad = within(
      await screen.findByRole(
        'article',
        { name: 'Payments answer fast' },
        SLOW,
      ),
    );
    expect(list).toHaveBeenCalledTimes(1);
    expect(list).toHaveBeenCalledWith(
      { service: 'shop/payments,shop/checkout', limit: 100 },
      expect.anything(),
    );
    expect(bad.getByText('Violated')).toBeInTheDocument();
    expect(bad.getByText('page')).toBeInTheDocument();
    expect(bad.getByText('18% overspent')).toBeInTheDocument();
    expect(
      bad.getByText('Burns at 18.4×: payments in cloud-b, for 2 hours'),
    ).toBeInTheDocument();
    expect(
      bad.getByRole('img', { name: /Budget from 80% to/ }),
    ).toBeInTheDocument();
    expect(bad.getByRole('link')).toHaveAttribute(
      'href',
      '/gns/shop/slos/payments',
    );
    const good = within(
      screen.getByRole('article', { name: 'Checkout answers' }),
    );
    expect(good.getByText('99.97%')).toBeInTheDocument();
    expect(good.queryByText(/Burns/)).not.toBeInTheDocument();
  });

  it('gives bounds, and names who is silent', async () => {
    show('shop/search', async () => sloListOf([undecided]));
    expect(
      await screen.findByText('98.2% to 99.93%', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText('Silent for an hour: edge-1.')).toBeInTheDocument();
  });

  it('without an objective says so, and where they are made', async () => {
    show('shop/search', async () => sloListOf([]));
    expect(
      await screen.findByText('No objective yet', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Objectives of shop' }),
    ).toHaveAttribute('href', '/gns/shop/slos');
  });

  it('without permission names it', async () => {
    show('shop/search', async () => {
      throw new NotAllowedError('no');
    });
    expect(
      await screen.findByText('You may not see this', {}, SLOW),
    ).toBeInTheDocument();
  });
});
