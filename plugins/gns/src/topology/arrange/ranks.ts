/** Edges by index: from `sources[e]` to `targets[e]`. */
export interface IndexedEdges {
  sources: Int32Array;
  targets: Int32Array;
  /** How many calls each stands for, or how much they count; absent: all the same. */
  weights?: Int32Array;
}

/** Neighbours of each node in one array: those of `v` from `start[v]` to `start[v + 1]`. */
export interface Adjacency {
  start: Int32Array;
  /** Index of the edge. */
  edge: Int32Array;
}

export function adjacencyOf(ends: Int32Array, nodes: number): Adjacency {
  const start = new Int32Array(nodes + 1);
  for (const v of ends) start[v + 1] += 1;
  for (let v = 0; v < nodes; v += 1) start[v + 1] += start[v];
  const fill = start.slice(0, nodes);
  const edge = new Int32Array(ends.length);
  for (let e = 0; e < ends.length; e += 1) edge[fill[ends[e]]++] = e;
  return { start, edge };
}

/**
 * An order of the nodes in which few edges point backwards (Eades, Lin and
 * Smyth 1993: sinks last, sources first, else the greatest surplus of outgoing
 * edges). Ties go to the lower index, so the same graph gives the same order.
 */
export function forwardOrder(nodes: number, edges: IndexedEdges): Int32Array {
  const out = adjacencyOf(edges.sources, nodes);
  const into = adjacencyOf(edges.targets, nodes);
  const outDegree = new Int32Array(nodes);
  const inDegree = new Int32Array(nodes);
  for (let e = 0; e < edges.sources.length; e += 1) {
    if (edges.sources[e] === edges.targets[e]) continue;
    outDegree[edges.sources[e]] += edges.weights?.[e] ?? 1;
    inDegree[edges.targets[e]] += edges.weights?.[e] ?? 1;
  }
  const gone = new Uint8Array(nodes);
  const order = new Int32Array(nodes);
  let front = 0;
  let back = nodes;
  const sinks: number[] = [];
  const sources: number[] = [];
  const file = (v: number) => {
    if (outDegree[v] === 0) sinks.push(v);
    else if (inDegree[v] === 0) sources.push(v);
  };
  for (let v = nodes - 1; v >= 0; v -= 1) file(v);
  const remove = (v: number) => {
    gone[v] = 1;
    for (let i = out.start[v]; i < out.start[v + 1]; i += 1) {
      const w = edges.targets[out.edge[i]];
      if (w === v || gone[w]) continue;
      inDegree[w] -= edges.weights?.[out.edge[i]] ?? 1;
      if (inDegree[w] === 0) file(w);
    }
    for (let i = into.start[v]; i < into.start[v + 1]; i += 1) {
      const w = edges.sources[into.edge[i]];
      if (w === v || gone[w]) continue;
      outDegree[w] -= edges.weights?.[into.edge[i]] ?? 1;
      if (outDegree[w] === 0) file(w);
    }
  };
  while (front < back) {
    const sink = sinks.pop();
    if (sink !== undefined) {
      if (gone[sink]) continue;
      order[--back] = sink;
      remove(sink);
      continue;
    }
    const source = sources.pop();
    if (source !== undefined) {
      if (gone[source]) continue;
      order[front++] = source;
      remove(source);
      continue;
    }
    let best = -1;
    for (let v = 0; v < nodes; v += 1) {
      if (
        !gone[v] &&
        (best < 0 ||
          outDegree[v] - inDegree[v] > outDegree[best] - inDegree[best])
      ) {
        best = v;
      }
    }
    order[front++] = best;
    remove(best);
  }
  return order;
}

/**
 * A layer for each node: every edge leads to a later one. First as near to the
 * callers as can be, then moved to where their edges are shortest together.
 * Edges must point forward in `order`.
 */
export function layersOf(
  order: Int32Array,
  edges: IndexedEdges,
  out: Adjacency,
  into: Adjacency,
): Int32Array {
  const layer = new Int32Array(order.length);
  const earliest = (v: number) => {
    let least = 0;
    for (let i = into.start[v]; i < into.start[v + 1]; i += 1) {
      least = Math.max(least, layer[edges.sources[into.edge[i]]] + 1);
    }
    return least;
  };
  for (const v of order) layer[v] = earliest(v);
  const latest = (v: number) => {
    let most = Number.MAX_SAFE_INTEGER;
    for (let i = out.start[v]; i < out.start[v + 1]; i += 1) {
      most = Math.min(most, layer[edges.targets[out.edge[i]]] - 1);
    }
    return most;
  };
  for (let pass = 0; pass < 8; pass += 1) {
    let moved = false;
    for (let i = order.length - 1; i >= 0; i -= 1) {
      const v = order[i];
      const calls = out.start[v + 1] - out.start[v];
      const called = into.start[v + 1] - into.start[v];
      if (calls === called) continue;
      const to = calls > called ? latest(v) : earliest(v);
      if (to === layer[v] || to === Number.MAX_SAFE_INTEGER) continue;
      layer[v] = to;
      moved = true;
    }
    if (!moved) break;
  }
  return layer;
}
