import type { Knex } from 'knex';
import type { SliceRange } from '@isthmus/plugin-gns-common';
import type { Retention } from '../retention';
import type { SliceRow, SourceRow } from '../store/rows';
import { ceilTo, floorTo, MINUTE, QUARTER, toSeconds } from '../time';

/** A slice is asked for again once it is this old: until then it may be on its way. */
const SETTLED_SECONDS = 150;
/** Prometheus keeps 15 days by default: older times are not asked for. */
const QUARTERS_BACK_SECONDS = 15 * 86_400;
const MAX_RANGES = 50;

/** A stretch that needs nothing more: known, or never to be known. */
interface Done {
  readonly start: number;
  readonly end: number;
}

/** The gaps of `from`–`to` between stretches, newest first. Pure. */
export function gapsBetween(
  done: readonly Done[],
  range: { from: number; to: number; seconds: 60 | 300 | 900 },
): SliceRange[] {
  const { seconds } = range;
  const gaps: SliceRange[] = [];
  const add = (from: number, to: number) => {
    const start = ceilTo(from, seconds);
    const end = floorTo(to, seconds);
    if (end > start) gaps.push({ from: start, to: end, seconds });
  };
  let at = ceilTo(range.from, seconds);
  for (const { start, end } of [...done].sort((a, b) => a.start - b.start)) {
    if (start > at) add(at, Math.min(start, range.to));
    at = Math.max(at, end);
  }
  add(at, range.to);
  return gaps.reverse();
}

/** What the hub lacks of a cluster since it first heard of it: minutes, and older times by quarters of an hour. */
export async function wantedSlices(
  trx: Knex,
  clusterId: string,
  context: { now: number; retention: Retention },
): Promise<SliceRange[]> {
  const source: SourceRow | undefined = await trx('gns_telemetry_sources')
    .where({ cluster_id: clusterId })
    .first();
  if (!source || source.first_start === null) return [];
  const first = Number(source.first_start);
  const now = toSeconds(context.now);
  const minutesFrom = ceilTo(
    now - toSeconds(context.retention.incrementMinutesMs) + QUARTER,
    QUARTER,
  );
  const of = async (
    step: number,
    seconds: 60 | 300 | 900,
    from: number,
    to: number,
  ): Promise<SliceRange[]> => {
    if (from >= to) return [];
    const done = () =>
      trx('gns_telemetry_slices')
        .where({ cluster_id: clusterId, step })
        .andWhere('start', '>=', from)
        .andWhere('start', '<', to)
        .andWhere(q => q.where('known', '>', 0).orWhere('final', 1));
    const [{ sum }]: { sum: number | string | null }[] = await done().sum({
      sum: 'seconds',
    });
    if (Number(sum ?? 0) >= to - from) return [];
    const rows: Pick<SliceRow, 'start' | 'seconds'>[] = await done().select(
      'start',
      'seconds',
    );
    return gapsBetween(
      rows.map(r => ({
        start: Number(r.start),
        end: Number(r.start) + r.seconds,
      })),
      { from, to, seconds },
    );
  };
  const settled = now - SETTLED_SECONDS;
  const length = source.slice_seconds ?? 60;
  const quartersFrom = Math.max(
    floorTo(first, QUARTER),
    ceilTo(now - QUARTERS_BACK_SECONDS, QUARTER),
    ceilTo(now - toSeconds(context.retention.incrementQuartersMs), QUARTER),
  );
  if (length === QUARTER) {
    return (
      await of(QUARTER, 900, quartersFrom, floorTo(settled, QUARTER))
    ).slice(0, MAX_RANGES);
  }
  const seconds = length === 300 ? 300 : 60;
  const minutes = await of(
    MINUTE,
    seconds,
    floorTo(Math.max(first, minutesFrom), seconds),
    floorTo(settled, seconds),
  );
  const quarters = await of(QUARTER, 900, quartersFrom, minutesFrom);
  return [...minutes, ...quarters].slice(0, MAX_RANGES);
}
