import { screen } from '@testing-library/react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../dev/FakeHub';
import { EntityGnsSloCard, GnsPage, gnsApiRef } from './legacy';

jest.setTimeout(60_000);

it('a legacy app has the card of objectives', async () => {
  await renderInTestApp(
    <TestApiProvider apis={[[gnsApiRef, asGnsApi(new FakeHub())]]}>
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name: 'checkout',
            annotations: { [ANNOTATION_SERVICE]: 'shop/checkout' },
          },
        }}
      >
        <EntityGnsSloCard />
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/gns': GnsPage } as never },
  );
  expect(
    await screen.findByRole(
      'article',
      { name: 'Payments answer fast' },
      { timeout: 30_000 },
    ),
  ).toBeInTheDocument();
});
