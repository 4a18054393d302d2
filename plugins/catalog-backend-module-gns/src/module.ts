import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { createHubClient } from '@isthmus/plugin-gns-node';
import { ServiceIndex } from './hub/ServiceIndex';
import { GnsServiceProcessor } from './processor/GnsServiceProcessor';
import { GnsEntityProvider } from './provider/GnsEntityProvider';
import { readCatalogConfig } from './readCatalogConfig';

/** Global namespaces, member clusters and the components of their services in the catalog. */
export const catalogModuleGns = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'gns',
  register({ registerInit }) {
    registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, catalog, config, discovery, logger, scheduler }) {
        const settings = readCatalogConfig(config);
        const hub = createHubClient({ auth, discovery });
        catalog.addEntityProvider(
          GnsEntityProvider.create({
            hub,
            config: settings,
            logger,
            runner: scheduler.createScheduledTaskRunner({
              frequency: { milliseconds: settings.frequencyMs },
              timeout: { minutes: 1 },
              initialDelay: { seconds: 3 },
              scope: 'local',
            }),
          }),
        );
        catalog.addProcessor(
          GnsServiceProcessor.create({
            config: settings,
            index: ServiceIndex.create({ hub, logger }),
          }),
        );
      },
    });
  },
});
