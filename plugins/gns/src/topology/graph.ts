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
  /** The worst of all its routes, as the callers' controllers measured them. */
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

/** Services that each gateway lets in, by the gateway's id. */
function entrances(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: readonly TopologyEdge[],
): Map<string, TopologyNode[]> {
  const found = new Map<string, TopologyNode[]>();
  for (const edge of edges) {
    const target = nodes.get(edge.target);
    if (edge.kind !== 'route' || target?.kind !== 'service') continue;
    found.set(edge.source, [...(found.get(edge.source) ?? []), target]);
  }
  return found;
}

/** Routes from a cluster into a gateway of another one. */
function crossings(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: readonly TopologyEdge[],
) {
  return edges.flatMap(edge => {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    return edge.kind === 'route' &&
      source &&
      target &&
      source.cluster !== target.cluster
      ? [{ edge, from: source.cluster, to: target.cluster }]
      : [];
  });
}

function bundle(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: TopologyEdge[],
): Bundle[] {
  const bundles = new Map<string, Bundle>();
  const behind = entrances(nodes, edges);
  for (const { edge, from, to } of crossings(nodes, edges)) {
    const forward = from < to;
    const between = forward ? ([from, to] as const) : ([to, from] as const);
    const id = `bundle:${JSON.stringify(between)}`;
    const known = bundles.get(id) ?? {
      id,
      between,
      there: [],
      back: [],
      health: 'healthy' as const,
    };
    const services = forward ? known.there : known.back;
    for (const { label, service = label } of behind.get(edge.target) ?? []) {
      if (!services.includes(service)) services.push(service);
    }
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
  const byId = new Map(topology.nodes.map(node => [node.id, node]));
  const kept = new Set<string>();
  const keep = (id: string | undefined) => {
    for (
      let node = id === undefined ? undefined : byId.get(id);
      node && !kept.has(node.id);
      node = node.parent === undefined ? undefined : byId.get(node.parent)
    ) {
      kept.add(node.id);
    }
  };
  const ours = topology.nodes.filter(
    node => node.kind === 'service' && (node.service ?? node.label) === service,
  );
  for (const node of ours) keep(node.id);
  const edges = new Set<TopologyEdge>();
  const gateways = new Set<string>();
  for (const edge of topology.edges) {
    const touches = ours.some(
      node => node.id === edge.source || node.id === edge.target,
    );
    if (!touches) continue;
    edges.add(edge);
    keep(edge.source);
    keep(edge.target);
    if (byId.get(edge.source)?.kind === 'gateway') gateways.add(edge.source);
  }
  for (const edge of topology.edges) {
    if (!gateways.has(edge.target)) continue;
    edges.add(edge);
    keep(edge.source);
  }
  // A caller's own gateway is where its line begins.
  const clusters = new Set(
    [...kept].map(id => byId.get(id)?.cluster).filter(Boolean),
  );
  for (const node of topology.nodes) {
    if (node.kind === 'gateway' && clusters.has(node.cluster)) keep(node.id);
  }
  return {
    nodes: topology.nodes.filter(node => kept.has(node.id)),
    edges: [...edges],
  };
}

/** Clusters other than its own from which each service can be called, by node id. */
export function reachableFrom(
  graph: Pick<TopologyGraph, 'edges' | 'nodes'>,
): Map<string, string[]> {
  const from = new Map<string, Set<string>>();
  const behind = entrances(graph.nodes, graph.edges);
  for (const crossing of crossings(graph.nodes, graph.edges)) {
    for (const service of behind.get(crossing.edge.target) ?? []) {
      const known = from.get(service.id) ?? new Set();
      from.set(service.id, known.add(crossing.from));
    }
  }
  return new Map(
    [...from].map(([id, names]) => [id, [...names].sort(compare)]),
  );
}
