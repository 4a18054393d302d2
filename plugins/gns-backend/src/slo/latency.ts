import {
  DEFAULT_LATENCY_EDGES_MS,
  durationMs,
  type SloLatency,
} from '@isthmus/plugin-gns-common';
import type {
  ClassCounts,
  ClusterIncrements,
  IncrementReader,
  IncrementStep,
} from '../telemetry/increments/types';
import type { Book } from './Book';
import { sumOf } from './parts';
import { isoOf } from './summaries';
import { DAY, floorTo, QUARTER, type Span } from './windows';

const OUTCOMES = ['ok', 'client', 'server'] as const;

/** Durations of all requests of the window, at the edges that the proxies really have. Null: none were counted. */
export async function latencyOf(
  reader: IncrementReader,
  book: Book,
  span: Span,
): Promise<SloLatency | null> {
  const { gns, spec } = book;
  const thresholds = spec.objectives.flatMap(({ indicator }) =>
    'threshold' in indicator ? [durationMs(indicator.threshold)] : [],
  );
  const wanted = [
    ...new Set([...DEFAULT_LATENCY_EDGES_MS, ...thresholds]),
  ].sort((a, b) => a - b);
  const queries = spec.services.map(service => ({
    gns,
    service,
    view: spec.view,
    latencyEdgesMs: wanted,
  }));
  const from = floorTo(span.from, DAY);
  const today = floorTo(span.to, DAY);
  const to = floorTo(span.to, QUARTER);
  const cells: ClusterIncrements[] = [];
  for (const [part, step] of [
    [{ from, to: today }, DAY],
    [{ from: today, to }, QUARTER],
  ] as [Span, IncrementStep][]) {
    if (part.to <= part.from) continue;
    const answers = await reader.read(queries, { ...part, step });
    cells.push(...answers.flatMap(answer => answer.clusters));
  }
  const edges = wanted
    .map((edgeMs, i) => ({ edgeMs, i }))
    .filter(({ i }) => cells.every(cell => cell.within[i]?.exact ?? true));
  const bad = (outcome: (typeof OUTCOMES)[number]) =>
    outcome === 'server' ||
    (outcome === 'client' && spec.errors.clientErrors === 'bad');
  /** Requests in each bucket, out of those up to each edge. */
  const inBuckets = (failed: boolean) => {
    const sum = (read: (cell: ClusterIncrements) => ClassCounts) =>
      cells.reduce(
        (all, cell) =>
          all +
          OUTCOMES.filter(outcome => bad(outcome) === failed).reduce(
            (n, outcome) => n + sumOf(read(cell)[outcome]),
            0,
          ),
        0,
      );
    const upTo = [
      ...edges.map(({ i }) => sum(cell => cell.within[i].low)),
      sum(cell => cell.durations),
    ];
    return upTo.map((n, i) => Math.max(0, n - (upTo[i - 1] ?? 0)));
  };
  const ok = inBuckets(false);
  const failed = inBuckets(true);
  if (sumOf(ok) + sumOf(failed) <= 0) return null;
  return {
    from: isoOf(from),
    to: isoOf(to),
    edgesMs: edges.map(({ edgeMs }) => edgeMs),
    ok,
    failed,
  };
}
