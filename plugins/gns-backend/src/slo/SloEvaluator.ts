import type { LoggerService } from '@backstage/backend-plugin-api';
import { formatRef, type DefinitionRef } from '@isthmus/plugin-gns-common';
import type {
  DefinitionRecord,
  DefinitionStore,
} from '../definitions/DefinitionStore';
import type { IncrementReader } from '../telemetry/increments/types';
import { Book } from './Book';
import { isObjective } from './checkObjectives';
import { refreshBooks, type Reach } from './refreshBooks';
import { QUARTER, type Span } from './windows';

/** How often it looks for news. */
const PERIOD_MS = 15_000;

/** What is known of all objectives at one moment. */
export interface Snapshot {
  readonly books: ReadonlyMap<string, Book>;
  /** Up to where the telemetry was looked at, Unix seconds. */
  readonly evaluatedTo: number;
  /** The number of the definitions that were judged. */
  readonly basis: number;
  /** Owners of global namespaces, who hear of objectives without an owner. */
  readonly gnsOwners: ReadonlyMap<string, string>;
}

export interface SloEvaluatorOptions {
  definitions: Pick<DefinitionStore, 'list'> & {
    /** Grows with every change of any definition. */
    basis(): Promise<number>;
  };
  reader: IncrementReader;
  logger: LoggerService;
  /** Called after every evaluation that had news; before anybody reads it. */
  onEvaluated: (snapshot: Snapshot) => Promise<void>;
}

/**
 * Judges all objectives again as telemetry and definitions change: only what
 * changed is read, and only the global namespaces concerned. One runs on each
 * replica, over the same store.
 */
export class SloEvaluator {
  readonly #options: SloEvaluatorOptions;
  #snapshot: Snapshot | undefined;
  #cursor: string | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SloEvaluatorOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#loop();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running?.catch(() => {});
  }

  /** Something changed: look soon, not at the next turn. */
  trigger(): void {
    if (this.#stopped) return;
    this.#again = true;
    if (!this.#running) void this.#loop();
  }

  /** The newest snapshot; the first one is waited for. @throws what the first evaluation threw */
  async current(): Promise<Snapshot> {
    if (!this.#snapshot) await this.run();
    if (!this.#snapshot) throw new Error('Objectives were not evaluated yet');
    return this.#snapshot;
  }

  /** Evaluates now, after the run that is under way. */
  async run(): Promise<void> {
    const before = this.#running;
    const next = (async () => {
      await before?.catch(() => {});
      await this.#evaluate();
    })();
    this.#running = next;
    try {
      await next;
    } finally {
      if (this.#running === next) this.#running = undefined;
    }
  }

  async #loop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#again = false;
    try {
      await this.run();
    } catch (error) {
      // What was known stays, with its age.
      this.#options.logger.error(
        'Objectives could not be evaluated; it is tried again',
        error instanceof Error ? error : { error: String(error) },
      );
    }
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#loop(),
      this.#again ? 0 : PERIOD_MS,
    );
    this.#timer.unref();
  }

  async #evaluate(): Promise<void> {
    const { definitions, reader } = this.#options;
    const before = this.#snapshot;
    const basis = await definitions.basis();
    // Asked for before anything is read: what comes meanwhile is told next time.
    const { changes, cursor } = await reader.changesSince(this.#cursor);
    const reach: Reach = {
      newest: await reader.newest(),
      oldest: Math.ceil((await reader.oldest(QUARTER)) / QUARTER) * QUARTER,
    };
    const moved = before?.evaluatedTo !== reach.newest;
    if (before && !moved && changes.length === 0 && before.basis === basis) {
      this.#cursor = cursor;
      return;
    }
    const { books, gnsOwners } =
      before && before.basis === basis
        ? {
            books: renewed(before.books, reach.newest),
            gnsOwners: before.gnsOwners,
          }
        : await this.#readDefinitions(reach.newest);
    const dirty = new Map<string, Span[]>();
    for (const { gns, from, to } of changes) {
      dirty.set(gns, [...(dirty.get(gns) ?? []), { from, to }]);
    }
    const byGns = new Map<string, Book[]>();
    for (const book of books.values()) {
      byGns.set(book.gns, [...(byGns.get(book.gns) ?? []), book]);
    }
    const judged = new Map<string, Book>();
    for (const [gns, some] of byGns) {
      for (const book of await this.#judge(gns, some, reach, dirty.get(gns))) {
        judged.set(formatRef(book.ref), book);
      }
    }
    const snapshot = {
      books: judged,
      evaluatedTo: reach.newest,
      basis,
      gnsOwners,
    };
    await this.#options.onEvaluated(snapshot);
    this.#snapshot = snapshot;
    this.#cursor = cursor;
  }

  /** One global namespace that cannot be judged has no data, and stops no other. */
  async #judge(
    gns: string,
    books: readonly Book[],
    reach: Reach,
    dirty: readonly Span[] = [],
  ): Promise<readonly Book[]> {
    const { reader, logger } = this.#options;
    try {
      await refreshBooks(reader, books, reach, dirty);
      for (const book of books) book.evaluate(reach.newest);
      return books;
    } catch (error) {
      logger.error(
        `The objectives of ${gns} could not be judged; they are read anew`,
        error instanceof Error ? error : { error: String(error) },
      );
      return books.map(book => {
        const empty = book.forgetful(reach.newest);
        empty.evaluate(reach.newest);
        return empty;
      });
    }
  }

  async #readDefinitions(now: number) {
    const { definitions } = this.#options;
    const before = this.#snapshot?.books;
    const records = await definitions.list({ kind: 'ServiceLevelObjective' });
    const owners = await definitions.list({ kind: 'GlobalNamespace' });
    const books = new Map<string, Book>();
    for (const record of records) {
      const book = bookOf(record, now, before);
      if (book) books.set(formatRef(book.ref), book);
    }
    const gnsOwners = new Map(
      owners.flatMap(({ definition: { metadata } }) =>
        metadata.owner ? [[metadata.name, metadata.owner] as const] : [],
      ),
    );
    return { books, gnsOwners };
  }
}

function bookOf(
  record: DefinitionRecord,
  now: number,
  before: ReadonlyMap<string, Book> | undefined,
): Book | undefined {
  const { definition } = record;
  if (!isObjective(definition)) return undefined;
  const ref: DefinitionRef = {
    kind: definition.kind,
    gns: definition.metadata.gns,
    name: definition.metadata.name,
  };
  const known = before?.get(formatRef(ref));
  return known?.record.generation === record.generation && known.fits(now)
    ? known
    : new Book(record, definition, now, known);
}

/** The same books, but for those whose window began anew at another quarter of the hour. */
function renewed(
  books: ReadonlyMap<string, Book>,
  now: number,
): ReadonlyMap<string, Book> {
  if ([...books.values()].every(book => book.fits(now))) return books;
  return new Map(
    [...books].map(([ref, book]) => [
      ref,
      bookOf(book.record, now, books) ?? book,
    ]),
  );
}
