import type {
  SloBurnDown,
  SloHeatMap,
  SloSliceState,
} from '@isthmus/plugin-gns-common';
import type { Book } from './Book';
import type { TrackStatus } from './evaluate';
import { Sums, type Past } from './past';
import { isoOf } from './summaries';
import { DAY, HOUR } from './windows';

/** Points of a chart, and cells of a picture, at most. */
const MOST_POINTS = 240;
const MOST_CELLS = 3000;

/**
 * What was left of each budget over the window. A rolling window is judged at
 * each moment over its own length before it; of a calendar window the budget
 * of today's forecast is spent from its beginning.
 */
export function burnDownOf(book: Book, past: Past): SloBurnDown {
  const { span, columns } = past;
  const { tracks, window } = book.evaluation;
  const [{ step }] = columns;
  const length = span.to - span.from;
  const every = Math.max(1, Math.ceil(length / step / MOST_POINTS)) * step;
  const times: number[] = [];
  for (let at = span.from + every; at <= span.to; at += every) times.push(at);
  const sums = columns.map(c => new Sums(c));
  const rolling = window.resetsAt === undefined;
  const remaining = (status: TrackStatus, of: Sums, at: number) => {
    const until = of.over({ from: rolling ? at - length : span.from, to: at });
    if (until.known <= 0) return null;
    if (!rolling) {
      const { allowedBad } = status.budget;
      return allowedBad ? 1 - until.bad / allowedBad : null;
    }
    return until.total > 0
      ? 1 - until.bad / until.total / status.track.budget
      : null;
  };
  const stepOf = (at: number) => ({ from: at - every, to: at });
  return {
    stepSeconds: every,
    times: times.map(isoOf),
    remaining: tracks.map((status, i) => ({
      objective: status.track.name,
      values: times.map(at => short(remaining(status, sums[i], at))),
    })),
    burn: tracks.map((status, i) => ({
      objective: status.track.name,
      values: times.map(at => {
        const { bad, total } = sums[i].over(stepOf(at));
        return short(total > 0 ? bad / total / status.track.budget : null);
      }),
    })),
    known: times.map(at => {
      const { known, expected } = sums[0].over(stepOf(at));
      return short(expected > 0 ? known / expected : null);
    }),
  };
}

function short(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e5) / 1e5;
}

/** The window of one track in cells of an hour, or of longer ones when that makes too many. */
export function heatMapOf(book: Book, past: Past, track: number): SloHeatMap {
  const { span } = past;
  const columns = past.columns[track];
  const { unit, step: grain } = book.grain;
  const shortest = unit === 'seconds' ? grain : HOUR;
  const step =
    [shortest, HOUR, 4 * HOUR, DAY].find(
      s =>
        s >= columns.step &&
        s >= shortest &&
        (span.to - span.from) / s <= MOST_CELLS,
    ) ?? DAY;
  const { budget, name } = book.tracks[track];
  const sums = new Sums(columns);
  const states: SloSliceState[] = [];
  const burn: (number | null)[] = [];
  for (let at = span.from; at < span.to; at += step) {
    const cell = sums.over({ from: at, to: Math.min(span.to, at + step) });
    const rate = cell.total > 0 ? cell.bad / cell.total / budget : null;
    burn.push(short(rate));
    states.push(cellState(cell, rate, unit));
  }
  return {
    from: isoOf(span.from),
    stepSeconds: step,
    objective: name,
    states,
    burn,
  };
}

function cellState(
  cell: { bad: number; total: number; known: number; expected: number },
  rate: number | null,
  unit: 'requests' | 'seconds',
): SloSliceState {
  if (cell.expected <= 0) return 'none';
  if (unit === 'seconds' && cell.bad > 0) return 'bad';
  // Half of it unknown is not seen.
  if (cell.known < cell.expected / 2) return 'unknown';
  if (rate === null) return unit === 'seconds' ? 'ignored' : 'noTraffic';
  return rate > 1 ? 'bad' : 'good';
}
