import type { SloWindow } from '@isthmus/plugin-gns-common';
import { DateTime } from 'luxon';

/** Quarters of an hour are the grain of the past: every zone's midnight is one. */
export const QUARTER = 900;
export const HOUR = 3600;
export const DAY = 86_400;

/** A stretch of time, Unix seconds, half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The window that an objective is judged over at one moment. */
export interface ObjectiveWindow extends Span {
  /** Up to where it is judged; `to` of a rolling window, now of a calendar one. */
  readonly until: number;
  /** When the budget is full again; absent: a rolling window has no such moment. */
  readonly resetsAt?: number;
}

export const seconds = ({ from, to }: Span) => to - from;

export const floorTo = (time: number, step: number) =>
  Math.floor(time / step) * step;

/**
 * The window at `now` (Unix seconds). Rolling windows begin at a quarter of an
 * hour; calendar windows at midnight of their zone: their length follows
 * months of 28–31 days and changes of the clock (a month of 743 or 721 hours).
 */
export function windowAt(window: SloWindow, now: number): ObjectiveWindow {
  if (window.type === 'rolling') {
    return {
      from: floorTo(now, QUARTER) - window.days * DAY,
      to: now,
      until: now,
    };
  }
  const at = DateTime.fromSeconds(now, { zone: window.timeZone });
  if (!at.isValid) {
    throw new RangeError(
      `The time zone ${window.timeZone} is not known on this machine`,
    );
  }
  // luxon's weeks are those of ISO 8601: they start on Monday.
  const start = at.startOf(window.period);
  const from = Math.floor(start.toSeconds());
  const to = Math.floor(
    start
      .plus({ [window.period]: 1 })
      .startOf(window.period)
      .toSeconds(),
  );
  return { from, to, until: now, resetsAt: to };
}

/** How long the budget is for: the length of the window that `now` lies in, seconds. */
export function periodSeconds(window: SloWindow, now: number): number {
  if (window.type === 'rolling') return window.days * DAY;
  return seconds(windowAt(window, now));
}

/** The calendar window before, for reports; undefined for rolling ones. */
export function previousWindow(
  window: SloWindow,
  now: number,
): Span | undefined {
  if (window.type === 'rolling') return undefined;
  const { from } = windowAt(window, now);
  const before = windowAt(window, from - 1);
  return { from: before.from, to: before.to };
}
