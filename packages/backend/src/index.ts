import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('./portal/refuseInsecureProduction'));

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./demo/personas'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./portal/permissionPolicy'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('@isthmus/plugin-catalog-backend-module-gns'));

backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@isthmus/plugin-scaffolder-backend-module-gns'));

backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(import('@isthmus/plugin-search-backend-module-gns'));

backend.add(import('@backstage/plugin-kubernetes-backend'));

backend.add(import('@backstage/plugin-user-settings-backend'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-proxy-backend'));

backend.add(import('@isthmus/plugin-gns-backend'));

backend.start();
