import type { Knex } from 'knex';
import { inSnapshot } from '../../database/inTransaction';
import { decodeCells } from '../codec/cells';
import type { Directory } from '../Directory';
import type { Retention } from '../retention';
import { blindServices } from '../rollup/compactIncrements';
import type { DirectorySource } from '../store/DirectorySource';
import type { IncrementRow, MemberRow, TrafficRow } from '../store/rows';
import { DAY, floorTo, HOUR, MINUTE, QUARTER, toSeconds } from '../time';
import { newestSettled } from '../store/newestSettled';
import { changesSince } from './changesSince';
import {
  GnsIncrements,
  type PendingSlice,
  type StoredIncrements,
} from './GnsIncrements';
import { KNOWN_ROW } from './PeriodRows';
import { periodOf } from './periods';
import type {
  IncrementChanges,
  IncrementQuery,
  IncrementRange,
  IncrementReader,
  IncrementStep,
  ServiceIncrements,
} from './types';

const MAX_SLICES = 40_000;
/** More services than this are read with all of their global namespace. */
const MAX_NAMED = 200;

export class DatabaseIncrementReader implements IncrementReader {
  readonly #knex: Knex;
  readonly #directory: DirectorySource;
  readonly #retention: Retention;
  readonly #now: () => number;

  constructor(options: {
    knex: Knex;
    directory: DirectorySource;
    retention: Retention;
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#directory = options.directory;
    this.#retention = options.retention;
    this.#now = options.now;
  }

  async read(
    queries: readonly IncrementQuery[],
    range: IncrementRange,
  ): Promise<ServiceIncrements[]> {
    const { from, to, step } = range;
    const slices = (to - from) / step;
    if (from % step !== 0 || to % step !== 0 || slices < 0) {
      throw new RangeError(
        `The range ${from}–${to} is no whole number of slices of ${step} s`,
      );
    }
    if (slices > MAX_SLICES) {
      throw new RangeError(
        `The range has ${slices} slices. Read at most ${MAX_SLICES} at once, or a longer step`,
      );
    }
    const answers: ServiceIncrements[] = queries.map(query => ({
      query,
      clusters: [],
    }));
    const names = new Set(queries.map(q => q.gns));
    for (const gns of names) {
      const wanted = queries.flatMap((query, i) =>
        query.gns === gns ? [{ query, i }] : [],
      );
      const read = await this.#readGns(
        gns,
        wanted.map(w => w.query),
        range,
      );
      wanted.forEach(({ i }, place) => {
        answers[i] = read[place];
      });
    }
    return answers;
  }

  async #readGns(
    gns: string,
    queries: readonly IncrementQuery[],
    { from, to, step }: IncrementRange,
  ): Promise<ServiceIncrements[]> {
    // Before the transaction: it waits for others, who may wait for the connection.
    const directory = await this.#directory.load(this.#knex);
    // One moment: else a slice might be compacted between two readings, and be missed or counted twice.
    return inSnapshot(this.#knex, async trx => {
      const members: MemberRow[] = await trx('gns_telemetry_members').where({
        gns,
      });
      const increments = new GnsIncrements({
        queries,
        members,
        pending: await readPending(trx, directory, gns, from, to),
        now: toSeconds(this.#now()),
        rows: (s, a, b) => readRows(trx, gns, queries, s, a, b),
      });
      return increments.read(step, from, to);
    });
  }

  async newest(): Promise<number> {
    return newestSettled(this.#knex, toSeconds(this.#now()));
  }

  async changesSince(cursor: string | undefined): Promise<IncrementChanges> {
    return changesSince(this.#knex, cursor, this.#now());
  }

  async oldest(step: IncrementStep): Promise<number> {
    const kept =
      step === MINUTE
        ? this.#retention.incrementMinutesMs
        : this.#retention.incrementQuartersMs;
    const period = step === MINUTE ? HOUR : QUARTER;
    return floorTo(toSeconds(this.#now() - kept), Math.max(period, step));
  }
}

/** Slices that are not compacted yet and touch the range, with the services of namespaces that were not scraped. */
async function readPending(
  trx: Knex,
  directory: Directory,
  gns: string,
  from: number,
  to: number,
): Promise<PendingSlice[]> {
  const rows: TrafficRow[] = await trx('gns_traffic')
    .where({ gns, compacted: 0 })
    .andWhere('start', '>=', floorTo(from, DAY))
    .andWhere('start', '<', to)
    .orderBy('start')
    .select(
      'gns',
      'cluster_id',
      'step',
      'start',
      'seconds',
      'known',
      'unscraped',
      'increments',
    );
  return rows.map(row => ({
    cluster: row.cluster_id,
    step: row.step,
    start: Number(row.start),
    seconds: row.seconds,
    known: row.known,
    clientKnown: row.unscraped === '[]' ? row.known : 0,
    blind: blindServices(directory, row.cluster_id, row),
    cells: row.increments ? decodeCells(row.increments) : undefined,
  }));
}

async function readRows(
  trx: Knex,
  gns: string,
  queries: readonly IncrementQuery[],
  step: IncrementStep,
  from: number,
  to: number,
): Promise<StoredIncrements[]> {
  const services = [...new Set(queries.map(q => q.service)), KNOWN_ROW];
  const query = trx('gns_increments')
    .where({ gns, step })
    .andWhere('start', '>=', periodOf(step, from).start)
    .andWhere('start', '<', to)
    .select('service', 'cluster_id', 'start', 'cells');
  if (services.length <= MAX_NAMED) query.whereIn('service', services);
  const rows: Pick<
    IncrementRow,
    'service' | 'cluster_id' | 'start' | 'cells'
  >[] = await query;
  return rows.map(row => ({ ...row, start: Number(row.start) }));
}
