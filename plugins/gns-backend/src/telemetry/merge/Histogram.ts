/** Durations in buckets. `counts[i]` lie above `edgesMs[i - 1]` and at most at `edgesMs[i]`; the last lie above all edges. */
export interface Histogram {
  /** Ascending, without +Inf. */
  readonly edgesMs: readonly number[];
  readonly counts: Float64Array;
}

export function emptyHistogram(edgesMs: readonly number[]): Histogram {
  return { edgesMs, counts: new Float64Array(edgesMs.length + 1) };
}

export function sameEdges(a: readonly number[], b: readonly number[]): boolean {
  return (
    a === b || (a.length === b.length && a.every((edge, i) => edge === b[i]))
  );
}

/** The same durations with fewer edges: each of `edgesMs` is an edge of `from`. */
function coarsened(from: Histogram, edgesMs: readonly number[]): Histogram {
  const to = emptyHistogram(edgesMs);
  let bucket = 0;
  from.counts.forEach((count, i) => {
    while (
      bucket < edgesMs.length &&
      (i === from.edgesMs.length || from.edgesMs[i] > edgesMs[bucket])
    ) {
      bucket += 1;
    }
    to.counts[bucket] += count;
  });
  return to;
}

/**
 * The sum of two histograms, on the edges that both have: cumulative counts
 * stay exact there, and nowhere else. Compared as numbers: "100" and "100.0" were parsed before.
 */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (sameEdges(a.edgesMs, b.edgesMs)) {
    return {
      edgesMs: a.edgesMs,
      counts: a.counts.map((n, i) => n + b.counts[i]),
    };
  }
  const other = new Set(b.edgesMs);
  const shared = a.edgesMs.filter(edge => other.has(edge));
  return addHistograms(coarsened(a, shared), coarsened(b, shared));
}

/** Adds in place where the edges agree. @returns the sum, which may be another object */
export function addInto(
  sum: Histogram | undefined,
  edgesMs: readonly number[],
  counts: ArrayLike<number>,
  offset: number,
  factor = 1,
): Histogram {
  const target = sum ?? emptyHistogram(edgesMs);
  if (sameEdges(target.edgesMs, edgesMs)) {
    for (let i = 0; i < target.counts.length; i += 1) {
      target.counts[i] += counts[offset + i] * factor;
    }
    return target;
  }
  const added = emptyHistogram(edgesMs);
  for (let i = 0; i < added.counts.length; i += 1) {
    added.counts[i] = counts[offset + i] * factor;
  }
  return addHistograms(target, added);
}

export function totalOf(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram.counts) total += count;
  return total;
}

export interface Quantile {
  /** Milliseconds. */
  readonly value: number;
  /** The rank lies above the highest edge: `value` is that edge, and too low. */
  readonly beyond: boolean;
}

/**
 * The quantile as Prometheus' `histogram_quantile` gives it (linear within the bucket), but for
 * +Inf, which is told. Undefined: nothing was counted, or there is no edge.
 */
export function quantileOf(
  histogram: Histogram,
  q: number,
): Quantile | undefined {
  const { edgesMs, counts } = histogram;
  const total = totalOf(histogram);
  if (!(total > 0) || edgesMs.length === 0) return undefined;
  const rank = q * total;
  let below = 0;
  for (let i = 0; i < edgesMs.length; i += 1) {
    const upTo = below + counts[i];
    if (upTo >= rank && counts[i] > 0) {
      const lower = i === 0 ? 0 : edgesMs[i - 1];
      const part = Math.max(0, rank - below) / counts[i];
      return { value: lower + (edgesMs[i] - lower) * part, beyond: false };
    }
    below = upTo;
  }
  return { value: edgesMs[edgesMs.length - 1], beyond: true };
}
