import type {
  DefinitionRef,
  ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { evaluate, burnWindows, type Evaluation } from './evaluate';
import { Ledger } from './Ledger';
import type { Answers, Subject } from './readCells';
import { readRules } from './rules';
import { NOTHING } from './tally';
import {
  grainOf,
  judgedWindow,
  judgementKey,
  tracksOf,
  type Grain,
  type Track,
} from './tracks';
import {
  floorTo,
  HOUR,
  QUARTER,
  seconds,
  type ObjectiveWindow,
  type Span,
} from './windows';

/** Minutes reach so far back: the longest burn window that is not rounded to quarters. */
export const MINUTES_KEPT = 6 * HOUR;
/** A cluster that said nothing for longer than this and one slice is silent, seconds. */
const SILENT_AFTER = QUARTER;

const round = (value: number) => Math.round(value * 1e4) / 1e4;

/** One definition with all that is remembered to judge it. */
export class Book implements Subject {
  readonly ref: DefinitionRef & { gns: string };
  record: DefinitionRecord;
  readonly spec: ServiceLevelObjective['spec'];
  readonly tracks: readonly Track[];
  readonly grain: Grain;
  readonly ledgers: readonly Ledger[];
  readonly #definition: ServiceLevelObjective;
  readonly #key: string;
  /** By cluster: until when it was known last; 0: never. */
  readonly #seen = new Map<string, number>();
  #evaluation: Evaluation | undefined;

  /** Takes over what `before` remembers, as far as it is judged alike. */
  constructor(
    record: DefinitionRecord,
    definition: ServiceLevelObjective,
    now: number,
    before?: Book,
  ) {
    const { gns, name } = definition.metadata;
    this.ref = { kind: definition.kind, gns, name };
    this.record = record;
    this.#definition = definition;
    this.spec = definition.spec;
    this.tracks = tracksOf(definition.spec);
    this.grain = grainOf(definition.spec, judgedWindow(definition.spec, now));
    this.#key = judgementKey(gns, definition.spec, this.grain.phase);
    if (before && before.#key === this.#key) {
      this.ledgers = before.ledgers;
      for (const [cluster, at] of before.#seen) this.#seen.set(cluster, at);
    } else {
      this.ledgers = this.tracks.map(() => new Ledger(this.grain));
    }
  }

  /** The same definition with nothing remembered. */
  forgetful(now: number): Book {
    return new Book(this.record, this.#definition, now);
  }

  get gns(): string {
    return this.ref.gns;
  }

  /** A calendar window that begins at another quarter of the hour has other slices. */
  fits(now: number): boolean {
    const { phase } = grainOf(this.spec, judgedWindow(this.spec, now));
    return phase === this.grain.phase;
  }

  window(now: number): ObjectiveWindow {
    return judgedWindow(this.spec, now);
  }

  /** Of requests a minute, of time slices their length, seconds. */
  get grainSeconds(): number {
    return this.grain.unit === 'requests' ? 60 : this.grain.step;
  }

  /** All spans that are summed to judge it. */
  spans(now: number): Span[] {
    const window = this.window(now);
    const { policy } = readRules(
      this.spec,
      this.tracks.map(track => ({ track, recent: () => NOTHING })),
      { periodSeconds: seconds(window), grainSeconds: this.grainSeconds },
    );
    const lengths = [
      ...burnWindows(this.grainSeconds),
      ...policy.rules.flatMap(r => [r.longSeconds, r.shortSeconds]),
    ];
    const to = window.until;
    return [
      { from: window.from, to },
      ...lengths.map(length => ({ from: to - length, to })),
    ];
  }

  /** Remembers until when each cluster was known. */
  see(answers: Answers, span: Span, step: number): void {
    for (const { clusters } of answers) {
      for (const { cluster, knownSeconds, expected } of clusters) {
        const last = knownSeconds.findLastIndex(known => known > 0);
        const expectedNow =
          expected.length > 0 && expected[expected.length - 1];
        if (!expectedNow) {
          this.#seen.delete(cluster);
        } else {
          const until = last < 0 ? 0 : span.from + (last + 1) * step;
          this.#seen.set(
            cluster,
            Math.max(this.#seen.get(cluster) ?? 0, until),
          );
        }
      }
    }
  }

  silentClusters(now: number): string[] {
    const limit = SILENT_AFTER + (this.grain.unit === 'seconds' ? QUARTER : 0);
    return [...this.#seen]
      .filter(([, until]) => now - until > limit)
      .map(([cluster]) => cluster)
      .sort();
  }

  /** Judges what is remembered. */
  evaluate(now: number): Evaluation {
    this.#evaluation = evaluate(
      this.spec,
      this.tracks.map((track, i) => ({
        track,
        sum: span => this.ledgers[i].sum(span),
      })),
      {
        window: this.window(now),
        unit: this.grain.unit,
        grainSeconds: this.grainSeconds,
      },
    );
    return this.#evaluation;
  }

  /** The newest judgement. @throws Error before the first */
  get evaluation(): Evaluation {
    if (!this.#evaluation) throw new Error('It was not evaluated yet');
    return this.#evaluation;
  }

  /** What was left of the budget of the worst track at up to `points` moments of its window. */
  trend(points: number): (number | null)[] {
    const { window, worst } = this.evaluation;
    const { allowedBad } = worst.budget;
    const ledger = this.ledgers[this.tracks.indexOf(worst.track)];
    if (allowedBad === null || allowedBad <= 0) return [];
    const first = ledger.dayOf(window.from);
    const last = ledger.dayOf(window.until - 1);
    const every = Math.max(1, Math.ceil((last - first + 1) / points));
    const values: (number | null)[] = [];
    let bad = 0;
    let known = 0;
    for (let day = first; day <= last; day += 1) {
      const whole = ledger.spanOf(day);
      const tally = ledger.sum({
        from: Math.max(whole.from, window.from),
        to: Math.min(whole.to, window.until),
      });
      bad += Math.max(0, tally.total - tally.good);
      known += tally.knownSeconds;
      if ((day - first + 1) % every === 0 || day === last) {
        values.push(known > 0 ? round(1 - bad / allowedBad) : null);
        known = 0;
      }
    }
    return values;
  }
}

/** Where the minutes of requests begin. */
export const minutesFrom = (newest: number) =>
  floorTo(newest, QUARTER) - MINUTES_KEPT;
