import { KubeResource } from './KubeApi';

function resource(
  apiVersion: string,
  kind: string,
  plural: string,
  namespaced = true,
): KubeResource {
  return { apiVersion, kind, plural, namespaced };
}

const AUTHORIZATION_POLICIES = resource(
  'security.istio.io/v1',
  'AuthorizationPolicy',
  'authorizationpolicies',
);

const DESTINATION_RULES = resource(
  'networking.istio.io/v1',
  'DestinationRule',
  'destinationrules',
);
const SIDECARS = resource('networking.istio.io/v1', 'Sidecar', 'sidecars');

/** What the controller reads. */
export const READ_RESOURCES = {
  namespaces: resource('v1', 'Namespace', 'namespaces', false),
  nodes: resource('v1', 'Node', 'nodes', false),
  services: resource('v1', 'Service', 'services'),
  pods: resource('v1', 'Pod', 'pods'),
  configMaps: resource('v1', 'ConfigMap', 'configmaps'),
  deployments: resource('apps/v1', 'Deployment', 'deployments'),
  peerAuthentications: resource(
    'security.istio.io/v1',
    'PeerAuthentication',
    'peerauthentications',
  ),
  authorizationPolicies: AUTHORIZATION_POLICIES,
  sidecars: SIDECARS,
  destinationRules: DESTINATION_RULES,
  proxyConfigs: resource(
    'networking.istio.io/v1beta1',
    'ProxyConfig',
    'proxyconfigs',
  ),
  podDisruptionBudgets: resource(
    'policy/v1',
    'PodDisruptionBudget',
    'poddisruptionbudgets',
  ),
} as const;

/** What is restarted so that its pods get the identity of their global namespace. */
export const RESTARTABLE_RESOURCES = {
  Deployment: READ_RESOURCES.deployments,
  StatefulSet: resource('apps/v1', 'StatefulSet', 'statefulsets'),
  DaemonSet: resource('apps/v1', 'DaemonSet', 'daemonsets'),
} as const;

/** What the controller keeps for itself, in its own namespace. */
export const OWN_RESOURCES = {
  namespaces: READ_RESOURCES.namespaces,
  secrets: resource('v1', 'Secret', 'secrets'),
  configMaps: READ_RESOURCES.configMaps,
  leases: resource('coordination.k8s.io/v1', 'Lease', 'leases'),
  events: resource('v1', 'Event', 'events'),
} as const;

/**
 * The only kinds that a desired state may hold, in exactly these versions:
 * whatever else a hub asks for is refused, so that a hostile hub cannot reach
 * beyond the mesh.
 */
export const OWNED_RESOURCES: readonly KubeResource[] = [
  resource('networking.istio.io/v1', 'ServiceEntry', 'serviceentries'),
  DESTINATION_RULES,
  resource('networking.istio.io/v1', 'Gateway', 'gateways'),
  resource('networking.istio.io/v1', 'VirtualService', 'virtualservices'),
  SIDECARS,
  READ_RESOURCES.proxyConfigs,
  READ_RESOURCES.peerAuthentications,
  AUTHORIZATION_POLICIES,
];

/** The resource of an object that may be ours; undefined: not allowed. */
export function ownedResource(object: {
  apiVersion: string;
  kind: string;
}): KubeResource | undefined {
  return OWNED_RESOURCES.find(
    r => r.apiVersion === object.apiVersion && r.kind === object.kind,
  );
}
