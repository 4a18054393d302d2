import { type TrafficRanges } from '@isthmus/plugin-gns-common';

/** How far back a replay goes. */
export type Reach = '3h' | '7d';

/** Times of a replay, milliseconds since 1970. */
export interface ReplayRange {
  from: number;
  to: number;
  step: number;
}

/** What can be replayed; undefined: nothing is stored yet. */
export function rangeOf(
  ranges: TrafficRanges,
  reach: Reach,
): ReplayRange | undefined {
  const { from, to, stepSeconds } =
    reach === '3h' ? ranges.minutes : ranges.quarters;
  if (from === null || to === null) return undefined;
  const range = {
    from: Date.parse(from),
    to: Date.parse(to),
    step: stepSeconds * 1000,
  };
  return range.to > range.from ? range : undefined;
}

/** The next time of a replay; undefined: it has arrived in the present. */
export function nextTime(
  range: ReplayRange,
  at: string | undefined,
): string | undefined {
  if (at === undefined) return undefined;
  const next = Math.max(range.from, Date.parse(at) + range.step);
  return next >= range.to ? undefined : new Date(next).toISOString();
}

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/** "5 minutes", "7 days" in the reader's language. */
export function spanOf(seconds: number, language: string): string {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0) ?? UNITS[2];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(seconds / size);
}
