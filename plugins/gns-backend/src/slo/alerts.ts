import type { BurnRule, Severity } from './alertPolicy';
import { burnRate } from './budget';
import { badOf, coverage, type Tally } from './tally';

/** Below this coverage of a window nobody can say whether it burns. */
export const MIN_COVERAGE = 0.5;
/** An alert ends only after so long without burning, seconds; the short window if that is longer. */
const MIN_CALM_SECONDS = 300;

export type Burning = 'burning' | 'quiet' | 'unknown';

/** What one rule says of its two windows. */
export interface RuleReading {
  readonly rule: BurnRule;
  readonly state: Burning;
  readonly longBurn: number | null;
  readonly shortBurn: number | null;
}

/** A tally with the share that may be bad of it, and its weight among the objectives. */
export interface WeightedTally {
  readonly tally: Tally;
  readonly budget: number;
  readonly weight: number;
}

/** Burn of several objectives by weight; of one, its own. */
export function combinedBurn(parts: readonly WeightedTally[]): number | null {
  let burn = 0;
  let weight = 0;
  for (const part of parts) {
    const own = burnRate(part.tally, part.budget);
    if (own === null) continue;
    burn += own * part.weight;
    weight += part.weight;
  }
  return weight > 0 ? burn / weight : null;
}

const isKnown = (parts: readonly WeightedTally[]) =>
  parts.every(part => (coverage(part.tally) ?? 0) >= MIN_COVERAGE);

/**
 * Reads one rule. Guards: without half of the requests known, unknown; below
 * `minBad` bad requests in the long window, quiet.
 */
export function readRule(
  rule: BurnRule,
  long: readonly WeightedTally[],
  short: readonly WeightedTally[],
  minBad: number,
): RuleReading {
  const longBurn = combinedBurn(long);
  const shortBurn = combinedBurn(short);
  return {
    rule,
    longBurn,
    shortBurn,
    state: stateOf(),
  };

  function stateOf(): Burning {
    if (!isKnown(long) || !isKnown(short)) return 'unknown';
    const bad = long.reduce((sum, part) => sum + badOf(part.tally), 0);
    if (bad < minBad) return 'quiet';
    return (longBurn ?? 0) > rule.factor && (shortBurn ?? 0) > rule.factor
      ? 'burning'
      : 'quiet';
  }
}

/** All rules of a severity together: one that burns is enough, one that is unknown spoils calm. */
export function severityOf(
  readings: readonly RuleReading[],
  severity: Severity,
): Burning {
  const states = readings
    .filter(reading => reading.rule.severity === severity)
    .map(reading => reading.state);
  if (states.includes('burning')) return 'burning';
  return states.includes('unknown') ? 'unknown' : 'quiet';
}

/** An alert as it is kept between evaluations. */
export interface AlertState {
  readonly firing: boolean;
  /** Of the present state, Unix seconds. */
  readonly since: number;
  /** When it burned last, Unix seconds; only while firing. */
  readonly burnedAt?: number;
}

export const CALM = (now: number): AlertState => ({
  firing: false,
  since: now,
});

/**
 * The next state. What is unknown neither fires nor ends an alert; calm must
 * last, so that an alert does not flap.
 */
export function nextAlert(
  before: AlertState,
  burning: Burning,
  options: { now: number; shortSeconds: number },
): { state: AlertState; event?: 'fired' | 'resolved' } {
  const { now } = options;
  if (burning === 'burning') {
    return before.firing
      ? { state: { ...before, burnedAt: now } }
      : { state: { firing: true, since: now, burnedAt: now }, event: 'fired' };
  }
  if (!before.firing || burning === 'unknown') return { state: before };
  const calm = now - (before.burnedAt ?? before.since);
  return calm >= Math.max(MIN_CALM_SECONDS, options.shortSeconds)
    ? { state: { firing: false, since: now }, event: 'resolved' }
    : { state: before };
}
