import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { type StorageApi, storageApiRef } from '@backstage/frontend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  type PermissionApi,
  permissionApiRef,
} from '@backstage/plugin-permission-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { asGnsApi, FakeHub } from '../../dev/FakeHub';
import gnsPlugin from '..';
import { type GnsApi, gnsApiRef } from '../api';

/** A component of the catalog that names the service `shop/payments`. */
const payments = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'payments',
    namespace: 'default',
    title: 'Payments',
    annotations: {
      [ANNOTATION_SERVICE]: 'bank/other, shop/payments',
      'backstage.io/kubernetes-id': 'payments',
    },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'group:money' },
};

/** The first page of a test file loads every lazy chunk. */
export const SLOW = { timeout: 30_000 };

/** The whole plugin in an app, with a hub that answers from fixtures. */
export function openPage(
  path: string,
  answers: Partial<GnsApi> = {},
  decide: AuthorizeResult.ALLOW | AuthorizeResult.DENY = AuthorizeResult.ALLOW,
  storage: StorageApi = mockApis.storage(),
) {
  const hub = Object.assign(new FakeHub(), answers);
  const signals = new Set<(message: never) => void>();
  const permission: PermissionApi = {
    authorize: async () => ({ result: decide }),
  };
  const { unmount } = renderTestApp({
    features: [gnsPlugin],
    initialRouteEntries: [path],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [gnsApiRef, asGnsApi(hub)],
      [permissionApiRef, permission],
      [catalogApiRef, catalogApiMock({ entities: [payments] })],
      [storageApiRef, storage],
      [
        signalApiRef,
        {
          subscribe: (_: string, tell: (message: never) => void) => {
            signals.add(tell);
            return { unsubscribe: () => signals.delete(tell) };
          },
        },
      ],
    ],
  });
  return {
    hub,
    storage,
    leave: unmount,
    signal: (message: object) =>
      signals.forEach(tell => tell(message as never)),
  };
}
