import type { SeedObject } from './objects';

const RBAC = 'rbac.authorization.k8s.io/v1';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** What every cluster holds from its first second. */
export function bootstrapObjects(clusterUid: string): SeedObject[] {
  const namespace = (name: string, uid?: string): SeedObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(uid ? { uid } : {}) },
  });
  return [
    namespace('default'),
    namespace('kube-public'),
    namespace('kube-system', clusterUid),
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: 'cluster-admin' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    },
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'cluster-admin' },
      roleRef: {
        apiGroup: RBAC_GROUP,
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [
        { apiGroup: RBAC_GROUP, kind: 'Group', name: 'system:masters' },
      ],
    },
  ];
}
