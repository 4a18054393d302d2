import { createHash, randomUUID } from 'node:crypto';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  gnsRolloutApprovePermission,
  type Hold,
} from '@isthmus/plugin-gns-common';

/** A hold with what the hub itself needs of it. */
export interface HoldRecord {
  readonly id: string;
  readonly kind: Hold['kind'];
  readonly state: Hold['state'];
  readonly gns: string | undefined;
  readonly clusterId: string | undefined;
  readonly clusterName: string | undefined;
  readonly message: string;
  readonly items: readonly string[];
  readonly fingerprint: string;
  /** The decision has had its effect. */
  readonly consumed: boolean;
  readonly createdAt: string;
  readonly decidedAt: string | undefined;
  readonly decidedBy: string | undefined;
  readonly reason: string | undefined;
}

interface HoldRow {
  id: string;
  kind: Hold['kind'];
  state: Hold['state'];
  gns: string | null;
  cluster_id: string | null;
  cluster_name: string | null;
  message: string;
  items: string;
  fingerprint: string;
  consumed: number;
  created_at: string;
  decided_at: string | null;
  decided_by: string | null;
  reason: string | null;
}

function toRecord(row: HoldRow): HoldRecord {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    gns: row.gns ?? undefined,
    clusterId: row.cluster_id ?? undefined,
    clusterName: row.cluster_name ?? undefined,
    message: row.message,
    items: JSON.parse(row.items),
    fingerprint: row.fingerprint,
    consumed: Boolean(row.consumed),
    createdAt: row.created_at,
    decidedAt: row.decided_at ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    reason: row.reason ?? undefined,
  };
}

/** What a hold is about: the same set has the same fingerprint. */
export function fingerprintOf(items: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...items].sort()))
    .digest('hex');
}

/** Subject of a hold: at most one is current per subject. */
export interface HoldSubject {
  readonly kind: Hold['kind'];
  readonly gns?: string;
  readonly clusterId?: string;
  readonly clusterName?: string;
}

/** All decisions that still matter: open, or decided and not yet carried out. */
export async function readCurrentHolds(trx: Knex): Promise<HoldRecord[]> {
  const rows: HoldRow[] = await trx('gns_holds')
    .where({ consumed: 0 })
    .orderBy(['created_at', 'id']);
  return rows.map(toRecord);
}

/**
 * Brings the holds of one subject in line with what waits now. Nothing waits:
 * open ones become obsolete. Another set waits: the old one becomes obsolete
 * and a new one opens, so that nobody releases what they did not see. The same
 * set was refused: it stays refused and is not asked again.
 * @returns true when a hold was opened or closed
 */
export async function alignHold(
  trx: Knex,
  current: readonly HoldRecord[],
  subject: HoldSubject,
  waiting: { items: readonly string[]; message: string },
  now: number,
): Promise<boolean> {
  const fingerprint = fingerprintOf(waiting.items);
  const mine = current.filter(
    h =>
      h.kind === subject.kind &&
      h.clusterId === subject.clusterId &&
      (subject.gns === undefined || h.gns === subject.gns) &&
      (h.state === 'open' || h.state === 'refused'),
  );
  let changed = false;
  for (const hold of mine) {
    if (waiting.items.length > 0 && hold.fingerprint === fingerprint) continue;
    await trx('gns_holds')
      .where({ id: hold.id, consumed: 0 })
      .update({
        state: hold.state === 'open' ? 'obsolete' : hold.state,
        consumed: 1,
      });
    changed = true;
  }
  if (
    waiting.items.length === 0 ||
    mine.some(h => h.fingerprint === fingerprint)
  ) {
    return changed;
  }
  await openHold(trx, subject, waiting, now);
  return true;
}

