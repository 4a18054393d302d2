/** How long telemetry is kept, milliseconds. */
export interface Retention {
  /** Edges by minutes. */
  readonly edgeMinutesMs: number;
  /** Edges by quarters of an hour. */
  readonly edgeQuartersMs: number;
  /** Increments by minutes. */
  readonly incrementMinutesMs: number;
  /** Increments by quarters of an hour. */
  readonly incrementQuartersMs: number;
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

export const DEFAULT_RETENTION: Retention = {
  edgeMinutesMs: 3 * HOUR,
  edgeQuartersMs: 7 * DAY,
  incrementMinutesMs: 48 * HOUR,
  incrementQuartersMs: 400 * DAY,
};

/** Roll-ups need the minutes of a whole hour, and late ones. */
export const MIN_MINUTES_MS = 2 * HOUR;
export const MIN_QUARTERS_MS = DAY;
