import {
  type Health,
  type Topology,
  type TopologyEdge,
  type TopologyNode,
} from '@isthmus/plugin-gns-common';

export interface NamespaceGroup {
  node: TopologyNode;
  services: TopologyNode[];
}

export interface ClusterGroup {
  node: TopologyNode;
  namespaces: NamespaceGroup[];
  gateways: TopologyNode[];
}

/** Every route between two clusters, drawn as one line. */
export interface Bundle {
  id: string;
  /** Names of the two clusters, in order. */
  between: readonly [string, string];
  /** Services of the second that the first can call. */
  there: string[];
  /** Services of the first that the second can call. */
  back: string[];
  /** The worst of all its routes. */
  health: Health;
}

export interface TopologyGraph {
  clusters: ClusterGroup[];
  bundles: Bundle[];
  /** Each edge between two nodes that exist, by id. */
  edges: TopologyEdge[];
  nodes: ReadonlyMap<string, TopologyNode>;
}

const WORST: Record<Health, number> = {
  failing: 3,
  degraded: 2,
  unknown: 1,
  healthy: 0,
};

/** The worse of two: unknown is worse than healthy, better than degraded. */
export function worse(a: Health, b: Health): Health {
  return WORST[a] >= WORST[b] ? a : b;
}

const byLabel = (a: TopologyNode, b: TopologyNode) =>
  compare(a.label, b.label) || compare(a.id, b.id);

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Groups the hub's flat topology into clusters, namespaces and services,
 * ordered by name so that every reader sees the same map. Nodes whose parent
 * is missing are put where their own `cluster` and `namespace` say; edges to
 * nodes that do not exist are left out.
 */
export function buildGraph(
  topology: Pick<Topology, 'nodes' | 'edges'>,
): TopologyGraph {
  const nodes = new Map<string, TopologyNode>();
  for (const node of topology.nodes) nodes.set(node.id, node);

  const clusters = new Map<string, ClusterGroup>();
  const clusterOf = (name: string): ClusterGroup => {
    const known = clusters.get(name);
    if (known) return known;
    const node: TopologyNode = [...nodes.values()].find(
      n => n.kind === 'cluster' && n.cluster === name,
    ) ?? {
      id: `cluster:${name}`,
      kind: 'cluster',
      label: name,
      cluster: name,
      health: 'unknown',
    };
    nodes.set(node.id, node);
    const group: ClusterGroup = { node, namespaces: [], gateways: [] };
    clusters.set(name, group);
    return group;
  };

  const namespaces = new Map<string, NamespaceGroup>();
  const namespaceOf = (cluster: string, name: string): NamespaceGroup => {
    const key = JSON.stringify([cluster, name]);
    const known = namespaces.get(key);
    if (known) return known;
    const node: TopologyNode = [...nodes.values()].find(
      n =>
        n.kind === 'namespace' &&
        n.cluster === cluster &&
        (n.namespace ?? n.label) === name,
    ) ?? {
      id: `namespace:${cluster}/${name}`,
      kind: 'namespace',
      label: name,
      cluster,
      namespace: name,
      health: 'unknown',
    };
    nodes.set(node.id, node);
    const group: NamespaceGroup = { node, services: [] };
    namespaces.set(key, group);
    clusterOf(cluster).namespaces.push(group);
    return group;
  };

  for (const node of topology.nodes) {
    if (node.kind === 'cluster') clusterOf(node.cluster);
    else if (node.kind === 'gateway')
      clusterOf(node.cluster).gateways.push(node);
    else if (node.kind === 'namespace')
      namespaceOf(node.cluster, node.namespace ?? node.label);
    else namespaceOf(node.cluster, node.namespace ?? '').services.push(node);
  }

  const groups = [...clusters.values()].sort((a, b) => byLabel(a.node, b.node));
  for (const group of groups) {
    group.gateways.sort(byLabel);
    group.namespaces.sort((a, b) => byLabel(a.node, b.node));
    for (const namespace of group.namespaces) namespace.services.sort(byLabel);
  }

  const edges = topology.edges
    .filter(edge => nodes.has(edge.source) && nodes.has(edge.target))
    .sort((a, b) => compare(a.id, b.id));
  return { clusters: groups, bundles: bundle(nodes, edges), edges, nodes };
}

function bundle(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: TopologyEdge[],
): Bundle[] {
  const bundles = new Map<string, Bundle>();
  for (const edge of edges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (edge.kind !== 'route' || !source || !target) continue;
    if (source.cluster === target.cluster) continue;
    const forward = source.cluster < target.cluster;
    const between = forward
      ? ([source.cluster, target.cluster] as const)
      : ([target.cluster, source.cluster] as const);
    const id = `bundle:${JSON.stringify(between)}`;
    const known = bundles.get(id) ?? {
      id,
      between,
      there: [],
      back: [],
      health: 'healthy' as const,
    };
    const services = forward ? known.there : known.back;
    const name = target.service ?? target.label;
    if (!services.includes(name)) services.push(name);
    known.health = worse(known.health, edge.health);
    bundles.set(id, known);
  }
  for (const one of bundles.values()) {
    one.there.sort(compare);
    one.back.sort(compare);
  }
  return [...bundles.values()].sort((a, b) => compare(a.id, b.id));
}

/** The part of a topology that one global service touches, for its card. */
export function neighbourhood(
  topology: Pick<Topology, 'nodes' | 'edges'>,
  service: string,
): Pick<Topology, 'nodes' | 'edges'> {
  const kept = new Set<string>();
  const clusters = new Set<string>();
  const namespaces = new Set<string>();
  for (const node of topology.nodes) {
    if (node.kind === 'service' && (node.service ?? node.label) === service) {
      kept.add(node.id);
      clusters.add(node.cluster);
      namespaces.add(JSON.stringify([node.cluster, node.namespace]));
    }
  }
  const edges = topology.edges.filter(
    edge => kept.has(edge.source) || kept.has(edge.target),
  );
  const ends = new Set(edges.flatMap(edge => [edge.source, edge.target]));
  for (const node of topology.nodes) {
    if (ends.has(node.id)) clusters.add(node.cluster);
  }
  const nodes = topology.nodes.filter(node => {
    if (kept.has(node.id)) return true;
    if (node.kind === 'cluster') return clusters.has(node.cluster);
    if (node.kind === 'gateway') return clusters.has(node.cluster);
    if (node.kind === 'namespace')
      return (
        ends.has(node.id) ||
        namespaces.has(
          JSON.stringify([node.cluster, node.namespace ?? node.label]),
        )
      );
    return ends.has(node.id);
  });
  return { nodes, edges };
}

/** Clusters other than its own from which each service can be called, by node id. */
export function reachableFrom(
  graph: Pick<TopologyGraph, 'edges' | 'nodes'>,
): Map<string, string[]> {
  const from = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (edge.kind !== 'route') continue;
    const caller = graph.nodes.get(edge.source)?.cluster;
    if (!caller || caller === graph.nodes.get(edge.target)?.cluster) continue;
    const known = from.get(edge.target) ?? [];
    if (!known.includes(caller)) known.push(caller);
    from.set(edge.target, known.sort(compare));
  }
  return from;
}
