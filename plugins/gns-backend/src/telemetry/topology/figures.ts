import type {
  Health,
  Latency,
  QuantileName,
  TrafficFigures,
} from '@isthmus/plugin-gns-common';
import { worst } from '../../composition';
import { COUNT, type EdgeSums } from '../merge/EdgeSums';
import {
  addHistograms,
  quantileOf,
  totalOf,
  type Histogram,
} from '../merge/Histogram';
import { mtlsShareOf } from './WindowFold';

const QUANTILES: readonly [QuantileName, number][] = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
];

/** Durations of all outcomes together. */
export function allDurations(sums: EdgeSums): Histogram | undefined {
  return sums.durations
    .filter(h => h !== undefined)
    .reduce<Histogram | undefined>(
      (all, h) => (all ? addHistograms(all, h) : h),
      undefined,
    );
}

export function latencyOf(sums: EdgeSums): Latency {
  const durations = allDurations(sums);
  const latency: Latency = {
    p50: null,
    p95: null,
    p99: null,
    mean: null,
    beyond: [],
  };
  if (!durations) return latency;
  for (const [name, q] of QUANTILES) {
    const quantile = quantileOf(durations, q);
    latency[name] = quantile?.value ?? null;
    if (quantile?.beyond) latency.beyond.push(name);
  }
  const total = totalOf(durations);
  if (total > 0) latency.mean = sums.counts[COUNT.durationSumMs] / total;
  return latency;
}

export const UNKNOWN_FIGURES: TrafficFigures = {
  requests: null,
  errorShare: null,
  clientErrorShare: null,
  disconnectedShare: null,
  latencyMs: { p50: null, p95: null, p99: null, mean: null, beyond: [] },
  tcp: null,
  mtlsShare: null,
  known: 0,
};

/** What is known to be silent. */
export function silentFigures(known: number): TrafficFigures {
  return known > 0
    ? { ...UNKNOWN_FIGURES, requests: 0, known }
    : UNKNOWN_FIGURES;
}

/** A share, rounding errors of extrapolated counts apart. */
function shareOf(part: number, all: number): number | null {
  return all > 0 ? Math.min(1, part / all) : null;
}

/**
 * Figures of sums over `seconds`. Undefined sums: nothing flowed.
 * @param known - share of the window that is known, 0–1
 */
export function figuresOf(
  counted: EdgeSums,
  received: EdgeSums,
  seconds: number,
  known: number,
): TrafficFigures {
  if (!(seconds > 0) || known === 0) return UNKNOWN_FIGURES;
  const requests = counted.requests;
  const disconnected = counted.counts[COUNT.disconnected];
  const { counts } = counted;
  const hasTcp =
    counted.tcpBytes > 0 ||
    counts[COUNT.connectionsOpened] + counts[COUNT.connectionsClosed] > 0;
  return {
    requests: hasTcp && requests === 0 ? null : requests / seconds,
    errorShare: shareOf(counted.requestsOf('server'), requests),
    clientErrorShare: shareOf(counted.requestsOf('client'), requests),
    disconnectedShare: shareOf(disconnected, requests + disconnected),
    latencyMs: latencyOf(counted),
    tcp: hasTcp
      ? {
          bytesToServer: counts[COUNT.bytesToServer] / seconds,
          bytesToClient: counts[COUNT.bytesToClient] / seconds,
          opened: counts[COUNT.connectionsOpened] / seconds,
        }
      : null,
    mtlsShare: mtlsShareOf(received),
    known: Math.min(1, known),
  };
}

/**
 * Health by traffic: the limits of Kiali for server errors; errors that blame
 * the caller weigh less. Undefined: nothing to judge by.
 */
export function healthOfTraffic({
  errorShare,
  clientErrorShare,
}: TrafficFigures): Health | undefined {
  if (errorShare === null) return undefined;
  if (errorShare >= 0.1) return 'failing';
  if (errorShare >= 0.001 || (clientErrorShare ?? 0) >= 0.2) return 'degraded';
  return 'healthy';
}

/**
 * Health of who serves, by pods and traffic. Pods are known for now only: of the
 * past, traffic alone tells, and where nothing is known nothing is healthy.
 */
export function healthOfServing(
  pods: readonly Health[],
  inbound: TrafficFigures,
  { known, live }: { known: number; live: boolean },
): Health {
  const byTraffic = healthOfTraffic(inbound);
  if (live) return worst([...pods, ...(byTraffic ? [byTraffic] : [])]);
  return byTraffic ?? (known > 0 ? 'healthy' : 'unknown');
}
