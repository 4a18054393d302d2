import type {
  CollectionPlan,
  ObservationsInput,
  ObservationsResponse,
  SliceRange,
  UnknownReason,
} from '@isthmus/plugin-gns-common';
import { HubError } from '../hub/Hub';
import { messageOf, type Logger } from '../logging';
import { Backoff, type BackoffLimits } from '../timing/Backoff';
import { isoTime, type Clock } from '../timing/Clock';
import { Outbox } from './Outbox';
import type { Prometheus } from './prometheus/Prometheus';
import type { Question, SeriesSelection } from './promql/queries';
import type { SliceSpan } from './reading/slices';
import { collectRound, type RoundResult } from './round';
import {
  historySlice,
  isFinal,
  newestSlice,
  nextBackfill,
  nextDue,
  revisionOf,
  sliceSecondsFor,
} from './schedule';

/** Options of {@link Collector.create}. */
export interface CollectorOptions {
  /** One Prometheus, or the copies of one: the first that is healthy is believed. */
  prometheus: readonly Prometheus[];
  /** How series are found there. */
  selection?: SeriesSelection;
  clock: Clock;
  /** The hub's clock, milliseconds since 1970: slices are cut by it. */
  hubNow(): number;
  logger: Logger;
  /** What to measure now; undefined: nothing. */
  plan(): CollectionPlan | undefined;
  /** Member namespaces of this cluster. */
  members(): readonly string[];
  /** Member namespaces that have pods with a proxy; undefined: not known. */
  proxied?(): ReadonlySet<string> | undefined;
  /** The workload of a pod; undefined: not known. */
  workloadOf?(namespace: string, pod: string): string | undefined;
  /** Takes what was measured. Rejects when it did not: it is kept then. */
  sink(
    observations: ObservationsInput,
    signal: AbortSignal,
  ): Promise<ObservationsResponse>;
  /** How far back the first observations reach, seconds. Default 3 hours. */
  historySeconds?: number;
  /** First and longest wait after the sink failed, milliseconds. */
  backoff?: BackoffLimits;
  /** Told of each round. */
  onRound?(round: CollectorRound): void;
}

/** How a round went. */
export interface CollectorRound {
  /** `live`: the newest slice. */
  readonly kind: 'live' | 'backfill';
  readonly slices: number;
  /** Why nothing was learnt; absent: something was. */
  readonly failure?: { reason: UnknownReason; message: string };
  /** Most queries that one Prometheus was asked. */
  readonly queries: number;
  readonly series: number;
  /** Milliseconds. */
  readonly took: number;
}

/** How it stands with the collector. */
export interface CollectorStatus {
  readonly lastRound: CollectorRound | undefined;
  /** End of the newest slice that was known, Unix seconds. */
  readonly knownUntil: number | undefined;
  /** How often Prometheus scrapes proxies, seconds; undefined: not learnt yet. */
  readonly scrapeSeconds: number | undefined;
  /** Seconds that the clock of each Prometheus is ahead of the hub's. */
  readonly clockOffsets: readonly number[];
  /** Slices that the hub does not have yet. */
  readonly waiting: number;
  /** Why the hub does not take them; undefined: it does. */
  readonly sinkFailure: string | undefined;
}

const HISTORY_SECONDS = 3 * 3600;
/** A slice that stays unknown is tried again after this, and then after ever longer. */
const RETRY_MS = { first: 120_000, max: 1_800_000 };
/** A back-fill leaves Prometheus alone for as long as it worked, times this. */
const REST = 2;
const SINK_BACKOFF: BackoffLimits = { first: 1_000, max: 60_000 };
/** Edges that one back-fill round may carry. */
const EDGES_PER_ROUND = 20_000;

/** With nothing to do, a change wakes us; this is for what nobody tells. */
const IDLE_MS = 30_000;
/** After so many rounds that only learnt what the clocks say, they are left alone. */
const UNSTEADY_CLOCK = 3;
/** A clock that was set back by more than this begins anew. */
const CLOCK_JUMP_SECONDS = 900;

