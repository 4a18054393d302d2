import type { CellColumns } from './judgeRequests';
import { NOTHING, type Tally } from './tally';
import { HOUR, type Span } from './windows';

/** Tallies of slices that follow each other, as columns. */
export interface TallyColumns {
  /** Unix seconds, start of the first slice. */
  readonly from: number;
  /** Seconds. */
  readonly step: number;
  readonly good: Float64Array;
  readonly total: Float64Array;
  readonly unknown: Float64Array;
  readonly expectedSeconds: Float64Array;
  readonly knownSeconds: Float64Array;
  readonly spanSeconds: Float64Array;
}

export const lengthOf = ({ total }: TallyColumns) => total.length;
export const endOf = (columns: TallyColumns) =>
  columns.from + columns.step * lengthOf(columns);

export function emptyColumns(
  from: number,
  step: number,
  length: number,
): TallyColumns {
  return {
    from,
    step,
    good: new Float64Array(length),
    total: new Float64Array(length),
    unknown: new Float64Array(length),
    expectedSeconds: new Float64Array(length),
    knownSeconds: new Float64Array(length),
    spanSeconds: new Float64Array(length),
  };
}

/** One slice of columns. */
export function tallyAt(columns: TallyColumns, i: number): Tally {
  return {
    good: columns.good[i],
    total: columns.total[i],
    unknown: columns.unknown[i],
    expectedSeconds: columns.expectedSeconds[i],
    knownSeconds: columns.knownSeconds[i],
    spanSeconds: columns.spanSeconds[i],
  };
}

/** The slices that begin within `span`, together. */
export function sumColumns(columns: TallyColumns, span: Span): Tally {
  const { from, step } = columns;
  const first = Math.max(0, Math.ceil((span.from - from) / step));
  const end = Math.min(lengthOf(columns), Math.ceil((span.to - from) / step));
  if (end <= first) return NOTHING;
  const sum = { ...NOTHING } as { -readonly [K in keyof Tally]: number };
  for (let i = first; i < end; i += 1) {
    sum.good += columns.good[i];
    sum.total += columns.total[i];
    sum.unknown += columns.unknown[i];
    sum.expectedSeconds += columns.expectedSeconds[i];
    sum.knownSeconds += columns.knownSeconds[i];
    sum.spanSeconds += columns.spanSeconds[i];
  }
  return sum;
}

/** Longest silence over which the last known hour still says something, seconds. */
const MEMORY_SECONDS = 24 * HOUR;

/** Requests per second of the last hour that was known. */
class RecentRate {
  readonly #step: number;
  readonly #kept: { total: number; known: number }[] = [];
  #last = -1;

  constructor(step: number) {
    this.#step = step;
  }

  add(i: number, total: number, known: number): void {
    this.#last = i;
    this.#kept.push({ total, known });
    if (this.#kept.length * this.#step > HOUR) this.#kept.shift();
  }

  at(i: number): number | undefined {
    if (this.#last < 0 || (i - this.#last) * this.#step > MEMORY_SECONDS) {
      return undefined;
    }
    let total = 0;
    let known = 0;
    for (const slice of this.#kept) {
      total += slice.total;
      known += slice.known;
    }
    return total / known;
  }
}

/**
 * Adds cells (services × clusters) slice by slice. What is unknown of a cell is
 * estimated: by the same time a week before where `before` has it, else by the
 * rate of its last known hour; without either it is Infinity.
 */
export function tallyCells(
  cells: readonly { now: CellColumns; before?: CellColumns }[],
  range: { from: number; step: number; length: number },
): TallyColumns {
  const { from, step, length } = range;
  const sums = emptyColumns(from, step, length);
  for (const { now, before } of cells) {
    const recent = new RecentRate(step);
    for (let i = 0; i < length; i += 1) {
      const known = Math.min(step, now.knownSeconds[i]);
      if (known > 0) {
        // What is known counts, also of a cluster that has left since.
        sums.good[i] += now.good[i];
        sums.total[i] += now.total[i];
      }
      if (now.expected[i]) {
        sums.expectedSeconds[i] += step;
        sums.knownSeconds[i] += known;
        sums.spanSeconds[i] = step;
        if (known < step) {
          const rate = rateBefore(before, i) ?? recent.at(i);
          const missing = step - known;
          sums.unknown[i] += rate === undefined ? Infinity : rate * missing;
        }
      }
      if (known > 0) recent.add(i, now.total[i], known);
    }
  }
  return sums;
}

function rateBefore(
  before: CellColumns | undefined,
  i: number,
): number | undefined {
  if (!before || before.knownSeconds[i] <= 0) return undefined;
  return before.total[i] / before.knownSeconds[i];
}
