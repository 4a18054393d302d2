import { DAY, floorTo, HOUR, MINUTE, QUARTER } from '../time';
import type { IncrementStep } from './types';

/** One row of the store holds the cells of one period. */
export interface Period {
  readonly step: IncrementStep;
  /** Unix time, seconds. */
  readonly start: number;
  readonly cells: number;
}

/** The period whose row holds `time` at this step: an hour of minutes, a UTC day of quarters, a month of days. */
export function periodOf(step: IncrementStep, time: number): Period {
  if (step === MINUTE) return { step, start: floorTo(time, HOUR), cells: 60 };
  if (step === QUARTER) return { step, start: floorTo(time, DAY), cells: 96 };
  const date = new Date(time * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const start = Date.UTC(year, month) / 1000;
  return {
    step,
    start,
    cells: (Date.UTC(year, month + 1) / 1000 - start) / DAY,
  };
}

/** Starts of all periods that [from, to) touches. */
export function periodsWithin(
  step: IncrementStep,
  from: number,
  to: number,
): number[] {
  const starts: number[] = [];
  for (let at = from; at < to; ) {
    const { start, cells } = periodOf(step, at);
    starts.push(start);
    at = start + cells * step;
  }
  return starts;
}
