import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { SloSummary } from '@isthmus/plugin-gns-common';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import type { IncrementReader } from '../telemetry/increments/types';
import type { Book } from './Book';
import { findCulprits, type Culprit } from './culprits';
import { trimEvents } from './eventRows';
import { Outbox } from './Outbox';
import { worstFirst } from './selectSlos';
import { SloEvaluator, type Snapshot } from './SloEvaluator';
import { StateKeeper } from './StateKeeper';
import { refText, summaryOf, stateNow } from './summaries';
import { HOUR } from './windows';

/** All objectives as pages see them: rows in the order of the list, and what they were made of. */
export interface SloView {
  readonly rows: readonly SloSummary[];
  /** By reference. */
  readonly books: ReadonlyMap<string, Book>;
  /** Unix seconds. */
  readonly evaluatedTo: number;
}

/** Objectives: evaluated as data comes, kept, told to their owners. */
export class SloService {
  readonly reader: IncrementReader;
  readonly knex: Knex;
  readonly definitions: DatabaseDefinitionStore;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly #evaluator: SloEvaluator;
  readonly #keeper: StateKeeper;
  readonly #outbox: Outbox;
  readonly #logger: LoggerService;
  readonly #onChange: (gns: Iterable<string>) => void;
  #view: SloView | undefined;
  #trimmedAt = 0;

  constructor(options: {
    knex: Knex;
    definitions: DatabaseDefinitionStore;
    reader: IncrementReader;
    notifications?: NotificationService;
    logger: LoggerService;
    now: () => number;
    /** Open pages may show something new. */
    onChange: (gns: Iterable<string>) => void;
  }) {
    const { knex, definitions, reader, logger, now } = options;
    this.knex = knex;
    this.definitions = definitions;
    this.reader = reader;
    this.now = now;
    this.#logger = logger;
    this.#onChange = options.onChange;
    this.#keeper = new StateKeeper(knex);
    this.#outbox = new Outbox({
      knex,
      notifications: options.notifications,
      logger,
      now,
    });
    this.#evaluator = new SloEvaluator({
      definitions,
      reader,
      logger,
      onEvaluated: snapshot => this.#evaluated(snapshot),
    });
  }

  start(): void {
    this.#evaluator.start();
  }

  async stop(): Promise<void> {
    await this.#evaluator.stop();
  }

  /** Definitions changed, or telemetry came: look soon. */
  trigger(): void {
    this.#evaluator.trigger();
  }

  /** Evaluates now and waits for it. */
  async run(): Promise<void> {
    await this.#evaluator.run();
  }

  /** All objectives, worst first. What was evaluated long ago is shown as unknown. */
  async view(): Promise<SloView> {
    await this.#evaluator.current();
    const view = this.#view;
    if (!view) throw new Error('Objectives were not evaluated yet');
    const seconds = this.now() / 1000;
    const stale = [...view.books.values()].some(
      book =>
        stateNow(book, view.evaluatedTo, seconds) !== book.evaluation.state,
    );
    if (!stale) return view;
    return {
      ...view,
      rows: view.rows
        .map(row => ({
          ...row,
          state: row.state === 'violated' ? row.state : ('noData' as const),
        }))
        .sort(worstFirst),
    };
  }

  async #evaluated(snapshot: Snapshot): Promise<void> {
    const { evaluatedTo, gnsOwners } = snapshot;
    const books = [...snapshot.books.values()];
    const ownerOf = (book: Book) =>
      book.record.definition.metadata.owner ?? gnsOwners.get(book.gns);
    await this.#keeper.keep(books, {
      now: evaluatedTo,
      basis: snapshot.basis,
      ownerOf,
    });
    const culprits = await this.#culprits(books, evaluatedTo);
    const rows = books
      .map(book =>
        summaryOf(book, {
          kept: this.#keeper.of(refText(book)),
          culprits: culprits.get(book),
          owner: ownerOf(book),
          evaluatedTo,
        }),
      )
      .sort(worstFirst);
    const before = new Map(
      (this.#view?.rows ?? []).map(row => [`${row.gns}/${row.name}`, row]),
    );
    const changed = new Set(
      rows
        .filter(row => {
          const old = before.get(`${row.gns}/${row.name}`);
          return !old || looksOther(old, row);
        })
        .map(row => row.gns),
    );
    this.#view = { rows, books: snapshot.books, evaluatedTo };
    if (changed.size > 0 || before.size !== rows.length) {
      this.#onChange(changed);
    }
    await this.#outbox.send();
    if (evaluatedTo - this.#trimmedAt > HOUR) {
      this.#trimmedAt = evaluatedTo;
      await trimEvents(this.knex, evaluatedTo);
    }
  }

  /** What cannot be said of those that burn is left out, and stops nothing. */
  async #culprits(
    books: readonly Book[],
    evaluatedTo: number,
  ): Promise<Map<Book, Culprit[]>> {
    const burning = books.filter(
      ({ evaluation: { state, burn } }) =>
        state === 'warning' ||
        (state === 'violated' && (burn[1].burn ?? 0) > 1),
    );
    try {
      return await findCulprits(this.reader, burning, evaluatedTo);
    } catch (error) {
      this.#logger.warn(`What burns budgets could not be read: ${error}`);
      return new Map();
    }
  }
}

/** Whether a page that shows one should read again: numbers that creep are left to its polling. */
function looksOther(a: SloSummary, b: SloSummary): boolean {
  return (
    a.state !== b.state ||
    a.generation !== b.generation ||
    a.alerts.length !== b.alerts.length ||
    Math.abs((a.budget.remaining ?? 0) - (b.budget.remaining ?? 0)) > 0.001
  );
}
