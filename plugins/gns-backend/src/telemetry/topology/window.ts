import { floorTo, QUARTER } from '../time';

/** A stored slice of one cluster, without its edges. */
export interface StoredSlice {
  /** Our id. */
  readonly cluster: string;
  readonly step: number;
  readonly start: number;
  readonly seconds: number;
  readonly revision: number;
  /** Seconds of it that are known. */
  readonly known: number;
  readonly unscraped: readonly string[];
  /** Of its stored edges; 0: it has none. */
  readonly bytes: number;
  /** Changes whenever the stored edges do. */
  readonly version: string;
}

/** A stretch of time, Unix seconds, half-open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** True when a slice says more about the window than about the time around it. */
function belongs(slice: StoredSlice, { from, to }: Stretch): boolean {
  const overlap =
    Math.min(to, slice.start + slice.seconds) - Math.max(from, slice.start);
  return overlap * 2 >= Math.min(slice.seconds, to - from) && overlap > 0;
}

/**
 * The slices that a window is made of: of each quarter of an hour that lies within it the
 * roll-up, where that knows as much as the minutes do; else the minutes. No second
 * counts twice. Pure.
 */
export function chooseSlices(
  stored: readonly StoredSlice[],
  window: Stretch,
): StoredSlice[] {
  const knownMinutes = new Map<string, number>();
  const quarterOf = (s: StoredSlice) =>
    `${s.cluster} ${floorTo(s.start, QUARTER)}`;
  for (const slice of stored) {
    if (slice.step === QUARTER) continue;
    const key = quarterOf(slice);
    knownMinutes.set(key, (knownMinutes.get(key) ?? 0) + slice.known);
  }
  const whole = new Set(
    stored
      .filter(
        s =>
          s.step === QUARTER &&
          s.known >= (knownMinutes.get(quarterOf(s)) ?? 0) &&
          (window.to - window.from < QUARTER
            ? !knownMinutes.has(quarterOf(s)) && belongs(s, window)
            : s.start >= window.from && s.start + s.seconds <= window.to),
      )
      .map(quarterOf),
  );
  return stored.filter(slice =>
    slice.step === QUARTER
      ? whole.has(quarterOf(slice))
      : !whole.has(quarterOf(slice)) && belongs(slice, window),
  );
}

/** Seconds of a stretch that each cluster knows, and where its clients were blind. */
export class KnownTimes {
  readonly #slices = new Map<string, StoredSlice[]>();

  constructor(slices: readonly StoredSlice[]) {
    for (const slice of slices) {
      const list = this.#slices.get(slice.cluster);
      if (list) list.push(slice);
      else this.#slices.set(slice.cluster, [slice]);
    }
  }

  /** Seconds that are known of a cluster; with a namespace, that its proxies were scraped in. */
  seconds(cluster: string, namespace?: string): number {
    return (this.#slices.get(cluster) ?? [])
      .filter(s => namespace === undefined || !s.unscraped.includes(namespace))
      .reduce((sum, s) => sum + s.known, 0);
  }

  /**
   * Whether the proxies of a namespace told of most of a stretch. Roll-ups that are partly
   * known are believed: figures are over what is known.
   */
  isKnown(cluster: string, namespace: string, stretch: Stretch): boolean {
    let known = 0;
    for (const slice of this.#slices.get(cluster) ?? []) {
      if (slice.unscraped.includes(namespace) || slice.known === 0) continue;
      const overlap =
        Math.min(stretch.to, slice.start + slice.seconds) -
        Math.max(stretch.from, slice.start);
      if (overlap > 0) known += overlap;
    }
    return known * 2 > stretch.to - stretch.from;
  }
}
