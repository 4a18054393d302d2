import {
  API_VERSION,
  parseDefinition,
  type GlobalNamespace,
  type InventoryGateway,
  type InventoryNamespace,
  type InventoryService,
  type InventoryServicePort,
  type InventoryWorkload,
  type MeshFacts,
} from '@isthmus/plugin-gns-common';
import {
  DEFAULT_COMPOSITION_OPTIONS,
  servingKey,
  type ClusterView,
  type CompositionInput,
  type CompositionResult,
  type EffectiveInventory,
  type VersionedGlobalNamespace,
} from './types';

/* Shapes for the tests and the benchmark of composition; never part of the plugin. */

const ROOT = 'a'.repeat(64);

/** A definition with the given spec over defaults: domain `<name>.gns.example`. */
export function gnsOf(
  name: string,
  spec: Record<string, unknown>,
  createdOrder = 1,
): VersionedGlobalNamespace {
  const parsed = parseDefinition({
    apiVersion: API_VERSION,
    kind: 'GlobalNamespace',
    metadata: { name },
    spec: { domain: `${name}.gns.example`, ...spec },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    definition: parsed.definition as unknown as GlobalNamespace,
    generation: 1,
    createdOrder,
  };
}

export function namespaceOf(
  name: string,
  more: Partial<InventoryNamespace> = {},
): InventoryNamespace {
  return { name, labels: {}, injection: 'sidecar', ...more };
}

export function portOf(
  more: Partial<InventoryServicePort> = {},
): InventoryServicePort {
  return {
    name: 'http',
    number: 80,
    protocol: 'TCP',
    istioProtocol: 'HTTP',
    targetPort: 8080,
    ...more,
  };
}

export function serviceOf(
  namespace: string,
  name: string,
  more: Partial<InventoryService> = {},
): InventoryService {
  return {
    namespace,
    name,
    labels: {},
    type: 'ClusterIP',
    headless: false,
    selector: { app: name },
    ports: [portOf()],
    ...more,
  };
}

/** A workload of `pods` ready mTLS pods behind the service of the same name. */
export function workloadOf(
  namespace: string,
  name: string,
  pods = 2,
  more: Partial<InventoryWorkload> = {},
): InventoryWorkload {
  return {
    namespace,
    name,
    kind: 'Deployment',
    labels: { app: name },
    serviceAccount: name,
    namedPorts: {},
    pods: { total: pods, ready: pods, readyMtls: pods, awaitingRestart: 0 },
    localities: {},
    ...more,
  };
}

export function gatewayOf(
  network: string,
  ip: string,
  more: Partial<InventoryGateway> = {},
): InventoryGateway {
  return {
    namespace: 'istio-gw',
    name: 'eastwest',
    selector: { istio: 'eastwestgateway' },
    network,
    addresses: [{ ip }],
    port: 15443,
    ready: true,
    networkView: network,
    serviceAccount: 'eastwest',
    ...more,
  };
}

export function meshOf(
  network: string,
  more: Partial<MeshFacts> = {},
): MeshFacts {
  return {
    clusterUid: network,
    kubernetesVersion: '1.34',
    istioVersions: ['1.31.0'],
    trustDomain: 'cluster.local',
    rootHashes: [ROOT],
    network,
    localities: ['eu/a'],
    ...more,
  };
}

/**
 * Cluster number `index`: id `id-<name>`, network `net<index>`, gateway
 * `10.0.<index>.1`, and the services given as `namespace/service`.
 */
export function clusterOf(
  name: string,
  index: number,
  services: readonly string[],
  more: Partial<Omit<ClusterView, 'inventory'>> & {
    inventory?: Partial<EffectiveInventory>;
  } = {},
): ClusterView {
  const pairs = services.map(s => s.split('/') as [string, string]);
  const network = `net${index}`;
  return {
    id: `id-${name}`,
    name,
    labels: {},
    leaving: false,
    reachability: [],
    ...more,
    inventory: {
      mesh: meshOf(network),
      namespaces: [...new Set(pairs.map(([n]) => n))].map(n => namespaceOf(n)),
      services: pairs.map(([n, s]) => serviceOf(n, s)),
      workloads: pairs.map(([n, s]) => workloadOf(n, s)),
      gateways: [gatewayOf(network, `10.0.${index}.1`)],
      marks: {
        mesh: 'complete',
        namespaces: 'complete',
        services: 'complete',
        workloads: 'complete',
        gateways: 'complete',
      },
      ...more.inventory,
    },
  };
}

/** Everything but definitions and clusters is empty, and nothing is served yet. */
export function inputOf(
  definitions: readonly VersionedGlobalNamespace[],
  clusters: readonly ClusterView[],
  more: Partial<CompositionInput> = {},
): CompositionInput {
  return {
    definitions,
    clusters,
    approvals: { approved: new Set(), refused: new Set() },
    addresses: new Map(),
    served: new Set(),
    weights: new Map(),
    options: DEFAULT_COMPOSITION_OPTIONS,
    ...more,
  };
}

/** `served` as it is once every cluster has applied all that the result asks of it. */
export function servedBy(result: CompositionResult): Set<string> {
  return new Set(
    [...result.clusters.values()].flatMap(c =>
      [...c.servingObjects.keys()].map(host => servingKey(c.cluster, host)),
    ),
  );
}

/** The spec of one object, by `Kind/namespace/name`. */
export function specOf(
  result: CompositionResult,
  cluster: string,
  kind: string,
  namespace: string,
  name: string,
): Record<string, unknown> | undefined {
  for (const object of result.clusters.get(cluster)?.objects.values() ?? []) {
    const { metadata } = object.manifest;
    if (
      object.manifest.kind === kind &&
      metadata.namespace === namespace &&
      metadata.name === name
    ) {
      return object.manifest.spec as Record<string, unknown>;
    }
  }
  return undefined;
}

/** `Kind/namespace/name` of every object of a cluster, in order. */
export function objectNames(
  result: CompositionResult,
  cluster: string,
): string[] {
  return [...(result.clusters.get(cluster)?.objects.values() ?? [])].map(
    o =>
      `${o.manifest.kind}/${o.manifest.metadata.namespace}/${o.manifest.metadata.name}`,
  );
}
