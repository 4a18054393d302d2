import { Tombstone } from '@isthmus/plugin-gns-common';

/** Deletions without a plan or a release that are always allowed at once. */
const FEW = 5;
const SHARE = 0.2;

/**
 * The second line of defence behind the hub's own (rule 1): how many objects
 * one desired state may delete without a confirmed plan or a release.
 */
export function smallDeletionLimit(owned: number): number {
  return Math.max(FEW, Math.floor(owned * SHARE));
}

/**
 * The `small` tombstones of one state that must be refused: all of them, when
 * those that would really delete something are more than the limit.
 */
export function refusedTombstones(input: {
  tombstones: readonly Tombstone[];
  /** Number of objects that we own now. */
  owned: number;
  /** Whether an object of ours with this key exists. */
  exists(key: string): boolean;
}): Map<string, string> {
  const small = input.tombstones.filter(
    t => t.reason.type === 'small' && input.exists(t.key),
  );
  const limit = smallDeletionLimit(input.owned);
  if (small.length <= limit) return new Map();
  return new Map(
    small.map(t => [
      t.key,
      `The hub asked to delete ${small.length} of ${input.owned} objects at once without a confirmed plan; at most ${limit} are deleted. Release the deletion in the portal.`,
    ]),
  );
}
