import type { Tombstone } from '@isthmus/plugin-gns-common';
import type { ObjectRole } from '../composition/types';

/** Why an object may go, as the tombstone says it. */
export type DeletionReason = Tombstone['reason'];

/** The decision that an object goes; it stays desired until its callers moved on. */
export interface Removal {
  /** RFC 3339. */
  readonly since: string;
  readonly reason: DeletionReason;
}

/** One object that a cluster shall have, as stored. */
export interface StoredObject {
  readonly key: string;
  readonly gns: string;
  /** Canonical JSON. */
  readonly manifest: string;
  /** SHA-256 (hex) of the canonical JSON of the desired object. */
  readonly hash: string;
  readonly role: ObjectRole;
  readonly hosts: readonly string[];
  /** Number of the desired state that last changed it. */
  readonly changedN: number;
  readonly removal?: Removal;
}

export interface StoredTombstone {
  readonly key: string;
  readonly gns: string;
  readonly reason: DeletionReason;
  readonly role: ObjectRole;
  readonly hosts: readonly string[];
  readonly createdN: number;
  readonly createdAt: string;
  /** It left the list with this number; absent: still wanted. */
  readonly confirmedN?: number;
}

/** Everything that delivery holds for one cluster. */
export interface ClusterDelivery {
  readonly n: number;
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Open and confirmed ones. */
  readonly tombstones: ReadonlyMap<string, StoredTombstone>;
  /** Canonical JSON of the settings; empty at first. */
  readonly settings: string;
  /** Hosts whose serving the cluster acknowledged. */
  readonly served: ReadonlySet<string>;
}

/** An object as composition wants it, with what delivery compares. */
export interface WantedObject {
  readonly key: string;
  readonly gns: string;
  readonly manifest: string;
  readonly hash: string;
  readonly role: ObjectRole;
  readonly hosts: readonly string[];
}

/** An acknowledgment: the newest number of the hub's own term that a cluster has tried. */
export interface Acknowledgment {
  readonly appliedN: number;
  /** Keys that are not applied: failed, in conflict, refused or paused. */
  readonly troubled: ReadonlySet<string>;
}
