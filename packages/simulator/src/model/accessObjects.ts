import type { SeedObject } from '../apiserver/objects';

const RBAC_GROUP = 'rbac.authorization.k8s.io';
const RBAC = `${RBAC_GROUP}/v1`;

/** Where the controller of the demo is at home, as the Helm chart has it. */
export const CONTROLLER = {
  namespace: 'isthmus-system',
  name: 'isthmus-controller',
};

/** The account of the portal's Kubernetes plugin: it reads, and that is all. */
export const PORTAL = { namespace: 'isthmus-portal', name: 'portal-reader' };

const READ = ['get', 'list', 'watch'];
const OWN = [...READ, 'create', 'update', 'patch', 'delete'];

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

function rule(apiGroup: string, resources: string[], verbs: string[]): Rule {
  return { apiGroups: [apiGroup], resources, verbs };
}

const CONTROLLER_CLUSTER_RULES: Rule[] = [
  rule('', ['namespaces', 'nodes', 'services', 'pods', 'configmaps'], READ),
  rule('', ['configmaps'], ['patch']),
  rule('authentication.k8s.io', ['tokenreviews'], ['create']),
  rule('apps', ['deployments'], [...READ, 'patch']),
  rule('apps', ['statefulsets', 'daemonsets'], ['get', 'patch']),
  rule('policy', ['poddisruptionbudgets'], ['list']),
  rule(
    'networking.istio.io',
    [
      'serviceentries',
      'destinationrules',
      'gateways',
      'virtualservices',
      'sidecars',
      'proxyconfigs',
    ],
    OWN,
  ),
  rule(
    'security.istio.io',
    ['peerauthentications', 'authorizationpolicies'],
    OWN,
  ),
];

const CONTROLLER_HOME_RULES: Rule[] = [
  rule('', ['secrets', 'configmaps'], OWN),
  rule('', ['events'], ['create']),
  rule('coordination.k8s.io', ['leases'], OWN),
];

const PORTAL_RULES: Rule[] = [
  rule(
    '',
    [
      'pods',
      'pods/log',
      'services',
      'configmaps',
      'limitranges',
      'resourcequotas',
      'namespaces',
      'nodes',
      'events',
    ],
    READ,
  ),
  rule(
    'apps',
    ['deployments', 'replicasets', 'statefulsets', 'daemonsets'],
    READ,
  ),
  rule('autoscaling', ['horizontalpodautoscalers'], READ),
  rule('batch', ['jobs', 'cronjobs'], READ),
  rule('networking.k8s.io', ['ingresses'], READ),
  rule('networking.istio.io', ['*'], READ),
  rule('security.istio.io', ['*'], READ),
  rule('metrics.k8s.io', ['pods'], ['get', 'list']),
];

function account({ namespace, name }: typeof PORTAL): SeedObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
    },
  ];
}

function clusterRole(subject: typeof PORTAL, rules: Rule[]): SeedObject[] {
  const { name, namespace } = subject;
  return [
    { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

/**
 * The accounts of the demo's controller and portal, with their roles. They
 * stand for what `deploy/` installs in a real cluster.
 */
export function accessObjects(): SeedObject[] {
  const { namespace, name } = CONTROLLER;
  return [
    ...account(CONTROLLER),
    ...clusterRole(CONTROLLER, CONTROLLER_CLUSTER_RULES),
    {
      apiVersion: RBAC,
      kind: 'Role',
      metadata: { name, namespace },
      rules: CONTROLLER_HOME_RULES,
    },
    {
      apiVersion: RBAC,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    ...account(PORTAL),
    ...clusterRole(PORTAL, PORTAL_RULES),
  ];
}
