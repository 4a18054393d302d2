import type { KubeObject } from '../kube/KubeClient';
import { GATEWAY_PORT } from '../network/NetworkSpace';
import type { EnvVar } from './containerEnvironment';

/** Namespace of the mesh's control plane. */
export const ROOT_NAMESPACE = 'istio-system';

/** Ports of every app. */
export const APP_PORTS = { http: 8080, grpc: 9090, tcp: 7070 } as const;

/** One port of a Service. */
export interface ServicePort {
  name: string;
  port: number;
  targetPort: number;
}

/** What decides the objects of one workload. */
export interface WorkloadShape {
  /** `sidecar`: an app with a proxy; `router`: an east-west gateway; `none`: an app without a proxy. */
  proxy: 'sidecar' | 'router' | 'none';
  /** For routers: see their own network only. */
  requestedNetworkView: boolean;
  cluster: string;
  network: string;
  namespace: string;
  /** Name of its Deployment, and its label `app`. */
  workload: string;
  serviceAccount: string;
  node: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Value of a gateway's PROXY_CONFIG. */
  proxyConfig: Record<string, unknown>;
}

/** Names the object that made another one. */
export function ownerReference(owner: KubeObject): Record<string, unknown> {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Labels of a workload's pods as their author writes them; a gateway's are those of a proxy. */
function podLabels(shape: WorkloadShape): Record<string, string> {
  const { proxy, workload, network, labels } = shape;
  return {
    app: workload,
    ...labels,
    ...(proxy === 'sidecar' ? {} : { 'sidecar.istio.io/inject': 'false' }),
    ...(proxy === 'router'
      ? {
          'service.istio.io/canonical-name': workload,
          'service.istio.io/canonical-revision': labels.version ?? 'latest',
          'topology.istio.io/network': network,
          'istio.io/rev': 'default',
        }
      : {}),
  };
}

/** How long the pods of a Deployment may take to end, seconds. */
const GRACE_SECONDS = 30;

/**
 * Deployment as its author wrote it: injection changes pods only, except for gateways, which are proxies as such.
 *
 * @param replicas - undefined: nobody makes its pods but the testbed; else Kubernetes does, for the testbed's one node
 */
export function deploymentManifest(
  shape: WorkloadShape,
  replicas?: number,
): KubeObject {
  const { namespace, workload, labels } = shape;
  const template = podTemplate(shape);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: workload,
      namespace,
      labels: { app: workload, ...labels },
    },
    spec: {
      replicas: replicas ?? 1,
      selector: { matchLabels: { app: workload } },
      template:
        replicas === undefined
          ? template
          : {
              ...template,
              spec: {
                ...template.spec,
                nodeName: shape.node,
                terminationGracePeriodSeconds: GRACE_SECONDS,
              },
            },
    },
  };
}

