import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createHubClient } from '@isthmus/plugin-gns-node';
import { createActions } from './actions';

/** Template actions that plan, apply and onboard to global namespaces. */
export const scaffolderModuleGns = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'gns',
  register({ registerInit }) {
    registerInit({
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        scaffolder: scaffolderActionsExtensionPoint,
      },
      async init({ auth, discovery, scaffolder }) {
        scaffolder.addActions(
          ...createActions({
            hubFor: context =>
              createHubClient({
                auth,
                discovery,
                credentials: () => context.getInitiatorCredentials(),
              }),
          }),
        );
      },
    });
  },
});
