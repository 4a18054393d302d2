import {
  MAX_SLICE_EDGES,
  MAX_SLICE_ROWS,
  packEdges,
  type EdgeRow,
  type SliceInput,
  type UnknownReason,
} from '@isthmus/plugin-gns-common';
import type { EdgesByTime } from './edges';
import { isScraped, type Scrapes } from './heartbeat';

/** Length of a slice, seconds. */
export type SliceSeconds = SliceInput['seconds'];

/** Slices that follow each other, on the hub's clock. */
export interface SliceSpan {
  /** Start of the first; a multiple of `seconds`. */
  readonly from: number;
  /** End of the last. */
  readonly to: number;
  readonly seconds: SliceSeconds;
}

/** Starts of the slices of a span, ascending. */
export function startsOf({ from, to, seconds }: SliceSpan): number[] {
  const starts: number[] = [];
  for (let start = from; start + seconds <= to; start += seconds) {
    starts.push(start);
  }
  return starts;
}

/** What an older slice that could not be known is told of. */
export interface SliceContext {
  /** Which try this is; higher replaces. */
  revision(start: number): number;
  /** The slice is so old that asking again will not help. */
  isFinal(start: number): boolean;
  /** Member namespaces with proxies; undefined: not known. */
  proxied: ReadonlySet<string> | undefined;
}

/** Slices of which nothing could be learnt. */
export function unknownSlices(
  span: SliceSpan,
  why: { reason: UnknownReason; message: string },
  context: Pick<SliceContext, 'revision'>,
): SliceInput[] {
  return startsOf(span).map(start => ({
    start,
    seconds: span.seconds,
    revision: context.revision(start),
    state: 'UNKNOWN',
    reason: why.reason,
    message: why.message.slice(0, 500),
  }));
}

/**
 * The slices of a span from what Prometheus answered. Times are those of its
 * clock, `offset` seconds ahead of the hub's.
 */
export function sliceSpan(
  span: SliceSpan,
  answer: {
    scrapes: ReadonlyMap<number, Scrapes>;
    edges: EdgesByTime;
    offset: number;
  },
  context: SliceContext,
): SliceInput[] {
  return startsOf(span).map((start): SliceInput => {
    const identity = {
      start,
      seconds: span.seconds,
      revision: context.revision(start),
    };
    const at = start + span.seconds + answer.offset;
    const scrapes = answer.scrapes.get(at);
    if (!scrapes || !isScraped(scrapes)) {
      return {
        ...identity,
        state: 'UNKNOWN',
        ...whyNotScraped(scrapes, at - span.seconds, context.isFinal(start)),
        final: context.isFinal(start),
      };
    }
    const rows = answer.edges.get(at) ?? [];
    const tooMany = excessOf(rows);
    if (tooMany) {
      return {
        ...identity,
        state: 'UNKNOWN',
        reason: 'error',
        message: tooMany,
        final: true,
      };
    }
    const unscraped = unscrapedOf(scrapes, context.proxied);
    return rows.length === 0
      ? { ...identity, state: 'ZERO', unscraped }
      : { ...identity, state: 'KNOWN', unscraped, edges: packEdges(rows) };
  });
}

function whyNotScraped(
  scrapes: Scrapes | undefined,
  startsAt: number,
  final: boolean,
): { reason: UnknownReason; message: string } {
  const newest = scrapes?.newest;
  if (newest !== undefined && newest <= startsAt) {
    return {
      reason: 'stale',
      message: `The newest sample of a proxy is of ${new Date(
        newest * 1000,
      ).toISOString()}, before this slice`,
    };
  }
  return final
    ? {
        reason: 'noData',
        message: 'Prometheus has no samples of proxies of this time',
      }
    : {
        reason: 'notScraped',
        message:
          'No proxy was scraped: Prometheus must scrape the merged or the Envoy endpoint of sidecars',
      };
}

function unscrapedOf(
  scrapes: Scrapes,
  proxied: ReadonlySet<string> | undefined,
): string[] {
  if (!proxied || scrapes.unplaced) return [];
  return [...proxied].filter(name => !scrapes.namespaces.has(name)).sort();
}

/** Why the contract cannot take as many; undefined: it can. A part of a slice would pass for the whole. */
function excessOf(rows: readonly EdgeRow[]): string | undefined {
  const further = rows.reduce(
    (n, row) => n + (row.outcomes?.length ?? 0) + (row.durations?.length ?? 0),
    0,
  );
  if (rows.length <= MAX_SLICE_EDGES && further <= MAX_SLICE_ROWS) {
    return undefined;
  }
  return `${rows.length} edges with ${further} codes and histograms are more than one slice holds (${MAX_SLICE_EDGES} and ${MAX_SLICE_ROWS})`;
}
