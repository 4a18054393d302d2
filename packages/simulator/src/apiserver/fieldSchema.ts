import type { Json } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';

/**
 * How server-side apply treats a field. What is not described is taken as:
 * objects merge field by field, lists are replaced whole.
 */
export type FieldSchema =
  | { type: 'struct'; fields: Record<string, FieldSchema> }
  /** Free keys (labels, data): merges key by key. */
  | { type: 'map' }
  /** Replaced whole. */
  | { type: 'atomic' }
  /** A list of distinct scalars. */
  | { type: 'set' }
  /** A list of objects that are told apart by some of their fields. */
  | {
      type: 'keyed';
      keys: readonly string[];
      defaults: Record<string, Json>;
      item: FieldSchema;
    };

const ATOMIC: FieldSchema = { type: 'atomic' };
const MAP: FieldSchema = { type: 'map' };
const SET: FieldSchema = { type: 'set' };

function struct(fields: Record<string, FieldSchema>): FieldSchema {
  return { type: 'struct', fields };
}

function keyed(
  keys: readonly string[],
  fields: Record<string, FieldSchema> = {},
  defaults: Record<string, Json> = {},
): FieldSchema {
  return { type: 'keyed', keys, defaults, item: struct(fields) };
}

const meta = struct({
  labels: MAP,
  annotations: MAP,
  finalizers: SET,
  ownerReferences: keyed(['uid']),
});

const conditions = keyed(['type']);
const addresses = keyed(['ip']);
const resources = struct({ limits: MAP, requests: MAP });
const objectReference = ATOMIC;

const container = {
  env: keyed(['name'], {
    valueFrom: struct({
      fieldRef: ATOMIC,
      configMapKeyRef: ATOMIC,
      secretKeyRef: ATOMIC,
      resourceFieldRef: ATOMIC,
    }),
  }),
  ports: keyed(['containerPort', 'protocol'], {}, { protocol: 'TCP' }),
  volumeMounts: keyed(['mountPath']),
  volumeDevices: keyed(['devicePath']),
  resources,
};

const podSpec = struct({
  containers: keyed(['name'], container),
  initContainers: keyed(['name'], container),
  ephemeralContainers: keyed(['name'], container),
  volumes: keyed(['name']),
  imagePullSecrets: keyed(['name']),
  hostAliases: keyed(['ip']),
  topologySpreadConstraints: keyed(['topologyKey', 'whenUnsatisfiable']),
  nodeSelector: ATOMIC,
});
const podTemplate = struct({ metadata: meta, spec: podSpec });
const workload = {
  spec: struct({ template: podTemplate, selector: ATOMIC }),
  status: struct({ conditions }),
};

const rbacRules: Record<string, FieldSchema> = { roleRef: ATOMIC };
const keyedPorts = keyed(['name']);
const workloadSelector = struct({ labels: MAP });
/** Istio's CRDs give no list type for conditions: the list is atomic. */
const istioStatus = struct({ conditions: ATOMIC });

const SCHEMAS: Record<string, Record<string, FieldSchema>> = {
  'v1/ConfigMap': { data: MAP, binaryData: MAP },
  'v1/Secret': { data: MAP, stringData: MAP },
  'v1/ServiceAccount': {
    secrets: keyed(['name']),
    imagePullSecrets: ATOMIC,
  },
  'v1/Service': {
    spec: struct({
      ports: keyed(['port', 'protocol'], {}, { protocol: 'TCP' }),
      selector: ATOMIC,
    }),
    status: struct({ conditions }),
  },
  'v1/Pod': {
    spec: podSpec,
    status: struct({ conditions, podIPs: addresses, hostIPs: ATOMIC }),
  },
  'v1/Node': {
    spec: struct({ podCIDRs: SET }),
    status: struct({
      conditions,
      addresses: keyed(['type']),
      capacity: MAP,
      allocatable: MAP,
    }),
  },
  'v1/Namespace': { status: struct({ conditions }) },
  'v1/Event': { involvedObject: objectReference, related: objectReference },
  'v1/ResourceQuota': {
    spec: struct({ hard: MAP }),
    status: struct({ hard: MAP, used: MAP }),
  },
  'v1/ReplicationController': workload,
  'apps/v1/Deployment': workload,
  'apps/v1/ReplicaSet': workload,
  'apps/v1/StatefulSet': workload,
  'apps/v1/DaemonSet': workload,
  'batch/v1/Job': {
    spec: struct({ template: podTemplate, selector: ATOMIC }),
  },
  'batch/v1/CronJob': {
    spec: struct({
      jobTemplate: struct({ spec: struct({ template: podTemplate }) }),
    }),
  },
  'autoscaling/v2/HorizontalPodAutoscaler': {
    status: struct({ conditions }),
  },
  'policy/v1/PodDisruptionBudget': {
    spec: struct({ selector: ATOMIC }),
    status: struct({ conditions }),
  },
  'rbac.authorization.k8s.io/v1/RoleBinding': rbacRules,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': rbacRules,
  'networking.istio.io/v1/ServiceEntry': {
    spec: struct({ ports: keyedPorts, workloadSelector }),
    status: istioStatus,
  },
  'networking.istio.io/v1/Gateway': {
    spec: struct({ selector: MAP }),
    status: istioStatus,
  },
  'networking.istio.io/v1/Sidecar': {
    spec: struct({ workloadSelector }),
    status: istioStatus,
  },
  'networking.istio.io/v1/DestinationRule': {
    spec: struct({ workloadSelector: struct({ matchLabels: MAP }) }),
    status: istioStatus,
  },
  'networking.istio.io/v1beta1/ProxyConfig': {
    spec: struct({
      selector: struct({ matchLabels: MAP }),
      environmentVariables: MAP,
    }),
    status: istioStatus,
  },
  'security.istio.io/v1/PeerAuthentication': {
    spec: struct({
      selector: struct({ matchLabels: MAP }),
      portLevelMtls: MAP,
    }),
    status: istioStatus,
  },
  'security.istio.io/v1/AuthorizationPolicy': {
    spec: struct({ selector: struct({ matchLabels: MAP }) }),
    status: istioStatus,
  },
};

const cache = new Map<string, FieldSchema>();

/** The merge rules of a resource type's objects. */
export function schemaOf(
  type: Pick<ResourceType, 'group' | 'version' | 'kind'>,
): FieldSchema {
  const id = `${apiVersionOf(type)}/${type.kind}`;
  let schema = cache.get(id);
  if (!schema) {
    schema = struct({ metadata: meta, ...SCHEMAS[id] });
    cache.set(id, schema);
  }
  return schema;
}
