import { createPermission } from '@backstage/plugin-permission-common';

/** Resource type of definitions for conditional decisions. */
export const RESOURCE_TYPE_DEFINITION = 'gns-definition';

export const gnsDefinitionReadPermission = createPermission({
  name: 'gns.definition.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_DEFINITION,
});
export const gnsDefinitionCreatePermission = createPermission({
  name: 'gns.definition.create',
  attributes: { action: 'create' },
});
export const gnsDefinitionUpdatePermission = createPermission({
  name: 'gns.definition.update',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_DEFINITION,
});
export const gnsDefinitionDeletePermission = createPermission({
  name: 'gns.definition.delete',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_DEFINITION,
});
/** See member clusters, their freshness and conditions. */
export const gnsClusterReadPermission = createPermission({
  name: 'gns.cluster.read',
  attributes: { action: 'read' },
});
/** Register a cluster and mint join tokens. */
export const gnsClusterCreatePermission = createPermission({
  name: 'gns.cluster.create',
  attributes: { action: 'create' },
});
/** Change a cluster's settings, pause it. */
export const gnsClusterUpdatePermission = createPermission({
  name: 'gns.cluster.update',
  attributes: { action: 'update' },
});
/** Disconnect a cluster. */
export const gnsClusterDeletePermission = createPermission({
  name: 'gns.cluster.delete',
  attributes: { action: 'delete' },
});
/** Decide on held deletions, held inventory losses and newcomers; confirm a new term; pause a global namespace. */
export const gnsRolloutApprovePermission = createPermission({
  name: 'gns.rollout.approve',
  attributes: { action: 'update' },
});

/** See the certificate authority of a global namespace, its issuers and its issuance log. */
export const gnsAuthorityReadPermission = createPermission({
  name: 'gns.authority.read',
  attributes: { action: 'read' },
});
/** Take steps of a rotation, revoke a root, and decide on how members join and leave. */
export const gnsAuthorityRotatePermission = createPermission({
  name: 'gns.authority.rotate',
  attributes: { action: 'update' },
});
/** Bring a root of one's own, or a backup. */
export const gnsAuthorityImportPermission = createPermission({
  name: 'gns.authority.import',
  attributes: { action: 'update' },
});
/** Take a backup of the sealed keys. */
export const gnsAuthorityExportPermission = createPermission({
  name: 'gns.authority.export',
  // Not `read`: policies that let everybody read do not mean this.
  attributes: {},
});

/** Every permission of the suite. */
export const gnsPermissions = [
  gnsDefinitionReadPermission,
  gnsDefinitionCreatePermission,
  gnsDefinitionUpdatePermission,
  gnsDefinitionDeletePermission,
  gnsClusterReadPermission,
  gnsClusterCreatePermission,
  gnsClusterUpdatePermission,
  gnsClusterDeletePermission,
  gnsRolloutApprovePermission,
  gnsAuthorityReadPermission,
  gnsAuthorityRotatePermission,
  gnsAuthorityImportPermission,
  gnsAuthorityExportPermission,
];
