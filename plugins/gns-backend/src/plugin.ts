import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { ServiceUnavailableError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { CONTROLLERS_PATH, PLUGIN_ID } from '@isthmus/plugin-gns-common';
import {
  gnsKeyProtectorExtensionPoint,
  type KeyProtector,
} from '@isthmus/plugin-gns-node';
import PromiseRouter from 'express-promise-router';
import { startHub } from './startHub';

/**
 * The hub: global namespaces for Istio. When it cannot start, its routes answer
 * 503 with the reason, and the rest of the backend runs.
 */
export const gnsPlugin = createBackendPlugin({
  pluginId: PLUGIN_ID,
  register(env) {
    let keyProtector: KeyProtector | undefined;
    env.registerExtensionPoint(gnsKeyProtectorExtensionPoint, {
      setKeyProtector(protector) {
        if (keyProtector) {
          throw new Error(
            `The key protector ${keyProtector.id} is installed already, so ${protector.id} cannot be. Remove one of the two modules.`,
          );
        }
        keyProtector = protector;
      },
    });
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init({ httpRouter, ...services }) {
        // Controllers bring tokens of their own; the hub verifies them itself.
        httpRouter.addAuthPolicy({
          path: CONTROLLERS_PATH,
          allow: 'unauthenticated',
        });
        try {
          httpRouter.use(await startHub({ ...services, keyProtector }));
        } catch (error) {
          services.logger.error(
            'The hub could not start; its routes answer 503 until the backend is started again',
            error instanceof Error ? error : { error: String(error) },
          );
          const router = PromiseRouter();
          router.use(() => {
            throw new ServiceUnavailableError(
              'The hub could not start. The backend log of the plugin gns says why',
            );
          });
          httpRouter.use(router);
        }
      },
    });
  },
});
