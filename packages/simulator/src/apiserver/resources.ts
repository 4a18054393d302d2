/** One resource type that the server stores. */
export interface ResourceType {
  /** '' for the core group. */
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames?: string[];
  categories?: string[];
  /** Has a `/status` subresource: writes to the object ignore `status`. */
  status: boolean;
  /** `metadata.generation` counts changes of the spec. */
  generation: boolean;
  /** Defined by a CustomResourceDefinition: no strategic merge patch. */
  custom: boolean;
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(
  type: Pick<ResourceType, 'group' | 'version'>,
): string {
  return type.group ? `${type.group}/${type.version}` : type.version;
}

/** `pods` or `deployments.apps`: the name in error messages. */
export function qualifiedResource(
  type: Pick<ResourceType, 'group' | 'plural'>,
): string {
  return type.group ? `${type.plural}.${type.group}` : type.plural;
}

/** `Pod` or `Deployment.apps`: the kind in validation messages. */
export function qualifiedKind(
  type: Pick<ResourceType, 'group' | 'kind'>,
): string {
  return type.group ? `${type.kind}.${type.group}` : type.kind;
}

type Traits = Partial<
  Pick<
    ResourceType,
    | 'namespaced'
    | 'shortNames'
    | 'categories'
    | 'status'
    | 'generation'
    | 'custom'
    | 'plural'
  >
>;

function group(
  groupName: string,
  version: string,
  kinds: Record<string, Traits>,
  common: Traits = {},
): ResourceType[] {
  return Object.entries(kinds).map(([kind, own]) => {
    const traits = { ...common, ...own };
    const singular = kind.toLowerCase();
    return {
      group: groupName,
      version,
      kind,
      singular,
      plural: traits.plural ?? `${singular}s`,
      namespaced: traits.namespaced ?? true,
      shortNames: traits.shortNames,
      categories: traits.categories,
      status: traits.status ?? false,
      generation: traits.generation ?? false,
      custom: traits.custom ?? false,
    };
  });
}

const custom = {
  custom: true,
  status: true,
  generation: true,
  categories: ['istio-io'],
};

/** Every resource type that the simulator stores, in discovery order. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  ...group('', 'v1', {
    Namespace: { namespaced: false, shortNames: ['ns'], status: true },
    Node: { namespaced: false, shortNames: ['no'], status: true },
    PersistentVolume: { namespaced: false, shortNames: ['pv'], status: true },
    PersistentVolumeClaim: { shortNames: ['pvc'], status: true },
    Pod: {
      shortNames: ['po'],
      status: true,
      generation: true,
      categories: ['all'],
    },
    Service: { shortNames: ['svc'], status: true, categories: ['all'] },
    ServiceAccount: { shortNames: ['sa'] },
    ConfigMap: { shortNames: ['cm'] },
    Secret: {},
    Event: { shortNames: ['ev'] },
    Endpoints: { plural: 'endpoints', shortNames: ['ep'] },
    LimitRange: { shortNames: ['limits'] },
    ResourceQuota: { shortNames: ['quota'], status: true },
    ReplicationController: {
      shortNames: ['rc'],
      status: true,
      generation: true,
      categories: ['all'],
    },
  }),
  ...group(
    'apps',
    'v1',
    {
      Deployment: { shortNames: ['deploy'] },
      ReplicaSet: { shortNames: ['rs'] },
      StatefulSet: { shortNames: ['sts'] },
      DaemonSet: { shortNames: ['ds'] },
    },
    { status: true, generation: true, categories: ['all'] },
  ),
  ...group('discovery.k8s.io', 'v1', { EndpointSlice: { generation: true } }),
  ...group('autoscaling', 'v2', {
    HorizontalPodAutoscaler: {
      shortNames: ['hpa'],
      status: true,
      categories: ['all'],
    },
  }),
  ...group(
    'batch',
    'v1',
    { Job: {}, CronJob: { shortNames: ['cj'] } },
    { status: true, generation: true, categories: ['all'] },
  ),
  ...group('networking.k8s.io', 'v1', {
    Ingress: {
      plural: 'ingresses',
      shortNames: ['ing'],
      status: true,
      generation: true,
    },
    NetworkPolicy: {
      plural: 'networkpolicies',
      shortNames: ['netpol'],
      generation: true,
    },
  }),
  ...group('policy', 'v1', {
    PodDisruptionBudget: {
      shortNames: ['pdb'],
      status: true,
      generation: true,
    },
  }),
  ...group('coordination.k8s.io', 'v1', { Lease: {} }),
  ...group('rbac.authorization.k8s.io', 'v1', {
    ClusterRole: { namespaced: false },
    ClusterRoleBinding: { namespaced: false },
    Role: {},
    RoleBinding: {},
  }),
  ...group('apiextensions.k8s.io', 'v1', {
    CustomResourceDefinition: {
      namespaced: false,
      shortNames: ['crd', 'crds'],
      status: true,
      generation: true,
    },
  }),
  ...group(
    'networking.istio.io',
    'v1',
    {
      ServiceEntry: { plural: 'serviceentries', shortNames: ['se'] },
      DestinationRule: { shortNames: ['dr'] },
      Gateway: { shortNames: ['gw'] },
      VirtualService: { shortNames: ['vs'] },
      Sidecar: {},
      WorkloadEntry: { plural: 'workloadentries', shortNames: ['we'] },
    },
    custom,
  ),
  ...group('networking.istio.io', 'v1beta1', { ProxyConfig: {} }, custom),
  ...group(
    'security.istio.io',
    'v1',
    {
      PeerAuthentication: { shortNames: ['pa'] },
      AuthorizationPolicy: {
        plural: 'authorizationpolicies',
        shortNames: ['ap'],
      },
      RequestAuthentication: { shortNames: ['ra'] },
    },
    custom,
  ),
];

/** `group/version/plural` → type. */
const byPath = new Map(
  RESOURCE_TYPES.map(type => [`${apiVersionOf(type)}/${type.plural}`, type]),
);
const byKind = new Map(
  RESOURCE_TYPES.map(type => [`${apiVersionOf(type)}/${type.kind}`, type]),
);

/** The type served at `/apis/<group>/<version>/<plural>`. */
export function findResource(
  apiVersion: string,
  plural: string,
): ResourceType | undefined {
  return byPath.get(`${apiVersion}/${plural}`);
}

/** The type of an object's `apiVersion` and `kind`. */
export function findKind(
  apiVersion: string,
  kind: string,
): ResourceType | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}
