import type { Knex } from 'knex';
import {
  compareEpochs,
  type DesiredDelta,
  type DesiredObject,
  type Epoch,
} from '@isthmus/plugin-gns-common';
import { isPostgres } from '../database/dialect';
import type { HubIdentity } from '../members/hubIdentity';
import {
  toTombstone,
  type DesiredRow,
  type TombstoneRow,
} from './deliveryRows';
import { readHub } from './hubState';
import { openTombstones } from './nextDelivery';

/** What `GET desired` finds: an answer, nothing newer, a hub that was restored, or a cluster that left. */
export type DesiredLookup =
  | { type: 'delta'; delta: DesiredDelta }
  | { type: 'nothing' }
  | { type: 'restored'; own: Epoch }
  | { type: 'gone' };

interface HeadRow {
  desired_n: number | string;
  delta_floor: number | string;
  settings: string | null;
  digest: string | null;
}

function toDesired(row: DesiredRow): DesiredObject {
  return { key: row.key, gns: row.gns, manifest: JSON.parse(row.manifest) };
}

async function inSnapshot<T>(
  knex: Knex,
  read: (trx: Knex) => Promise<T>,
): Promise<T> {
  return knex.transaction(
    read,
    // SQLite transactions are snapshots anyway.
    isPostgres(knex)
      ? { isolationLevel: 'repeatable read', readOnly: true }
      : undefined,
  );
}

/** The number of a cluster's newest desired state, cheaply. */
export async function ownEpoch(
  knex: Knex,
  clusterId: string,
): Promise<{ own: Epoch; readOnly: boolean } | undefined> {
  const row = await knex('gns_clusters as c')
    .crossJoin(knex.raw('gns_hub as h'))
    .where('c.id', clusterId)
    .first('c.desired_n', 'h.term', 'h.read_only');
  return (
    row && {
      own: { term: Number(row.term), n: Number(row.desired_n) },
      readOnly: Boolean(row.read_only),
    }
  );
}

/**
 * What this cluster gets that has `after` and once saw `highest`. A delta when
 * `after` is of this term and not older than what deltas remember, else the
 * whole.
 */
export async function lookUpDesired(
  knex: Knex,
  hub: HubIdentity,
  request: { clusterId: string; after: Epoch; highest: Epoch; now: number },
): Promise<DesiredLookup> {
  const head = await ownEpoch(knex, request.clusterId);
  if (!head) return { type: 'gone' };
  if (compareEpochs(request.highest, head.own) > 0) {
    return { type: 'restored', own: head.own };
  }
  if (head.readOnly || compareEpochs(head.own, request.after) <= 0) {
    return { type: 'nothing' };
  }
  const read = await inSnapshot(knex, trx => readDelta(trx, request));
  if (!read) return { type: 'nothing' };
  const signature = await hub.sign({
    hub: hub.hubId,
    cluster: request.clusterId,
    epoch: read.epoch,
    digest: read.digest,
    iat: Math.floor(request.now / 1000),
  });
  return { type: 'delta', delta: { ...read, signature } };
}

async function readDelta(
  trx: Knex,
  request: { clusterId: string; after: Epoch },
): Promise<Omit<DesiredDelta, 'signature'> | undefined> {
  const { term, readOnly } = await readHub(trx);
  const head: HeadRow | undefined = await trx('gns_clusters')
    .where({ id: request.clusterId })
    .first('desired_n', 'delta_floor', 'settings', 'digest');
  // Without a digest nothing was composed for it yet: there is nothing to say.
  if (!head?.settings || !head.digest || readOnly) return undefined;
  const epoch = { term, n: Number(head.desired_n) };
  const { after } = request;
  const base =
    after.term === term && after.n > 0 && after.n >= Number(head.delta_floor)
      ? after
      : null;
  const query = trx<DesiredRow>('gns_desired_objects')
    .where({ cluster_id: request.clusterId })
    .orderBy('key');
  if (base) query.andWhere('changed_n', '>', base.n);
  const objects: DesiredRow[] = await query;
  const rows: TombstoneRow[] = await trx<TombstoneRow>('gns_tombstones').where({
    cluster_id: request.clusterId,
  });
  const tombstones = rows.map(toTombstone);
  return {
    epoch,
    base,
    upserts: objects.map(toDesired),
    tombstones: openTombstones(new Map(tombstones.map(t => [t.key, t]))),
    forgotten: base
      ? tombstones
          .filter(t => t.confirmedN !== undefined && t.confirmedN > base.n)
          .map(t => t.key)
          .sort()
      : [],
    settings: JSON.parse(head.settings),
    digest: head.digest,
  };
}