/** ReplicaSet of a Deployment. */
export function replicaSetManifest(
  shape: WorkloadShape,
  deployment: KubeObject,
  hash: string,
): KubeObject {
  const template = podTemplate(shape);
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${shape.workload}-${hash}`,
      namespace: shape.namespace,
      labels,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 1,
      selector: {
        matchLabels: { app: shape.workload, 'pod-template-hash': hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Pod of a ReplicaSet as it is sent to the API server, scheduled: the mesh's injector adds what belongs to it. */
export function podManifest(
  shape: WorkloadShape,
  replicaSet: KubeObject,
  name: string,
): KubeObject {
  const { metadata, spec } = podTemplate(shape);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: shape.namespace,
      labels: {
        ...metadata.labels,
        'pod-template-hash': replicaSet.metadata.labels!['pod-template-hash'],
      },
      annotations: metadata.annotations,
      ownerReferences: [ownerReference(replicaSet)],
    },
    spec: { ...spec, nodeName: shape.node },
  };
}

/** Service in front of a workload's pods. */
export function serviceManifest(
  shape: WorkloadShape,
  ports: ServicePort[],
): KubeObject {
  const { namespace, workload, network, proxy, labels } = shape;
  const gateway = proxy === 'router';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: workload,
      namespace,
      labels: gateway
        ? { app: workload, ...labels, 'topology.istio.io/network': network }
        : { app: workload },
    },
    spec: {
      type: gateway ? 'LoadBalancer' : 'ClusterIP',
      selector: { app: workload },
      ports: ports.map(port => ({ ...port, protocol: 'TCP' })),
    },
  };
}

/** Ports of an east-west gateway's Service. */
export const GATEWAY_PORTS: ServicePort[] = [
  { name: 'status-port', port: 15021, targetPort: 15021 },
  { name: 'tls', port: GATEWAY_PORT, targetPort: GATEWAY_PORT },
];

/** A container of a pod, as far as the testbed looks at it. */
export interface Container {
  name: string;
  args?: string[];
  env?: EnvVar[];
  resources?: { limits?: Record<string, string> };
  /** `Always` makes an init container a sidecar. */
  restartPolicy?: string;
}

/** Containers of a stored pod by how they run. */
export interface PodContainers {
  /** They end before the others start. */
  init: Container[];
  /** Init containers that go on. */
  sidecars: Container[];
  main: Container[];
}

export function containersOf(pod: KubeObject): PodContainers {
  const { containers, initContainers = [] } = pod.spec as {
    containers: Container[];
    initContainers?: Container[];
  };
  const goesOn = (one: Container) => one.restartPolicy === 'Always';
  return {
    init: initContainers.filter(one => !goesOn(one)),
    sidecars: initContainers.filter(goesOn),
    main: containers,
  };
}

/** Status that kubelet would report. */
export function podStatus(options: {
  ip: string;
  hostIp: string;
  ready: boolean;
  containers: PodContainers;
  startedAt: string;
}): Record<string, unknown> {
  const { ip, hostIp, ready, containers, startedAt } = options;
  const { init, sidecars, main } = containers;
  const status = ready ? 'True' : 'False';
  const condition = (type: string, value: string) => ({
    type,
    status: value,
    lastTransitionTime: new Date().toISOString(),
  });
  const containerStatus = (
    { name }: Container,
    state: Record<string, unknown>,
    isReady: boolean,
  ) => ({
    name,
    image: `isthmus.dev/testbed/${name}`,
    imageID: `isthmus.dev/testbed/${name}`,
    containerID: `testbed://${name}`,
    ready: isReady,
    started: 'running' in state,
    restartCount: 0,
    state,
  });
  const running = { running: { startedAt } };
  const ended = {
    terminated: {
      exitCode: 0,
      reason: 'Completed',
      startedAt,
      finishedAt: startedAt,
      containerID: 'testbed://init',
    },
  };
  return {
    phase: 'Running',
    hostIP: hostIp,
    podIP: ip,
    podIPs: [{ ip }],
    startTime: startedAt,
    conditions: [
      condition('PodScheduled', 'True'),
      condition('Initialized', 'True'),
      condition('ContainersReady', status),
      condition('Ready', status),
    ],
    initContainerStatuses: [
      ...init.map(one => containerStatus(one, ended, true)),
      ...sidecars.map(one => containerStatus(one, running, ready)),
    ],
    containerStatuses: main.map(one => containerStatus(one, running, ready)),
  };
}

function podTemplate(shape: WorkloadShape) {
  const container =
    shape.proxy === 'router' ? gatewayContainer(shape) : appContainer();
  return {
    metadata: { labels: podLabels(shape), annotations: shape.annotations },
    spec: podSpec(shape, [container]),
  };
}

function podSpec(shape: WorkloadShape, containers: object[]) {
  return {
    serviceAccountName: shape.serviceAccount,
    automountServiceAccountToken: false,
    // There is no kubelet to confirm the end of a pod: the API server removes it at once.
    terminationGracePeriodSeconds: 0,
    containers,
  };
}

function appContainer() {
  return {
    name: 'app',
    image: 'isthmus.dev/testbed/app',
    ports: Object.entries(APP_PORTS).map(([name, containerPort]) => ({
      name,
      containerPort,
    })),
  };
}

const GATEWAY_TLS = { name: 'tls', containerPort: GATEWAY_PORT };

function gatewayContainer(shape: WorkloadShape) {
  return {
    name: 'istio-proxy',
    image: 'isthmus.dev/testbed/proxyv2',
    args: [
      ...['proxy', 'router'],
      ...['--domain', `${shape.namespace}.svc.cluster.local`],
      '--proxyLogLevel=warning',
    ],
    ports: [GATEWAY_TLS],
    env: gatewayEnv(shape),
  };
}

/** A gateway's env as charts of gateways write it. */
function gatewayEnv(shape: WorkloadShape): EnvVar[] {
  const { cluster, network, namespace, workload } = shape;
  const field = (name: string, fieldPath: string): EnvVar => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return [
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    { name: 'PROXY_CONFIG', value: JSON.stringify(shape.proxyConfig) },
    { name: 'ISTIO_META_POD_PORTS', value: JSON.stringify([GATEWAY_TLS]) },
    { name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'true' },
    ...(shape.requestedNetworkView
      ? [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network }]
      : []),
    { name: 'ISTIO_META_CLUSTER_ID', value: cluster },
    field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_NETWORK', value: network },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
    {
      name: 'ISTIO_META_OWNER',
      value: `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${workload}`,
    },
    { name: 'ISTIO_META_MESH_ID', value: `${shape.proxyConfig.meshId}` },
    { name: 'TRUST_DOMAIN', value: 'cluster.local' },
  ];
}
