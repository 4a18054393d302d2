import type { ServiceLevelObjectiveSpec } from '@isthmus/plugin-gns-common';
import { EPSILON, type Budget, type Verdict } from './budget';
import type { Track } from './tracks';

type Combine = ServiceLevelObjectiveSpec['combine'];

/** A budget with the track that it is of. */
export interface TrackBudget {
  readonly track: Track;
  readonly budget: Budget;
}

/** What several budgets say together. */
export interface Combined {
  readonly consumed: number | null;
  readonly consumedBounds: Budget['consumedBounds'];
  readonly verdict: Verdict;
}

/** Severest last, among budgets that are used alike. */
const ORDER: readonly Verdict[] = [
  'noTraffic',
  'met',
  'noData',
  'indeterminate',
  'violated',
];

/** The budget that speaks for all: the one that used most. */
export function worstOf<T extends TrackBudget>(parts: readonly T[]): T {
  return parts.reduce((a, b) => {
    const more = (b.budget.consumed ?? -1) - (a.budget.consumed ?? -1);
    const severer =
      ORDER.indexOf(b.budget.verdict) > ORDER.indexOf(a.budget.verdict);
    return more > 0 || (more === 0 && severer) ? b : a;
  });
}

/** `weighted`: used budgets averaged by weight; else the worst budget, and every one has to be met. */
export function combine(how: Combine, parts: readonly TrackBudget[]): Combined {
  const verdicts = parts.map(part => part.budget.verdict);
  const { consumed, consumedBounds } = worstOf(parts).budget;
  const alike = verdicts.every(v => v === verdicts[0])
    ? verdicts[0]
    : undefined;
  if (alike === 'noData' || alike === 'noTraffic') {
    return { consumed, consumedBounds, verdict: alike };
  }
  if (how === 'weighted') return weighted(parts);
  if (verdicts.includes('violated')) {
    return { consumed, consumedBounds, verdict: 'violated' };
  }
  const open = verdicts.some(v => v === 'indeterminate' || v === 'noData');
  return { consumed, consumedBounds, verdict: open ? 'indeterminate' : 'met' };
}

/**
 * What had no traffic takes no part. What is unknown takes none in what is
 * used, and may have used anything from nothing to all that there is.
 */
function weighted(parts: readonly TrackBudget[]): Combined {
  const mean = (
    of: readonly TrackBudget[],
    read: (part: TrackBudget) => number,
  ) => {
    const weight = of.reduce((sum, part) => sum + part.track.weight, 0);
    const sum = of.reduce((s, part) => s + part.track.weight * read(part), 0);
    return sum / weight;
  };
  const counting = parts.filter(p => p.budget.verdict !== 'noTraffic');
  const low = mean(counting, p => p.budget.consumedBounds?.low ?? 0);
  const high = mean(
    counting,
    p => p.budget.consumedBounds?.high ?? 1 / p.track.budget,
  );
  const used = counting.filter(p => p.budget.consumed !== null);
  const open = high <= 1 + EPSILON ? 'met' : 'indeterminate';
  return {
    consumed: used.length > 0 ? mean(used, p => p.budget.consumed ?? 0) : null,
    consumedBounds: { low, high },
    verdict: low > 1 + EPSILON ? 'violated' : open,
  };
}
