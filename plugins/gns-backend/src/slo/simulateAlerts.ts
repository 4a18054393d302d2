import type { SloPreview } from '@isthmus/plugin-gns-common';
import type { BurnRule } from './alertPolicy';
import { MIN_COVERAGE, severityOf, type RuleReading } from './alerts';
import type { Book } from './Book';
import { Sums, type Past } from './past';
import { policyOf } from './rules';
import { isoOf } from './summaries';
import { seconds } from './windows';

type PastAlert = SloPreview['alerts'][number];

/**
 * The alerts that the past would have raised, judged at the end of each slice.
 * It is an approximation: a short window of minutes is judged as one slice,
 * and budgets that are weighted are judged one by one.
 */
export function simulateAlerts(book: Book, past: Past): PastAlert[] {
  const { spec, tracks, grainSeconds } = book;
  const { window } = book.evaluation;
  const minBad =
    spec.method.type === 'requests' ? spec.alerts.minBadRequests : 1;
  const [{ step }] = past.columns;
  const judged = tracks.map((track, i) => ({
    budget: track.budget,
    sums: new Sums(past.columns[i]),
    rules: policyOf([track], seconds(window), grainSeconds).rules,
  }));
  const read = (
    rule: BurnRule,
    of: (typeof judged)[number],
    at: number,
  ): RuleReading => {
    const over = (length: number) => {
      const sum = of.sums.over({ from: at - Math.max(step, length), to: at });
      return {
        bad: sum.bad,
        burn: sum.total > 0 ? sum.bad / sum.total / of.budget : null,
        known: sum.expected > 0 ? sum.known / sum.expected : 0,
      };
    };
    const long = over(rule.longSeconds);
    const short = over(rule.shortSeconds);
    const burning =
      long.bad >= minBad &&
      (long.burn ?? 0) > rule.factor &&
      (short.burn ?? 0) > rule.factor;
    const seen = long.known >= MIN_COVERAGE && short.known >= MIN_COVERAGE;
    const state = burning ? 'burning' : 'quiet';
    return {
      rule,
      longBurn: long.burn,
      shortBurn: short.burn,
      state: seen ? state : 'unknown',
    };
  };
  const found: PastAlert[] = [];
  for (const severity of ['page', 'ticket'] as const) {
    if (!spec.alerts[severity]) continue;
    let from: number | undefined;
    const end = (at: number) => {
      if (from === undefined) return;
      found.push({ severity, from: isoOf(from), to: isoOf(at) });
      from = undefined;
    };
    for (let at = past.span.from + step; at <= past.span.to; at += step) {
      const state = severityOf(
        judged.flatMap(of => of.rules.map(rule => read(rule, of, at))),
        severity,
      );
      if (state === 'burning') from ??= at;
      else if (state === 'quiet') end(at);
    }
    end(past.span.to);
  }
  return found.sort((a, b) => a.from.localeCompare(b.from));
}
