import type { SloMethod, SloObjective } from '@isthmus/plugin-gns-common';
import { EPSILON } from './budget';
import { emptyColumns, type TallyColumns } from './columns';
import type { CellColumns } from './judgeRequests';
import { QUARTER } from './windows';

/** What a time slice is. The order is that of the picture: worst last. */
export const SLICE_STATES = [
  /** Nobody was expected to serve or call. */
  'none',
  /** Left out: no traffic, and `noTraffic: ignored`. */
  'ignored',
  'good',
  'unknown',
  'bad',
] as const;
export type SliceState = (typeof SLICE_STATES)[number];

type TimeSlices = Extract<SloMethod, { type: 'timeSlices' }>;

/**
 * Judges slices of `quarters` quarters of an hour each.
 * - A cell that is only partly known is unknown.
 * - `together`: unknown where any cell is, because the missing part may decide.
 * - `anyCluster`: bad where any cell is known to be bad, whatever the others are.
 * - A floor is always for all cells together; it is reached as soon as the
 *   known ones reach it.
 */
export function judgeSlices(
  cells: readonly CellColumns[],
  objective: SloObjective,
  method: TimeSlices,
  quarters: number,
): SliceState[] {
  const length = Math.floor((cells[0]?.total.length ?? 0) / quarters);
  return Array.from({ length }, (_, slice) => {
    const parts = cells
      .map(cell => partOf(cell, slice * quarters, quarters))
      .filter((part): part is Part => part !== undefined);
    if (parts.length === 0) return 'none';
    if (objective.indicator.type === 'throughput') {
      return reaches(parts, objective.indicator.floor * quarters * QUARTER);
    }
    return method.judge === 'anyCluster'
      ? worstOf(parts.map(part => judge([part], objective, method)))
      : judge(parts, objective, method);
  });
}

interface Part {
  readonly good: number;
  readonly total: number;
  readonly known: boolean;
}

/** One cell in one slice; undefined: it was not expected. */
function partOf(
  cell: CellColumns,
  from: number,
  count: number,
): Part | undefined {
  let expected = false;
  let known = true;
  let good = 0;
  let total = 0;
  for (let i = from; i < from + count; i += 1) {
    if (cell.expected[i]) {
      expected = true;
      if (cell.knownSeconds[i] < QUARTER) known = false;
    }
    good += cell.good[i];
    total += cell.total[i];
  }
  return expected ? { good, total, known } : undefined;
}

function reaches(parts: readonly Part[], requests: number): SliceState {
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  if (total >= requests * (1 - EPSILON)) return 'good';
  return parts.every(part => part.known) ? 'bad' : 'unknown';
}

function judge(
  parts: readonly Part[],
  { slice }: SloObjective,
  method: TimeSlices,
): SliceState {
  if (!parts.every(part => part.known)) return 'unknown';
  let good = 0;
  let total = 0;
  for (const part of parts) {
    good += part.good;
    total += part.total;
  }
  if (total <= 0) return method.noTraffic;
  if (slice === undefined) throw new RangeError('The objective has no slice');
  // From counts, not from a quantile: a share of exactly the limit is told apart.
  const above = good - (slice.good / 100) * total;
  if (Math.abs(above) <= EPSILON * total) return slice.atLimit;
  return above > 0 ? 'good' : 'bad';
}

/** One bad is certain; one unknown spoils the good. */
export function worstOf(states: readonly SliceState[]): SliceState {
  return SLICE_STATES[
    states.reduce((worst, s) => Math.max(worst, SLICE_STATES.indexOf(s)), 0)
  ];
}

/** A slice that is good for every objective: the worst state of each. */
export function joinSlices(
  objectives: readonly (readonly SliceState[])[],
): SliceState[] {
  return (objectives[0] ?? []).map((_, i) =>
    worstOf(objectives.map(states => states[i])),
  );
}

/** Slices as tallies of seconds. */
export function tallySlices(
  states: readonly SliceState[],
  range: { from: number; step: number },
): TallyColumns {
  const columns = emptyColumns(range.from, range.step, states.length);
  states.forEach((state, i) => {
    if (state === 'none') return;
    columns.expectedSeconds[i] = range.step;
    columns.spanSeconds[i] = range.step;
    if (state === 'unknown') {
      columns.unknown[i] = range.step;
      return;
    }
    columns.knownSeconds[i] = range.step;
    if (state === 'ignored') return;
    columns.total[i] = range.step;
    if (state === 'good') columns.good[i] = range.step;
  });
  return columns;
}
