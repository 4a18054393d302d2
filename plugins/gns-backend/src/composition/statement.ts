import type { Condition } from '@isthmus/plugin-gns-common';

/** Where a condition holds. `cluster` is the cluster's name, as people know it. */
export type Where = Pick<
  Condition,
  'gns' | 'cluster' | 'namespace' | 'service' | 'object'
>;

/**
 * A condition that is not True. Composition lists only these: what it does not
 * mention is fine. The message ends with the remedy.
 */
export function untrue(
  type: string,
  reason: string,
  severity: Condition['severity'],
  message: string,
  where: Where,
  since?: string,
): Condition {
  return {
    type,
    status: 'False',
    severity,
    reason,
    message,
    ...where,
    ...(since === undefined ? {} : { lastTransitionTime: since }),
  };
}

/** A condition of which nobody can say whether it holds. */
export function unknown(
  type: string,
  reason: string,
  severity: Condition['severity'],
  message: string,
  where: Where,
): Condition {
  return {
    ...untrue(type, reason, severity, message, where),
    status: 'Unknown',
  };
}

/** `a, b and 3 more`: at most `limit` names, so that a message stays readable. */
export function listNames(names: readonly string[], limit = 8): string {
  const sorted = [...names].sort();
  return sorted.length <= limit
    ? sorted.join(', ')
    : `${sorted.slice(0, limit).join(', ')} and ${sorted.length - limit} more`;
}
