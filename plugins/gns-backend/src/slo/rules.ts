import type { ServiceLevelObjectiveSpec } from '@isthmus/plugin-gns-common';
import { burnPolicy, type BurnPolicy } from './alertPolicy';
import { readRule, type RuleReading, type WeightedTally } from './alerts';
import type { Tally } from './tally';
import type { Track } from './tracks';

/** One budget, and its tally of the last so many seconds. */
export interface RecentTrack {
  readonly track: Track;
  readonly recent: (lengthSeconds: number) => Tally;
}

/** What all rules of a definition say now. */
export interface Rules {
  readonly policy: BurnPolicy;
  readonly readings: readonly RuleReading[];
}

/** Of several budgets their mean by weight burns at most as the mean of what each can. */
export function policyOf(
  tracks: readonly Track[],
  periodSeconds: number,
  grain: number,
): BurnPolicy {
  const weight = tracks.reduce((sum, t) => sum + t.weight, 0);
  const most = tracks.reduce((sum, t) => sum + t.weight / t.budget, 0);
  return burnPolicy({ periodSeconds, budget: weight / most, grain });
}

/** Weighted budgets have rules together; of others each has its own, and one that burns is enough. */
export function readRules(
  spec: Pick<ServiceLevelObjectiveSpec, 'combine' | 'alerts' | 'method'>,
  tracks: readonly RecentTrack[],
  options: { periodSeconds: number; grainSeconds: number },
): Rules {
  // A time slice was judged with care; one bad request was not.
  const minBad =
    spec.method.type === 'requests' ? spec.alerts.minBadRequests : 1;
  const groups =
    spec.combine === 'weighted' ? [tracks] : tracks.map(track => [track]);
  const each = groups.map(group => {
    const policy = policyOf(
      group.map(({ track }) => track),
      options.periodSeconds,
      options.grainSeconds,
    );
    const tallies = (length: number): WeightedTally[] =>
      group.map(({ track, recent }) => ({
        tally: recent(length),
        budget: track.budget,
        weight: track.weight,
      }));
    const readings = policy.rules.map(rule =>
      readRule(
        rule,
        tallies(rule.longSeconds),
        tallies(rule.shortSeconds),
        minBad,
      ),
    );
    return { policy, readings };
  });
  return {
    policy: {
      rules: each.flatMap(e => e.policy.rules),
      derived: each.some(e => e.policy.derived),
      capped: each.some(e => e.policy.capped),
    },
    readings: each.flatMap(e => e.readings),
  };
}
