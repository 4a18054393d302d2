import type { Knex } from 'knex';

/**
 * A cluster that is further behind than this is not waited for, seconds: who
 * keeps up is at most one minute behind the first, and the trouble of one shall
 * not hold up what is known of the others.
 */
const LAGGARD_SECONDS = 60;

/** Ends of the newest known slice by cluster id, Unix seconds; of the last hour. */
export async function newestEnds(
  knex: Knex,
  now: number,
): Promise<Map<string, number>> {
  const rows: { cluster_id: string; end: number | string }[] = await knex(
    'gns_telemetry_slices',
  )
    .where('known', '>', 0)
    .andWhere('start', '>=', now - 3600)
    .groupBy('cluster_id')
    .select('cluster_id')
    .max({ end: knex.raw('?? + ??', ['start', 'seconds']) });
  return new Map(rows.map(r => [r.cluster_id, Number(r.end)]));
}

/**
 * The time up to which every cluster that keeps up has delivered. Pure.
 * @param ends - of the newest slices; none: `otherwise`
 */
export function settledEnd(ends: Iterable<number>, otherwise: number): number {
  const all = [...ends];
  if (all.length === 0) return otherwise;
  const newest = Math.max(...all);
  return Math.min(...all.filter(end => end >= newest - LAGGARD_SECONDS));
}

/** {@link settledEnd} of all clusters; without any, two minutes ago. */
export async function newestSettled(knex: Knex, now: number): Promise<number> {
  const ends = await newestEnds(knex, now);
  return settledEnd(ends.values(), Math.floor(now / 60) * 60 - 120);
}
