import type { Acknowledgment, ClusterDelivery } from '../delivery/types';
import type { ClusterProgress } from './types';

/** What delivery did for a cluster in this run. */
export interface DeliveredNow {
  /** After the run. */
  readonly delivery: ClusterDelivery;
  readonly acknowledged: Acknowledgment | undefined;
  /** Nothing of this global namespace may change there. */
  readonly frozen: boolean;
  /** Keys that wait for a person, with their global namespaces. */
  readonly held: ReadonlyMap<string, string>;
}

/**
 * How far a cluster is with what it is told about one global namespace. It is
 * done when it acknowledged all of it, deletions too, and nothing more
 * followed. Pure.
 */
export function progressOf(gns: string, now: DeliveredNow): ClusterProgress {
  const { delivery, acknowledged } = now;
  if (now.frozen) return 'paused';
  if ([...now.held.values()].includes(gns)) return 'held';
  const appliedN = acknowledged?.appliedN ?? -1;
  let sending = false;
  for (const object of delivery.objects.values()) {
    if (object.gns !== gns) continue;
    if (acknowledged?.troubled.has(object.key)) return 'troubled';
    sending ||= object.removal !== undefined || object.changedN > appliedN;
  }
  for (const tombstone of delivery.tombstones.values()) {
    sending ||=
      tombstone.gns === gns &&
      // An announced deletion of an object that never was there needs no answer.
      tombstone.confirmedN === undefined;
  }
  return sending ? 'sending' : 'applied';
}
