import { type Layering, reduceCrossings } from './order';
import {
  adjacencyOf,
  forwardOrder,
  type IndexedEdges,
  layersOf,
} from './ranks';
import { type Pieces } from './slices';
import { straighten } from './straighten';

/** A place on the map, in pixels. */
export interface Point {
  x: number;
  y: number;
}

export interface LayeredInput {
  /** Of each node, pixels. */
  widths: ArrayLike<number>;
  heights: ArrayLike<number>;
  /** By index of node; loops and parallels are allowed. */
  edges: readonly (readonly [number, number])[];
  /** By index of edge: of two that contradict each other, the heavier points to the right. */
  weights?: readonly number[];
  gaps: { layer: number; node: number; bend: number };
  /** Most nodes in a column before it is split; absent: no limit. */
  tallest?: number;
}

export interface LayeredResult {
  /** Left upper corners, from 0. */
  x: Float64Array;
  y: Float64Array;
  width: number;
  height: number;
  /** By index of edge: where an edge over several layers passes them, from its source on. */
  bends: Map<number, Point[]>;
  /** Between neighbouring layers, bends included. */
  crossings: number;
}

/**
 * The layered layout of Sugiyama, from callers on the left to what they call
 * on the right: cycles broken, layers with short edges, few crossings, long
 * edges straight. A pure function: the order of nodes decides every tie.
 */
export function* layered(input: LayeredInput): Pieces<LayeredResult> {
  const nodes = input.widths.length;
  const { forward, reversed, original } = orient(nodes, input);
  yield;
  const out = adjacencyOf(forward.sources, nodes);
  const into = adjacencyOf(forward.targets, nodes);
  const layer = layersOf(forwardOrder(nodes, forward), forward, out, into);
  if (input.tallest !== undefined) splitTall(layer, input.tallest);
  yield;
  const { graph, chains } = withBends(layer, forward);
  const crossings = yield* reduceCrossings(graph);
  const centre = yield* straighten(graph, input.heights, nodes, input.gaps);

  // Columns.
  const widest = graph.layers.map(one =>
    one.reduce((most, v) => Math.max(most, v < nodes ? input.widths[v] : 0), 0),
  );
  const left: number[] = [];
  let width = 0;
  widest.forEach((wide, l) => {
    left[l] = width;
    width += wide + (l + 1 < widest.length ? input.gaps.layer : 0);
  });
  let top = Number.POSITIVE_INFINITY;
  let bottom = 0;
  for (let v = 0; v < centre.length; v += 1) {
    const half = v < nodes ? input.heights[v] / 2 : 0;
    top = Math.min(top, centre[v] - half);
  }
  if (!Number.isFinite(top)) top = 0;
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  for (let v = 0; v < nodes; v += 1) {
    x[v] = Math.round(
      left[layer[v]] + (widest[layer[v]] - input.widths[v]) / 2,
    );
    y[v] = Math.round(centre[v] - input.heights[v] / 2 - top);
  }
  for (let v = 0; v < centre.length; v += 1) {
    const half = v < nodes ? input.heights[v] / 2 : 0;
    bottom = Math.max(bottom, Math.ceil(centre[v] + half - top));
  }
  const bends = new Map<number, Point[]>();
  chains.forEach((chain, e) => {
    const points = chain.map((v, i) => {
      const l = layer[forward.sources[e]] + 1 + i;
      return {
        x: Math.round(left[l] + widest[l] / 2),
        y: Math.round(centre[v] - top),
      };
    });
    bends.set(original[e], reversed[e] ? points.reverse() : points);
  });
  return { x, y, width, height: bottom, bends, crossings };
}

/** The edges without loops and cycles: those that would close one are turned round. */
function orient(
  nodes: number,
  { edges, weights }: LayeredInput,
): { forward: IndexedEdges; reversed: Uint8Array; original: number[] } {
  // Loops have no place in a layering.
  const original = [...edges.keys()].filter(e => edges[e][0] !== edges[e][1]);
  const forward: IndexedEdges = {
    sources: Int32Array.from(original, e => edges[e][0]),
    targets: Int32Array.from(original, e => edges[e][1]),
    ...(weights && { weights: Int32Array.from(original, e => weights[e]) }),
  };
  const position = new Int32Array(nodes);
  forwardOrder(nodes, forward).forEach((v, i) => {
    position[v] = i;
  });
  const reversed = new Uint8Array(original.length);
  const { sources, targets } = forward;
  for (let e = 0; e < original.length; e += 1) {
    if (position[sources[e]] > position[targets[e]]) {
      [sources[e], targets[e]] = [targets[e], sources[e]];
      reversed[e] = 1;
    }
  }
  return { forward, reversed, original };
}

/** Spreads layers of more than `most` nodes over several columns; later ones move on. */
function splitTall(layer: Int32Array, most: number): void {
  const members: number[][] = [];
  layer.forEach((l, v) => (members[l] ??= []).push(v));
  let next = 0;
  for (const nodes of members) {
    if (!nodes) continue;
    const columns = Math.max(1, Math.ceil(nodes.length / most));
    const each = Math.ceil(nodes.length / columns);
    for (let i = 0; i < nodes.length; i += 1) {
      layer[nodes[i]] = next + Math.floor(i / each);
    }
    next += columns;
  }
}

/** Adds a bend for every layer that an edge passes, and an order to begin with. */
function withBends(
  layer: Int32Array,
  edges: IndexedEdges,
): { graph: Layering; chains: Map<number, number[]> } {
  const real = layer.length;
  const layerOf = Array.from(layer);
  const from: number[] = [];
  const to: number[] = [];
  const chains = new Map<number, number[]>();
  for (let e = 0; e < edges.sources.length; e += 1) {
    let last = edges.sources[e];
    const end = edges.targets[e];
    const chain: number[] = [];
    for (let l = layer[last] + 1; l < layer[end]; l += 1) {
      const bend = layerOf.length;
      layerOf.push(l);
      chain.push(bend);
      from.push(last);
      to.push(bend);
      last = bend;
    }
    from.push(last);
    to.push(end);
    if (chain.length > 0) chains.set(e, chain);
  }
  const nodes = layerOf.length;
  const sources = Int32Array.from(from);
  const targets = Int32Array.from(to);
  const down = adjacencyOf(sources, nodes);
  const up = adjacencyOf(targets, nodes);
  const depth = layerOf.reduce((most, l) => Math.max(most, l + 1), 0);
  const members: number[][] = Array.from({ length: depth }, () => []);
  const graph: Layering = {
    layers: [],
    place: new Int32Array(nodes),
    upStart: up.start,
    up: up.edge.map(e => sources[e]),
    downStart: down.start,
    down: down.edge.map(e => targets[e]),
  };
  // A walk along the edges keeps what belongs together close from the start.
  const seen = new Uint8Array(nodes);
  const stack: number[] = [];
  for (let root = 0; root < real; root += 1) {
    if (seen[root] || up.start[root + 1] > up.start[root]) continue;
    stack.push(root);
    while (stack.length > 0) {
      const v = stack.pop()!;
      if (seen[v]) continue;
      seen[v] = 1;
      members[layerOf[v]].push(v);
      for (
        let k = graph.downStart[v + 1] - 1;
        k >= graph.downStart[v];
        k -= 1
      ) {
        if (!seen[graph.down[k]]) stack.push(graph.down[k]);
      }
    }
  }
  graph.layers = members.map(one => Int32Array.from(one));
  for (const one of graph.layers) {
    one.forEach((v, i) => {
      graph.place[v] = i;
    });
  }
  return { graph, chains };
}
