import type { Series } from '../prometheus/Prometheus';
import { PART } from '../promql/queries';

/** What is known of the scrapes of one slice. */
export interface Scrapes {
  /** Namespaces of which a proxy was scraped. */
  readonly namespaces: ReadonlySet<string>;
  /** Some proxy was scraped, but its namespace is not said: then no namespace can be told to be without. */
  readonly unplaced: boolean;
  /** Most samples of one proxy in the slice. */
  readonly perProxy: number;
  /** Time of the newest sample, seconds; undefined: none in the past minutes. */
  readonly newest: number | undefined;
}

const NONE: Scrapes = {
  namespaces: new Set(),
  unplaced: false,
  perProxy: 0,
  newest: undefined,
};

/** Whether any proxy was scraped. */
export function isScraped({ namespaces, unplaced }: Scrapes): boolean {
  return unplaced || namespaces.size > 0;
}

/** Scrapes by evaluation time, for each of `times`. */
export function readScrapes(
  heartbeat: readonly Series[],
  times: readonly number[],
): ReadonlyMap<number, Scrapes> {
  const found = new Map<
    number,
    {
      namespaces: Set<string>;
      unplaced: boolean;
      perProxy: number;
      newest: number | undefined;
    }
  >();
  for (const series of heartbeat) {
    const part = series.labels[PART];
    for (let i = 0; i < series.times.length; i += 1) {
      const value = series.values[i];
      if (Number.isNaN(value)) continue;
      const at = series.times[i];
      let scrapes = found.get(at);
      if (!scrapes) {
        scrapes = { ...NONE, namespaces: new Set() };
        found.set(at, scrapes);
      }
      if (part === 'scraped' && value > 0) {
        const namespace = series.labels.isthmus_namespace;
        if (namespace) scrapes.namespaces.add(namespace);
        else scrapes.unplaced = true;
      } else if (part === 'scrapes') scrapes.perProxy = value;
      else if (part === 'newest') scrapes.newest = value;
    }
  }
  return new Map(times.map(at => [at, found.get(at) ?? NONE]));
}
