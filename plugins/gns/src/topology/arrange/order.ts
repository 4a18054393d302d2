import { type Pieces } from './slices';

/** A graph whose edges all lead from one layer to the next. */
export interface Layering {
  /** Nodes of each layer, from top to bottom; reordered in place. */
  layers: Int32Array[];
  /** Place of each node in its layer. */
  place: Int32Array;
  /** Neighbours in the layer before, of `v` from `upStart[v]` to `upStart[v + 1]`. */
  upStart: Int32Array;
  up: Int32Array;
  /** Neighbours in the layer after. */
  downStart: Int32Array;
  down: Int32Array;
}

function renumber(graph: Layering, layer: Int32Array): void {
  for (let i = 0; i < layer.length; i += 1) graph.place[layer[i]] = i;
}

/** Places of the neighbours of every node of a layer, each sorted, one after the other. */
function sortedPlaces(
  graph: Layering,
  layer: Int32Array,
  start: Int32Array,
  near: Int32Array,
): { at: Int32Array; places: Int32Array } {
  let size = 0;
  for (const v of layer) size += start[v + 1] - start[v];
  const at = new Int32Array(layer.length + 1);
  const places = new Int32Array(size);
  let n = 0;
  for (let i = 0; i < layer.length; i += 1) {
    const v = layer[i];
    const first = n;
    for (let k = start[v]; k < start[v + 1]; k += 1) {
      // Insertion sort: nearly all have a handful.
      const value = graph.place[near[k]];
      let j = n;
      while (j > first && places[j - 1] > value) {
        places[j] = places[j - 1];
        j -= 1;
      }
      places[j] = value;
      n += 1;
    }
    at[i + 1] = n;
  }
  return { at, places };
}

/** Crossings between a layer and the next (Barth, Jünger and Mutzel 2002). */
function crossingsBelow(graph: Layering, index: number): number {
  const next = graph.layers[index + 1];
  const { places } = sortedPlaces(
    graph,
    graph.layers[index],
    graph.downStart,
    graph.down,
  );
  let first = 1;
  while (first < next.length) first *= 2;
  const tree = new Int32Array(2 * first - 1);
  first -= 1;
  let crossings = 0;
  for (const place of places) {
    let node = place + first;
    tree[node] += 1;
    while (node > 0) {
      if (node % 2) crossings += tree[node + 1];
      node = Math.floor((node - 1) / 2);
      tree[node] += 1;
    }
  }
  return crossings;
}

export function countCrossings(graph: Layering): number {
  let all = 0;
  for (let i = 0; i + 1 < graph.layers.length; i += 1) {
    all += crossingsBelow(graph, i);
  }
  return all;
}

/** Sorts a layer by the mean place of neighbours; nodes without any keep their place. */
function sortByMean(
  graph: Layering,
  layer: Int32Array,
  start: Int32Array,
  near: Int32Array,
  key: Float64Array,
  reverseTies: boolean,
): void {
  for (let i = 0; i < layer.length; i += 1) {
    const v = layer[i];
    const from = start[v];
    const to = start[v + 1];
    if (from === to) {
      key[v] = Number.NaN;
      continue;
    }
    let sum = 0;
    for (let k = from; k < to; k += 1) sum += graph.place[near[k]];
    key[v] = sum / (to - from);
  }
  const bound: number[] = [];
  for (const v of layer) if (!Number.isNaN(key[v])) bound.push(v);
  bound.sort(
    (a, b) =>
      key[a] - key[b] ||
      (reverseTies
        ? graph.place[b] - graph.place[a]
        : graph.place[a] - graph.place[b]),
  );
  let next = 0;
  for (let i = 0; i < layer.length; i += 1) {
    if (!Number.isNaN(key[layer[i]])) layer[i] = bound[next++];
  }
  renumber(graph, layer);
}

/** Pairs of sorted places that cross when `a` stands before `b`, minus those when after. */
function gainOfSwap(
  places: Int32Array,
  aFrom: number,
  aTo: number,
  bFrom: number,
  bTo: number,
): number {
  let before = 0;
  let after = 0;
  let less = bFrom;
  let upTo = bFrom;
  for (let i = aFrom; i < aTo; i += 1) {
    while (less < bTo && places[less] < places[i]) less += 1;
    while (upTo < bTo && places[upTo] <= places[i]) upTo += 1;
    before += less - bFrom;
    after += bTo - upTo;
  }
  return before - after;
}

/** Swaps neighbours of a layer while that removes crossings. True: something moved. */
function swapNeighbours(graph: Layering, index: number): boolean {
  const layer = graph.layers[index];
  if (layer.length < 2) return false;
  const ups = sortedPlaces(graph, layer, graph.upStart, graph.up);
  const downs = sortedPlaces(graph, layer, graph.downStart, graph.down);
  // Which row of `ups` and `downs` belongs to the node that stands at i now.
  const row = new Int32Array(layer.length);
  for (let i = 0; i < row.length; i += 1) row[i] = i;
  let moved = false;
  for (let pass = 0; pass < 4; pass += 1) {
    let again = false;
    for (let i = 0; i + 1 < layer.length; i += 1) {
      const a = row[i];
      const b = row[i + 1];
      const gain =
        gainOfSwap(
          ups.places,
          ups.at[a],
          ups.at[a + 1],
          ups.at[b],
          ups.at[b + 1],
        ) +
        gainOfSwap(
          downs.places,
          downs.at[a],
          downs.at[a + 1],
          downs.at[b],
          downs.at[b + 1],
        );
      if (gain > 0) {
        row[i] = b;
        row[i + 1] = a;
        const v = layer[i];
        layer[i] = layer[i + 1];
        layer[i + 1] = v;
        again = true;
      }
    }
    if (!again) break;
    moved = true;
  }
  if (moved) renumber(graph, layer);
  return moved;
}

/** Sweeps without a better result before the search ends. */
const PATIENCE = 4;

/**
 * Reorders every layer so that few edges cross: sweeps of means forth and
 * back, neighbours swapped, the best order kept.
 */
export function* reduceCrossings(graph: Layering, sweeps = 16): Pieces<number> {
  const key = new Float64Array(graph.place.length);
  const depth = graph.layers.length;
  let best = countCrossings(graph);
  let kept = graph.layers.map(layer => layer.slice());
  let idle = 0;
  for (
    let sweep = 0;
    sweep < sweeps && best > 0 && idle < PATIENCE;
    sweep += 1
  ) {
    const ties = sweep % 4 > 1;
    if (sweep % 2 === 0) {
      for (let i = 1; i < depth; i += 1) {
        sortByMean(graph, graph.layers[i], graph.upStart, graph.up, key, ties);
      }
    } else {
      for (let i = depth - 2; i >= 0; i -= 1) {
        sortByMean(
          graph,
          graph.layers[i],
          graph.downStart,
          graph.down,
          key,
          ties,
        );
      }
    }
    yield;
    for (let round = 0; round < 2; round += 1) {
      let moved = false;
      for (let i = 0; i < depth; i += 1) {
        moved = swapNeighbours(graph, i) || moved;
      }
      if (!moved) break;
    }
    yield;
    const now = countCrossings(graph);
    if (now < best) {
      best = now;
      kept = graph.layers.map(layer => layer.slice());
      idle = 0;
    } else {
      idle += 1;
    }
    yield;
  }
  graph.layers.forEach((layer, i) => {
    layer.set(kept[i]);
    renumber(graph, layer);
  });
  return best;
}
