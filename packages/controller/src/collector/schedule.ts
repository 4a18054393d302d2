import {
  MAX_SLICES,
  SLICE_SECONDS,
  type SliceRange,
} from '@isthmus/plugin-gns-common';
import type { SliceSeconds, SliceSpan } from './reading/slices';

/** Samples of one proxy that a slice shall have at least. */
const SAMPLES = 2;
/** Until it is known how often Prometheus scrapes, it is reckoned with this. */
const USUAL_SCRAPE_SECONDS = 15;
/** How long a scrape may take to be answered and stored. */
const SCRAPE_TAKES_SECONDS = 10;
/** A slice as old as this gets no further samples. */
const FINAL_SECONDS = 3600;

/** The slice to take: the wanted one, or the shortest in which each proxy is scraped often enough. */
export function sliceSecondsFor(
  wanted: SliceSeconds,
  scrapeSeconds: number | undefined,
): SliceSeconds {
  if (scrapeSeconds === undefined) return wanted;
  return (
    SLICE_SECONDS.find(
      seconds => seconds >= wanted && seconds >= SAMPLES * scrapeSeconds,
    ) ?? SLICE_SECONDS[SLICE_SECONDS.length - 1]
  );
}

/** Seconds after the end of a slice when its last scrapes are in. */
export function settlingSeconds(scrapeSeconds: number | undefined): number {
  return (scrapeSeconds ?? USUAL_SCRAPE_SECONDS) + SCRAPE_TAKES_SECONDS;
}

/** The newest slice whose scrapes are in, on the hub's clock (seconds). */
export function newestSlice(
  now: number,
  seconds: SliceSeconds,
  scrapeSeconds: number | undefined,
): SliceSpan {
  const settled = now - settlingSeconds(scrapeSeconds);
  const to = Math.floor(settled / seconds) * seconds;
  return { from: to - seconds, to, seconds };
}

/** When the slice after this one can be taken. */
export function nextDue(
  last: SliceSpan,
  scrapeSeconds: number | undefined,
): number {
  return last.to + last.seconds + settlingSeconds(scrapeSeconds);
}

/** Which try of a slice this is: grows with time, over restarts too. */
export function revisionOf(end: number, now: number): number {
  return Math.max(1, Math.min(1_000_000, 1 + Math.floor((now - end) / 60)));
}

/** Whether a slice of which there are no samples will never have any. */
export function isFinal(end: number, now: number): boolean {
  return end < now - FINAL_SECONDS;
}

const MINUTES_KEPT_SECONDS = 47 * 3600;

/** The oldest slice of the history that a hub is to hear of first: it asks for the rest itself. */
export function historySlice(
  now: number,
  historySeconds: number,
  seconds: SliceSeconds,
): SliceSpan {
  // Older times are kept by quarters of an hour alone.
  const length = historySeconds > MINUTES_KEPT_SECONDS ? 900 : seconds;
  const from = Math.floor((now - historySeconds) / length) * length;
  return { from, to: from + length, seconds: length };
}

/**
 * The newest stretch that is wanted, of at most `most` slices; undefined: there
 * is none. Slices whose next try is not due yet split a range.
 */
export function nextBackfill(
  wanted: readonly SliceRange[],
  options: { most: number; isBlocked(start: number, seconds: number): boolean },
): SliceSpan | undefined {
  const most = Math.max(1, Math.min(MAX_SLICES, options.most));
  for (const range of wanted) {
    const { seconds } = range;
    let to: number | undefined;
    let from = range.to;
    for (
      let start = range.to - seconds;
      start >= range.from;
      start -= seconds
    ) {
      const blocked = options.isBlocked(start, seconds);
      if (blocked && to !== undefined) break;
      if (blocked) continue;
      to ??= start + seconds;
      from = start;
      if (to - from >= most * seconds) break;
    }
    if (to !== undefined) return { from, to, seconds };
  }
  return undefined;
}
