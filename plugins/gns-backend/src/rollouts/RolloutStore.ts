import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { RolloutEvent, RolloutState } from '@isthmus/plugin-gns-common';
import { OPEN_STATES, type RolloutRecord, type RolloutStep } from './types';

interface RolloutRow {
  id: string;
  gns: string;
  ref: string;
  change: RolloutRecord['change'];
  state: RolloutState;
  version: number;
  message: string;
  created_by: string;
  created_at: string;
  ended_at: string | null;
  former: string | null;
  target_generation: number;
  back_generation: number | null;
  stop_on: string;
  waves: string;
  wave: number;
  stop: string | null;
  plan: string | null;
  losses: string;
  accepted: string;
  known: string;
  hosts: string;
}

interface EventRow {
  rollout_id: string;
  version: number;
  at: string;
  actor: string;
  kind: RolloutEvent['kind'];
  wave: number | null;
  message: string;
}

function toRecord(row: RolloutRow): RolloutRecord {
  return {
    id: row.id,
    gns: row.gns,
    ref: row.ref,
    change: row.change,
    state: row.state,
    version: Number(row.version),
    message: row.message,
    createdBy: row.created_by,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    former: row.former === null ? undefined : JSON.parse(row.former),
    targetGeneration: Number(row.target_generation),
    backGeneration:
      row.back_generation === null ? undefined : Number(row.back_generation),
    stopOn: JSON.parse(row.stop_on),
    waves: JSON.parse(row.waves),
    wave: Number(row.wave),
    stop: row.stop === null ? undefined : JSON.parse(row.stop),
    plan: row.plan ?? undefined,
    losses: JSON.parse(row.losses),
    accepted: JSON.parse(row.accepted),
    known: JSON.parse(row.known),
    hosts: JSON.parse(row.hosts),
  };
}

function toRow(record: RolloutRecord): RolloutRow {
  return {
    id: record.id,
    gns: record.gns,
    ref: record.ref,
    change: record.change,
    state: record.state,
    version: record.version,
    message: record.message,
    created_by: record.createdBy,
    created_at: record.createdAt,
    ended_at: record.endedAt ?? null,
    former: record.former ? JSON.stringify(record.former) : null,
    target_generation: record.targetGeneration,
    back_generation: record.backGeneration ?? null,
    stop_on: JSON.stringify(record.stopOn),
    waves: JSON.stringify(record.waves),
    wave: record.wave,
    stop: record.stop ? JSON.stringify(record.stop) : null,
    plan: record.plan ?? null,
    losses: JSON.stringify(record.losses),
    accepted: JSON.stringify(record.accepted),
    known: JSON.stringify(record.known),
    hosts: JSON.stringify(record.hosts),
  };
}

/** Rollouts that are not over, oldest first. */
export async function readActiveRollouts(trx: Knex): Promise<RolloutRecord[]> {
  const rows: RolloutRow[] = await trx('gns_rollouts')
    .whereIn('state', [...OPEN_STATES, 'goingBack'])
    .orderBy(['created_at', 'id']);
  return rows.map(toRecord);
}

/** The rollout during which nobody else may write this definition. */
export async function findOpenRollout(
  trx: Knex,
  ref: string,
): Promise<RolloutRecord | undefined> {
  const row: RolloutRow | undefined = await trx('gns_rollouts')
    .where({ ref })
    .whereIn('state', [...OPEN_STATES])
    .first();
  return row && toRecord(row);
}

/** Newest first, at most 100. */
export async function listRollouts(
  knex: Knex,
  filter: { gns?: string; active?: boolean } = {},
): Promise<RolloutRecord[]> {
  const query = knex<RolloutRow>('gns_rollouts')
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'asc' },
    ])
    .limit(100);
  if (filter.gns !== undefined) query.where('gns', filter.gns);
  if (filter.active) query.whereIn('state', [...OPEN_STATES, 'goingBack']);
  const rows: RolloutRow[] = await query;
  return rows.map(toRecord);
}

/** @throws NotFoundError */
export async function getRollout(
  trx: Knex,
  id: string,
): Promise<RolloutRecord> {
  const row: RolloutRow | undefined = await trx('gns_rollouts')
    .where({ id })
    .first();
  if (!row) throw new NotFoundError(`There is no rollout "${id}"`);
  return toRecord(row);
}

/** Journals by rollout, oldest entry first. */
export async function readEvents(
  knex: Knex,
  ids: readonly string[],
): Promise<Map<string, RolloutEvent[]>> {
  const rows: EventRow[] = await knex('gns_rollout_events')
    .whereIn('rollout_id', [...ids])
    .orderBy(['rollout_id', 'version']);
  const events = new Map<string, RolloutEvent[]>();
  for (const { rollout_id, at, actor, kind, wave, message } of rows) {
    const own = events.get(rollout_id) ?? [];
    own.push({
      at,
      actor,
      kind,
      ...(wave === null ? {} : { wave: Number(wave) }),
      message,
    });
    events.set(rollout_id, own);
  }
  return events;
}

async function writeEvent(
  trx: Knex,
  { next, event }: RolloutStep,
  now: number,
): Promise<void> {
  const row: EventRow = {
    rollout_id: next.id,
    version: next.version,
    at: new Date(now).toISOString(),
    actor: event.actor,
    kind: event.kind,
    wave: event.wave ?? null,
    message: event.message,
  };
  await trx('gns_rollout_events').insert(row);
}

export async function insertRollout(
  trx: Knex,
  record: RolloutRecord,
  now: number,
): Promise<void> {
  await trx('gns_rollouts').insert(toRow(record));
  await writeEvent(
    trx,
    {
      next: record,
      event: {
        actor: record.createdBy,
        kind: 'created',
        wave: 0,
        message: record.message,
      },
    },
    now,
  );
}

/**
 * Writes a step that was decided on what `before` says, and journals it.
 * @returns the rollout with its new version
 * @throws ConflictError when somebody else wrote a step meanwhile
 */
export async function writeStep(
  trx: Knex,
  before: RolloutRecord,
  step: RolloutStep,
  now: number,
): Promise<RolloutRecord> {
  const next = { ...step.next, version: before.version + 1 };
  const changed = await trx('gns_rollouts')
    .where({ id: before.id, version: before.version })
    .update(toRow(next));
  if (changed !== 1) {
    throw new ConflictError(
      `The rollout "${before.id}" went on meanwhile. Read it again`,
    );
  }
  await writeEvent(trx, { ...step, next }, now);
  return next;
}

/** Keeps the last reading of errors for pages; no step, so no new version. */
export async function writeReading(
  trx: Knex,
  rollout: RolloutRecord,
): Promise<void> {
  await trx('gns_rollouts')
    .where({ id: rollout.id, version: rollout.version })
    .update({ waves: JSON.stringify(rollout.waves) });
}
