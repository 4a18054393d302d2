import { EPSILON } from './budget';
import { DAY, HOUR, QUARTER } from './windows';

export type Severity = 'page' | 'ticket';

/** Two windows that must both burn: the long one says that it matters, the short one that it still goes on. */
export interface BurnRule {
  readonly severity: Severity;
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Both burn rates must be above this. */
  readonly factor: number;
  /** Share of the budget that the long window uses at this rate, 0–1. */
  readonly spends: number;
}

/** The rules of one objective. */
export interface BurnPolicy {
  readonly rules: readonly BurnRule[];
  /** The windows were derived from a period that is not about 30 days. */
  readonly derived: boolean;
  /** A factor was lowered, because at such a target the rate could never be reached. */
  readonly capped: boolean;
}

/** SRE workbook, table 5-8, for a period of 30 days: rates 14.4, 6, 3 and 1. */
const TABLE: readonly (Pick<BurnRule, 'severity' | 'spends'> & {
  longSeconds: number;
  shortSeconds: number;
})[] = [
  { severity: 'page', longSeconds: HOUR, shortSeconds: 300, spends: 0.02 },
  { severity: 'page', longSeconds: 6 * HOUR, shortSeconds: 1800, spends: 0.05 },
  { severity: 'ticket', longSeconds: DAY, shortSeconds: 2 * HOUR, spends: 0.1 },
  {
    severity: 'ticket',
    longSeconds: 3 * DAY,
    shortSeconds: 6 * HOUR,
    spends: 0.1,
  },
];
const TABLE_PERIOD = 30 * DAY;
/** Periods from 27 to 32 days take the windows of the table as they are. */
const STANDARD: readonly [number, number] = [27 * DAY, 32 * DAY];
/** Below these a derived window holds too few minutes to say anything. */
const SHORTEST_LONG = [QUARTER, 2 * QUARTER, HOUR, 2 * HOUR];
const SHORTEST_SHORT = 120;
const LOWEST_FACTOR = 0.9 - EPSILON;

const whole = (length: number, step: number) =>
  Math.max(step, Math.round(length / step) * step);

/**
 * The rules for a budget over `periodSeconds`, of which the share
 * `budget` may be bad. `grain` is the length of a time slice, 60 for requests:
 * windows are made of whole ones, a long window of at least four.
 */
export function burnPolicy(options: {
  periodSeconds: number;
  budget: number;
  grain: number;
}): BurnPolicy {
  const { periodSeconds, budget, grain } = options;
  const derived = periodSeconds < STANDARD[0] || periodSeconds > STANDARD[1];
  const scale = derived ? periodSeconds / TABLE_PERIOD : 1;
  // No rate is above 1 ÷ budget: everything bad. The cap is continuous, not a jump.
  const highest = 0.9 / budget;
  let capped = false;
  const rules = TABLE.flatMap((row, i): BurnRule[] => {
    const longSeconds = whole(
      Math.max(row.longSeconds * scale, SHORTEST_LONG[i], 4 * grain),
      row.longSeconds * scale < 6 * HOUR
        ? Math.max(300, grain)
        : Math.max(QUARTER, grain),
    );
    const shortSeconds = whole(
      Math.max(
        row.shortSeconds * (longSeconds / row.longSeconds),
        SHORTEST_SHORT,
        grain,
      ),
      longSeconds > 6 * HOUR ? Math.max(QUARTER, grain) : Math.max(60, grain),
    );
    const rate = (row.spends * periodSeconds) / longSeconds;
    const factor = Math.min(rate, highest);
    if (factor < rate - EPSILON) capped = true;
    // A rate of 1 lasts a whole window: far below it nothing is wrong.
    return factor < LOWEST_FACTOR
      ? []
      : [
          {
            severity: row.severity,
            longSeconds,
            shortSeconds,
            factor,
            spends: row.spends,
          },
        ];
  });
  return { rules, derived, capped };
}
