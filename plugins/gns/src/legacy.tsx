/**
 * The plugin for apps on the legacy frontend system.
 *
 * @packageDocumentation
 */
import { type JSX } from 'react';
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { type Entity } from '@backstage/catalog-model';
import { GnsClient, PLUGIN_ID } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from './api';
import { hasServices } from './entity/serviceReferences';
import { rootRouteRef } from './routes';

export { gnsApiRef, type GnsApi } from './api';
export { gnsTranslationRef } from './translation';

const legacyRootRouteRef = convertLegacyRouteRef(rootRouteRef);

/** Global namespaces, for the legacy frontend system. */
export const gnsPlugin = createPlugin({
  id: PLUGIN_ID,
  apis: [
    createApiFactory({
      api: gnsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new GnsClient(deps),
    }),
  ],
  routes: { root: legacyRootRouteRef },
});

/** `<Route path="/gns" element={<GnsPage />} />` */
export const GnsPage: () => JSX.Element = gnsPlugin.provide(
  createRoutableExtension({
    name: 'GnsPage',
    component: () =>
      import('./components/legacy/LegacyGnsPage').then(m => m.LegacyGnsPage),
    mountPoint: legacyRootRouteRef,
  }),
);

/** The topology card of an entity page; draws nothing without the annotation. */
export const EntityGnsTopologyCard: () => JSX.Element = gnsPlugin.provide(
  createComponentExtension({
    name: 'EntityGnsTopologyCard',
    component: {
      lazy: () =>
        import('./components/legacy/LegacyTopologyCard').then(
          m => m.LegacyTopologyCard,
        ),
    },
  }),
);

/** The objectives of an entity's global services; draws nothing where it has none. */
export const EntityGnsSloCard: () => JSX.Element = gnsPlugin.provide(
  createComponentExtension({
    name: 'EntityGnsSloCard',
    component: {
      lazy: () =>
        import('./components/legacy/LegacySloCard').then(m => m.LegacySloCard),
    },
  }),
);

/** The mesh tab: `<EntityLayout.Route path="/mesh" title="Mesh" if={isGnsServiceAvailable}>` around it. */
export const EntityGnsMeshContent: () => JSX.Element = gnsPlugin.provide(
  createComponentExtension({
    name: 'EntityGnsMeshContent',
    component: {
      lazy: () =>
        import('./components/legacy/LegacyMeshContent').then(
          m => m.LegacyMeshContent,
        ),
    },
  }),
);

/** For `EntitySwitch.Case`: whether the entity names a global service, or labels found one. */
export function isGnsServiceAvailable(entity: Entity): boolean {
  return hasServices(entity);
}
