/**
 * What is known of an objective in a stretch of time. Counts are requests, or
 * seconds of time slices; both add over clusters, services and time. Ratios
 * never do.
 */
export interface Tally {
  readonly good: number;
  readonly total: number;
  /**
   * Estimate of what lies in unknown cells; Infinity: there is no basis for
   * one. Of time slices it is no estimate: their length is known.
   */
  readonly unknown: number;
  /** Seconds × cells (service and cluster) that should be known. */
  readonly expectedSeconds: number;
  /** Of these, known. */
  readonly knownSeconds: number;
  /** Seconds in which any cell was expected. */
  readonly spanSeconds: number;
}

export const NOTHING: Tally = {
  good: 0,
  total: 0,
  unknown: 0,
  expectedSeconds: 0,
  knownSeconds: 0,
  spanSeconds: 0,
};

/** The tally of two stretches of time that follow each other. */
export function plus(a: Tally, b: Tally): Tally {
  return {
    good: a.good + b.good,
    total: a.total + b.total,
    unknown: a.unknown + b.unknown,
    expectedSeconds: a.expectedSeconds + b.expectedSeconds,
    knownSeconds: a.knownSeconds + b.knownSeconds,
    spanSeconds: a.spanSeconds + b.spanSeconds,
  };
}

export const sumOf = (tallies: Iterable<Tally>): Tally =>
  [...tallies].reduce(plus, NOTHING);

/** Never negative: extrapolated counts may exceed their total by a hair. */
export const badOf = ({ good, total }: Tally) => Math.max(0, total - good);

/** Share of the time that is known, all cells alike; null: nothing was expected. */
export function timeCoverage(tally: Tally): number | null {
  return tally.expectedSeconds > 0
    ? Math.min(1, tally.knownSeconds / tally.expectedSeconds)
    : null;
}

/**
 * Share of the requests that is known, as far as the unknown can be estimated;
 * else that of the time. Null: nothing was expected.
 */
export function coverage(tally: Tally): number | null {
  const weight = tally.total + tally.unknown;
  return Number.isFinite(weight) && weight > 0
    ? tally.total / weight
    : timeCoverage(tally);
}
