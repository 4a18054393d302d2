import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { GnsClient } from '@isthmus/plugin-gns-common';
import { startHub } from '../startHub';
import type { IncrementReader } from '../telemetry/increments/types';

/** The whole hub over a telemetry store of the test. */
export async function startSloBackend(options: {
  knex: Knex;
  increments: IncrementReader;
  /** Unix milliseconds. */
  now: () => number;
  more?: BackendFeature[];
}) {
  const plugin = createBackendPlugin({
    pluginId: 'gns',
    register(env) {
      env.registerInit({
        deps: {
          auditor: coreServices.auditor,
          config: coreServices.rootConfig,
          database: coreServices.database,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          scheduler: coreServices.scheduler,
        },
        async init({ httpRouter, ...services }) {
          httpRouter.use(
            await startHub({
              ...services,
              increments: options.increments,
              now: options.now,
            }),
          );
        },
      });
    },
  });
  const backend = await startTestBackend({
    features: [
      plugin,
      ...(options.more ?? []),
      mockServices.rootConfig.factory({
        data: { backend: { baseUrl: 'http://portal.test:7007' } },
      }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => options.knex }),
      }),
    ],
  });
  const address = backend.server.address();
  if (typeof address !== 'object' || !address) throw new Error('No address');
  const client = new GnsClient({
    discoveryApi: {
      getBaseUrl: async () => `http://127.0.0.1:${address.port}/api/gns`,
    },
    fetchApi: { fetch },
  });
  return { backend, client, server: backend.server };
}
