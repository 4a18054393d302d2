import type { IncrementReader } from '../telemetry/increments/types';
import { minutesFrom, type Book } from './Book';
import {
  emptyColumns,
  endOf,
  lengthOf,
  tallyAt,
  type TallyColumns,
} from './columns';
import { Ledger } from './Ledger';
import {
  hasUnknown,
  readAnswers,
  readWeekBefore,
  tallyAnswers,
} from './readCells';
import type { Tally } from './tally';
import { DAY, floorTo, HOUR, QUARTER, type Span } from './windows';

/** Definitions that are read together: bounds what is in memory at once. */
const TOGETHER = 50;

const COLUMNS = [
  'good',
  'total',
  'unknown',
  'expectedSeconds',
  'knownSeconds',
  'spanSeconds',
] as const satisfies readonly (keyof Tally)[];

/** How far the store has come, and how far it goes back, Unix seconds. */
export interface Reach {
  readonly newest: number;
  /** Of quarters of an hour. */
  readonly oldest: number;
}

/**
 * Brings what the books remember up to `reach.newest`: only what is missing,
 * what is new, and what lies in `dirty` is read.
 */
export async function refreshBooks(
  reader: IncrementReader,
  books: readonly Book[],
  reach: Reach,
  dirty: readonly Span[],
): Promise<void> {
  for (let i = 0; i < books.length; i += TOGETHER) {
    const some = books.slice(i, i + TOGETHER);
    for (const book of some) forgetDirty(book, dirty, reach);
    await readDays(reader, some, reach);
    await readMinutes(
      reader,
      some.filter(book => book.grain.unit === 'requests'),
      reach.newest,
      dirty,
    );
  }
}

/** Up to where the past is judged slice by slice. */
const cutOf = (ledger: Ledger, newest: number) =>
  floorTo(newest - ledger.grain.phase, ledger.grain.step) + ledger.grain.phase;

/** Days end where they end, the last one where the data does. */
function endOfDay(ledger: Ledger, day: number, newest: number): number {
  return Math.min(ledger.spanOf(day).to, cutOf(ledger, newest));
}

function forgetDirty(
  book: Book,
  dirty: readonly Span[],
  { oldest }: Reach,
): void {
  for (const ledger of book.ledgers) {
    for (const span of dirty) {
      const from = Math.max(span.from, oldest);
      for (
        let day = ledger.dayOf(from);
        day <= ledger.dayOf(span.to - 1);
        day += 1
      ) {
        const columns = ledger.columnsOf(day);
        // What comes after all that was read makes nothing of it wrong.
        if (columns && from >= endOf(columns)) continue;
        ledger.forget(ledger.spanOf(day));
      }
    }
  }
}

/** Days of a ledger that have to be read. */
interface Missing {
  /** Slice by slice. */
  readonly hot: number[];
  /** Their sums are enough. */
  readonly cold: number[];
}

function missingDays(book: Book, reach: Reach): Missing {
  const { newest, oldest } = reach;
  const [ledger] = book.ledgers;
  const spans = book.spans(newest);
  const last = ledger.dayOf(newest);
  const hotDays = new Set([
    last - 1,
    last,
    ...spans.flatMap(span => ledger.cutDays(span)),
  ]);
  const first = ledger.dayOf(
    Math.max(oldest, Math.min(...spans.map(span => span.from))),
  );
  for (const each of book.ledgers) each.trim(first, hotDays);
  const hot: number[] = [];
  const cold: number[] = [];
  for (let day = first; day <= last; day += 1) {
    const columns = ledger.columnsOf(day);
    if (hotDays.has(day)) {
      const to = endOfDay(ledger, day, newest);
      if (to > ledger.spanOf(day).from && !(columns && endOf(columns) >= to)) {
        hot.push(day);
      }
    } else if (!ledger.hasDay(day)) {
      cold.push(day);
    }
  }
  return { hot, cold };
}

async function readDays(
  reader: IncrementReader,
  books: readonly Book[],
  reach: Reach,
): Promise<void> {
  const missing = new Map(books.map(book => [book, missingDays(book, reach)]));
  const slices = new Map<
    string,
    { day: number; phase: number; books: Book[] }
  >();
  const later = (book: Book, day: number) => {
    const { phase } = book.grain;
    const key = `${phase} ${day}`;
    const entry = slices.get(key) ?? { day, phase, books: [] };
    entry.books.push(book);
    slices.set(key, entry);
  };
  const sums: Book[] = [];
  for (const [book, { hot, cold }] of missing) {
    for (const day of hot) later(book, day);
    if (book.grain.unit === 'requests') {
      if (cold.length > 0) sums.push(book);
    } else {
      for (const day of cold) later(book, day);
    }
  }
  const unknown = await readSums(reader, sums, missing);
  for (const [book, days] of unknown) for (const day of days) later(book, day);
  for (const { day, books: some } of slices.values()) {
    await readSlices(reader, some, day, reach, missing);
  }
}

