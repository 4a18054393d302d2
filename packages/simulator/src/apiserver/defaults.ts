import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject } from './objects';

/** Gives out cluster IPs and node ports of Services. */
export interface ServiceAllocator {
  clusterIp(): string;
}

function child(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (isJsonObject(value)) return value;
  const created: JsonObject = {};
  parent[key] = created;
  return created;
}

function fill(target: JsonObject, defaults: Record<string, Json>) {
  for (const [key, value] of Object.entries(defaults)) {
    if (target[key] === undefined || target[key] === null) target[key] = value;
  }
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function defaultService(object: JsonObject, allocate: ServiceAllocator) {
  const spec = child(object, 'spec');
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of objectsIn(spec.ports)) {
    fill(port, { protocol: 'TCP' });
    fill(port, { targetPort: port.port });
  }
  if (spec.type !== 'ExternalName') {
    if (!spec.clusterIP) spec.clusterIP = allocate.clusterIp();
    fill(spec, {
      clusterIPs: [spec.clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    });
    if (spec.type === 'LoadBalancer') {
      fill(spec, {
        externalTrafficPolicy: 'Cluster',
        allocateLoadBalancerNodePorts: true,
      });
    }
  }
  fill(child(object, 'status'), { loadBalancer: {} });
}

function defaultPodSpec(spec: JsonObject) {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const containers = [
    ...objectsIn(spec.containers),
    ...objectsIn(spec.initContainers),
  ];
  for (const container of containers) {
    const image = String(container.image ?? '');
    const latest = !image.includes(':') || image.endsWith(':latest');
    fill(container, {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
    });
    for (const port of objectsIn(container.ports)) {
      fill(port, { protocol: 'TCP' });
    }
  }
}

function defaultWorkload(object: JsonObject) {
  const spec = child(object, 'spec');
  if (object.kind !== 'DaemonSet') fill(spec, { replicas: 1 });
  if (object.kind === 'Deployment') {
    fill(spec, { progressDeadlineSeconds: 600, revisionHistoryLimit: 10 });
    const strategy = child(spec, 'strategy');
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') {
      fill(child(strategy, 'rollingUpdate'), {
        maxUnavailable: '25%',
        maxSurge: '25%',
      });
    }
  }
  const template = child(spec, 'template');
  defaultPodSpec(child(template, 'spec'));
}

function defaultSecret(object: JsonObject) {
  fill(object, { type: 'Opaque' });
  if (!isJsonObject(object.stringData)) return;
  const bytes = child(object, 'data');
  for (const [key, value] of Object.entries(object.stringData)) {
    bytes[key] = Buffer.from(String(value)).toString('base64');
  }
  delete object.stringData;
}

/** The kinds that {@link fillDefaults} knows; the others are not copied. */
const DEFAULTED = new Set([
  'v1/Namespace',
  'v1/Service',
  'v1/Secret',
  'v1/Pod',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
]);

/**
 * The defaults that the real server fills in, for the kinds and fields in use.
 * The object given is not changed.
 */
export function fillDefaults(
  object: KubernetesObject,
  allocate: ServiceAllocator,
): KubernetesObject {
  if (!DEFAULTED.has(`${object.apiVersion}/${object.kind}`)) return object;
  const copy = structuredClone(object);
  const json = copy as unknown as JsonObject;
  switch (`${copy.apiVersion}/${copy.kind}`) {
    case 'v1/Namespace':
      copy.metadata.labels = {
        ...copy.metadata.labels,
        'kubernetes.io/metadata.name': copy.metadata.name,
      };
      fill(child(json, 'spec'), { finalizers: ['kubernetes'] });
      fill(child(json, 'status'), { phase: 'Active' });
      break;
    case 'v1/Service':
      defaultService(json, allocate);
      break;
    case 'v1/Secret':
      defaultSecret(json);
      break;
    case 'v1/Pod':
      defaultPodSpec(child(json, 'spec'));
      fill(child(json, 'status'), { phase: 'Pending', qosClass: 'BestEffort' });
      break;
    case 'apps/v1/Deployment':
    case 'apps/v1/ReplicaSet':
    case 'apps/v1/StatefulSet':
    case 'apps/v1/DaemonSet':
      defaultWorkload(json);
      fill(json, { status: {} });
      break;
    default:
  }
  return copy;
}

/** Values that the server allocated and an update may leave out. */
export function keepAllocated(
  before: KubernetesObject,
  after: KubernetesObject,
): KubernetesObject {
  if (after.apiVersion !== 'v1' || after.kind !== 'Service') return after;
  const old = before.spec as JsonObject;
  const spec = (after.spec ?? {}) as JsonObject;
  if (spec.type === 'ExternalName' || spec.clusterIP || !old?.clusterIP) {
    return after;
  }
  return {
    ...after,
    spec: { ...spec, clusterIP: old.clusterIP, clusterIPs: old.clusterIPs },
  };
}
