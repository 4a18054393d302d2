import { type SloLatency } from '@isthmus/plugin-gns-common';

/** One bucket of a latency distribution. */
export interface LatencyRow {
  /** Above this, milliseconds. */
  fromMs: number;
  /** Up to this; null: no edge above. */
  toMs: number | null;
  ok: number;
  failed: number;
  /** Of all requests. */
  share: number;
}

export interface LatencyPicture {
  rows: LatencyRow[];
  total: number;
  /** Where the bucket ends that holds the percentile; null: above all edges. */
  percentiles: { percent: number; withinMs: number | null }[];
}

const PERCENTILES = [50, 90, 95, 99];

/** Buckets between the first and the last that have requests, and percentiles as far as buckets tell them. */
export function latencyPicture(latency: SloLatency): LatencyPicture {
  const { edgesMs, ok, failed } = latency;
  const counts = ok.map((count, i) => count + (failed[i] ?? 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return { rows: [], total: 0, percentiles: [] };
  const used = counts.flatMap((count, i) => (count > 0 ? [i] : []));
  const [first] = used;
  const last = used[used.length - 1];
  const within = (percent: number) => {
    let sum = 0;
    const at = counts.findIndex(count => {
      sum += count;
      return sum >= (percent / 100) * total;
    });
    return edgesMs[at] ?? null;
  };
  return {
    rows: counts.slice(first, last + 1).map((count, i) => ({
      fromMs: first + i === 0 ? 0 : edgesMs[first + i - 1],
      toMs: edgesMs[first + i] ?? null,
      ok: ok[first + i],
      failed: failed[first + i] ?? 0,
      share: count / total,
    })),
    total,
    percentiles: PERCENTILES.map(percent => ({
      percent,
      withinMs: within(percent),
    })),
  };
}
