import {
  type Traffic,
  type TrafficEdge,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { matches } from '../query/evaluate';
import { type Query } from '../query/parse';

/** What a reader wants to see of a picture. */
export interface ViewOptions {
  hide?: Query;
  edges: 'all' | 'unhealthy' | 'none';
  /** Also calls that were seen within 7 days and are silent now. */
  idle: boolean;
  /** Also callers and servers that are in no or another global namespace. */
  strangers: boolean;
}

/** What is drawn, and how much is not. */
export interface View {
  nodes: ReadonlyMap<string, TrafficNode>;
  edges: ReadonlyMap<string, TrafficEdge>;
  /** Boxes: nodes that others lie in. */
  boxes: ReadonlySet<string>;
  /** Not drawn: the reader chose so, or the hub's limit did. */
  hidden: { nodes: number; edges: number };
}

const STRANGERS = new Set<TrafficNode['kind']>([
  'outside',
  'foreign',
  'external',
]);
const isUnhealthy = (edge: TrafficEdge) =>
  edge.health === 'failing' || edge.health === 'degraded';

/** Applies what the reader hides; nothing vanishes without being counted. */
export function viewOf(
  traffic: Pick<Traffic, 'nodes' | 'edges' | 'hidden'>,
  options: ViewOptions,
): View {
  const all = new Map(traffic.nodes.map(node => [node.id, node]));
  const { hide } = options;
  const gone = new Map<string, boolean>();
  const isGone = (node: TrafficNode, depth = 0): boolean => {
    const known = gone.get(node.id);
    if (known !== undefined) return known;
    const parent = node.parent === undefined ? undefined : all.get(node.parent);
    const result =
      (!options.strangers && STRANGERS.has(node.kind)) ||
      (hide !== undefined && matches(hide, { type: 'node', node })) ||
      // A box takes along what lies in it.
      (parent !== undefined && depth < 10 && isGone(parent, depth + 1));
    gone.set(node.id, result);
    return result;
  };
  const nodes = new Map<string, TrafficNode>();
  for (const node of all.values()) if (!isGone(node)) nodes.set(node.id, node);

  const edges = new Map<string, TrafficEdge>();
  for (const edge of traffic.edges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (!source || !target || options.edges === 'none') continue;
    if (options.edges === 'unhealthy' && !isUnhealthy(edge)) continue;
    if (!options.idle && edge.idle === true) continue;
    if (hide && matches(hide, { type: 'edge', edge, source, target })) continue;
    edges.set(edge.id, edge);
  }
  const boxes = new Set<string>();
  for (const { parent } of nodes.values()) {
    if (parent !== undefined && nodes.has(parent)) boxes.add(parent);
  }
  return {
    nodes,
    edges,
    boxes,
    hidden: {
      nodes: all.size - nodes.size + traffic.hidden.nodes,
      edges: traffic.edges.length - edges.size + traffic.hidden.edges,
    },
  };
}

/** Nodes and edges that are certainly what was asked for. */
export function findIn(view: View, find: Query): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of view.nodes.values()) {
    if (matches(find, { type: 'node', node })) found.add(node.id);
  }
  for (const edge of view.edges.values()) {
    const source = view.nodes.get(edge.source)!;
    const target = view.nodes.get(edge.target)!;
    if (matches(find, { type: 'edge', edge, source, target })) {
      found.add(edge.id);
    }
  }
  return found;
}

/** What stays bright while something is selected: it, its calls, their ends, the boxes around. */
export function neighbourhoodOf(
  view: View,
  selected: string,
): ReadonlySet<string> {
  const lit = new Set<string>([selected]);
  const light = (id: string | undefined) => {
    for (
      let node = id === undefined ? undefined : view.nodes.get(id);
      node;
      node = node.parent === undefined ? undefined : view.nodes.get(node.parent)
    ) {
      if (lit.has(node.id) && node.id !== selected) break;
      lit.add(node.id);
    }
  };
  const inside = new Set<string>();
  if (view.boxes.has(selected)) {
    for (const node of view.nodes.values()) {
      let above: TrafficNode | undefined = node;
      for (let depth = 0; above && depth < 10; depth += 1) {
        if (above.parent === selected) inside.add(node.id);
        above =
          above.parent === undefined ? undefined : view.nodes.get(above.parent);
      }
    }
  }
  light(selected);
  inside.forEach(id => lit.add(id));
  for (const edge of view.edges.values()) {
    const touches =
      edge.id === selected ||
      edge.source === selected ||
      edge.target === selected ||
      inside.has(edge.source) ||
      inside.has(edge.target);
    if (!touches) continue;
    lit.add(edge.id);
    light(edge.source);
    light(edge.target);
  }
  return lit;
}

/**
 * The same, with every node and edge that did not change taken from `before`:
 * what keeps its identity is not drawn again.
 */
export function shareUnchanged(before: View | undefined, now: View): View {
  if (!before) return now;
  const share = <T extends { id: string }>(
    old: ReadonlyMap<string, T>,
    fresh: ReadonlyMap<string, T>,
  ): Map<string, T> =>
    new Map(
      [...fresh].map(([id, one]) => {
        const was = old.get(id);
        const isSame = was && JSON.stringify(was) === JSON.stringify(one);
        return [id, isSame ? was : one];
      }),
    );
  return {
    ...now,
    nodes: share(before.nodes, now.nodes),
    edges: share(before.edges, now.edges),
  };
}
