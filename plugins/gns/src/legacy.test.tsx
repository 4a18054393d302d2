import { Route, Routes } from 'react-router-dom';
import { screen } from '@testing-library/react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { asGnsApi, FakeHub } from '../dev/FakeHub';
import { GnsPage, gnsApiRef, gnsPlugin, isGnsServiceAvailable } from './legacy';

jest.setTimeout(60_000);

describe('the plugin in a legacy app', () => {
  it('brings its own client', () => {
    expect([...gnsPlugin.getApis()].map(one => one.api.id)).toEqual([
      gnsApiRef.id,
    ]);
  });

  it('shows the list of global namespaces', async () => {
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [gnsApiRef, asGnsApi(new FakeHub())],
          [
            permissionApiRef,
            { authorize: async () => ({ result: AuthorizeResult.ALLOW }) },
          ],
        ]}
      >
        <Routes>
          <Route path="/gns" element={<GnsPage />} />
        </Routes>
      </TestApiProvider>,
      {
        routeEntries: ['/gns'],
        mountedRoutes: {
          '/catalog/:namespace/:kind/:name': entityRouteRef,
        },
      },
    );
    expect(
      await screen.findByRole(
        'heading',
        { name: 'Web shop' },
        { timeout: 30_000 },
      ),
    ).toBeInTheDocument();
  });

  it('knows the entities that have a card', () => {
    const metadata = { name: 'cart' };
    const base = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component' };
    expect(isGnsServiceAvailable({ ...base, metadata })).toBe(false);
    expect(
      isGnsServiceAvailable({
        ...base,
        metadata: {
          ...metadata,
          annotations: { 'gns.isthmus.dev/service': 'shop/cart' },
        },
      }),
    ).toBe(true);
  });
});
