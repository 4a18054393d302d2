import { selector, type Matcher } from './text';

/** What proxies are recognised by. */
export interface Heartbeat {
  /** Selectors of series that every scraped proxy has. */
  readonly selectors: readonly string[];
  /** Label that tells scraped targets apart. */
  readonly instanceLabel: string;
}

/** How long a proxy must have been silent to be taken for one that is new. */
const SILENCE = '1h';

/** Any of the heartbeat's series in a window of `seconds`, `ago` seconds before the evaluation. */
export function heartbeats(
  { selectors }: Heartbeat,
  window: string,
  ago = 0,
): string {
  const offset = ago > 0 ? ` offset ${ago}s` : '';
  return `(${selectors
    .map(s => `last_over_time(${s}[${window}]${offset})`)
    .join(' or ')})`;
}

/**
 * How far a counter's series rose in the slice of `seconds` that ends at the
 * evaluation time, exactly: its last sample in the slice less its last one in
 * the slice before. Sums over slices that follow each other telescope, so
 * nothing is counted twice or lost, and nothing is extrapolated.
 *
 * - A series without a sample before counts from zero when it was born in the
 *   slice: its proxy was scraped before, or is new while others were scraped.
 * - After a reset, and after a pause in which it was not scraped, `increase`
 *   says what was seen within the slice. So a Prometheus that begins, or comes
 *   back after an outage, puts no past counts into one slice.
 *
 * `ways`: sets of matchers of which none selects what another does.
 */
export function risen(
  metric: string,
  ways: readonly (readonly Matcher[])[],
  slice: { seconds: number; heartbeat: Heartbeat },
): string {
  const { seconds, heartbeat } = slice;
  const window = `${seconds}s`;
  const over = (
    part: (s: { now: string; before: string; series: string }) => string,
  ) =>
    ways
      .map(matchers => {
        const series = selector(metric, matchers);
        const now = `last_over_time(${series}[${window}])`;
        const before = `last_over_time(${series}[${window}] offset ${seconds}s)`;
        return part({ now, before, series });
      })
      .join(' or ');
  const on = `on(${heartbeat.instanceLabel})`;
  const scrapedBefore = heartbeats(heartbeat, window, seconds);
  const appeared = `(${heartbeats(heartbeat, window)} unless ${on} ${heartbeats(
    heartbeat,
    SILENCE,
    seconds,
  )})`;
  const startsFromZero = `(${scrapedBefore} or (${appeared} and on() (count(${scrapedBefore})>0)))`;
  const difference = over(({ now, before }) => `(${now}-${before}>=0)`);
  const born = over(({ now, before }) => `(${now} unless ${before})`);
  const seen = over(({ series }) => `increase(${series}[${window}])`);
  return `(${difference} or ((${born}) and ${on} ${startsFromZero}) or ${seen})`;
}
