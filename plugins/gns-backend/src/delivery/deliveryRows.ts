import type { Knex } from 'knex';
import type { DeliveryDraft } from './nextDelivery';
import type { ClusterDelivery, StoredObject, StoredTombstone } from './types';

/** A row of `gns_desired_objects`. */
export interface DesiredRow {
  cluster_id: string;
  key: string;
  gns: string;
  manifest: string;
  hash: string;
  role: StoredObject['role'];
  hosts: string;
  changed_n: number | string;
  removal: string | null;
}

/** A row of `gns_tombstones`. */
export interface TombstoneRow {
  cluster_id: string;
  key: string;
  gns: string;
  reason: string;
  role: StoredTombstone['role'];
  hosts: string;
  created_n: number | string;
  created_at: string;
  deleted_at: string | null;
  confirmed_n: number | string | null;
}

interface HeadRow {
  id: string;
  desired_n: number | string;
  settings: string | null;
  served: string;
}

/** Rows per statement: SQLite binds at most 32,766 values. */
const BATCH = 500;

/** Confirmed tombstones are remembered for this, so that deltas can name them; milliseconds. */
const CONFIRMED_KEPT_MS = 60 * 60 * 1000;

function toObject(row: DesiredRow): StoredObject {
  return {
    key: row.key,
    gns: row.gns,
    manifest: row.manifest,
    hash: row.hash,
    role: row.role,
    hosts: JSON.parse(row.hosts),
    changedN: Number(row.changed_n),
    ...(row.removal ? { removal: JSON.parse(row.removal) } : {}),
  };
}

export function toTombstone(row: TombstoneRow): StoredTombstone {
  return {
    key: row.key,
    gns: row.gns,
    reason: JSON.parse(row.reason),
    role: row.role,
    hosts: JSON.parse(row.hosts),
    createdN: Number(row.created_n),
    createdAt: row.created_at,
    ...(row.confirmed_n === null
      ? {}
      : { confirmedN: Number(row.confirmed_n) }),
  };
}

/** Reads everything that is delivered, by cluster id. */
export async function readDeliveries(
  trx: Knex,
): Promise<Map<string, ClusterDelivery>> {
  const heads: HeadRow[] = await trx('gns_clusters').select(
    'id',
    'desired_n',
    'settings',
    'served',
  );
  const objects = new Map<string, Map<string, StoredObject>>();
  for (const row of await trx<DesiredRow>('gns_desired_objects')) {
    let of = objects.get(row.cluster_id);
    if (!of) objects.set(row.cluster_id, (of = new Map()));
    of.set(row.key, toObject(row));
  }
  const tombstones = new Map<string, Map<string, StoredTombstone>>();
  for (const row of await trx<TombstoneRow>('gns_tombstones')) {
    let of = tombstones.get(row.cluster_id);
    if (!of) tombstones.set(row.cluster_id, (of = new Map()));
    of.set(row.key, toTombstone(row));
  }
  return new Map(
    heads.map(head => [
      head.id,
      {
        n: Number(head.desired_n),
        objects: objects.get(head.id) ?? new Map(),
        tombstones: tombstones.get(head.id) ?? new Map(),
        settings: head.settings ?? '',
        served: new Set<string>(JSON.parse(head.served)),
      },
    ]),
  );
}

/** Tombstones that controllers reported done and that are still delivered, by cluster id. */
export async function readConfirmedDeletions(
  trx: Knex,
): Promise<Map<string, Set<string>>> {
  const rows: { cluster_id: string; key: string }[] = await trx(
    'gns_tombstones',
  )
    .whereNotNull('deleted_at')
    .whereNull('confirmed_n')
    .select('cluster_id', 'key');
  const confirmed = new Map<string, Set<string>>();
  for (const { cluster_id, key } of rows) {
    const keys = confirmed.get(cluster_id) ?? new Set<string>();
    confirmed.set(cluster_id, keys.add(key));
  }
  return confirmed;
}

async function inBatches<T>(
  rows: readonly T[],
  write: (batch: T[]) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < rows.length; i += BATCH) {
    await write(rows.slice(i, i + BATCH));
  }
}

/** Writes what a draft changed. */
export async function writeDraft(
  trx: Knex,
  clusterId: string,
  draft: DeliveryDraft,
): Promise<void> {
  const written: DesiredRow[] = [];
  const removed: string[] = [];
  for (const key of draft.dirtyObjects) {
    const object = draft.objects.get(key);
    if (!object) {
      removed.push(key);
      continue;
    }
    written.push({
      cluster_id: clusterId,
      key,
      gns: object.gns,
      manifest: object.manifest,
      hash: object.hash,
      role: object.role,
      hosts: JSON.stringify(object.hosts),
      changed_n: object.changedN,
      removal: object.removal ? JSON.stringify(object.removal) : null,
    });
  }
  await inBatches(written, batch =>
    trx('gns_desired_objects')
      .insert(batch)
      .onConflict(['cluster_id', 'key'])
      .merge(),
  );
  await inBatches(removed, batch =>
    trx('gns_desired_objects')
      .where({ cluster_id: clusterId })
      .whereIn('key', batch)
      .delete(),
  );
  const buried: TombstoneRow[] = [];
  const lifted: string[] = [];
  for (const key of draft.dirtyTombstones) {
    const tombstone = draft.tombstones.get(key);
    if (!tombstone) {
      lifted.push(key);
      continue;
    }
    buried.push({
      cluster_id: clusterId,
      key,
      gns: tombstone.gns,
      reason: JSON.stringify(tombstone.reason),
      role: tombstone.role,
      hosts: JSON.stringify(tombstone.hosts),
      created_n: tombstone.createdN,
      created_at: tombstone.createdAt,
      deleted_at:
        tombstone.confirmedN === undefined ? null : tombstone.createdAt,
      confirmed_n: tombstone.confirmedN ?? null,
    });
  }
  await inBatches(buried, batch =>
    trx('gns_tombstones')
      .insert(batch)
      .onConflict(['cluster_id', 'key'])
      .merge(),
  );
  await inBatches(lifted, batch =>
    trx('gns_tombstones')
      .where({ cluster_id: clusterId })
      .whereIn('key', batch)
      .delete(),
  );
}

/**
 * Forgets confirmed tombstones that are older than an hour, and raises the
 * number below which deltas cannot be made any more.
 * @returns ids of the clusters that were touched
 */
export async function purgeTombstones(
  trx: Knex,
  now: number,
): Promise<Set<string>> {
  const before = new Date(now - CONFIRMED_KEPT_MS).toISOString();
  const old: TombstoneRow[] = await trx<TombstoneRow>('gns_tombstones')
    .whereNotNull('confirmed_n')
    .andWhere('created_at', '<', before);
  const floors = new Map<string, number>();
  for (const row of old) {
    floors.set(
      row.cluster_id,
      Math.max(floors.get(row.cluster_id) ?? 0, Number(row.confirmed_n)),
    );
  }
  for (const [id, floor] of floors) {
    await trx('gns_tombstones')
      .where({ cluster_id: id })
      .whereNotNull('confirmed_n')
      .andWhere('confirmed_n', '<=', floor)
      .delete();
    await trx('gns_clusters')
      .where({ id })
      .andWhere('delta_floor', '<', floor)
      .update({ delta_floor: floor });
  }
  return new Set(floors.keys());
}
