import type {
  ClusterDelivery,
  DeletionReason,
  Removal,
  StoredObject,
  WantedObject,
} from './types';

/** At most so many objects, or this share of what a cluster owns, go unannounced (rule 1). */
export const MAX_UNANNOUNCED = 5;
export const MAX_UNANNOUNCED_SHARE = 0.2;

export interface DeletionContext {
  readonly wanted: ReadonlyMap<string, WantedObject>;
  /** Nothing of this global namespace changes in this cluster. */
  readonly frozen: (gns: string) => boolean;
  /** The reason of a deletion that a person announced. */
  readonly announced: (key: string, gns: string) => DeletionReason | undefined;
  /** Keys that a person released, with the id of the hold. */
  readonly released: ReadonlyMap<string, string>;
  /** Objects with our labels in the cluster, when it reported them for its newest desired state. */
  readonly owned?: ReadonlyMap<string, string>;
  /** After a new term an unknown object may be one that the lost history made: all wait. */
  readonly holdOrphans: boolean;
  readonly now: number;
}

/** What goes, what waits, and why. */
export interface DeletionPlan {
  /** Newly decided removals of desired objects; undefined: taken back. */
  readonly removals: ReadonlyMap<string, Removal | undefined>;
  /** Objects that the cluster has and nobody wants. */
  readonly orphans: ReadonlyMap<
    string,
    { gns: string; reason: DeletionReason }
  >;
  readonly held: ReadonlyMap<string, string>;
  readonly usedReleases: ReadonlySet<string>;
}

function findOrphans(
  current: ClusterDelivery,
  context: DeletionContext,
): Map<string, string> {
  const orphans = new Map<string, string>();
  for (const [key, gns] of context.owned ?? []) {
    const tombstone = current.tombstones.get(key);
    const buried = tombstone && tombstone.confirmedN === undefined;
    if (!current.objects.has(key) && !context.wanted.has(key) && !buried) {
      orphans.set(key, gns);
    }
  }
  return orphans;
}

/**
 * Decides which objects of a cluster may go (rule 1): announced and released
 * ones do; all others do while they are few, together with those that are
 * still on their way; else all of these wait for a person. Pure.
 */
export function planDeletions(
  current: ClusterDelivery,
  context: DeletionContext,
): DeletionPlan {
  const removals = new Map<string, Removal | undefined>();
  const orphans = new Map<string, { gns: string; reason: DeletionReason }>();
  const usedReleases = new Set<string>();
  const since = new Date(context.now).toISOString();

  const missing: StoredObject[] = [];
  let onTheirWay = 0;
  for (const object of current.objects.values()) {
    if (context.frozen(object.gns)) continue;
    if (context.wanted.has(object.key)) {
      if (object.removal) removals.set(object.key, undefined);
    } else if (!object.removal) {
      missing.push(object);
    } else if (object.removal.reason.type === 'small') {
      onTheirWay += 1;
    }
  }
  let open = 0;
  for (const tombstone of current.tombstones.values()) {
    if (tombstone.confirmedN !== undefined) continue;
    open += 1;
    if (tombstone.reason.type === 'small') onTheirWay += 1;
  }

  const decide = (key: string, gns: string): DeletionReason | undefined => {
    const reason = context.announced(key, gns);
    if (reason) return reason;
    const hold = context.released.get(key);
    if (hold === undefined) return undefined;
    usedReleases.add(hold);
    return { type: 'release', hold };
  };
  const undecided = new Map<string, string>();
  const orphaned = findOrphans(current, context);
  for (const [key, gns] of [
    ...missing.map(o => [o.key, o.gns] as const),
    ...orphaned,
  ]) {
    if (orphaned.has(key) && context.frozen(gns)) continue;
    const reason = decide(key, gns);
    if (!reason) undecided.set(key, gns);
    else if (orphaned.has(key)) orphans.set(key, { gns, reason });
    else removals.set(key, { since, reason });
  }

  const limit = Math.max(
    MAX_UNANNOUNCED,
    Math.floor(MAX_UNANNOUNCED_SHARE * (current.objects.size + open)),
  );
  const few = undecided.size + onTheirWay <= limit;
  const held = new Map<string, string>();
  for (const [key, gns] of undecided) {
    const orphan = orphaned.has(key);
    if (!few || (orphan && context.holdOrphans)) held.set(key, gns);
    else if (orphan) orphans.set(key, { gns, reason: { type: 'small' } });
    else removals.set(key, { since, reason: { type: 'small' } });
  }
  return { removals, orphans, held, usedReleases };
}