export async function openHold(
  trx: Knex,
  subject: HoldSubject,
  waiting: { items: readonly string[]; message: string },
  now: number,
): Promise<string> {
  const id = randomUUID();
  await trx('gns_holds').insert({
    id,
    kind: subject.kind,
    state: 'open',
    gns: subject.gns ?? null,
    cluster_id: subject.clusterId ?? null,
    cluster_name: subject.clusterName ?? null,
    message: waiting.message,
    items: JSON.stringify([...waiting.items].sort()),
    fingerprint: fingerprintOf(waiting.items),
    created_at: new Date(now).toISOString(),
  });
  return id;
}

/** The decision is carried out: it is history from now on. */
export async function consumeHold(trx: Knex, id: string): Promise<void> {
  await trx('gns_holds').where({ id }).update({ consumed: 1 });
}

/** @throws NotFoundError */
export async function getHold(knex: Knex, id: string): Promise<HoldRecord> {
  const row: HoldRow | undefined = await knex('gns_holds')
    .where({ id })
    .first();
  if (!row) throw new NotFoundError(`There is no hold "${id}"`);
  return toRecord(row);
}

/** Newest first; `open` ones, or the last 500 of all. */
export async function listHolds(
  knex: Knex,
  state: 'open' | 'all',
): Promise<HoldRecord[]> {
  const query = knex('gns_holds').orderBy('created_at', 'desc').limit(500);
  if (state === 'open') query.where({ state: 'open' });
  const rows: HoldRow[] = await query;
  return rows.map(toRecord);
}

/**
 * Records a person's decision, once.
 * @throws ConflictError when the hold is no longer open
 */
export async function decideHold(
  trx: Knex,
  id: string,
  decision: {
    state: 'released' | 'refused';
    by: string;
    reason: string;
    now: number;
  },
): Promise<HoldRecord> {
  const hold = await getHold(trx, id);
  const again =
    decision.state === (undoOf(hold) === 'release' ? 'released' : 'refused') &&
    undoOf(hold) !== undefined;
  const changed = await trx('gns_holds')
    .where({ id })
    .where(
      again
        ? { state: hold.state, decided_at: hold.decidedAt ?? null }
        : { state: 'open', consumed: 0 },
    )
    .update({
      state: decision.state,
      decided_at: new Date(decision.now).toISOString(),
      decided_by: decision.by,
      reason: decision.reason,
    });
  if (changed !== 1) {
    const { state, decidedBy } = await getHold(trx, id);
    throw new ConflictError(
      `The hold "${id}" is ${state} already${
        decidedBy ? `, by ${decidedBy}` : ''
      }. Read the list again`,
    );
  }
  return getHold(trx, id);
}

/**
 * What takes a decision back. A refused deletion or loss still waits, and a
 * refused restore keeps the hub read-only: each may be released later. A
 * newcomer may be let in after all, or taken out again. What was deleted is gone.
 */
export function undoOf(hold: HoldRecord): Hold['undo'] {
  if (hold.kind === 'newcomer') {
    if (hold.state === 'released') return 'refuse';
    return hold.state === 'refused' ? 'release' : undefined;
  }
  return hold.state === 'refused' && !hold.consumed ? 'release' : undefined;
}

/** The REST shape. `mayDecide`: whoever asks may release and refuse. */
export function toHold(record: HoldRecord, mayDecide: boolean): Hold {
  return {
    permission: gnsRolloutApprovePermission.name,
    mayDecide: mayDecide && record.state === 'open',
    statements: [],
    ...(undoOf(record) ? { undo: undoOf(record) } : {}),
    id: record.id,
    kind: record.kind,
    state: record.state,
    ...(record.gns ? { gns: record.gns } : {}),
    ...(record.clusterName ? { cluster: record.clusterName } : {}),
    message: record.message,
    items: [...record.items],
    createdAt: record.createdAt,
    ...(record.decidedAt ? { decidedAt: record.decidedAt } : {}),
    ...(record.decidedBy ? { decidedBy: record.decidedBy } : {}),
    ...(record.reason ? { reason: record.reason } : {}),
  };
}