/** Asks Prometheus for what the plan wants, slice by slice, and hands it on. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #outbox = new Outbox();
  readonly #backoff: Backoff;
  readonly #blocked = new Map<string, { until: number; tries: number }>();
  #wake = new AbortController();
  #wanted: readonly SliceRange[] = [];
  #last: SliceSpan | undefined;
  #lastRound: CollectorRound | undefined;
  #knownUntil: number | undefined;
  #scrapeSeconds: number | undefined;
  #offsets: readonly number[];
  #clocksLearnt = 0;
  #preferred = 0;
  #istioClusterId: string | undefined;
  #resourcesAt = -Infinity;
  #historyTold = false;
  #mostSlices = 60;
  #edgesOfSlice = 0;
  #sendAt = 0;
  #sinkFailure: string | undefined;
  #restUntil = 0;

  static create(options: CollectorOptions): Collector {
    return new Collector(options);
  }

  private constructor(options: CollectorOptions) {
    this.#options = options;
    this.#offsets = options.prometheus.map(() => 0);
    this.#backoff = new Backoff(options.backoff ?? SINK_BACKOFF, options.clock);
  }

  /** The plan or the members changed. */
  changed(): void {
    this.#wake.abort();
  }

  status(): CollectorStatus {
    return {
      lastRound: this.#lastRound,
      knownUntil: this.#knownUntil,
      scrapeSeconds: this.#scrapeSeconds,
      clockOffsets: this.#offsets,
      waiting: this.#outbox.size,
      sinkFailure: this.#sinkFailure,
    };
  }

  /** Collects until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      let wait: number;
      try {
        wait = await this.step(signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.error(`telemetry: ${messageOf(error)}`);
        wait = this.#backoff.next();
      }
      if (wait > 0) {
        await clock.sleep(wait, AbortSignal.any([signal, this.#wake.signal]));
      }
    }
  }

  /** Does the next thing that is due; milliseconds until there may be another. */
  async step(signal: AbortSignal): Promise<number> {
    const { clock } = this.#options;
    const question = this.#question();
    if (!question) return IDLE_MS;
    const now = this.#now();
    const newest = newestSlice(now, question.seconds, this.#scrapeSeconds);
    const isNew =
      this.#last === undefined ||
      newest.from >= this.#last.to ||
      newest.from < this.#last.from - CLOCK_JUMP_SECONDS;
    if (isNew) {
      await this.#live(newest, question, signal);
      return 0;
    }
    if (!this.#outbox.isEmpty && clock.now() >= this.#sendAt) {
      await this.#send(signal);
      return 0;
    }
    const due = (nextDue(newest, this.#scrapeSeconds) - now) * 1000;
    const waits = [Math.max(due, 10)];
    if (!this.#outbox.isEmpty) waits.push(this.#sendAt - clock.now());
    const mayFill =
      this.#sinkFailure === undefined && !this.#lastRound?.failure;
    if (mayFill) {
      const span = this.#nextSpan(now, question);
      const rest = this.#restUntil - clock.now();
      if (span && rest <= 0) {
        await this.#fill(span, question, signal);
        return 0;
      }
      waits.push(span ? rest : RETRY_MS.first);
    }
    return Math.max(1, Math.min(...waits));
  }

  #now(): number {
    return this.#options.hubNow() / 1000;
  }

  #question(): Question | undefined {
    const plan = this.#options.plan();
    const namespaces = [...new Set(this.#options.members())].sort();
    if (!plan || namespaces.length === 0) return undefined;
    if (this.#options.prometheus.length === 0) return undefined;
    return {
      seconds: sliceSecondsFor(plan.sliceSeconds, this.#scrapeSeconds),
      namespaces,
      latencyEdgesMs: plan.latencyEdgesMs,
      selection: this.#options.selection ?? {},
      resources: false,
    };
  }

  /** A stretch that the hub wants; before the first, the oldest one that it shall hear of. */
  #nextSpan(now: number, question: Question): SliceSpan | undefined {
    if (!this.#historyTold) {
      const history = this.#options.historySeconds ?? HISTORY_SECONDS;
      this.#historyTold = true;
      if (history > 0) {
        return historySlice(now, history, question.seconds);
      }
    }
    const fitting = Math.floor(EDGES_PER_ROUND / (this.#edgesOfSlice + 1));
    const at = this.#options.clock.now();
    return nextBackfill(this.#wanted, {
      most: Math.min(this.#mostSlices, fitting),
      isBlocked: (start, seconds) =>
        (this.#blocked.get(`${seconds} ${start}`)?.until ?? 0) > at,
    });
  }

  async #live(
    span: SliceSpan,
    question: Question,
    signal: AbortSignal,
  ): Promise<void> {
    const every = this.#options.plan()?.resourcesEverySeconds ?? 0;
    const resources = every > 0 && span.to - this.#resourcesAt >= every;
    const result = await this.#round(
      'live',
      span,
      { ...question, resources },
      signal,
    );
    // The clock was learnt: the same slice again, at the right time.
    if (!result || signal.aborted) return;
    this.#last = span;
    if (resources) this.#resourcesAt = span.to;
    this.#outbox.add(result.slices, result.resources);
    const [slice] = result.slices;
    if (slice.state !== 'UNKNOWN') this.#knownUntil = span.to;
    if (slice.state === 'KNOWN') this.#edgesOfSlice = slice.edges.view.length;
  }

  async #fill(
    span: SliceSpan,
    question: Question,
    signal: AbortSignal,
  ): Promise<void> {
    const startedAt = this.#options.clock.now();
    const result = await this.#round(
      'backfill',
      span,
      { ...question, seconds: span.seconds },
      signal,
    );
    if (!result || signal.aborted) return;
    const now = this.#options.clock.now();
    this.#restUntil = now + Math.max(50, (now - startedAt) * REST);
    for (const slice of result.slices) {
      // Also what is known now: whatever the hub makes of it, it waits before it is asked for again.
      const key = `${slice.seconds} ${slice.start}`;
      const tries = (this.#blocked.get(key)?.tries ?? 0) + 1;
      const wait = Math.min(RETRY_MS.max, RETRY_MS.first * 2 ** (tries - 1));
      this.#blocked.set(key, { until: now + wait, tries });
    }
    this.#forgetOldBlocks(now);
    this.#mostSlices = result.failure
      ? Math.max(1, Math.floor(this.#mostSlices / 2))
      : Math.min(60, this.#mostSlices * 2);
    this.#outbox.add(result.slices);
    await this.#send(signal);
  }

  #forgetOldBlocks(now: number): void {
    for (const [key, { until }] of this.#blocked) {
      if (until < now - RETRY_MS.max * 2) this.#blocked.delete(key);
    }
  }

  /** One round; undefined: it only found out what the clock says. */
  async #round(
    kind: CollectorRound['kind'],
    span: SliceSpan,
    question: Question,
    signal: AbortSignal,
  ): Promise<RoundResult | undefined> {
    const { prometheus, clock, hubNow } = this.#options;
    const startedAt = clock.now();
    const order = prometheus.map(
      (_, i) => (i + this.#preferred) % prometheus.length,
    );
    const now = this.#now();
    const result = await collectRound(
      {
        span,
        question,
        prometheus: order.map(i => prometheus[i]),
        offsets: order.map(i => this.#offsets[i]),
        ignoreClocks: this.#clocksLearnt >= UNSTEADY_CLOCK,
        hubNow,
        workloadOf: this.#options.workloadOf ?? (() => undefined),
        context: {
          revision: start =>
            // What the hub has already, a restart must not replace.
            kind === 'live' ? 1 : revisionOf(start + span.seconds, now),
          isFinal: start =>
            kind === 'backfill' && isFinal(start + span.seconds, now),
          proxied: this.#options.proxied?.(),
        },
      },
      signal,
    );
    this.#noteClocks(order, result.offsets);
    if (result.again) {
      this.#clocksLearnt += 1;
      return undefined;
    }
    this.#clocksLearnt = 0;
    if (signal.aborted) return result;
    if (result.chosen !== undefined) this.#preferred = order[result.chosen];
    this.#istioClusterId = result.istioClusterId ?? this.#istioClusterId;
    if (kind === 'live' && result.perProxy) {
      this.#scrapeSeconds = span.seconds / result.perProxy;
    }
    this.#note({
      kind,
      slices: result.slices.length,
      queries: Math.max(...result.queries),
      series: result.series,
      took: clock.now() - startedAt,
      ...(result.failure
        ? {
            failure: {
              reason: result.failure.reason,
              message: result.failure.message,
            },
          }
        : {}),
    });
    return result;
  }

  #noteClocks(order: readonly number[], found: readonly number[]): void {
    const { prometheus, logger } = this.#options;
    this.#offsets = this.#offsets.map((before, i) => {
      const now = found[order.indexOf(i)];
      if (now !== before) {
        logger.info(
          now === 0
            ? `The clock of ${prometheus[i].name} agrees with the hub’s`
            : `The clock of ${prometheus[i].name} is ${now} s ahead of the hub’s; times are corrected`,
        );
      }
      return now;
    });
  }

  #note(round: CollectorRound): void {
    const before = this.#lastRound?.failure?.message;
    const { failure } = round;
    // A back-fill that fails says nothing of the present.
    if (round.kind === 'live' || !failure) this.#lastRound = round;
    this.#options.onRound?.(round);
    if (failure && failure.message !== before) {
      this.#options.logger.warn(
        `telemetry is unknown (${failure.reason}): ${failure.message}`,
      );
    }
    if (!failure && before !== undefined) {
      this.#options.logger.info('telemetry is known again');
    }
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { clock, sink, logger } = this.#options;
    let most: number | undefined;
    while (!this.#outbox.isEmpty && !signal.aborted) {
      const batch = this.#outbox.batch(most);
      try {
        const answer = await sink(
          {
            sentAt: isoTime(clock.now()),
            ...(this.#istioClusterId
              ? { istioClusterId: this.#istioClusterId }
              : {}),
            ...batch,
          },
          signal,
        );
        this.#outbox.sent(batch);
        this.#wanted = answer.wanted;
        this.#sinkFailure = undefined;
        this.#backoff.reset();
        const [refused] = answer.refused;
        if (refused) {
          logger.warn(
            `telemetry: the hub refused ${answer.refused.length} of ${batch.slices.length} slices (${refused.reason}): ${refused.message}`,
          );
        }
      } catch (error) {
        if (signal.aborted) return;
        const unreadable =
          error instanceof HubError && [400, 413, 422].includes(error.status);
        if (unreadable && batch.slices.length > 1) {
          most = Math.floor(batch.slices.length / 2);
          continue;
        }
        if (unreadable) {
          // It would be refused for ever, and hold up all others.
          this.#outbox.sent(batch);
          logger.error(
            `telemetry: ${messageOf(error)}; this slice is left out`,
          );
          continue;
        }
        const wait = Math.max(
          this.#backoff.next(),
          error instanceof HubError ? error.retryAfter ?? 0 : 0,
        );
        this.#sendAt = clock.now() + wait;
        this.#sinkFailure = messageOf(error);
        logger.debug(`telemetry: ${this.#sinkFailure}`, { retryIn: wait });
        return;
      }
    }
  }
}
