import { createHash } from 'node:crypto';
import type { KubernetesObject, SeedObject } from '../apiserver/objects';

const ISTIO_PROXY_IMAGE = 'docker.io/istio/proxyv2:1.31.0';
const CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A suffix as Kubernetes makes them, the same for the same seed. */
export function nameSuffix(seed: string, length: number): string {
  const bytes = createHash('sha256').update(seed).digest();
  return Array.from(
    { length },
    (_, i) => CHARACTERS[bytes[i] % CHARACTERS.length],
  ).join('');
}

/** A container as far as the simulator reads it. */
export interface Container {
  name: string;
  image?: string;
  env?: Array<{ name: string; value?: string }>;
  [field: string]: unknown;
}

/** `spec` of a Deployment as far as the simulator reads it. */
export interface DeploymentSpec {
  replicas?: number;
  template: {
    metadata?: {
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    };
    spec: { containers: Container[]; serviceAccountName?: string };
  };
}

/** What the pod is born with. */
export interface PodBirth {
  replicaSet: KubernetesObject;
  template: DeploymentSpec['template'];
  name: string;
  ip: string;
  node: { name: string; address: string };
  ready: boolean;
  at: Date;
  /** Set when the namespace asks for a proxy. */
  proxy?: {
    clusterName: string;
    network: string;
    /** Of the namespace's ProxyConfig, at this moment. */
    environment: Record<string, string>;
  };
}

function proxyContainer(proxy: NonNullable<PodBirth['proxy']>): Container {
  const environment = {
    ISTIO_META_CLUSTER_ID: proxy.clusterName,
    ISTIO_META_NETWORK: proxy.network,
    ISTIO_META_MESH_ID: 'shop-mesh',
    TRUST_DOMAIN: 'cluster.local',
    ...proxy.environment,
  };
  return {
    name: 'istio-proxy',
    image: ISTIO_PROXY_IMAGE,
    args: ['proxy', 'sidecar'],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    env: Object.entries(environment).map(([name, value]) => ({ name, value })),
    readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
    resources: { requests: { cpu: '100m', memory: '128Mi' } },
  };
}

/** `status` of a pod whose containers run. */
export function podStatus(
  containers: readonly Container[],
  place: { ip: string; hostIp: string },
  ready: boolean,
  at: Date,
): Record<string, unknown> {
  const time = `${at.toISOString().slice(0, 19)}Z`;
  const condition = (type: string, status: boolean) => ({
    type,
    status: status ? 'True' : 'False',
    lastTransitionTime: time,
    ...(status
      ? {}
      : {
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [app]',
        }),
  });
  return {
    phase: 'Running',
    podIP: place.ip,
    podIPs: [{ ip: place.ip }],
    hostIP: place.hostIp,
    startTime: time,
    qosClass: 'Burstable',
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready),
      condition('Ready', ready),
    ],
    containerStatuses: containers.map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready,
      started: ready,
      restartCount: 0,
      state: { running: { startedAt: time } },
    })),
  };
}

/** A pod of a ReplicaSet, with the proxy that injection gives it. */
export function podObject(birth: PodBirth): SeedObject {
  const { replicaSet, template, proxy, node } = birth;
  const templateLabels = template.metadata?.labels ?? {};
  const app = templateLabels.app ?? replicaSet.metadata.name;
  const labels: Record<string, string> = {
    ...templateLabels,
    'pod-template-hash':
      replicaSet.metadata.labels?.['pod-template-hash'] ?? '',
    ...(proxy
      ? {
          'security.istio.io/tlsMode': 'istio',
          'service.istio.io/canonical-name': app,
          'service.istio.io/canonical-revision':
            templateLabels.version ?? 'latest',
        }
      : {}),
  };
  const containers = proxy
    ? [...template.spec.containers, proxyContainer(proxy)]
    : template.spec.containers;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: birth.name,
      generateName: `${replicaSet.metadata.name}-`,
      namespace: replicaSet.metadata.namespace,
      labels,
      annotations: {
        ...template.metadata?.annotations,
        ...(proxy
          ? {
              'sidecar.istio.io/status': JSON.stringify({
                containers: ['istio-proxy'],
                revision: 'default',
              }),
            }
          : {}),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: replicaSet.metadata.name,
          uid: replicaSet.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...template.spec,
      nodeName: node.name,
      containers,
    },
    status: podStatus(
      containers,
      { ip: birth.ip, hostIp: node.address },
      birth.ready,
      birth.at,
    ),
  };
}
