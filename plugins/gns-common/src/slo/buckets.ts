/**
 * Edges of Istio's duration buckets, milliseconds (`le` without `+Inf`): what
 * proxies report unless `sidecar.istio.io/statsHistogramBuckets` says otherwise.
 */
export const ISTIO_DURATION_EDGES: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
  60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Where a threshold lies among the edges of a histogram. */
export type EdgePosition =
  /** It is an edge: counts are exact. */
  | { at: 'edge'; index: number }
  /** Between two edges; `lower` is what is certainly within. */
  | { at: 'between'; lower: number; upper: number }
  /** Below the first edge: nothing is certainly within. */
  | { at: 'below' }
  /** Above the last finite edge: the rest lies in `+Inf`. */
  | { at: 'above'; last: number };

/** Finds `threshold` (ms) among ascending finite `edges` (ms). */
export function positionOf(
  threshold: number,
  edges: readonly number[],
): EdgePosition {
  const upper = edges.findIndex(edge => edge >= threshold);
  if (upper < 0) {
    return edges.length === 0
      ? { at: 'below' }
      : { at: 'above', last: edges.length - 1 };
  }
  if (edges[upper] === threshold) return { at: 'edge', index: upper };
  return upper === 0
    ? { at: 'below' }
    : { at: 'between', lower: upper - 1, upper };
}
