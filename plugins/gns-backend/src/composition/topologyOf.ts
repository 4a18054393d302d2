import type {
  Coverage,
  Health,
  Topology,
  TopologyEdge,
  TopologyNode,
} from '@isthmus/plugin-gns-common';
import {
  clusterFacts,
  seesOwnNetworkOnly,
  type ClusterFacts,
} from './clusterFacts';
import { healthOfPods, worst } from './health';
import { LABEL_REMOTE_CLUSTER } from './objectNames';
import { by } from './order';
import type {
  ClusterView,
  ComposedEndpoint,
  ComposedGlobalNamespace,
  ComposedService,
  CompositionResult,
} from './types';

/** What a picture of one global namespace is drawn from. */
export interface TopologyInput {
  readonly gns: ComposedGlobalNamespace;
  readonly result: CompositionResult;
  readonly clusters: readonly ClusterView[];
  /** By cluster name; a cluster without an entry counts as unreachable. */
  readonly coverage: readonly Coverage[];
  /** RFC 3339. */
  readonly generatedAt: string;
}

const nodeId = (kind: TopologyNode['kind'], ...names: string[]) =>
  [kind, ...names].join('/');

/**
 * Clusters as boxes with member namespaces, their services and the gateways.
 * A call leaves a cluster's box for the other cluster's gateway, and goes from
 * there to the service; one service in several clusters is linked in a chain.
 */
export function topologyOf(input: TopologyInput): Topology {
  const { gns, coverage } = input;
  const fresh = new Set(
    coverage.filter(c => c.state === 'ok').map(c => c.cluster),
  );
  const involved = new Set(gns.members.map(m => m.cluster));
  const views = new Map(input.clusters.map(c => [c.name, c]));
  const clusters = input.clusters
    .filter(c => involved.has(c.id))
    .map(clusterFacts)
    .sort(by(c => c.name));
  const facts = new Map(clusters.map(c => [c.id, c]));
  const services = serviceNodes(gns, facts, fresh);
  const gateways = clusters.flatMap(c => gatewayNodes(c, fresh));
  const inside = [...services.values(), ...gateways];
  const namespaces = namespaceNodes(gns, facts, inside, fresh);
  const boxes = clusters.map((c): TopologyNode => {
    const id = nodeId('cluster', c.name);
    const parts = [...namespaces, ...gateways].filter(n => n.parent === id);
    return {
      id,
      kind: 'cluster',
      label: c.name,
      cluster: c.name,
      health: fresh.has(c.name) ? worst(parts.map(n => n.health)) : 'unknown',
    };
  });
  const nodes = [...boxes, ...namespaces, ...inside];
  return {
    gns: gns.name,
    nodes,
    edges: [
      ...routes(input, clusters, views, fresh),
      ...entrances(gns, facts, services),
      ...sameServices(gns, services),
    ].sort(by(e => e.id)),
    coverage: coverage
      .filter(c => clusters.some(k => k.name === c.cluster))
      .sort(by(c => c.cluster)),
    generatedAt: input.generatedAt,
  };
}

const endpointKey = (service: ComposedService, e: ComposedEndpoint) =>
  `${service.name} ${e.cluster} ${e.namespace} ${e.service}`;

function serviceNodes(
  gns: ComposedGlobalNamespace,
  facts: ReadonlyMap<string, ClusterFacts>,
  fresh: ReadonlySet<string>,
): Map<string, TopologyNode> {
  const nodes = new Map<string, TopologyNode>();
  for (const service of gns.services) {
    for (const endpoint of service.endpoints) {
      const cluster = facts.get(endpoint.cluster);
      if (!cluster) continue;
      const known = !cluster.workloadsUnknown;
      const ready = known ? endpoint.readyMtls : null;
      const total = known ? endpoint.total : null;
      nodes.set(endpointKey(service, endpoint), {
        id: nodeId(
          'service',
          cluster.name,
          endpoint.namespace,
          endpoint.service,
        ),
        kind: 'service',
        label: endpoint.service,
        cluster: cluster.name,
        namespace: endpoint.namespace,
        parent: nodeId('namespace', cluster.name, endpoint.namespace),
        health: endpoint.awaitingApproval
          ? 'unknown'
          : healthOfPods(ready, total, fresh.has(cluster.name)),
        host: service.host,
        service: service.name,
        ready,
        total,
      });
    }
  }
  return nodes;
}

function gatewayNodes(
  cluster: ClusterFacts,
  fresh: ReadonlySet<string>,
): TopologyNode[] {
  return cluster.gateways.map(gateway => {
    const health = (): Health => {
      if (!fresh.has(cluster.name)) return 'unknown';
      if (!gateway.ready || gateway.addresses.length === 0) return 'failing';
      return seesOwnNetworkOnly(gateway) ? 'healthy' : 'degraded';
    };
    return {
      id: nodeId('gateway', cluster.name, gateway.namespace, gateway.name),
      kind: 'gateway',
      label: gateway.name,
      cluster: cluster.name,
      namespace: gateway.namespace,
      parent: nodeId('cluster', cluster.name),
      health: health(),
    };
  });
}

