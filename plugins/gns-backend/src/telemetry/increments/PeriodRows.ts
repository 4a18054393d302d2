import type { Knex } from 'knex';
import { decodeCells, encodeCells, type Cells } from '../codec/cells';
import { addRows, EdgeSums } from '../merge/EdgeSums';
import { chunksOf, ROWS_PER_STATEMENT, type IncrementRow } from '../store/rows';
import {
  decodeKnown,
  emptyKnown,
  encodeKnown,
  setBlind,
  type KnownCells,
} from './KnownCells';
import type { Period } from './periods';
import { ServiceCells, type ViewNumber } from './ServiceCells';

/** The row that says what is known, beside those of the services. */
export const KNOWN_ROW = '';

/** Where one period of one global namespace and cluster stands in the store. */
export interface PeriodKey extends Period {
  readonly gns: string;
  readonly cluster: string;
}

/** All services of one period, read, changed and written back as a whole. */
export class PeriodRows {
  readonly known: KnownCells;
  readonly #services: Map<string, ServiceCells>;
  readonly #dirty = new Set<string>();
  readonly #stored: ReadonlySet<string>;

  private constructor(
    readonly key: PeriodKey,
    known: KnownCells,
    services: Map<string, ServiceCells>,
  ) {
    this.known = known;
    this.#services = services;
    this.#stored = new Set(services.keys());
  }

  /** `rows`: those of the period, of any services. */
  static of(
    key: PeriodKey,
    rows: readonly Pick<IncrementRow, 'service' | 'cells'>[],
  ): PeriodRows {
    let known = emptyKnown(key.cells);
    const services = new Map<string, ServiceCells>();
    for (const { service, cells } of rows) {
      if (service === KNOWN_ROW) known = decodeKnown(cells);
      else services.set(service, ServiceCells.ofStored(decodeCells(cells)));
    }
    return new PeriodRows(key, known, services);
  }

  static async load(trx: Knex, key: PeriodKey): Promise<PeriodRows> {
    return PeriodRows.of(
      key,
      await trx('gns_increments')
        .where({
          gns: key.gns,
          cluster_id: key.cluster,
          step: key.step,
          start: key.start,
        })
        .select('service', 'cells'),
    );
  }

  service(name: string): ServiceCells | undefined {
    return this.#services.get(name);
  }

  get services(): Iterable<string> {
    return this.#services.keys();
  }

  cellOf(time: number): number {
    return (time - this.key.start) / this.key.step;
  }

  #forChange(name: string): ServiceCells {
    this.#dirty.add(name);
    let service = this.#services.get(name);
    if (!service) {
      service = new ServiceCells();
      this.#services.set(name, service);
    }
    return service;
  }

  /** Forgets what cells say, for all services. */
  clear(cells: readonly number[]): void {
    for (const [name, service] of this.#services) {
      for (const cell of cells) {
        if (service.get(cell, 0) || service.get(cell, 1)) {
          service.clear(cell);
          this.#dirty.add(name);
        }
      }
    }
  }

  /** Says of a cell how many seconds of it are known. */
  setKnown(
    cell: number,
    seconds: { server: number; client: number },
    blind: ReadonlyMap<string, number>,
  ): void {
    this.known.server[cell] = seconds.server;
    this.known.client[cell] = seconds.client;
    setBlind(this.known, cell, blind);
  }

  /** Adds a slice's increments to cells, an equal part to each. */
  add(cells: readonly number[], increments: Cells): void {
    const { services, service, view, columns } = increments;
    const sums = service.map(() => new EdgeSums());
    addRows(columns, sums);
    sums.forEach((one, row) => {
      const target = this.#forChange(services[service[row]]);
      for (const cell of cells) {
        target.at(cell, view[row] as ViewNumber).add(one, 1 / cells.length);
      }
    });
  }

  /**
   * Takes a cell from several cells of shorter periods, if they know at least
   * as much as it does now. @returns whether it did
   */
  takeSum(cell: number, from: PeriodRows, cells: readonly number[]): boolean {
    const sum = (list: readonly number[]) =>
      cells.reduce((total, c) => total + (list[c] ?? 0), 0);
    const server = sum(from.known.server);
    if (server < this.known.server[cell]) return false;
    const blind = new Map<string, number>();
    for (const [name, seconds] of Object.entries(from.known.blind)) {
      const total = cells.reduce((t, c) => t + (seconds[c] ?? 0), 0);
      if (total > 0) blind.set(name, total);
    }
    this.setKnown(cell, { server, client: sum(from.known.client) }, blind);
    const names = new Set([...this.services, ...from.services]);
    for (const name of names) {
      const source = from.service(name);
      const has = [0, 1].some(
        view =>
          this.service(name)?.get(cell, view as ViewNumber) ||
          cells.some(c => source?.get(c, view as ViewNumber)),
      );
      if (has) this.#forChange(name).sumOf(cell, source, cells);
    }
    return true;
  }

  /** Writes what changed. */
  async save(trx: Knex): Promise<void> {
    const { gns, cluster, step, start } = this.key;
    const where = { gns, cluster_id: cluster, step, start };
    const rows: IncrementRow[] = [];
    const gone: string[] = [];
    const row = (service: string, cells: Buffer) =>
      rows.push({ ...where, service, cells, bytes: cells.length });
    row(KNOWN_ROW, encodeKnown(this.known));
    for (const name of this.#dirty) {
      const service = this.#services.get(name)!;
      if (!service.empty) row(name, encodeCells(service.toStored(name)));
      else if (this.#stored.has(name)) gone.push(name);
    }
    for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
      await trx('gns_increments')
        .insert(chunk)
        .onConflict(['gns', 'service', 'cluster_id', 'step', 'start'])
        .merge();
    }
    for (const chunk of chunksOf(gone, ROWS_PER_STATEMENT)) {
      await trx('gns_increments')
        .where(where)
        .whereIn('service', chunk)
        .delete();
    }
  }
}
