import { decodeCells, type Cells } from '../codec/cells';
import type { MemberRow } from '../store/rows';
import { DAY, floorTo, HOUR, MINUTE, QUARTER } from '../time';
import {
  addToTargets,
  IncrementColumns,
  type Target,
} from './IncrementColumns';
import { decodeKnown, serverSeconds, type KnownCells } from './KnownCells';
import { KNOWN_ROW } from './PeriodRows';
import type { IncrementQuery, IncrementStep, ServiceIncrements } from './types';

/** A slice that is not in the rows of services yet. */
export interface PendingSlice {
  readonly cluster: string;
  readonly step: number;
  readonly start: number;
  readonly seconds: number;
  readonly known: number;
  readonly clientKnown: number;
  /** Services whose servers nobody scraped. */
  readonly blind: readonly string[];
  readonly cells: Cells | undefined;
}

/** A row of `gns_increments`. */
export interface StoredIncrements {
  readonly service: string;
  readonly cluster_id: string;
  readonly start: number;
  readonly cells: Buffer;
}

/** Columns of one query by cluster id. */
type ByCluster = Map<string, IncrementColumns>;

const VIEWS = ['client', 'server'] as const;

/**
 * Increments of one global namespace over one range: what is compacted,
 * overlaid by what is not. A pending slice replaces what stands in its place; a longer
 * step is made of a shorter one where that knows at least as much.
 */