function namespaceNodes(
  gns: ComposedGlobalNamespace,
  facts: ReadonlyMap<string, ClusterFacts>,
  inside: readonly TopologyNode[],
  fresh: ReadonlySet<string>,
): TopologyNode[] {
  return gns.members
    .flatMap((member): TopologyNode[] => {
      const cluster = facts.get(member.cluster);
      if (!cluster) return [];
      const id = nodeId('namespace', cluster.name, member.namespace);
      const healths = inside.filter(n => n.parent === id).map(n => n.health);
      // A namespace that only calls has nothing that could be ill.
      const own = healths.length > 0 ? worst(healths) : 'healthy';
      return [
        {
          id,
          kind: 'namespace',
          label: member.namespace,
          cluster: cluster.name,
          namespace: member.namespace,
          parent: nodeId('cluster', cluster.name),
          health:
            member.state === 'member' && fresh.has(cluster.name)
              ? own
              : 'unknown',
        },
      ];
    })
    .sort(by(n => n.id));
}

/** Servers whose gateways each caller's entries name. */
function calledClusters(
  gns: string,
  result: CompositionResult,
  caller: string,
): Map<string, number> {
  const called = new Map<string, number>();
  for (const object of result.clusters.get(caller)?.objects.values() ?? []) {
    if (object.gns !== gns || object.role !== 'client') continue;
    const { endpoints } = (object.manifest.spec ?? {}) as {
      endpoints?: readonly { labels?: Record<string, string> }[];
    };
    const servers = new Set(
      (endpoints ?? []).map(e => e.labels?.[LABEL_REMOTE_CLUSTER] ?? ''),
    );
    for (const server of servers) {
      called.set(server, (called.get(server) ?? 0) + 1);
    }
  }
  return called;
}

function routes(
  { gns, result }: TopologyInput,
  clusters: readonly ClusterFacts[],
  views: ReadonlyMap<string, ClusterView>,
  fresh: ReadonlySet<string>,
): TopologyEdge[] {
  return clusters.flatMap(caller => {
    const reachability = views.get(caller.name)?.reachability ?? [];
    const called = calledClusters(gns.name, result, caller.id);
    return clusters.flatMap(server => {
      const hosts = called.get(server.name);
      if (hosts === undefined) return [];
      return server.usable.map(({ gateway, addresses, port }): TopologyEdge => {
        const source = nodeId('cluster', caller.name);
        const target = nodeId(
          'gateway',
          server.name,
          gateway.namespace,
          gateway.name,
        );
        const measured = reachability.filter(
          r => addresses.includes(r.address) && r.port === port,
        );
        const health = (): Health => {
          if (!fresh.has(caller.name) || measured.length === 0)
            return 'unknown';
          return measured.every(r => r.reachable) ? 'healthy' : 'failing';
        };
        return {
          id: `route ${source} ${target}`,
          source,
          target,
          kind: 'route',
          health: health(),
          label: hosts === 1 ? '1 host' : `${hosts} hosts`,
        };
      });
    });
  });
}

function entrances(
  gns: ComposedGlobalNamespace,
  facts: ReadonlyMap<string, ClusterFacts>,
  services: ReadonlyMap<string, TopologyNode>,
): TopologyEdge[] {
  return gns.services.flatMap(service =>
    service.endpoints.flatMap(endpoint => {
      const node = services.get(endpointKey(service, endpoint));
      const cluster = facts.get(endpoint.cluster);
      if (!node || !cluster || !endpoint.published) return [];
      return cluster.usable.map(({ gateway }): TopologyEdge => {
        const source = nodeId(
          'gateway',
          cluster.name,
          gateway.namespace,
          gateway.name,
        );
        return {
          id: `route ${source} ${node.id}`,
          source,
          target: node.id,
          kind: 'route',
          health: node.health,
          label: service.host,
        };
      });
    }),
  );
}

function sameServices(
  gns: ComposedGlobalNamespace,
  services: ReadonlyMap<string, TopologyNode>,
): TopologyEdge[] {
  return gns.services.flatMap(service => {
    const nodes = service.endpoints
      .map(e => services.get(endpointKey(service, e)))
      .filter(n => n !== undefined)
      .sort(by(n => n.id));
    return nodes.slice(1).map((node, i): TopologyEdge => {
      const before = nodes[i];
      return {
        id: `same ${before.id} ${node.id}`,
        source: before.id,
        target: node.id,
        kind: 'sameService',
        health: worst([before.health, node.health]),
        label: service.host,
      };
    });
  });
}
