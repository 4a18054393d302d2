import { endOf, sumColumns, type TallyColumns } from './columns';
import { NOTHING, plus, type Tally } from './tally';
import type { Grain } from './tracks';
import { DAY, floorTo, type Span } from './windows';

/**
 * What is remembered of one budget: days as sums, the days that windows begin
 * or end in slice by slice, and the last hours minute by minute. Sums over any
 * span come from these three, and change only where the data did.
 */
export class Ledger {
  readonly grain: Grain;
  readonly #days = new Map<number, Tally>();
  readonly #columns = new Map<number, TallyColumns>();
  #minutes: TallyColumns | undefined;

  constructor(grain: Grain) {
    this.grain = grain;
  }

  /** Number of the day that `time` lies in; days begin with the grain's phase. */
  dayOf(time: number): number {
    return Math.floor((time - this.grain.phase) / DAY);
  }

  spanOf(day: number): Span {
    const from = day * DAY + this.grain.phase;
    return { from, to: from + DAY };
  }

  hasDay(day: number): boolean {
    return this.#days.has(day);
  }

  hasColumns(day: number): boolean {
    return this.#columns.has(day);
  }

  /** A day of which only the sum is wanted. */
  setDay(day: number, tally: Tally): void {
    this.#days.set(day, tally);
    this.#columns.delete(day);
  }

  /** A day slice by slice. */
  setColumns(day: number, columns: TallyColumns): void {
    this.#days.set(day, sumColumns(columns, this.spanOf(day)));
    this.#columns.set(day, columns);
  }

  get minutes(): TallyColumns | undefined {
    return this.#minutes;
  }

  setMinutes(columns: TallyColumns | undefined): void {
    this.#minutes = columns;
  }

  columnsOf(day: number): TallyColumns | undefined {
    return this.#columns.get(day);
  }

  dayTally(day: number): Tally {
    return this.#days.get(day) ?? NOTHING;
  }

  /** What changed there is to be read again. */
  forget(span: Span): void {
    for (
      let day = this.dayOf(span.from);
      day <= this.dayOf(span.to - 1);
      day += 1
    ) {
      this.#days.delete(day);
      this.#columns.delete(day);
    }
  }

  /** Keeps the days from `first` on, and slices only of `hot` days. */
  trim(first: number, hot: ReadonlySet<number>): void {
    for (const day of this.#days.keys()) {
      if (day < first) this.#days.delete(day);
    }
    for (const day of this.#columns.keys()) {
      if (day < first || !hot.has(day)) this.#columns.delete(day);
    }
  }

  /** The days whose slices {@link sum} needs for this span, besides whole ones. */
  cutDays(span: Span): number[] {
    const days: number[] = [];
    const first = this.dayOf(span.from);
    const last = this.dayOf(span.to);
    if (span.from > this.spanOf(first).from) days.push(first);
    if (span.to > this.spanOf(last).from && last !== first) days.push(last);
    return days;
  }

  /**
   * The tally of a span. From the minutes where they reach, else from slices
   * and days; the end of it always from minutes if there are any.
   */
  sum(span: Span): Tally {
    const minutes = this.#minutes;
    if (!minutes) return this.#sumSlices(span);
    if (span.from >= minutes.from) return sumColumns(minutes, span);
    const cut = floorTo(Math.min(span.to, endOf(minutes)), this.grain.step);
    return plus(
      this.#sumSlices({ from: span.from, to: cut }),
      sumColumns(minutes, { from: cut, to: span.to }),
    );
  }

  #sumSlices(span: Span): Tally {
    let sum = NOTHING;
    if (span.to <= span.from) return sum;
    const last = this.dayOf(span.to - 1);
    for (let day = this.dayOf(span.from); day <= last; day += 1) {
      const whole = this.spanOf(day);
      const columns = this.#columns.get(day);
      const cut = span.from > whole.from || span.to < whole.to;
      if (cut && !columns && this.#days.has(day)) {
        throw new RangeError(`The slices of day ${day} were not read`);
      }
      sum = plus(
        sum,
        cut && columns ? sumColumns(columns, span) : this.dayTally(day),
      );
    }
    return sum;
  }
}
