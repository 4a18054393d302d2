import type {
  IncrementReader,
  IncrementStep,
} from '../telemetry/increments/types';
import type { Book } from './Book';
import { lengthOf, tallyAt, type TallyColumns } from './columns';
import { readAnswers, tallyAnswers, type Answers } from './readCells';
import { badOf } from './tally';
import { DAY, floorTo, HOUR, QUARTER, type Span } from './windows';

/** Windows up to this are read by quarters of an hour, longer ones by days. */
const FINE_DAYS = 93;

/** The past of one objective, read once for all its pictures. */
export interface Past {
  /** Of the window. */
  readonly span: Span;
  readonly answers: Answers;
  /** By track: the window and, of rolling windows, what lies as long before it. */
  readonly columns: readonly TallyColumns[];
}

/** Reads what the pictures of a book are made of. `oldest`: of the store, Unix seconds. */
export async function readPast(
  reader: IncrementReader,
  book: Book,
  reach: { oldest: number },
): Promise<Past> {
  const { window } = book.evaluation;
  const rolling = window.resetsAt === undefined;
  const fine =
    window.to - window.from <= FINE_DAYS * DAY || book.grain.unit === 'seconds';
  const step: IncrementStep = fine ? QUARTER : DAY;
  const phase = fine ? window.from % HOUR : 0;
  const down = (time: number) => floorTo(time - phase, step) + phase;
  const span = { from: down(window.from), to: down(window.until) };
  const length = span.to - span.from;
  const wanted = {
    // Of a long window its own length before it is more than is kept.
    from:
      rolling && fine
        ? Math.max(down(reach.oldest), span.from - length)
        : span.from,
    to: span.to,
  };
  const read = async (of: Span) => {
    const [answers] =
      of.to > of.from ? await readAnswers(reader, [book], of, step) : [[]];
    return answers;
  };
  const answers = await read(span);
  const before =
    wanted.from < span.from
      ? await read({ from: wanted.from, to: span.from })
      : [];
  const own = tallyAnswers(book, answers, { span, step });
  const earlier =
    wanted.from < span.from
      ? tallyAnswers(book, before, {
          span: { from: wanted.from, to: span.from },
          step,
        })
      : [];
  return {
    span,
    answers,
    columns: own.map((columns, i) => joined(earlier[i], columns)),
  };
}

function joined(
  before: TallyColumns | undefined,
  after: TallyColumns,
): TallyColumns {
  if (!before || lengthOf(before) === 0) return after;
  const both = (a: Float64Array, b: Float64Array) => {
    const all = new Float64Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  return {
    from: before.from,
    step: after.step,
    good: both(before.good, after.good),
    total: both(before.total, after.total),
    unknown: both(before.unknown, after.unknown),
    expectedSeconds: both(before.expectedSeconds, after.expectedSeconds),
    knownSeconds: both(before.knownSeconds, after.knownSeconds),
    spanSeconds: both(before.spanSeconds, after.spanSeconds),
  };
}

/** Since when anything was expected to be known; undefined: never. */
export function dataFrom({ columns }: Past): number | undefined {
  const firsts = columns.flatMap(c => {
    const i = c.knownSeconds.findIndex(s => s > 0);
    return i < 0 ? [] : [c.from + i * c.step];
  });
  return firsts.length > 0 ? Math.min(...firsts) : undefined;
}

/** Sums from the beginning, so that any stretch is one subtraction. */
export class Sums {
  readonly #bad: Float64Array;
  readonly #total: Float64Array;
  readonly #known: Float64Array;
  readonly #expected: Float64Array;
  readonly #columns: TallyColumns;

  constructor(columns: TallyColumns) {
    this.#columns = columns;
    const running = (read: (i: number) => number) => {
      const sums = new Float64Array(lengthOf(columns) + 1);
      for (let i = 0; i < lengthOf(columns); i += 1)
        sums[i + 1] = sums[i] + read(i);
      return sums;
    };
    this.#bad = running(i => badOf(tallyAt(columns, i)));
    this.#total = running(i => columns.total[i]);
    this.#known = running(i => columns.knownSeconds[i]);
    this.#expected = running(i => columns.expectedSeconds[i]);
  }

  over({ from, to }: Span) {
    const { step, from: start } = this.#columns;
    const place = (time: number) =>
      Math.min(
        this.#bad.length - 1,
        Math.max(0, Math.round((time - start) / step)),
      );
    const [a, b] = [place(from), place(to)];
    const of = (sums: Float64Array) => Math.max(0, sums[b] - sums[a]);
    return {
      bad: of(this.#bad),
      total: of(this.#total),
      known: of(this.#known),
      expected: of(this.#expected),
    };
  }
}
