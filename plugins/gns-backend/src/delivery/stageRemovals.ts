import type { Acknowledgment, ClusterDelivery, StoredObject } from './types';

/** Server objects outlive their callers by at most this, milliseconds (rule 4). */
export const CALLERS_GRACE_MS = 60_000;

/** A cluster with what it acknowledged. */
export interface CallerState {
  readonly delivery: Pick<ClusterDelivery, 'objects' | 'tombstones'>;
  readonly acknowledged: Acknowledgment | undefined;
}

/**
 * True when no other cluster may still call these hosts by an older version of
 * its client objects: all of them are acknowledged as they are now. A client
 * object that is itself about to change counts as not yet moved on.
 */
export function callersMovedOn(
  hosts: readonly string[],
  server: string,
  clusters: ReadonlyMap<string, CallerState>,
): boolean {
  const wanted = new Set(hosts);
  const concerns = (o: { role: string; hosts: readonly string[] }) =>
    o.role === 'client' && o.hosts.some(h => wanted.has(h));
  for (const [id, { delivery, acknowledged }] of clusters) {
    if (id === server) continue;
    const appliedN = acknowledged?.appliedN ?? -1;
    for (const object of delivery.objects.values()) {
      if (!concerns(object)) continue;
      // Decided in this very run: whose turn it is among clusters does not matter.
      if (object.removal || object.changedN > appliedN) return false;
    }
    for (const tombstone of delivery.tombstones.values()) {
      if (!concerns(tombstone) || tombstone.confirmedN !== undefined) continue;
      if (tombstone.createdN > appliedN) return false;
    }
  }
  return true;
}

/**
 * Which decided removals of one cluster happen now. Callers go first: client
 * objects at once, server objects when no other cluster calls their hosts any
 * more or after 60 s, the rest once the servers of their global namespace
 * went. Pure.
 */
export function stageRemovals(
  server: string,
  removing: readonly StoredObject[],
  clusters: ReadonlyMap<string, CallerState>,
  now: number,
): { now: StoredObject[]; retryAt: number | undefined } {
  const overdue = (o: StoredObject) =>
    o.removal !== undefined &&
    now - Date.parse(o.removal.since) >= CALLERS_GRACE_MS;
  const waiting = removing.filter(
    o =>
      o.role === 'server' &&
      o.hosts.length > 0 &&
      !overdue(o) &&
      !callersMovedOn(o.hosts, server, clusters),
  );
  const blocked = new Set(waiting.map(o => o.gns));
  const going = removing.filter(o => {
    if (o.role === 'client' || overdue(o)) return true;
    if (o.role === 'server' && o.hosts.length > 0) return !waiting.includes(o);
    return !blocked.has(o.gns);
  });
  const left = removing.filter(o => !going.includes(o));
  const retryAt = left
    .map(o => Date.parse(o.removal?.since ?? '') + CALLERS_GRACE_MS)
    .filter(at => !Number.isNaN(at))
    .sort((a, b) => a - b)[0];
  return { now: going, retryAt };
}
