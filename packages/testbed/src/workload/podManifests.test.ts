import {
  deploymentManifest,
  podManifest,
  podStatus,
  replicaSetManifest,
  serviceManifest,
  GATEWAY_PORTS,
  type WorkloadShape,
} from './podManifests';
import type { EnvVar } from './containerEnvironment';
import type { KubeObject } from '../kube/KubeClient';

const sidecar: WorkloadShape = {
  proxy: 'sidecar',
  requestedNetworkView: false,
  cluster: 'east',
  network: 'net1',
  namespace: 'shop',
  workload: 'web',
  serviceAccount: 'web-sa',
  node: 'node-east',
  labels: { version: 'v2' },
  annotations: { note: 'kept' },
  proxyConfig: { meshId: 'mesh1' },
};
const router: WorkloadShape = {
  ...sidecar,
  proxy: 'router',
  requestedNetworkView: true,
  workload: 'istio-eastwestgateway',
  labels: { istio: 'eastwestgateway' },
};

function podOf(shape: WorkloadShape): KubeObject {
  const deployment = deploymentManifest(shape);
  deployment.metadata.uid = 'uid-d';
  const replicaSet = replicaSetManifest(shape, deployment, 'abc');
  replicaSet.metadata.uid = 'uid-r';
  return podManifest(shape, replicaSet, 'web-abc-1');
}

function containers(object: KubeObject) {
  return (
    object.spec as {
      containers: { name: string; env?: EnvVar[] }[];
    }
  ).containers;
}

describe('podManifest', () => {
  it('leaves the proxy to the injector, and is owned by its ReplicaSet', () => {
    const pod = podOf(sidecar);
    expect(containers(pod).map(one => one.name)).toEqual(['app']);
    expect(pod.metadata.labels).toEqual({
      app: 'web',
      version: 'v2',
      'pod-template-hash': 'abc',
    });
    expect(pod.metadata.annotations).toEqual({ note: 'kept' });
    expect(pod.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'ReplicaSet', uid: 'uid-r' }),
    ]);
  });

  it('asks the injector to leave a pod outside the mesh and a gateway alone', () => {
    for (const shape of [{ ...sidecar, proxy: 'none' as const }, router]) {
      expect(podOf(shape).metadata.labels).toMatchObject({
        'sidecar.istio.io/inject': 'false',
      });
    }
  });

  it('shows the network view of a gateway in its pod and in its Deployment, unless switched off', () => {
    const view = {
      name: 'ISTIO_META_REQUESTED_NETWORK_VIEW',
      value: 'net1',
    };
    const template = (
      deploymentManifest(router).spec as { template: KubeObject }
    ).template;
    expect(containers(podOf(router))[0].env).toContainEqual(view);
    expect(containers(template)[0].env).toContainEqual(view);
    expect(
      containers(podOf({ ...router, requestedNetworkView: false }))[0].env,
    ).not.toContainEqual(view);
  });
});

describe('serviceManifest', () => {
  it('makes a gateway a load balancer with its network', () => {
    const service = serviceManifest(router, GATEWAY_PORTS);
    expect(service.spec).toMatchObject({ type: 'LoadBalancer' });
    expect(service.metadata.labels).toMatchObject({
      istio: 'eastwestgateway',
      'topology.istio.io/network': 'net1',
    });
  });
});

describe('podStatus', () => {
  it.each([
    [true, 'True'],
    [false, 'False'],
  ])('reports ready %s in conditions and containers', (ready, condition) => {
    const status = podStatus({
      ip: '10.240.1.10',
      hostIp: '10.240.0.1',
      ready,
      containers: {
        init: [{ name: 'istio-init' }],
        sidecars: [{ name: 'istio-proxy' }],
        main: [{ name: 'app' }],
      },
      startedAt: '2026-01-01T00:00:00Z',
    });
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: condition }),
    );
    expect(status.containerStatuses).toEqual([
      expect.objectContaining({ name: 'app', ready }),
    ]);
    expect(status.initContainerStatuses).toEqual([
      expect.objectContaining({ name: 'istio-init', ready: true }),
      expect.objectContaining({ name: 'istio-proxy', ready }),
    ]);
  });
});
