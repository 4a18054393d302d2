import type { Knex } from 'knex';
import { inTransaction } from '../../database/inTransaction';
import { decodeCells } from '../codec/cells';
import type { Directory } from '../Directory';
import { decodeKnown } from '../increments/KnownCells';
import { KNOWN_ROW, PeriodRows } from '../increments/PeriodRows';
import { periodOf } from '../increments/periods';
import type { TrafficRow } from '../store/rows';
import { DAY, floorTo, HOUR, MINUTE, QUARTER, toSeconds } from '../time';

/** Minutes that come within this after their hour are compacted with it. */
const SETTLED_SECONDS = 180;

type PendingRow = Pick<
  TrafficRow,
  | 'gns'
  | 'cluster_id'
  | 'step'
  | 'start'
  | 'seconds'
  | 'known'
  | 'unscraped'
  | 'increments'
  | 'received_at'
>;

/** The hours of one global namespace and cluster that wait. */
export interface PendingHour {
  readonly gns: string;
  readonly cluster: string;
  /** Start of the hour. */
  readonly hour: number;
}

/** Hours that are over and have rows that are not compacted, oldest first. */
export async function pendingHours(
  knex: Knex,
  now: number,
): Promise<PendingHour[]> {
  const over = floorTo(toSeconds(now) - SETTLED_SECONDS, HOUR);
  const rows: { gns: string; cluster_id: string; start: number | string }[] =
    await knex('gns_traffic')
      .where({ compacted: 0 })
      .andWhere('start', '<', over)
      .orderBy('start')
      .select('gns', 'cluster_id', 'start');
  const found = new Map<string, PendingHour>();
  for (const { gns, cluster_id: cluster, start } of rows) {
    const hour = floorTo(Number(start), HOUR);
    found.set(`${gns}/${cluster}/${hour}`, { gns, cluster, hour });
  }
  return [...found.values()];
}

/** Services that run in the namespaces of a cluster that nobody scraped. */
export function blindServices(
  directory: Directory,
  cluster: string,
  row: Pick<TrafficRow, 'gns' | 'unscraped'>,
): string[] {
  const namespaces: string[] = JSON.parse(row.unscraped);
  return namespaces.flatMap(ns => directory.servicesIn(row.gns, cluster, ns));
}

/** Puts a slice of minutes into the minutes of its hour, in place of what stood there. */
export function putMinutes(
  hour: PeriodRows,
  row: Omit<PendingRow, 'received_at'>,
  blind: readonly string[],
): void {
  const first = hour.cellOf(Number(row.start));
  const cells = Array.from(
    { length: row.seconds / MINUTE },
    (_, i) => first + i,
  );
  const known = row.known > 0 ? MINUTE : 0;
  const blindSeconds = new Map(blind.map(service => [service, known]));
  hour.clear(cells);
  for (const cell of cells) {
    hour.setKnown(
      cell,
      { server: known, client: row.unscraped === '[]' ? known : 0 },
      blindSeconds,
    );
  }
  if (row.increments) hour.add(cells, decodeCells(row.increments));
}

/** A quarter that came whole, as minutes would have made it. */
export function wholeQuarter(
  day: PeriodRows,
  row: Omit<PendingRow, 'received_at'>,
  blind: readonly string[],
): PeriodRows {
  const quarter = PeriodRows.of(day.key, []);
  const cell = day.cellOf(Number(row.start));
  quarter.setKnown(
    cell,
    { server: row.known, client: row.unscraped === '[]' ? row.known : 0 },
    new Map(blind.map(service => [service, row.known])),
  );
  if (row.increments) quarter.add([cell], decodeCells(row.increments));
  return quarter;
}

/**
 * Moves the increments of one hour from its slices to the rows of its
 * services: minutes, the four quarters, and the day once it is over. A slice
 * replaces what stood in its place; done twice, it changes nothing.
 */
