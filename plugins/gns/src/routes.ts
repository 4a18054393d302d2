import {
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

/** The list of global namespaces, `/gns`. */
export const rootRouteRef = createRouteRef();

/** Member clusters. */
export const clustersRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/clusters',
});

/** What waits for a decision. */
export const decisionsRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/decisions',
});

/**
 * One tab of one global namespace. The tab is always part of the path, so that
 * a global namespace called `clusters` does not hide behind the view of that name.
 */
export const gnsTabRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/:tab',
});
