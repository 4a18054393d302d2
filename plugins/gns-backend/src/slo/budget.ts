import { badOf, type Tally } from './tally';
import { seconds, type ObjectiveWindow } from './windows';

/** Counts are floats: what lies within this of a limit has reached, not passed it. */
export const EPSILON = 1e-9;

/** The share that may be bad, 0–1, without the noise of binary fractions: 99.9 % leaves 0.001. */
export function errorBudget(targetPercent: number): number {
  return Math.round((100 - targetPercent) * 1e5) / 1e7;
}

/** Bad share over allowed share; 1 spends the budget exactly. Null: no traffic, or nothing known. */
export function burnRate(tally: Tally, budget: number): number | null {
  return tally.total > 0 ? badOf(tally) / tally.total / budget : null;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Whether the promise holds, as far as anyone can say. */
export type Verdict =
  | 'met'
  | 'violated'
  /** The unknown part may decide it either way. */
  | 'indeterminate'
  /** All is known, and there was no traffic: nothing was promised to anybody. */
  | 'noTraffic'
  /** Nothing is known. */
  | 'noData';

/** The budget of one objective over its window. */
export interface Budget {
  /** Share of good, 0–1, of what is known. Null: no traffic, or nothing known. */
  readonly sli: number | null;
  /** Where the share lies, whatever the unknown part was; null: as `sli`. */
  readonly sliBounds: Range | null;
  /** Share of the budget that is used; above 1: overspent. Only what is known uses any. */
  readonly consumed: number | null;
  readonly consumedBounds: Range | null;
  /** The bounds rest on an estimate of unknown traffic. */
  readonly estimated: boolean;
  /** The size of the budget is a forecast: of a calendar window only a part has passed. */
  readonly forecast: boolean;
  /** Requests, or seconds, that may be bad in the whole window. */
  readonly allowedBad: number | null;
  readonly bad: number;
  readonly verdict: Verdict;
}

const EMPTY = {
  sli: null,
  sliBounds: null,
  consumed: null,
  consumedBounds: null,
  allowedBad: null,
};

const over = (part: number, whole: number) =>
  Number.isFinite(whole) ? part / whole : 0;

/**
 * Judges a tally of `window` up to `window.until`.
 * - rolling: used = error rate of the window ÷ allowed error rate.
 * - calendar, requests: the same, times the share of the period's requests that
 *   have been seen: the rest is forecast from those so far.
 * - calendar, time slices: bad time ÷ allowed time of the real period, without
 *   the time of which nothing is known.
 */
export function budgetOf(
  tally: Tally,
  options: {
    /** From {@link errorBudget}. */
    budget: number;
    window: ObjectiveWindow;
    unit: 'requests' | 'seconds';
  },
): Budget {
  const { budget, window, unit } = options;
  const bad = badOf(tally);
  const { total, unknown } = tally;
  const calendar = window.resetsAt !== undefined;
  const base = {
    estimated: unit === 'requests' && unknown > 0,
    forecast: calendar && unit === 'requests' && window.until < window.to,
    bad,
  };
  if (tally.knownSeconds <= 0) {
    return { ...base, ...EMPTY, verdict: 'noData' };
  }
  if (total <= 0) {
    return {
      ...base,
      ...EMPTY,
      ...(unknown > 0 ? { sliBounds: { low: 0, high: 1 } } : {}),
      verdict: unknown > 0 ? 'indeterminate' : 'noTraffic',
    };
  }
  const size =
    unit === 'seconds' ? timeOf(tally, window) : requestsOf(tally, window);
  const consumed = bad / (budget * size.known);
  const consumedBounds = {
    low: over(bad, budget * size.whole),
    high: Number.isFinite(unknown)
      ? (bad + unknown) / (budget * size.whole)
      : size.passed / budget,
  };
  return {
    ...base,
    sli: 1 - bad / total,
    sliBounds: {
      low: Number.isFinite(unknown) ? (total - bad) / (total + unknown) : 0,
      high: Number.isFinite(unknown) ? 1 - bad / (total + unknown) : 1,
    },
    consumed,
    consumedBounds,
    allowedBad: budget * size.known,
    verdict: verdictOf(consumedBounds),
  };
}

/** Overspent even in the best case, or kept even in the worst. */
function verdictOf({ low, high }: Range): Verdict {
  if (low > 1 + EPSILON) return 'violated';
  return high <= 1 + EPSILON ? 'met' : 'indeterminate';
}

/** What the budget is a share of. */
interface Size {
  /** For what is known. */
  readonly known: number;
  /** If the unknown were known: for the bounds. */
  readonly whole: number;
  /** Share of the window's events that have come. */
  readonly passed: number;
}

/** Time of a calendar window: what is known so far, and all that is to come. */
function timeOf(tally: Tally, window: ObjectiveWindow): Size {
  const known = tally.total + (window.to - window.until);
  const whole = known + tally.unknown;
  return { known, whole, passed: (tally.total + tally.unknown) / whole };
}

/** Requests of the window; of a calendar window, those to come at the rate so far. */
function requestsOf(tally: Tally, window: ObjectiveWindow): Size {
  const { total, unknown, expectedSeconds, knownSeconds, spanSeconds } = tally;
  const left = window.to - window.until;
  const growth = spanSeconds > 0 ? 1 + left / spanSeconds : 1;
  const whole = (total + unknown) * growth;
  if (left <= 0) return { known: total, whole, passed: 1 };
  // Of a silent part without a past, the rest of the window is no worse guess than its time.
  const soFar = Number.isFinite(unknown)
    ? total + unknown
    : (total * expectedSeconds) / knownSeconds;
  return { known: soFar * growth, whole, passed: 1 / growth };
}

/**
 * Seconds until the budget is used up if the traffic goes on as it is, at the
 * earliest: of a rolling window nothing old is counted as leaving. Null: not
 * in sight, because nothing burns, the budget is full again before, or the
 * rate cannot use up a budget that renews itself.
 */
export function secondsToExhaustion(options: {
  consumed: number | null;
  /** Of the last hour. */
  burn: number | null;
  window: ObjectiveWindow;
}): number | null {
  const { consumed, burn, window } = options;
  if (consumed === null || burn === null || burn <= 0) return null;
  if (consumed >= 1) return 0;
  const length = seconds(window);
  const left = ((1 - consumed) * length) / burn;
  if (window.resetsAt !== undefined) {
    return window.until + left < window.resetsAt ? left : null;
  }
  return left > length && burn <= 1 ? null : left;
}
