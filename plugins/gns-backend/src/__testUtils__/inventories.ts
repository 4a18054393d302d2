import type { ReportInput } from '@isthmus/plugin-gns-common';

type InventoryInput = NonNullable<ReportInput['inventory']>;

const ROOT = 'a'.repeat(64);

/** A cluster with one gateway and services, each with a Deployment of two pods that speak mTLS. */
export function inventoryOf(options: {
  uid: string;
  network: string;
  gatewayIp: string;
  /** Namespace → names of services. */
  services: Record<string, string[]>;
  observedAt?: string;
}): InventoryInput {
  const part = <T>(items: T[]) => ({
    mark: 'complete' as const,
    observedAt: options.observedAt ?? new Date().toISOString(),
    items,
  });
  const all = Object.entries(options.services).flatMap(([namespace, names]) =>
    names.map(name => ({ namespace, name })),
  );
  return {
    mesh: part([
      {
        clusterUid: options.uid,
        kubernetesVersion: 'v1.34.0',
        istioVersions: ['1.31.0'],
        trustDomain: 'cluster.local',
        rootHashes: [ROOT],
        network: options.network,
        localities: ['eu/eu-a'],
      },
    ]),
    namespaces: part(
      Object.keys(options.services).map(name => ({
        name,
        labels: { 'kubernetes.io/metadata.name': name },
        injection: 'sidecar' as const,
        policies: [],
        sidecars: [],
        destinationRules: [],
      })),
    ),
    services: part(
      all.map(({ namespace, name }) => ({
        namespace,
        name,
        labels: {},
        type: 'ClusterIP' as const,
        headless: false,
        selector: { app: name },
        ports: [
          {
            name: 'http',
            number: 80,
            protocol: 'TCP' as const,
            istioProtocol: 'HTTP',
            targetPort: 8080,
          },
        ],
      })),
    ),
    workloads: part(
      all.map(({ namespace, name }) => ({
        namespace,
        name,
        kind: 'Deployment',
        labels: { app: name },
        serviceAccount: name,
        namedPorts: {},
        pods: { total: 2, ready: 2, readyMtls: 2, awaitingRestart: 0 },
        localities: { 'eu/eu-a': 2 },
      })),
    ),
    gateways: part([
      {
        namespace: 'istio-system',
        name: 'istio-eastwestgateway',
        selector: { istio: 'eastwestgateway' },
        network: options.network,
        addresses: [{ ip: options.gatewayIp }],
        port: 15443,
        ready: true,
        networkView: options.network,
        serviceAccount: 'istio-eastwestgateway',
      },
    ]),
  };
}
