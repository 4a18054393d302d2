import { type Condition } from '@isthmus/plugin-gns-common';

const RANK: Record<Condition['severity'], number> = {
  error: 0,
  warning: 1,
  info: 2,
};

/** Conditions that are not true, the worst first, then the newest. */
export function openConditions(conditions: readonly Condition[]): Condition[] {
  return conditions
    .filter(one => one.status !== 'True')
    .sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        (b.lastTransitionTime ?? '').localeCompare(a.lastTransitionTime ?? ''),
    );
}

/** Where a condition holds, outermost first: `cloud-a / shop-api / cart`. */
export function conditionPlace(condition: Condition): string {
  return [condition.cluster, condition.namespace, condition.service]
    .filter(Boolean)
    .join(' / ');
}
