import type { Knex } from 'knex';
import type { Retention } from '../retention';
import { ceilTo, floorTo, MINUTE, QUARTER, toSeconds } from '../time';

/** From when on edges are kept by minutes: whole quarters of an hour, so that none is made from a part. */
export function edgeMinutesFrom(now: number, retention: Retention): number {
  return floorTo(toSeconds(now - retention.edgeMinutesMs), QUARTER);
}

/** Headers of quarters are needed for as long as back-filling may be asked for. */
const QUARTER_HEADS_SECONDS = 16 * 86_400;

/** How long a late slice stays to be noticed. */
const FOLLOWED_MS = 60 * 60 * 1000;

/** Sums what is known of minutes that are about to go into quarters, so that gaps stay known as such. */
async function keepHeads(knex: Knex, from: number): Promise<void> {
  const rows: {
    cluster_id: string;
    start: number | string;
    seconds: number;
    known: number;
    final: number;
  }[] = await knex('gns_telemetry_slices')
    .where({ step: MINUTE })
    .andWhere('start', '<', from)
    .select('cluster_id', 'start', 'seconds', 'known', 'final');
  const quarters = new Map<
    string,
    { cluster_id: string; start: number; known: number; final: boolean }
  >();
  for (const row of rows) {
    const start = floorTo(Number(row.start), QUARTER);
    const key = `${row.cluster_id}/${start}`;
    const quarter = quarters.get(key) ?? {
      cluster_id: row.cluster_id,
      start,
      known: 0,
      final: true,
    };
    quarter.known += row.known;
    quarter.final &&= Boolean(row.final);
    quarters.set(key, quarter);
  }
  for (const { cluster_id, start, known, final } of quarters.values()) {
    await knex('gns_telemetry_slices')
      .insert({
        cluster_id,
        step: QUARTER,
        start,
        seconds: QUARTER,
        revision: 0,
        state: known > 0 ? 'KNOWN' : 'UNKNOWN',
        known,
        final: final ? 1 : 0,
      })
      .onConflict(['cluster_id', 'step', 'start'])
      .ignore();
  }
}

/** Deletes what is past its retention, and global namespaces that are gone. */
export async function dropExpired(
  knex: Knex,
  context: { now: number; retention: Retention },
): Promise<void> {
  const { now, retention } = context;
  const before = (ms: number) => toSeconds(now - ms);
  const forget = async (
    step: number,
    column: 'edges' | 'increments',
    start: number,
  ) => {
    await knex('gns_traffic')
      .where({ step })
      .andWhere('start', '<', start)
      .whereNotNull(column)
      .update({ [column]: null, [`${column}_bytes`]: 0 });
  };
  await forget(MINUTE, 'edges', edgeMinutesFrom(now, retention));
  await forget(QUARTER, 'edges', before(retention.edgeQuartersMs));
  // Compacted by now, unless nothing ran for days; then they are past their time too.
  for (const [step, edgesFrom, incrementsMs] of [
    [MINUTE, edgeMinutesFrom(now, retention), retention.incrementMinutesMs],
    [QUARTER, before(retention.edgeQuartersMs), retention.incrementQuartersMs],
  ] as const) {
    await knex('gns_traffic')
      .where({ step })
      .andWhere('start', '<', edgesFrom)
      // Those who follow changes have to see it first.
      .andWhere('received_at', '<', now - FOLLOWED_MS)
      .andWhere(q =>
        q.where({ compacted: 1 }).orWhere('start', '<', before(incrementsMs)),
      )
      .delete();
  }
  const minuteHeads = ceilTo(before(retention.incrementMinutesMs), QUARTER);
  await keepHeads(knex, minuteHeads);
  for (const [step, start] of [
    [MINUTE, minuteHeads],
    [QUARTER, toSeconds(now) - QUARTER_HEADS_SECONDS],
  ]) {
    await knex('gns_telemetry_slices')
      .where({ step })
      .andWhere('start', '<', start)
      .delete();
  }
  for (const [step, start] of [
    [MINUTE, before(retention.incrementMinutesMs) - 3600],
    [QUARTER, before(retention.incrementQuartersMs) - 86_400],
    [86_400, before(retention.incrementQuartersMs) - 31 * 86_400],
  ]) {
    await knex('gns_increments')
      .where({ step })
      .andWhere('start', '<', start)
      .delete();
  }
  await knex('gns_resources')
    .where('at', '<', before(retention.edgeQuartersMs))
    .delete();
  await knex('gns_telemetry_members')
    .where('until', '<', before(retention.incrementQuartersMs))
    .delete();
  await dropGone(knex, toSeconds(now));
}

const TABLES_OF_GNS = [
  'gns_traffic',
  'gns_increments',
  'gns_edges_seen',
  'gns_telemetry_members',
] as const;

/** A global namespace that was deleted a day ago is forgotten: another of its name does not inherit its past. */
async function dropGone(knex: Knex, now: number): Promise<void> {
  const gone: { gns: string }[] = await knex('gns_telemetry_members')
    .groupBy('gns')
    .havingRaw('count(*) = count(until) and max(until) < ?', [now - 86_400])
    .select('gns');
  if (gone.length === 0) return;
  const defined: { name: string }[] = await knex('gns_definitions')
    .where({ kind: 'GlobalNamespace' })
    .whereIn(
      'name',
      gone.map(g => g.gns),
    )
    .select('name');
  const kept = new Set(defined.map(d => d.name));
  for (const { gns } of gone) {
    if (kept.has(gns)) continue;
    for (const table of TABLES_OF_GNS)
      await knex(table).where({ gns }).delete();
  }
}
