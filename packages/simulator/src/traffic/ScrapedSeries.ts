import type { Sample, StoredSeries } from '../prometheus/promql/evaluate';

/** How often the simulated Prometheus scrapes, seconds. */
export const SCRAPE_SECONDS = 15;

/** The samples of one proxy: a value at each time at which it was scraped. */
export class ScrapedSeries implements StoredSeries {
  constructor(
    readonly labels: Readonly<Record<string, string>>,
    private readonly phase: number,
    private readonly now: () => number,
    private readonly value: (time: number) => number,
  ) {}

  lastBetween(after: number, until: number): Sample | undefined {
    const t = this.#lastScrape(Math.min(until, this.now()));
    return t > after ? { t, v: this.value(t) } : undefined;
  }

  between(after: number, until: number): Sample[] {
    const samples: Sample[] = [];
    let t = this.#lastScrape(Math.min(until, this.now()));
    for (; t > after; t -= SCRAPE_SECONDS) {
      samples.push({ t, v: this.value(t) });
    }
    return samples.reverse();
  }

  #lastScrape(time: number): number {
    return (
      Math.floor((time - this.phase) / SCRAPE_SECONDS) * SCRAPE_SECONDS +
      this.phase
    );
  }
}
