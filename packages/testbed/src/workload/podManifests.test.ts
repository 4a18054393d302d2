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
  proxyEnvironment: { ISTIO_META_DNS_CAPTURE: 'true', TRUST_DOMAIN: 'other' },
  proxyConfig: { meshId: 'mesh1' },
};
const router: WorkloadShape = {
  ...sidecar,
  proxy: 'router',
  requestedNetworkView: true,
  workload: 'istio-eastwestgateway',
  labels: { istio: 'eastwestgateway' },
  proxyEnvironment: {},
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
  it('carries what injection adds, and is owned by its ReplicaSet', () => {
    const pod = podOf(sidecar);
    expect(containers(pod).map(one => one.name)).toEqual([
      'app',
      'istio-proxy',
    ]);
    expect(pod.metadata.labels).toMatchObject({
      app: 'web',
      version: 'v2',
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': 'web',
      'service.istio.io/canonical-revision': 'v2',
      'topology.istio.io/network': 'net1',
      'pod-template-hash': 'abc',
    });
    expect(pod.metadata.annotations).toMatchObject({
      note: 'kept',
      'sidecar.istio.io/status': expect.stringContaining('istio-proxy'),
    });
    expect(pod.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'ReplicaSet', uid: 'uid-r' }),
    ]);
  });

  it('puts the environment of ProxyConfigs after the injected one, so that it wins', () => {
    const env = containers(podOf(sidecar))[1].env!;
    const values = env
      .filter(one => one.name === 'TRUST_DOMAIN')
      .map(one => one.value);
    expect(values).toEqual(['cluster.local', 'other']);
  });

  it('leaves a pod outside the mesh alone', () => {
    const pod = podOf({ ...sidecar, proxy: 'none' });
    expect(containers(pod).map(one => one.name)).toEqual(['app']);
    expect(pod.metadata.labels).not.toHaveProperty('security.istio.io/tlsMode');
    expect(pod.metadata.annotations).not.toHaveProperty(
      'sidecar.istio.io/status',
    );
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
      containers: ['app', 'istio-proxy'],
      startedAt: '2026-01-01T00:00:00Z',
    });
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: condition }),
    );
    expect(status.containerStatuses).toEqual([
      expect.objectContaining({ name: 'app', ready }),
      expect.objectContaining({ name: 'istio-proxy', ready }),
    ]);
  });
});
