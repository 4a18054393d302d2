import type { IncrementReader } from '../telemetry/increments/types';
import type { Book } from './Book';
import { judgeRequests } from './judgeRequests';
import { sumOf } from './parts';
import { readAnswers, type Answers } from './readCells';
import { floorTo, HOUR } from './windows';

/** A service in a cluster, and its share of all that was bad in the last hour. */
export interface Culprit {
  readonly cluster: string;
  readonly service: string;
  readonly share: number;
}

/** More than a person reads on a card. */
const MOST = 5;

/** Who burns the budgets of these books now: the bad requests of the last hour by service and cluster, most first. */
export async function findCulprits(
  reader: IncrementReader,
  books: readonly Book[],
  newest: number,
): Promise<Map<Book, Culprit[]>> {
  if (books.length === 0) return new Map();
  const to = floorTo(newest, 60);
  const answers = await readAnswers(reader, books, { from: to - HOUR, to }, 60);
  return new Map(books.map((book, i) => [book, culpritsOf(book, answers[i])]));
}

function culpritsOf(book: Book, answers: Answers): Culprit[] {
  const { spec } = book;
  const worst = book.evaluation.worst.track;
  const found = answers.flatMap(({ query, clusters }) =>
    clusters.map(cell => {
      const bad = worst.objectives
        .filter(o => o.indicator.type !== 'throughput')
        .map(o => judgeRequests(cell, o.indicator, spec.errors))
        .reduce(
          (most, { good, total }) => Math.max(most, sumOf(total) - sumOf(good)),
          0,
        );
      return { cluster: cell.cluster, service: query.service, bad };
    }),
  );
  const all = found.reduce((total, { bad }) => total + bad, 0);
  return found
    .filter(({ bad }) => bad > 0)
    .sort((a, b) => b.bad - a.bad)
    .slice(0, MOST)
    .map(({ cluster, service, bad }) => ({
      cluster,
      service,
      share: bad / all,
    }));
}