/**
 * Whole days in one answer. What is unknown in a day is estimated slice by
 * slice: such days are returned, to be read again.
 */
async function readSums(
  reader: IncrementReader,
  books: readonly Book[],
  missing: ReadonlyMap<Book, Missing>,
): Promise<Map<Book, number[]>> {
  const again = new Map<Book, number[]>();
  if (books.length === 0) return again;
  const days = books.flatMap(book => missing.get(book)?.cold ?? []);
  const first = Math.min(...days);
  const span = { from: first * DAY, to: (Math.max(...days) + 1) * DAY };
  const answers = await readAnswers(reader, books, span, DAY);
  books.forEach((book, i) => {
    const columns = tallyAnswers(book, answers[i], { span, step: DAY });
    for (const day of missing.get(book)?.cold ?? []) {
      const at = day - first;
      if (columns.some(c => c.knownSeconds[at] < c.expectedSeconds[at])) {
        again.set(book, [...(again.get(book) ?? []), day]);
      } else {
        book.ledgers.forEach((ledger, n) =>
          ledger.setDay(day, tallyAt(columns[n], at)),
        );
      }
    }
  });
  return again;
}

async function readSlices(
  reader: IncrementReader,
  books: readonly Book[],
  day: number,
  reach: Reach,
  missing: ReadonlyMap<Book, Missing>,
): Promise<void> {
  // Slices of one phase may still have different lengths, and so ends.
  const [{ ledgers }] = books;
  const whole = ledgers[0].spanOf(day);
  const to = Math.max(
    ...books.map(book => endOfDay(book.ledgers[0], day, reach.newest)),
  );
  const span = {
    from: whole.from,
    to: Math.min(whole.to, floorTo(to, QUARTER)),
  };
  if (span.to <= span.from) return;
  const answers = await readAnswers(reader, books, span, QUARTER);
  const estimated = books.filter(
    (book, i) =>
      book.grain.unit === 'requests' && hasUnknown(answers[i], QUARTER),
  );
  const before =
    estimated.length > 0
      ? await readWeekBefore(reader, estimated, span, reach.oldest)
      : undefined;
  books.forEach((book, i) => {
    const columns = tallyAnswers(book, answers[i], {
      span,
      step: QUARTER,
      before: before?.[estimated.indexOf(book)],
    });
    const hot = missing.get(book)?.hot.includes(day);
    book.ledgers.forEach((ledger, n) => {
      ledger.setColumns(day, columns[n]);
      if (!hot) ledger.setDay(day, ledger.dayTally(day));
    });
    if (book.grain.unit === 'seconds' && hot)
      book.see(answers[i], span, QUARTER);
  });
}

/** New minutes, or all of them where something came late. */
async function readMinutes(
  reader: IncrementReader,
  books: readonly Book[],
  newest: number,
  dirty: readonly Span[],
): Promise<void> {
  if (books.length === 0) return;
  const first = minutesFrom(newest);
  const late = Math.min(
    newest,
    ...dirty.filter(span => span.to > first).map(span => span.from),
  );
  const have = Math.min(
    ...books.map(book => {
      const { minutes } = book.ledgers[0];
      return minutes ? endOf(minutes) : first;
    }),
  );
  const from = Math.max(first, Math.min(late, have));
  if (from >= newest) return;
  const span = { from, to: newest };
  let answers = await readAnswers(reader, books, span, 60);
  let read = span;
  if (from > first && answers.some(answer => hasUnknown(answer, 60))) {
    // The hour before is what the unknown is estimated by.
    read = { from: Math.max(first, from - HOUR), to: newest };
    answers = await readAnswers(reader, books, read, 60);
  }
  books.forEach((book, i) => {
    book.see(answers[i], read, 60);
    tallyAnswers(book, answers[i], { span: read, step: 60 }).forEach(
      (columns, n) => {
        const ledger = book.ledgers[n];
        ledger.setMinutes(spliced(ledger.minutes, columns, first));
      },
    );
  });
}

/** Older minutes followed by newer ones, from `first` on. */
function spliced(
  old: TallyColumns | undefined,
  fresh: TallyColumns,
  first: number,
): TallyColumns {
  const joined = emptyColumns(first, 60, (endOf(fresh) - first) / 60);
  for (const part of old ? [old, fresh] : [fresh]) {
    const shift = (part.from - first) / 60;
    for (const column of COLUMNS) {
      for (let i = Math.max(0, -shift); i < lengthOf(part); i += 1) {
        if (i + shift < lengthOf(joined)) {
          joined[column][i + shift] = part[column][i];
        }
      }
    }
  }
  return joined;
}
