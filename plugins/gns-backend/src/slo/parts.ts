import {
  durationMs,
  type SloObjectiveStatus,
  type SloPart,
} from '@isthmus/plugin-gns-common';
import type { Book } from './Book';
import { judgeRequests } from './judgeRequests';
import type { Past } from './past';
import type { Answers } from './readCells';
import { budgetAnswer, burnAnswer } from './summaries';
import { badOf, coverage } from './tally';
import { DAY, QUARTER } from './windows';

export function sumOf(column: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < column.length; i += 1) sum += column[i];
  return sum;
}

/** The cells that the promise is made of: each service as each cluster saw it. */
export function partsOf(
  book: Book,
  past: Past,
  silent: readonly string[],
): SloPart[] {
  const step = past.columns[0].step >= DAY ? DAY : QUARTER;
  return book.spec.objectives.flatMap(objective =>
    past.answers.flatMap(({ query, clusters }) =>
      clusters.map((cell): SloPart => {
        const columns = judgeRequests(
          cell,
          objective.indicator,
          book.spec.errors,
        );
        const expected = sumOf(columns.expected) * step;
        const all = sumOf(columns.total);
        return {
          objective: objective.name,
          service: query.service,
          cluster: cell.cluster,
          total: all,
          bad: Math.max(0, all - sumOf(columns.good)),
          known:
            expected > 0
              ? Math.min(1, sumOf(columns.knownSeconds) / expected)
              : null,
          silent: silent.includes(cell.cluster),
        };
      }),
    ),
  );
}

/** Each budget, judged; and where latency thresholds really lie. */
export function objectivesOf(
  book: Book,
  answers: Answers,
): SloObjectiveStatus[] {
  return book.evaluation.tracks.map(status => {
    const { track, tally, budget } = status;
    const [first] = track.objectives;
    return {
      name: track.name,
      ...(first.title ? { title: first.title } : {}),
      target: track.target,
      unit: book.grain.unit,
      budget: budgetAnswer(budget, budget),
      good: tally.good,
      total: tally.total,
      bad: badOf(tally),
      allowedBad: budget.allowedBad,
      unknown: Number.isFinite(tally.unknown) ? tally.unknown : null,
      coverage: coverage(tally),
      burn: burnAnswer(status.burn),
      ...thresholdOf(first.indicator, answers),
    };
  });
}

function thresholdOf(
  indicator: Book['spec']['objectives'][number]['indicator'],
  answers: Answers,
): Pick<SloObjectiveStatus, 'threshold'> {
  if (!('threshold' in indicator)) return {};
  const askedMs = durationMs(indicator.threshold);
  const edges = answers
    .flatMap(({ clusters }) => clusters)
    .filter(cell => sumOf(cell.durations.ok) + sumOf(cell.durations.server) > 0)
    .flatMap(cell => cell.within.filter(edge => edge.edgeMs === askedMs));
  const known = edges.length > 0;
  const high = Math.max(...edges.map(edge => edge.highMs));
  return {
    threshold: {
      askedMs,
      lowMs: known ? Math.min(...edges.map(edge => edge.lowMs)) : null,
      highMs: known && Number.isFinite(high) ? high : null,
      exact: edges.every(edge => edge.exact),
      interpolated: indicator.betweenEdges === 'interpolate',
    },
  };
}
