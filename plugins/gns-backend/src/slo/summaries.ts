import {
  formatRef,
  type SloBudget,
  type SloState,
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import type { Book } from './Book';
import type { Budget } from './budget';
import type { Culprit } from './culprits';
import type { BurnWindow } from './evaluate';
import type { KeptState } from './StateKeeper';
import { coverage } from './tally';

const TREND_POINTS = 30;
/** An evaluation that is older than this says nothing of now, seconds. */
export const STALE_AFTER = 15 * 60;

export const isoOf = (seconds: number) =>
  new Date(Math.round(seconds * 1000)).toISOString();

/** Four digits after the point are more than any eye sees, and half the bytes. */
const shorter = (value: number) => Math.round(value * 1e6) / 1e6;
const shorterOrNull = (value: number | null) =>
  value === null ? null : shorter(value);

const left = (consumed: number) => shorter(1 - consumed);

export function budgetAnswer(
  budget: Pick<Budget, 'sli' | 'sliBounds' | 'estimated' | 'forecast'>,
  { consumed, consumedBounds }: Pick<Budget, 'consumed' | 'consumedBounds'>,
): SloBudget {
  const { sli, sliBounds, estimated, forecast } = budget;
  return {
    // A share of good is told apart from 1 however many nines it has.
    sli,
    sliBounds,
    consumed: shorterOrNull(consumed),
    remaining: consumed === null ? null : left(consumed),
    remainingBounds: consumedBounds && {
      low: left(consumedBounds.high),
      high: left(consumedBounds.low),
    },
    estimated,
    forecast,
  };
}

export const burnAnswer = (burn: readonly BurnWindow[]) =>
  burn.map(({ windowSeconds, burn: rate, coverage: known }) => ({
    windowSeconds,
    burn: shorterOrNull(rate),
    coverage: shorterOrNull(known),
  }));

/** What an objective is now: an evaluation that got old says nothing of it. */
export function stateNow(
  book: Book,
  evaluatedTo: number,
  nowSeconds: number,
): SloState {
  const { state } = book.evaluation;
  return nowSeconds - evaluatedTo > STALE_AFTER && state !== 'violated'
    ? 'noData'
    : state;
}

/** One row of the list. */
export function summaryOf(
  book: Book,
  options: {
    kept: KeptState | undefined;
    culprits: readonly Culprit[] | undefined;
    owner: string | undefined;
    evaluatedTo: number;
  },
): SloSummary {
  const { kept, culprits, owner, evaluatedTo } = options;
  const { evaluation, record, spec, ref } = book;
  const { worst, combined, window } = evaluation;
  const { metadata } = record.definition;
  const since =
    kept &&
    (kept.alerts[0]?.since ??
      (kept.state === 'warning' ? kept.since : undefined));
  return {
    gns: ref.gns,
    name: ref.name,
    ...(metadata.title ? { title: metadata.title } : {}),
    ...(owner ? { owner } : {}),
    services: spec.services,
    purpose: spec.purpose,
    generation: record.generation,
    state: evaluation.state,
    ...(kept?.state === evaluation.state
      ? { stateSince: isoOf(kept.since) }
      : {}),
    partial: evaluation.partial,
    objective: worst.track.name,
    target: worst.track.target,
    window: spec.window,
    from: isoOf(window.from),
    to: isoOf(window.to),
    budget: budgetAnswer(worst.budget, combined),
    burn: burnAnswer(evaluation.burn),
    exhaustedAt:
      evaluation.secondsToExhaustion === null
        ? null
        : isoOf(window.until + evaluation.secondsToExhaustion),
    coverage: shorterOrNull(coverage(worst.tally)),
    silentClusters: book.silentClusters(evaluatedTo),
    ...(culprits && culprits.length > 0
      ? {
          burning: {
            objective: worst.track.name,
            ...(since === undefined ? {} : { since: isoOf(since) }),
            culprits: culprits.map(c => ({ ...c, share: shorter(c.share) })),
          },
        }
      : {}),
    alerts: (kept?.alerts ?? []).map(({ severity, since: from }) => ({
      severity,
      since: isoOf(from),
    })),
    trend: book.trend(TREND_POINTS),
    evaluatedTo: isoOf(evaluatedTo),
  };
}

export const refText = (book: Book) => formatRef(book.ref);