export class GnsIncrements {
  readonly #queries: readonly IncrementQuery[];
  readonly #members: readonly MemberRow[];
  readonly #pending: readonly PendingSlice[];
  readonly #now: number;
  readonly #rows: (
    step: IncrementStep,
    from: number,
    to: number,
  ) => Promise<readonly StoredIncrements[]>;
  /** Places of the queries by `<service> <view number>`. */
  readonly #wanted = new Map<string, number[]>();

  constructor(options: {
    queries: readonly IncrementQuery[];
    members: readonly MemberRow[];
    pending: readonly PendingSlice[];
    /** Unix seconds. */
    now: number;
    rows: (
      step: IncrementStep,
      from: number,
      to: number,
    ) => Promise<readonly StoredIncrements[]>;
  }) {
    this.#queries = options.queries;
    this.#members = options.members;
    this.#pending = options.pending;
    this.#now = options.now;
    this.#rows = options.rows;
    options.queries.forEach((query, place) => {
      const key = `${query.service} ${VIEWS.indexOf(query.view)}`;
      const places = this.#wanted.get(key);
      if (places) places.push(place);
      else this.#wanted.set(key, [place]);
    });
  }

  async read(
    step: IncrementStep,
    from: number,
    to: number,
  ): Promise<ServiceIncrements[]> {
    const columns = await this.#columns(step, from, to);
    return this.#queries.map((query, place) => ({
      query,
      clusters: [...columns[place].values()]
        .filter(c => c.expected.some(e => e === 1))
        .sort((a, b) => (a.cluster < b.cluster ? -1 : 1))
        .map(c => c.toIncrements()),
    }));
  }

  async #columns(
    step: IncrementStep,
    from: number,
    to: number,
  ): Promise<ByCluster[]> {
    const length = (to - from) / step;
    const columns = this.#queries.map(
      query =>
        new Map(
          this.#members.map(m => [
            m.cluster_id,
            new IncrementColumns(query, m.cluster_name, length),
          ]),
        ),
    );
    this.#expect(columns, step, from, to);
    this.#addStored(columns, await this.#rows(step, from, to), {
      step,
      from,
      length,
    });
    if (step === MINUTE) {
      for (const slice of this.#pending) {
        if (slice.step !== MINUTE) continue;
        const cells = Array.from(
          { length: slice.seconds / MINUTE },
          (_, i) => (slice.start - from) / MINUTE + i,
        ).filter(i => i >= 0 && i < length);
        this.#put(columns, slice, cells, MINUTE, slice.seconds / MINUTE);
      }
    } else if (step === QUARTER) {
      await this.#fromShorter(columns, MINUTE, HOUR, { step, from, to });
      this.#putWholeQuarters(columns, from, length);
    } else {
      await this.#fromShorter(columns, QUARTER, DAY, { step, from, to });
    }
    for (const byCluster of columns) {
      for (const c of byCluster.values()) {
        // Data of a time before the hub noted the membership.
        c.knownSeconds.forEach((known, i) => {
          if (known > 0) c.expected[i] = 1;
        });
      }
    }
    return columns;
  }

  #expect(columns: ByCluster[], step: number, from: number, to: number): void {
    for (const { cluster_id, since, until } of this.#members) {
      const end = until === null ? Infinity : Number(until);
      for (let at = from, i = 0; at < to; at += step, i += 1) {
        // A slice that it joined or left within is not expected of it.
        if (at < Number(since) || at + step > end) continue;
        for (const byCluster of columns) {
          byCluster.get(cluster_id)!.expected[i] = 1;
        }
      }
    }
  }

  #addStored(
    columns: ByCluster[],
    rows: readonly StoredIncrements[],
    { step, from, length }: { step: number; from: number; length: number },
  ): void {
    for (const row of rows) {
      const first = (row.start - from) / step;
      if (row.service === KNOWN_ROW) {
        this.#addKnown(columns, row.cluster_id, decodeKnown(row.cells), {
          first,
          length,
        });
        continue;
      }
      const wanted = [0, 1].map(view =>
        this.#columnsOf(columns, row.service, view, row.cluster_id),
      );
      if (wanted.every(list => list.length === 0)) continue;
      const cells = decodeCells(row.cells);
      addToTargets(
        cells.columns,
        cells.cell.map((cell, i): Target[] => {
          const index = first + cell;
          return index < 0 || index >= length
            ? []
            : [{ columns: wanted[cells.view[i]], index, factor: 1 }];
        }),
      );
    }
  }

  #columnsOf(
    columns: ByCluster[],
    service: string,
    view: number,
    cluster: string,
  ): IncrementColumns[] {
    return (this.#wanted.get(`${service} ${view}`) ?? []).flatMap(place => {
      const found = columns[place].get(cluster);
      return found ? [found] : [];
    });
  }

  #addKnown(
    columns: ByCluster[],
    cluster: string,
    known: KnownCells,
    { first, length }: { first: number; length: number },
  ): void {
    this.#queries.forEach((query, place) => {
      const target = columns[place].get(cluster);
      if (!target) return;
      known.server.forEach((_, cell) => {
        const index = first + cell;
        if (index < 0 || index >= length) return;
        target.knownSeconds[index] =
          query.view === 'client'
            ? known.client[cell]
            : serverSeconds(known, query.service, cell);
      });
    });
  }

  /** Puts a slice in place of what stands at these indices. */
  #put(
    columns: ByCluster[],
    slice: PendingSlice,
    indices: readonly number[],
    seconds: number,
    parts: number,
  ): void {
    this.#queries.forEach((query, place) => {
      const target = columns[place].get(slice.cluster);
      if (!target) return;
      const blind =
        query.view === 'server' && slice.blind.includes(query.service);
      const known = query.view === 'client' ? slice.clientKnown : slice.known;
      for (const index of indices) {
        target.clear(index);
        target.knownSeconds[index] =
          blind || known === 0 ? 0 : Math.min(known, seconds);
      }
    });
    const { cells } = slice;
    if (!cells) return;
    addToTargets(
      cells.columns,
      cells.service.map((service, i) => {
        const wanted = this.#columnsOf(
          columns,
          cells.services[service],
          cells.view[i],
          slice.cluster,
        );
        return wanted.length === 0
          ? undefined
          : indices.map(index => ({
              columns: wanted,
              index,
              factor: 1 / parts,
            }));
      }),
    );
  }

  #putWholeQuarters(columns: ByCluster[], from: number, length: number): void {
    for (const slice of this.#pending) {
      if (slice.step !== QUARTER) continue;
      const index = (slice.start - from) / QUARTER;
      if (index < 0 || index >= length) continue;
      const knows = this.#knownAt(columns, slice.cluster, index);
      if (slice.known >= knows) {
        this.#put(columns, slice, [index], QUARTER, 1);
      }
    }
  }

  /** The most that any view knows of a slice. */
  #knownAt(columns: ByCluster[], cluster: string, index: number): number {
    return Math.max(
      0,
      ...columns.map(c => c.get(cluster)?.knownSeconds[index] ?? 0),
    );
  }

  /** Makes slices of a shorter step where something is pending, and of what is not over yet. */
  async #fromShorter(
    columns: ByCluster[],
    shorter: typeof MINUTE | typeof QUARTER,
    stretch: number,
    { step, from, to }: { step: number; from: number; to: number },
  ): Promise<void> {
    const stretches = new Set(
      this.#pending
        .filter(s => s.step === MINUTE || shorter === QUARTER)
        .map(s => floorTo(s.start, stretch)),
    );
    if (shorter === QUARTER) {
      // A day goes into its month when it is over.
      for (const back of [0, DAY, 2 * DAY]) {
        stretches.add(floorTo(this.#now - back, DAY));
      }
    }
    for (const start of [...stretches].sort((a, b) => a - b)) {
      const [a, b] = [Math.max(start, from), Math.min(start + stretch, to)];
      if (a >= b) continue;
      const short = await this.#columns(shorter, a, b);
      const parts = step / shorter;
      short.forEach((byCluster, place) => {
        for (const [cluster, source] of byCluster) {
          const target = columns[place].get(cluster)!;
          for (let at = a; at < b; at += step) {
            const first = (at - a) / shorter;
            let known = 0;
            for (let i = first; i < first + parts; i += 1) {
              known += source.knownSeconds[i];
            }
            const index = (at - from) / step;
            if (known < target.knownSeconds[index]) continue;
            target.clear(index);
            target.knownSeconds[index] = known;
            target.addSum(index, source, first, parts);
          }
        }
      });
    }
  }
}
