/** Unix times in seconds. */
export const MINUTE = 60 as const;
export const QUARTER = 900 as const;
export const HOUR = 3600;
export const DAY = 86_400;

/** The start of the stretch of `length` seconds that `time` lies in. */
export function floorTo(time: number, length: number): number {
  return Math.floor(time / length) * length;
}

export function ceilTo(time: number, length: number): number {
  return Math.ceil(time / length) * length;
}

export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
