import { type Layering } from './order';
import { type Pieces } from './slices';

/**
 * Places in one dimension that keep an order and the distances between
 * neighbours and are nearest to the wished ones, by weighted least squares:
 * isotonic regression by pooling adjacent violators.
 *
 * @param offset - smallest place of each, relative to the first
 */
export function nearestInOrder(
  wished: ArrayLike<number>,
  weight: ArrayLike<number>,
  offset: ArrayLike<number>,
): Float64Array {
  const n = wished.length;
  const value = new Float64Array(n);
  const mass = new Float64Array(n);
  const size = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i += 1) {
    value[blocks] = wished[i] - offset[i];
    mass[blocks] = weight[i];
    size[blocks] = 1;
    blocks += 1;
    while (blocks > 1 && value[blocks - 2] > value[blocks - 1]) {
      const a = blocks - 2;
      const b = blocks - 1;
      const sum = mass[a] + mass[b];
      value[a] = (value[a] * mass[a] + value[b] * mass[b]) / sum;
      mass[a] = sum;
      size[a] += size[b];
      blocks -= 1;
    }
  }
  const placed = new Float64Array(n);
  let i = 0;
  for (let block = 0; block < blocks; block += 1) {
    for (let k = 0; k < size[block]; k += 1, i += 1) {
      placed[i] = value[block] + offset[i];
    }
  }
  return placed;
}

/**
 * Centres across the layers: near the neighbours, in the order given, without
 * overlap. Bends of long edges count more, so that these run straight.
 *
 * @param real - how many of the nodes are no bends; bends come after them
 */
export function* straighten(
  graph: Layering,
  heights: ArrayLike<number>,
  real: number,
  gaps: { node: number; bend: number },
): Pieces<Float64Array> {
  const centre = new Float64Array(graph.place.length);
  const heightOf = (v: number) => (v < real ? heights[v] : 0);
  const offsets = graph.layers.map(layer => {
    const offset = new Float64Array(layer.length);
    for (let i = 1; i < layer.length; i += 1) {
      const a = layer[i - 1];
      const b = layer[i];
      const gap = a < real && b < real ? gaps.node : gaps.bend;
      offset[i] = offset[i - 1] + (heightOf(a) + heightOf(b)) / 2 + gap;
    }
    return offset;
  });
  const tallest = Math.max(0, ...offsets.map(o => o[o.length - 1] ?? 0));
  graph.layers.forEach((layer, l) => {
    const from = (tallest - (offsets[l][layer.length - 1] ?? 0)) / 2;
    layer.forEach((v, i) => {
      centre[v] = from + offsets[l][i];
    });
  });
  const settle = (l: number, useUp: boolean, useDown: boolean) => {
    const layer = graph.layers[l];
    const wished = new Float64Array(layer.length);
    const weight = new Float64Array(layer.length);
    for (let i = 0; i < layer.length; i += 1) {
      const v = layer[i];
      let sum = 0;
      let count = 0;
      const add = (start: Int32Array, near: Int32Array) => {
        for (let k = start[v]; k < start[v + 1]; k += 1) {
          const factor = v >= real && near[k] >= real ? 8 : 1;
          sum += factor * centre[near[k]];
          count += factor;
        }
      };
      if (useUp) add(graph.upStart, graph.up);
      if (useDown) add(graph.downStart, graph.down);
      wished[i] = count > 0 ? sum / count : centre[v];
      weight[i] = count > 0 ? count : 0.2;
    }
    const placed = nearestInOrder(wished, weight, offsets[l]);
    for (let i = 0; i < layer.length; i += 1) centre[layer[i]] = placed[i];
  };
  const depth = graph.layers.length;
  for (let round = 0; round < 3; round += 1) {
    for (let l = 1; l < depth; l += 1) settle(l, true, false);
    for (let l = depth - 2; l >= 0; l -= 1) settle(l, false, true);
    yield;
  }
  for (let l = 0; l < depth; l += 1) settle(l, true, true);
  return centre;
}
