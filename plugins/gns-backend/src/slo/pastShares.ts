import type { SloPreview } from '@isthmus/plugin-gns-common';
import type { Book } from './Book';
import { errorBudget } from './budget';
import { Sums, type Past } from './past';
import { DAY, type Span } from './windows';

/** Strictest first, percent. */
const USUAL_TARGETS = [99.999, 99.99, 99.95, 99.9, 99.5, 99, 98, 95, 90];

/** For choosing a target: what the days of the window reached. */
export function pastShares(
  book: Book,
  past: Past,
  track: number,
): SloPreview['past'][number] {
  const columns = past.columns[track];
  const sums = new Sums(columns);
  const share = (span: Span) => {
    const { bad, total: all } = sums.over(span);
    return all > 0 ? 1 - bad / all : null;
  };
  const days: number[] = [];
  for (let at = past.span.from; at < past.span.to; at += DAY) {
    const of = share({ from: at, to: Math.min(past.span.to, at + DAY) });
    if (of !== null) days.push(of);
  }
  days.sort((a, b) => a - b);
  const sli = share(past.span);
  return {
    objective: book.tracks[track].name,
    sli,
    worstDay: days[0] ?? null,
    medianDay: days.length > 0 ? days[Math.floor(days.length / 2)] : null,
    keptTarget:
      sli === null
        ? null
        : USUAL_TARGETS.find(target => 1 - sli <= errorBudget(target)) ?? null,
  };
}
