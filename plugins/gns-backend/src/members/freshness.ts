import type { Freshness } from '@isthmus/plugin-gns-common';

/** When an observation stops being fresh, milliseconds. */
export interface FreshnessLimits {
  readonly staleAfterMs: number;
  readonly unreachableAfterMs: number;
}

export const DEFAULT_FRESHNESS: FreshnessLimits = {
  staleAfterMs: 60_000,
  unreachableAfterMs: 5 * 60_000,
};

/**
 * How far a cluster's last observation can be trusted (rule 6). A failed
 * sign-in counts only once the reports have stopped: anybody can send a bad
 * token in a cluster's name.
 */
export function freshnessOf(
  seen: {
    lastReportAt: string | undefined;
    lastUnauthorizedAt: string | undefined;
  },
  now: number,
  limits: FreshnessLimits,
): Freshness {
  const reported = seen.lastReportAt ? Date.parse(seen.lastReportAt) : NaN;
  const age = now - reported;
  if (age <= limits.staleAfterMs) return 'ok';
  if (
    seen.lastUnauthorizedAt &&
    !(Date.parse(seen.lastUnauthorizedAt) <= reported)
  ) {
    return 'unauthorized';
  }
  return age <= limits.unreachableAfterMs ? 'stale' : 'unreachable';
}