export async function compactHour(
  knex: Knex,
  { gns, cluster, hour: start }: PendingHour,
  context: { directory: Directory; now: number },
): Promise<void> {
  const { directory, now } = context;
  await inTransaction(knex, async trx => {
    const pending: PendingRow[] = await trx('gns_traffic')
      .where({ gns, cluster_id: cluster, compacted: 0 })
      .andWhere('start', '>=', start)
      .andWhere('start', '<', start + HOUR)
      .orderBy('start')
      .forUpdate()
      .select(
        'gns',
        'cluster_id',
        'step',
        'start',
        'seconds',
        'known',
        'unscraped',
        'increments',
        'received_at',
      );
    if (pending.length === 0) return;
    const key = { gns, cluster };
    const hour = await PeriodRows.load(trx, {
      ...key,
      ...periodOf(MINUTE, start),
    });
    const day = await PeriodRows.load(trx, {
      ...key,
      ...periodOf(QUARTER, start),
    });
    const blind = (row: PendingRow) => blindServices(directory, cluster, row);
    const minutes = pending.filter(row => row.step === MINUTE);
    for (const row of minutes) putMinutes(hour, row, blind(row));
    const quarters = new Set(
      minutes.map(row => floorTo(Number(row.start), QUARTER)),
    );
    for (const quarter of quarters) {
      const first = hour.cellOf(quarter);
      day.takeSum(
        day.cellOf(quarter),
        hour,
        Array.from({ length: QUARTER / MINUTE }, (_, i) => first + i),
      );
    }
    for (const row of pending) {
      if (row.step !== QUARTER) continue;
      const cell = day.cellOf(Number(row.start));
      day.takeSum(cell, wholeQuarter(day, row, blind(row)), [cell]);
    }
    if (minutes.length > 0) await hour.save(trx);
    await day.save(trx);
    if (day.key.start + DAY <= toSeconds(now)) await putDay(trx, day);
    for (const row of pending) {
      await trx('gns_traffic')
        .where({
          gns,
          cluster_id: cluster,
          step: row.step,
          start: row.start,
          received_at: row.received_at,
        })
        .update({ compacted: 1, increments: null, increments_bytes: 0 });
    }
  });
}

/** Sums a day into its month. */
async function putDay(trx: Knex, day: PeriodRows): Promise<void> {
  const month = await PeriodRows.load(trx, {
    gns: day.key.gns,
    cluster: day.key.cluster,
    ...periodOf(DAY, day.key.start),
  });
  month.takeSum(
    month.cellOf(day.key.start),
    day,
    Array.from({ length: day.key.cells }, (_, i) => i),
  );
  await month.save(trx);
}

/** Days that are looked at again: longer than a hub is usually gone. */
const DAYS_BACK = 16;

/**
 * Sums days that are over and are not in their month, because nothing came of
 * their last hour.
 */
export async function closeDays(knex: Knex, now: number): Promise<void> {
  const today = floorTo(toSeconds(now), DAY);
  const known = async (step: number, from: number) => {
    const rows: KnownRow[] = await knex('gns_increments')
      .where({ step, service: KNOWN_ROW })
      .andWhere('start', '>=', from)
      .andWhere('start', '<', today)
      .select('gns', 'cluster_id', 'start', 'cells');
    return rows.map(row => ({
      gns: row.gns,
      cluster: row.cluster_id,
      start: Number(row.start),
      known: decodeKnown(row.cells),
    }));
  };
  const from = today - DAYS_BACK * DAY;
  const months = new Map(
    (await known(DAY, periodOf(DAY, from).start)).map(row => [
      `${row.gns}/${row.cluster}/${row.start}`,
      row.known,
    ]),
  );
  for (const { gns, cluster, start, known: day } of await known(
    QUARTER,
    from,
  )) {
    const month = periodOf(DAY, start);
    const put = months.get(`${gns}/${cluster}/${month.start}`)?.server[
      (start - month.start) / DAY
    ];
    if (put === day.server.reduce((sum, s) => sum + s, 0)) continue;
    await inTransaction(knex, async trx => {
      const key = { gns, cluster, ...periodOf(QUARTER, start) };
      await putDay(trx, await PeriodRows.load(trx, key));
    });
  }
}

interface KnownRow {
  gns: string;
  cluster_id: string;
  start: number | string;
  cells: Buffer;
}
