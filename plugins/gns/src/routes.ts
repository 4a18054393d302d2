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

/** Objectives over all global namespaces. */
export const slosRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/slos',
});

/** One objective of a global namespace. */
export const sloRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/slos/:slo',
});

/** A new objective of a global namespace; `?service=` names the service. */
export const newSloRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/slos/-/create',
});

/** Objectives out of OpenSLO documents. */
export const importSloRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/slos/-/import',
});

/** The definition of an objective, to change it. */
export const editSloRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/slos/:slo/edit',
});

/**
 * One tab of one global namespace. The tab is always part of the path, so that
 * a global namespace called `clusters` does not hide behind the view of that name.
 */
export const gnsTabRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/:tab',
});

/** A new global namespace. Names never begin with `-`. */
export const newGnsRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/-/create',
});

/** A change on its way to the clusters; it outlives what it deletes. */
export const rolloutRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/-/rollouts/:rollout',
});

/** One member cluster. */
export const clusterRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/-/clusters/:cluster',
});

/** Connecting a cluster: a new one, or one that is on its way. */
export const connectRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/-/connect',
});

/** Why can't A call B? */
export const diagnoseRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/diagnose',
});

/** One global service. */
export const gnsServiceRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/services/:service',
});

/** The definition of one, to change it. */
export const editRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/edit',
});

/** One, to delete it. */
export const deleteRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/delete',
});

/** An old revision, to bring it back. */
export const restoreRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/:name/restore/:generation',
});
