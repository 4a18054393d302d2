import { createHash } from 'node:crypto';
import {
  desiredDigestText,
  type DesiredObject,
  type DesiredSettings,
  type Tombstone,
} from '@isthmus/plugin-gns-common';
import type { DeletionPlan } from './planDeletions';
import type {
  ClusterDelivery,
  StoredObject,
  StoredTombstone,
  WantedObject,
} from './types';

/** A delivery with what has to be written to reach it from the one before. */
export interface DeliveryDraft {
  readonly before: ClusterDelivery;
  readonly objects: Map<string, StoredObject>;
  readonly tombstones: Map<string, StoredTombstone>;
  /** The number that its changes get. */
  readonly n: number;
  /** Something changed that the controller has to hear of. */
  delivered: boolean;
  /** Rows to write; those not in the maps any more are to be deleted. */
  readonly dirtyObjects: Set<string>;
  readonly dirtyTombstones: Set<string>;
}

function sameHosts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((host, i) => host === b[i]);
}

/** Drafts the next delivery of a cluster: new and changed objects, decisions, orphans. Pure but for the draft. */
export function draftDelivery(
  before: ClusterDelivery,
  wanted: ReadonlyMap<string, WantedObject>,
  plan: DeletionPlan,
  options: {
    frozen: (gns: string) => boolean;
    /** Keys whose deletion the controller confirmed. */
    confirmed: ReadonlySet<string>;
    now: number;
  },
): DeliveryDraft {
  const draft: DeliveryDraft = {
    before,
    objects: new Map(before.objects),
    tombstones: new Map(before.tombstones),
    n: before.n + 1,
    delivered: false,
    dirtyObjects: new Set(),
    dirtyTombstones: new Set(),
  };
  for (const key of options.confirmed) {
    const tombstone = draft.tombstones.get(key);
    if (tombstone && tombstone.confirmedN === undefined) {
      draft.tombstones.set(key, { ...tombstone, confirmedN: draft.n });
      draft.dirtyTombstones.add(key);
      draft.delivered = true;
    }
  }
  for (const object of wanted.values()) {
    if (options.frozen(object.gns)) continue;
    const stored = draft.objects.get(object.key);
    const changed = stored?.hash !== object.hash;
    if (
      !changed &&
      stored.role === object.role &&
      sameHosts(stored.hosts, object.hosts)
    ) {
      continue;
    }
    draft.objects.set(object.key, {
      ...object,
      changedN: changed ? draft.n : stored.changedN,
    });
    draft.dirtyObjects.add(object.key);
    draft.delivered ||= changed;
    if (draft.tombstones.delete(object.key)) {
      draft.dirtyTombstones.add(object.key);
      draft.delivered = true;
    }
  }
  for (const [key, removal] of plan.removals) {
    const stored = draft.objects.get(key);
    if (!stored) continue;
    draft.objects.set(key, { ...stored, removal });
    draft.dirtyObjects.add(key);
  }
  for (const [key, { gns, reason }] of plan.orphans) {
    bury(draft, { key, gns, reason, role: 'policy', hosts: [] }, options.now);
  }
  return draft;
}

/** Replaces an object by its tombstone. */
export function bury(
  draft: DeliveryDraft,
  object: Pick<StoredTombstone, 'key' | 'gns' | 'reason' | 'role' | 'hosts'>,
  now: number,
): void {
  const { key, gns, reason, role, hosts } = object;
  if (draft.objects.delete(key)) draft.dirtyObjects.add(key);
  draft.tombstones.set(key, {
    key,
    gns,
    reason,
    role,
    hosts,
    createdN: draft.n,
    createdAt: new Date(now).toISOString(),
  });
  draft.dirtyTombstones.add(key);
  draft.delivered = true;
}

/** Tombstones that the cluster has not confirmed: what is delivered, sorted by key. */
export function openTombstones(
  tombstones: ReadonlyMap<string, StoredTombstone>,
): Tombstone[] {
  return [...tombstones.values()]
    .filter(t => t.confirmedN === undefined)
    .map(({ key, gns, reason }) => ({ key, gns, reason }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** SHA-256 (hex) of the whole desired state. */
export function digestOf(
  objects: ReadonlyMap<string, StoredObject>,
  tombstones: readonly Tombstone[],
  settings: DesiredSettings,
): string {
  // The text needs keys and hashes only: manifests are not parsed for it.
  const manifest = { apiVersion: '-', kind: '-', metadata: { name: '-' } };
  const named = new Map<string, DesiredObject>(
    [...objects.values()].map(({ key, gns }) => [key, { key, gns, manifest }]),
  );
  const text = desiredDigestText(
    { objects: named, tombstones, settings },
    object => objects.get(object.key)!.hash,
  );
  return createHash('sha256').update(text).digest('hex');
}
