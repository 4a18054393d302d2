import { createHash } from 'node:crypto';
import { canonicalJson } from '@isthmus/plugin-gns-common';
import type { PlannedLoss } from './losses';

/**
 * SHA-256, hex, of what is to be written and of every object that each cluster
 * would lose: the same change against the same state has the same hash.
 */
export function planHash(plan: {
  definitions: readonly unknown[];
  deletions: readonly string[];
  losses: readonly PlannedLoss[];
}): string {
  const text = canonicalJson({
    definitions: plan.definitions.map(canonicalJson).sort(),
    deletions: [...plan.deletions].sort(),
    losses: plan.losses.map(l => `${l.clusterId}/${l.key}`).sort(),
  });
  return createHash('sha256').update(text).digest('hex');
}
