const HOUR = 3600_000;
const DAY = 24 * HOUR;

/** Steps between ticks, milliseconds. */
const STEPS = [
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  91 * DAY,
];

/** Room for one label, pixels. */
const LABEL = 72;

export interface TimeTicks {
  /** Unix milliseconds. */
  at: number[];
  /** Whether the time of day says more than the date. */
  hours: boolean;
}

/**
 * Moments to write below a time axis, as many as fit, on full hours or days of
 * the reader's clock.
 */
export function timeTicks(
  [from, to]: readonly [number, number],
  width: number,
): TimeTicks {
  const most = Math.max(1, Math.floor(width / LABEL));
  const step =
    STEPS.find(one => (to - from) / one <= most) ?? STEPS[STEPS.length - 1];
  const midnight = new Date(from);
  midnight.setHours(0, 0, 0, 0);
  const at: number[] = [];
  if (step < DAY) {
    for (let time = midnight.getTime(); time <= to; time += step) {
      if (time >= from) at.push(time);
    }
    return { at, hours: true };
  }
  // A day of the calendar is not always 24 hours.
  for (let days = 0; ; days += step / DAY) {
    const day = new Date(midnight);
    day.setDate(midnight.getDate() + days);
    if (day.getTime() > to) return { at, hours: false };
    if (day.getTime() >= from) at.push(day.getTime());
  }
}
