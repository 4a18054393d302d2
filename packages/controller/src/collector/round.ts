import type { SliceInput, Resources } from '@isthmus/plugin-gns-common';
import {
  PrometheusError,
  type EvaluationTimes,
  type Prometheus,
  type PrometheusAnswer,
} from './prometheus/Prometheus';
import {
  countsQuery,
  durationsQuery,
  heartbeatQuery,
  type Question,
} from './promql/queries';
import { istioClusterIdOf, readEdges } from './reading/edges';
import { isScraped, readScrapes, type Scrapes } from './reading/heartbeat';
import { readResources } from './reading/resources';
import {
  sliceSpan,
  startsOf,
  unknownSlices,
  type SliceContext,
  type SliceSpan,
} from './reading/slices';

/** What one round is to find out. */
export interface RoundRequest {
  readonly span: SliceSpan;
  readonly question: Question;
  /** Copies of one Prometheus, best first: one is believed, they are never added up. */
  readonly prometheus: readonly Prometheus[];
  /** Seconds that the clock of each is ahead of the hub's. */
  readonly offsets: readonly number[];
  /** Do not look at their clocks: they are never twice the same. */
  readonly ignoreClocks?: boolean;
  readonly context: SliceContext;
  workloadOf(namespace: string, pod: string): string | undefined;
  /** The hub's clock, milliseconds. */
  hubNow(): number;
}

/** What one round found out. */
export interface RoundResult {
  readonly slices: readonly SliceInput[];
  readonly resources?: Resources;
  readonly istioClusterId?: string;
  /** Most samples of one proxy in a slice; undefined: not learnt. */
  readonly perProxy?: number;
  /** Place of the one that was believed; undefined: none was. */
  readonly chosen?: number;
  /** Why nothing was learnt. */
  readonly failure?: PrometheusError;
  /** Queries sent to each Prometheus. */
  readonly queries: readonly number[];
  readonly series: number;
  /** Offsets of the clocks as they are now. */
  readonly offsets: readonly number[];
  /** Nobody could be asked for the right time yet: with these offsets, the round is to be done again. */
  readonly again: boolean;
}

/** Smaller differences of clocks matter less than the times of scrapes. */
const CLOCK_TOLERANCE_SECONDS = 15;

/** Seconds that a server's clock is ahead of the hub's; 0 while that is within what does not matter. */
export function clockOffset(
  serverTime: number | undefined,
  sentAt: number,
  now: number,
): number | undefined {
  if (serverTime === undefined) return undefined;
  // The header has whole seconds, and the answer took some time.
  const earliest = serverTime - now;
  const latest = serverTime + 1000 - sentAt;
  const middle = Math.round((earliest + latest) / 2000);
  return Math.abs(middle) <= CLOCK_TOLERANCE_SECONDS ? 0 : middle;
}

function asError(error: unknown): PrometheusError {
  return error instanceof PrometheusError
    ? error
    : new PrometheusError('error', String(error), { cause: error });
}

interface Candidate {
  readonly index: number;
  readonly heartbeat: PrometheusAnswer;
  readonly scrapes: ReadonlyMap<number, Scrapes>;
  readonly scraped: number;
}

/** Asks at most three queries of each Prometheus, and makes slices of the answers. Never rejects. */
export async function collectRound(
  request: RoundRequest,
  signal?: AbortSignal,
): Promise<RoundResult> {
  const { span, question, prometheus, context } = request;
  const offsets = [...request.offsets];
  const endsOf = (index: number) =>
    startsOf(span).map(start => start + span.seconds + offsets[index]);
  const queries = prometheus.map(() => 0);
  const ask = (index: number, promql: string) => {
    const ends = endsOf(index);
    const times: EvaluationTimes = {
      from: ends[0],
      to: ends[ends.length - 1],
      step: span.seconds,
    };
    queries[index] += 1;
    return prometheus[index].query(promql, times, signal);
  };
  let failure: PrometheusError | undefined;
  const fail = (): RoundResult => {
    const why =
      failure ??
      new PrometheusError('unreachable', 'There is no Prometheus to ask');
    return {
      slices: unknownSlices(span, why, context),
      failure: why,
      queries,
      series: 0,
      offsets,
      again: false,
      ...(question.resources ? { resources: noResources(why, span.to) } : {}),
    };
  };

  const candidates: Candidate[] = [];
  let clockLearnt = false;
  for (let index = 0; index < prometheus.length; index += 1) {
    const sentAt = request.hubNow();
    try {
      const heartbeat = await ask(index, heartbeatQuery(question));
      const offset = clockOffset(
        heartbeat.serverTime,
        sentAt,
        request.hubNow(),
      );
      if (
        offset !== undefined &&
        !request.ignoreClocks &&
        Math.abs(offset - offsets[index]) > CLOCK_TOLERANCE_SECONDS
      ) {
        offsets[index] = offset;
        clockLearnt = true;
        continue;
      }
      const ends = endsOf(index);
      const scrapes = readScrapes(heartbeat.series, ends);
      const scraped = ends.filter(at => isScraped(scrapes.get(at)!)).length;
      candidates.push({ index, heartbeat, scrapes, scraped });
      if (scraped === ends.length) break;
    } catch (error) {
      failure ??= asError(error);
    }
    if (signal?.aborted) return fail();
  }
  if (candidates.length === 0 && clockLearnt) {
    return { slices: [], queries, series: 0, offsets, again: true };
  }
  candidates.sort((a, b) => b.scraped - a.scraped);

  for (const { index, heartbeat, scrapes, scraped } of candidates) {
    try {
      const [counts, durations] =
        scraped === 0
          ? [undefined, undefined]
          : await Promise.all([
              ask(index, countsQuery(question)),
              ask(index, durationsQuery(question)),
            ]);
      const edges = readEdges(counts?.series ?? [], durations?.series ?? []);
      const offset = offsets[index];
      return {
        slices: sliceSpan(span, { scrapes, edges, offset }, context),
        offsets,
        again: false,
        istioClusterId: istioClusterIdOf(edges),
        perProxy: Math.max(...[...scrapes.values()].map(s => s.perProxy)),
        chosen: index,
        queries,
        series:
          heartbeat.series.length +
          (counts?.series.length ?? 0) +
          (durations?.series.length ?? 0),
        ...(question.resources
          ? {
              resources: {
                ...readResources(
                  heartbeat.series,
                  span.to + offset,
                  request.workloadOf,
                ),
                at: span.to,
              },
            }
          : {}),
      };
    } catch (error) {
      failure ??= asError(error);
      if (signal?.aborted) return fail();
    }
  }
  return fail();
}

function noResources(why: PrometheusError, at: number): Resources {
  return {
    state: 'UNKNOWN',
    at,
    reason: why.reason,
    message: why.message.slice(0, 500),
  };
}
