import {
  EDGE_COUNTS,
  outcomeClassOf,
  type OutcomeClass,
  type SliceEdges,
} from '@isthmus/plugin-gns-common';
import { addInto, type Histogram } from './Histogram';
import { Interner } from './Interner';

/** The counts of a slice without its names: `edge` is the number of the row. */
export type CountColumns = Pick<
  SliceEdges,
  (typeof EDGE_COUNTS)[number] | 'outcomes' | 'durations'
>;

/** Order of {@link EdgeSums.counts}. */
export const COUNT = Object.fromEntries(
  EDGE_COUNTS.map((name, i) => [name, i]),
) as Record<(typeof EDGE_COUNTS)[number], number>;

/**
 * Counts that add: over slices, clusters and edges. Percentages and quantiles
 * are made of sums at the end, and never of each other.
 */
export class EdgeSums {
  /** See {@link COUNT}. */
  readonly counts = new Float64Array(EDGE_COUNTS.length);
  /** Requests by code. */
  readonly outcomes = new Map<number, number>();
  /** By number of `OUTCOME_CLASSES`; undefined: none. */
  readonly durations: (Histogram | undefined)[] = [];

  addOutcome(code: number, count: number): void {
    this.outcomes.set(code, (this.outcomes.get(code) ?? 0) + count);
  }

  addDurations(
    outcome: number,
    edgesMs: readonly number[],
    counts: ArrayLike<number>,
    offset: number,
    factor = 1,
  ): void {
    this.durations[outcome] = addInto(
      this.durations[outcome],
      edgesMs,
      counts,
      offset,
      factor,
    );
  }

  /** Adds all of another sum, times `factor`. */
  add(other: EdgeSums, factor = 1): void {
    for (let i = 0; i < this.counts.length; i += 1) {
      this.counts[i] += other.counts[i] * factor;
    }
    for (const [code, count] of other.outcomes) {
      this.addOutcome(code, count * factor);
    }
    other.durations.forEach((histogram, outcome) => {
      if (!histogram) return;
      this.addDurations(
        outcome,
        histogram.edgesMs,
        histogram.counts,
        0,
        factor,
      );
    });
  }

  /** Requests without those whose caller went away. */
  get requests(): number {
    let sum = 0;
    for (const count of this.outcomes.values()) sum += count;
    return sum;
  }

  /** Requests of one class of outcome. */
  requestsOf(wanted: OutcomeClass): number {
    let sum = 0;
    for (const [code, count] of this.outcomes) {
      if (outcomeClassOf(code) === wanted) sum += count;
    }
    return sum;
  }

  get tcpBytes(): number {
    return this.counts[COUNT.bytesToServer] + this.counts[COUNT.bytesToClient];
  }

  /** Anything at all happened. */
  get busy(): boolean {
    return (
      this.counts.some(count => count > 0) ||
      [...this.outcomes.values()].some(count => count > 0)
    );
  }
}

/** Adds the rows of a slice to sums; rows without one are passed over. */
export function addRows(
  edges: CountColumns,
  sumsOf: readonly (EdgeSums | undefined)[],
): void {
  EDGE_COUNTS.forEach((name, column) => {
    const values = edges[name];
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row];
      if (value > 0) {
        const sums = sumsOf[row];
        if (sums) sums.counts[column] += value;
      }
    }
  });
  const { outcomes, durations } = edges;
  for (let i = 0; i < outcomes.edge.length; i += 1) {
    sumsOf[outcomes.edge[i]]?.addOutcome(outcomes.code[i], outcomes.count[i]);
  }
  let offset = 0;
  for (let i = 0; i < durations.edge.length; i += 1) {
    const edgesMs = durations.layouts[durations.layout[i]];
    sumsOf[durations.edge[i]]?.addDurations(
      durations.outcome[i],
      edgesMs,
      durations.counts,
      offset,
    );
    offset += edgesMs.length + 1;
  }
}

/** Sums as columns: element i belongs to `sums[i]`. */
export function toColumns(sums: readonly EdgeSums[]): CountColumns {
  const layouts = new Interner<readonly number[]>();
  const column = (name: (typeof EDGE_COUNTS)[number]) =>
    sums.map(s => s.counts[COUNT[name]]);
  const columns: CountColumns = {
    disconnected: column('disconnected'),
    mtls: column('mtls'),
    plaintext: column('plaintext'),
    durationSumMs: column('durationSumMs'),
    bytesToServer: column('bytesToServer'),
    bytesToClient: column('bytesToClient'),
    connectionsOpened: column('connectionsOpened'),
    connectionsClosed: column('connectionsClosed'),
    outcomes: { edge: [], code: [], count: [] },
    durations: { layouts: [], edge: [], outcome: [], layout: [], counts: [] },
  };
  const { outcomes, durations } = columns;
  sums.forEach((one, row) => {
    for (const [code, count] of one.outcomes) {
      outcomes.edge.push(row);
      outcomes.code.push(code);
      outcomes.count.push(count);
    }
    one.durations.forEach((histogram, outcome) => {
      if (!histogram) return;
      const { edgesMs, counts } = histogram;
      durations.edge.push(row);
      durations.outcome.push(outcome);
      durations.layout.push(layouts.of(edgesMs.join(), edgesMs));
      for (const count of counts) durations.counts.push(count);
    });
  });
  durations.layouts = layouts.items.map(layout => [...layout]);
  return columns;
}
