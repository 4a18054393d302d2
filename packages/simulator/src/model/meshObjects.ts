import type { SeedObject } from '../apiserver/objects';
import type { ShopCluster } from './shop';

export const ISTIO_NAMESPACE = 'istio-system';

/** The Istio release that the simulated clusters run. */
export const ISTIO_VERSION = '1.31.0';

/** Port of the gateway's pods that serves mTLS pass-through. */
export const GATEWAY_TARGET_PORT = 15443;

export const GATEWAY_NAME = 'istio-eastwestgateway';

/** Nodes: two per zone. */
export function nodeObjects(cluster: ShopCluster): SeedObject[] {
  return cluster.zones.flatMap((zone, z) =>
    [1, 2].map(n => {
      const name = `${cluster.name}-${zone.split('-').pop()}-${n}`;
      const address = `${cluster.podNetwork}.0.${z * 10 + n}`;
      return {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'kubernetes.io/hostname': name,
            'kubernetes.io/os': 'linux',
            'topology.kubernetes.io/region': cluster.region,
            'topology.kubernetes.io/zone': zone,
          },
        },
        spec: { providerID: `simulated://${cluster.name}/${name}` },
        status: {
          addresses: [
            { type: 'InternalIP', address },
            { type: 'Hostname', address: name },
          ],
          capacity: { cpu: '4', memory: '16Gi', pods: '110' },
          allocatable: { cpu: '3920m', memory: '15Gi', pods: '110' },
          conditions: [
            { type: 'Ready', status: 'True', reason: 'KubeletReady' },
          ],
          nodeInfo: {
            kubeletVersion: 'v1.34.2+simulated',
            operatingSystem: 'linux',
            architecture: 'amd64',
          },
        },
      };
    }),
  );
}

/** Namespaces with the labels that Istio reads. */
export function namespaceObjects(cluster: ShopCluster): SeedObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: ISTIO_NAMESPACE,
        labels: { 'topology.istio.io/network': cluster.network },
      },
    },
    ...cluster.namespaces.map(({ name, injected, labels }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: {
          ...labels,
          ...(injected ? { 'istio-injection': 'enabled' } : {}),
        },
      },
    })),
  ];
}

/** The root that istiod writes into every namespace. */
export function rootCertificateObject(
  namespace: string,
  rootCertificate: string,
): SeedObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'istio-ca-root-cert',
      namespace,
      labels: { 'istio.io/config': 'true' },
    },
    data: { 'root-cert.pem': rootCertificate },
  };
}

/** istiod and the mesh configuration. */
export function istiodObjects(cluster: ShopCluster): SeedObject[] {
  const labels = { app: 'istiod', istio: 'pilot', 'istio.io/rev': 'default' };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: ISTIO_NAMESPACE },
      data: {
        mesh: [
          'defaultConfig:',
          '  discoveryAddress: istiod.istio-system.svc:15012',
          '  meshId: shop-mesh',
          'defaultProviders:',
          '  metrics:',
          '  - prometheus',
          'enablePrometheusMerge: true',
          'rootNamespace: istio-system',
          'trustDomain: cluster.local',
          '',
        ].join('\n'),
        meshNetworks: 'networks: {}',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE, labels },
      spec: {
        selector: { app: 'istiod', istio: 'pilot' },
        ports: [
          { name: 'grpc-xds', port: 15010 },
          { name: 'https-dns', port: 15012 },
          { name: 'https-webhook', port: 443, targetPort: 15017 },
          { name: 'http-monitoring', port: 15014 },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'istiod', istio: 'pilot' } },
        template: {
          metadata: {
            labels: { ...labels, 'sidecar.istio.io/inject': 'false' },
          },
          spec: {
            serviceAccountName: 'istiod',
            containers: [
              {
                name: 'discovery',
                image: `docker.io/istio/pilot:${ISTIO_VERSION}`,
                env: [{ name: 'CLUSTER_ID', value: cluster.name }],
              },
            ],
          },
        },
      },
    },
  ];
}

/**
 * The east-west gateway. Other clusters reach it on the loopback interface:
 * the simulator listens there.
 */
export function gatewayObjects(
  cluster: ShopCluster,
  port: number,
): SeedObject[] {
  const selector = { app: GATEWAY_NAME, istio: 'eastwestgateway' };
  const labels = {
    ...selector,
    'topology.istio.io/network': cluster.network,
  };
  const account = `${GATEWAY_NAME}-service-account`;
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: account, namespace: ISTIO_NAMESPACE },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: GATEWAY_NAME, namespace: ISTIO_NAMESPACE, labels },
      spec: {
        type: 'LoadBalancer',
        selector,
        ports: [{ name: 'tls', port, targetPort: GATEWAY_TARGET_PORT }],
      },
      status: { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: GATEWAY_NAME, namespace: ISTIO_NAMESPACE, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: {
              ...labels,
              'service.istio.io/canonical-name': GATEWAY_NAME,
              'sidecar.istio.io/inject': 'false',
            },
          },
          spec: {
            serviceAccountName: account,
            containers: [
              {
                name: 'istio-proxy',
                image: `docker.io/istio/proxyv2:${ISTIO_VERSION}`,
                args: ['proxy', 'router'],
                ports: [
                  { name: 'tls', containerPort: GATEWAY_TARGET_PORT },
                  { name: 'status-port', containerPort: 15021 },
                ],
                env: [
                  {
                    name: 'ISTIO_META_REQUESTED_NETWORK_VIEW',
                    value: cluster.network,
                  },
                  { name: 'ISTIO_META_CLUSTER_ID', value: cluster.name },
                  { name: 'ISTIO_META_ROUTER_MODE', value: 'sni-dnat' },
                ],
              },
            ],
          },
        },
      },
    },
  ];
}
