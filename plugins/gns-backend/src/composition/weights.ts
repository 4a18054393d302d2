/**
 * The weight to publish for a cluster: its ready pods, unless they differ from
 * the last published weight by less than one pod or less than 20 %: then that
 * one stays, so that a rolling restart does not rewrite every caller.
 */
export function dampedWeight(ready: number, last: number | undefined): number {
  if (ready <= 0) return 0;
  if (last === undefined || last <= 0) return ready;
  const change = Math.abs(ready - last);
  return change < 1 || change / last < 0.2 ? last : ready;
}

/**
 * Cuts the largest claims so that no cluster has more than `maxShare` of the
 * sum (rule 8: a cluster that claims absurd weights takes no more than that).
 * A single cluster keeps all; two or more keep at least 1 each.
 */
export function capShares(
  weights: readonly number[],
  maxShare: number,
): number[] {
  if (weights.length < 2 || maxShare >= 1) return [...weights];
  const share = Math.max(maxShare, 1 / weights.length);
  const largest = weights.indexOf(Math.max(...weights));
  const others = weights.reduce(
    (sum, w, i) => (i === largest ? sum : sum + w),
    0,
  );
  const cap = Math.max(1, Math.floor((others * share) / (1 - share)));
  // The cap of the largest never falls below the second: one cut is enough
  // while share ≥ 1/2; below that the rest is cut to the same height.
  return weights.map(w => Math.min(w, cap));
}
