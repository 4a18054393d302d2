import type { Epoch, PublicKey } from '@isthmus/plugin-gns-common';

/** A member cluster as the hub keeps it; row types stay inside the stores. */
export interface ClusterRecord {
  readonly id: string;
  readonly name: string;
  readonly title: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'waiting' | 'enrolled' | 'disconnecting';
  readonly clusterUid: string | undefined;
  readonly publicKey: PublicKey | undefined;
  readonly createdAt: string;
  readonly paused: boolean;
  /** The hub reads it itself: nothing is delivered to it. */
  readonly observed: boolean;
  /** It serves its own callers, and is offered to no other cluster. */
  readonly drained: boolean;
  /** Number of its newest desired state, within the hub's term. */
  readonly desiredN: number;
  readonly lastUnauthorizedAt: string | undefined;
  /** Why: signed by the right key at another time, or by another key. */
  readonly lastUnauthorizedWhy: 'clock' | 'key' | undefined;
}

/** What a cluster last reported about itself. */
export interface ObservationRecord {
  readonly clusterId: string;
  readonly sequence: number;
  readonly lastSeenAt: string | undefined;
  readonly lastReportAt: string | undefined;
  readonly controllerVersion: string | undefined;
  readonly appliedEpoch: Epoch;
}

/** A row of `gns_clusters`, as both databases answer it. */
export interface ClusterRow {
  id: string;
  name: string;
  title: string | null;
  labels: string;
  state: 'waiting' | 'enrolled' | 'disconnecting';
  cluster_uid: string | null;
  public_key: string | null;
  created_at: string;
  paused: number;
  observed: number;
  drained: number;
  desired_n: number | string;
  last_unauthorized_at: string | null;
  last_unauthorized_why: string | null;
}

/** The columns of {@link ClusterRow}: the heavy ones stay in the database. */
export const CLUSTER_COLUMNS = [
  'id',
  'name',
  'title',
  'labels',
  'state',
  'cluster_uid',
  'public_key',
  'created_at',
  'paused',
  'observed',
  'drained',
  'desired_n',
  'last_unauthorized_at',
  'last_unauthorized_why',
] as const;

function readWhy(why: string | null): ClusterRecord['lastUnauthorizedWhy'] {
  return why === 'clock' || why === 'key' ? why : undefined;
}

/** Reads a row that this plugin itself wrote. */
export function readClusterRow(row: ClusterRow): ClusterRecord {
  return {
    id: row.id,
    name: row.name,
    title: row.title ?? undefined,
    labels: JSON.parse(row.labels),
    state: row.state,
    clusterUid: row.cluster_uid ?? undefined,
    publicKey: row.public_key ? JSON.parse(row.public_key) : undefined,
    createdAt: row.created_at,
    paused: Boolean(row.paused),
    observed: Boolean(row.observed),
    drained: Boolean(row.drained),
    // PostgreSQL answers bigint as text.
    desiredN: Number(row.desired_n),
    lastUnauthorizedAt: row.last_unauthorized_at ?? undefined,
    lastUnauthorizedWhy: readWhy(row.last_unauthorized_why),
  };
}
