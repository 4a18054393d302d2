import {
  durationMs,
  GRPC_SERVER_ERRORS,
  type ServiceLevelObjectiveSpec,
  type SloIndicator,
} from '@isthmus/plugin-gns-common';
import type {
  ClassCounts,
  ClusterIncrements,
  WithinEdge,
} from '../telemetry/increments/types';

/** One service in one cluster, slice by slice, as one indicator judges it. */
export interface CellColumns {
  readonly good: Float64Array;
  readonly total: Float64Array;
  /** Seconds of each slice that are known. */
  readonly knownSeconds: Float64Array;
  /** 1 where the cluster should know the service. */
  readonly expected: Uint8Array;
}

type Errors = ServiceLevelObjectiveSpec['errors'];

/**
 * Good and all requests of each slice. `total` of latency is what the
 * histogram counted; requests without a duration are unknown, not fast.
 */
export function judgeRequests(
  cell: ClusterIncrements,
  indicator: SloIndicator,
  errors: Errors,
): CellColumns {
  const { expected } = cell;
  const length = cell.total.length;
  const good = new Float64Array(length);
  const total = new Float64Array(length);
  const knownSeconds = Float64Array.from(cell.knownSeconds);
  const cancelled = errors.cancelled !== 'excluded';
  const cancelledGood = errors.cancelled === 'good';
  const goodWithin =
    'threshold' in indicator ? countWithin(cell, indicator, errors) : undefined;

  for (let i = 0; i < length; i += 1) {
    let all: number;
    let fine: number;
    if (goodWithin) {
      const { durations } = cell;
      all = durations.ok[i] + durations.client[i] + durations.server[i];
      if (all <= 0 && cell.total[i] > 0) {
        knownSeconds[i] = 0;
        continue;
      }
      fine = goodWithin(i);
    } else {
      all = cell.total[i];
      fine =
        all -
        (indicator.type === 'throughput' ? 0 : badOutcomes(cell, i, errors));
    }
    if (cancelled) {
      all += cell.disconnected[i];
      if (cancelledGood) fine += cell.disconnected[i];
    }
    total[i] = all;
    // Extrapolated counts may differ by a hair.
    good[i] = Math.min(all, Math.max(0, fine));
  }
  return { good, total, knownSeconds, expected };
}

function badOutcomes(
  cell: ClusterIncrements,
  i: number,
  errors: Errors,
): number {
  const clientBad = errors.clientErrors === 'bad';
  let bad = cell.serverErrors[i] + cell.noResponse[i];
  if (clientBad) bad += cell.clientErrors[i];
  for (const status of differingStatuses(errors)) {
    const count = cell.grpc.get(status)?.[i] ?? 0;
    if (GRPC_SERVER_ERRORS.has(status)) bad -= count;
    else if (!clientBad) bad += count;
  }
  return bad;
}

/** gRPC statuses that this objective judges otherwise than their class: they are read one by one. */
export function differingStatuses({ grpcStatuses }: Errors): number[] {
  if (grpcStatuses === undefined) return [];
  const bad = new Set(grpcStatuses);
  return Array.from({ length: 16 }, (_, i) => i + 1).filter(
    status => bad.has(status) !== GRPC_SERVER_ERRORS.has(status),
  );
}

function withinOf(cell: ClusterIncrements, threshold: string): WithinEdge {
  const edgeMs = durationMs(threshold);
  const found = cell.within.find(edge => edge.edgeMs === edgeMs);
  if (!found) throw new RangeError(`No counts within ${threshold} were read`);
  return found;
}

/** Good requests of slice `i` by their durations. */
function countWithin(
  cell: ClusterIncrements,
  indicator: Extract<SloIndicator, { threshold: string }>,
  { clientErrors }: Errors,
): (i: number) => number {
  const { low, high, edgeMs, lowMs, highMs } = withinOf(
    cell,
    indicator.threshold,
  );
  const joint = indicator.type === 'availabilityAndLatency';
  const sum = (counts: ClassCounts, i: number) => {
    if (!joint) return counts.ok[i] + counts.client[i] + counts.server[i];
    return counts.ok[i] + (clientErrors === 'good' ? counts.client[i] : 0);
  };
  // Above the last edge nothing tells how far: none of it counts as fast.
  const between =
    indicator.betweenEdges === 'interpolate' &&
    Number.isFinite(highMs) &&
    highMs > lowMs
      ? (edgeMs - lowMs) / (highMs - lowMs)
      : 0;
  return i => {
    const certain = sum(low, i);
    return between === 0
      ? certain
      : certain + between * (sum(high, i) - certain);
  };
}
