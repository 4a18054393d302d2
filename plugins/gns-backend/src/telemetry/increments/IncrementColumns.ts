import {
  GRPC_CODE,
  NO_RESPONSE,
  OUTCOME_CLASSES,
  outcomeClassOf,
} from '@isthmus/plugin-gns-common';
import type { CountColumns } from '../merge/EdgeSums';
import type {
  ClassCounts,
  ClusterIncrements,
  IncrementQuery,
  WithinEdge,
} from './types';

const CLASSES = OUTCOME_CLASSES;

function classCounts(length: number): ClassCounts {
  return {
    ok: new Float64Array(length),
    client: new Float64Array(length),
    server: new Float64Array(length),
  };
}

interface Within {
  readonly edgeMs: number;
  readonly low: ClassCounts;
  readonly high: ClassCounts;
  lowMs: number;
  highMs: number;
}

/** Where a threshold stands among bucket edges: buckets up to `low` are at most it, up to `high` at least. */
interface Place {
  readonly low: number;
  readonly high: number;
  readonly lowMs: number;
  readonly highMs: number;
}

function placeOf(edgesMs: readonly number[], threshold: number): Place {
  let low = 0;
  while (low < edgesMs.length && edgesMs[low] <= threshold) low += 1;
  const exact = low > 0 && edgesMs[low - 1] === threshold;
  const high = exact ? low : low + 1;
  return {
    low,
    high,
    lowMs: low === 0 ? 0 : edgesMs[low - 1],
    highMs: high > edgesMs.length ? Infinity : edgesMs[high - 1],
  };
}

/** The increments of one service, view and cluster, as they are gathered from the store. */
export class IncrementColumns {
  readonly expected: Uint8Array;
  readonly knownSeconds: Float64Array;
  readonly total: Float64Array;
  readonly clientErrors: Float64Array;
  readonly serverErrors: Float64Array;
  readonly noResponse: Float64Array;
  readonly disconnected: Float64Array;
  readonly grpc: ReadonlyMap<number, Float64Array>;
  readonly durations: ClassCounts;
  readonly within: readonly Within[];

  constructor(
    readonly query: IncrementQuery,
    readonly cluster: string,
    readonly length: number,
  ) {
    const column = () => new Float64Array(length);
    this.expected = new Uint8Array(length);
    this.knownSeconds = column();
    this.total = column();
    this.clientErrors = column();
    this.serverErrors = column();
    this.noResponse = column();
    this.disconnected = column();
    this.durations = classCounts(length);
    this.grpc = new Map(
      (query.grpcStatuses ?? []).map(status => [status, column()]),
    );
    this.within = query.latencyEdgesMs.map(edgeMs => ({
      edgeMs,
      low: classCounts(length),
      high: classCounts(length),
      lowMs: edgeMs,
      highMs: edgeMs,
    }));
  }

  /** Every column of counts, in one order. */
  #counts(): Float64Array[] {
    const of = (c: ClassCounts) => CLASSES.map(name => c[name]);
    return [
      this.total,
      this.clientErrors,
      this.serverErrors,
      this.noResponse,
      this.disconnected,
      ...this.grpc.values(),
      ...of(this.durations),
      ...this.within.flatMap(w => [...of(w.low), ...of(w.high)]),
    ];
  }

  /** Forgets what a slice says. */
  clear(index: number): void {
    for (const column of this.#counts()) column[index] = 0;
  }

  addOutcome(index: number, code: number, count: number): void {
    this.total[index] += count;
    if (code >= GRPC_CODE) {
      const column = this.grpc.get(code - GRPC_CODE);
      if (column) column[index] += count;
    }
    if (code === NO_RESPONSE) {
      this.noResponse[index] += count;
      return;
    }
    const outcome = outcomeClassOf(code);
    if (outcome === 'client') this.clientErrors[index] += count;
    if (outcome === 'server') this.serverErrors[index] += count;
  }

  addDurations(
    index: number,
    outcome: number,
    edgesMs: readonly number[],
    counts: ArrayLike<number>,
    offset: number,
    factor: number,
  ): void {
    const name = CLASSES[outcome];
    let sum = 0;
    for (let i = 0; i <= edgesMs.length; i += 1) sum += counts[offset + i];
    this.durations[name][index] += sum * factor;
    if (sum === 0) return;
    for (const within of this.within) {
      const place = placeOf(edgesMs, within.edgeMs);
      let below = 0;
      for (let i = 0; i < place.low; i += 1) below += counts[offset + i];
      within.low[name][index] += below * factor;
      if (place.high > place.low) {
        within.lowMs = Math.min(within.lowMs, place.lowMs);
        within.highMs = Math.max(within.highMs, place.highMs);
        below += counts[offset + place.low];
      }
      within.high[name][index] += below * factor;
    }
  }

  /** Adds several slices of another, shorter step to one of this. */
  addSum(index: number, from: IncrementColumns, first: number, count: number) {
    const own = this.#counts();
    from.#counts().forEach((column, c) => {
      for (let i = first; i < first + count; i += 1) own[c][index] += column[i];
    });
    from.within.forEach((other, i) => {
      const within = this.within[i];
      within.lowMs = Math.min(within.lowMs, other.lowMs);
      within.highMs = Math.max(within.highMs, other.highMs);
    });
  }

  toIncrements(): ClusterIncrements {
    const within = this.within.map(
      (w): WithinEdge => ({
        ...w,
        exact: CLASSES.every(name =>
          w.low[name].every((low, i) => low === w.high[name][i]),
        ),
      }),
    );
    return {
      cluster: this.cluster,
      expected: this.expected,
      knownSeconds: this.knownSeconds,
      total: this.total,
      clientErrors: this.clientErrors,
      serverErrors: this.serverErrors,
      noResponse: this.noResponse,
      disconnected: this.disconnected,
      grpc: this.grpc,
      durations: this.durations,
      within,
    };
  }
}

/** Where a stored row's counts go: several queries may ask for the same service. */
export interface Target {
  readonly columns: readonly IncrementColumns[];
  readonly index: number;
  readonly factor: number;
}

/** Adds stored rows to the columns that want them. */
export function addToTargets(
  counts: CountColumns,
  targetOf: readonly (readonly Target[] | undefined)[],
): void {
  counts.disconnected.forEach((value, row) => {
    if (value === 0) return;
    for (const { columns, index, factor } of targetOf[row] ?? []) {
      for (const c of columns) c.disconnected[index] += value * factor;
    }
  });
  const { outcomes, durations } = counts;
  outcomes.edge.forEach((row, i) => {
    for (const { columns, index, factor } of targetOf[row] ?? []) {
      for (const c of columns) {
        c.addOutcome(index, outcomes.code[i], outcomes.count[i] * factor);
      }
    }
  });
  let offset = 0;
  durations.edge.forEach((row, i) => {
    const edgesMs = durations.layouts[durations.layout[i]];
    for (const { columns, index, factor } of targetOf[row] ?? []) {
      for (const c of columns) {
        c.addDurations(
          index,
          durations.outcome[i],
          edgesMs,
          durations.counts,
          offset,
          factor,
        );
      }
    }
    offset += edgesMs.length + 1;
  });
}
