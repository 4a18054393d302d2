/** A text like `250ms`, `1.5s`, `2m`: how long an answer may take. */
export const DURATION = /^(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})?(ms|s|m)$/;

const UNIT_MS = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds of a text that {@link DURATION} accepts. */
export function durationMs(text: string): number {
  const [, whole, fraction = '', unit] = DURATION.exec(text) ?? [];
  if (unit === undefined) throw new RangeError(`${text} is no duration`);
  // Rounded to microseconds: 0.3 s is 300 ms, not 299.99999999999994.
  return (
    Math.round(
      Number(whole + fraction) * UNIT_MS[unit as keyof typeof UNIT_MS] * 1000,
    ) / 1000
  );
}

/** The shortest text of a duration; reads back as the same number. */
export function formatDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  if (ms >= 1000 && ms % 1 === 0) return `${ms / 1000}s`;
  return `${ms}ms`;
}
