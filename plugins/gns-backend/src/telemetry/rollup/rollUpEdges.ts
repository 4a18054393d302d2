import type { Knex } from 'knex';
import { inTransaction } from '../../database/inTransaction';
import { decodeEdges, encodeEdges } from '../codec/edges';
import { EdgeTable } from '../merge/EdgeTable';
import type { TrafficRow } from '../store/rows';
import { floorTo, MINUTE, QUARTER, toSeconds } from '../time';
import { noteSeen } from './seenEdges';

/** Minutes that come within this after their quarter of an hour are rolled up with it. */
const SETTLED_SECONDS = 150;

export interface PendingQuarter {
  readonly gns: string;
  readonly cluster: string;
  /** Start of the quarter. */
  readonly quarter: number;
}

/** Quarters that are over and have minutes that are not in them, oldest first. */
export async function pendingQuarters(
  knex: Knex,
  now: number,
): Promise<PendingQuarter[]> {
  const over = floorTo(toSeconds(now) - SETTLED_SECONDS, QUARTER);
  const rows: { gns: string; cluster_id: string; start: number | string }[] =
    await knex('gns_traffic')
      .where({ rolled: 0 })
      .andWhere('start', '<', over)
      .orderBy('start')
      .select('gns', 'cluster_id', 'start');
  const found = new Map<string, PendingQuarter>();
  for (const { gns, cluster_id: cluster, start } of rows) {
    const quarter = floorTo(Number(start), QUARTER);
    found.set(`${gns}/${cluster}/${quarter}`, { gns, cluster, quarter });
  }
  return [...found.values()];
}

type MinuteRow = Pick<
  TrafficRow,
  'start' | 'known' | 'unscraped' | 'edges' | 'received_at'
>;

/**
 * Sums the minutes of a quarter of an hour into one row of edges. Minutes that are
 * not known count for nothing, and the row says how many seconds are. A quarter
 * that came whole and knows more stays. Done twice, it changes nothing.
 *
 * @param context.minutesFrom - Unix seconds: edges of earlier minutes are gone,
 * so a quarter of then is not made again from what is left
 */
export async function rollUpQuarter(
  knex: Knex,
  { gns, cluster, quarter }: PendingQuarter,
  context: { minutesFrom: number },
): Promise<void> {
  await inTransaction(knex, async trx => {
    const minutes: MinuteRow[] = await trx('gns_traffic')
      .where({ gns, cluster_id: cluster, step: MINUTE })
      .andWhere('start', '>=', quarter)
      .andWhere('start', '<', quarter + QUARTER)
      .orderBy('start')
      .forUpdate()
      .select('start', 'known', 'unscraped', 'edges', 'received_at');
    if (quarter >= context.minutesFrom && minutes.length > 0) {
      await writeQuarter(trx, { gns, cluster, quarter }, minutes);
    }
    await rememberWhole(trx, { gns, cluster, quarter });
    for (const { start, received_at } of minutes) {
      await trx('gns_traffic')
        .where({ gns, cluster_id: cluster, step: MINUTE, start, received_at })
        .update({ rolled: 1 });
    }
  });
}

/** A quarter that came whole has edges to remember too. */
async function rememberWhole(
  trx: Knex,
  { gns, cluster, quarter }: PendingQuarter,
): Promise<void> {
  const where = { gns, cluster_id: cluster, step: QUARTER, start: quarter };
  const row: Pick<TrafficRow, 'edges'> | undefined = await trx('gns_traffic')
    .where({ ...where, rolled: 0 })
    .first('edges');
  if (!row) return;
  if (row.edges) {
    const edges = await decodeEdges(row.edges);
    await noteSeen(trx, { gns, cluster }, edges, quarter + QUARTER);
  }
  await trx('gns_traffic').where(where).update({ rolled: 1 });
}

async function writeQuarter(
  trx: Knex,
  { gns, cluster, quarter }: PendingQuarter,
  minutes: readonly MinuteRow[],
): Promise<void> {
  const where = { gns, cluster_id: cluster, step: QUARTER, start: quarter };
  const known = minutes.reduce((sum, m) => sum + m.known, 0);
  const stored: Pick<TrafficRow, 'known' | 'revision'> | undefined = await trx(
    'gns_traffic',
  )
    .where(where)
    .first('known', 'revision');
  if (stored && stored.revision > 0 && stored.known >= known) return;
  const table = new EdgeTable();
  for (const { edges } of minutes) {
    if (edges) table.add(await decodeEdges(edges));
  }
  const sum = table.size > 0 ? table.toEdges() : undefined;
  const packed = sum && (await encodeEdges(sum));
  const unscraped = new Set(
    minutes.flatMap((m): string[] => JSON.parse(m.unscraped)),
  );
  const row = {
    seconds: QUARTER,
    revision: 0,
    known,
    unscraped: JSON.stringify([...unscraped].sort()),
    edges: packed ?? null,
    edges_bytes: packed?.length ?? 0,
    increments: null,
    increments_bytes: 0,
    // Increments go their own way, from the minutes.
    compacted: 1,
    rolled: 1,
    received_at: 0,
  };
  await trx('gns_traffic')
    .insert({ ...where, ...row })
    .onConflict(['gns', 'cluster_id', 'step', 'start'])
    .merge(row);
  if (sum) await noteSeen(trx, { gns, cluster }, sum, quarter + QUARTER);
}
