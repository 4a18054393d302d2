/** Percent with as many digits as tell the value from its target. */
export function shareText(
  share: number | null,
  language: string,
  options: { digits?: number } = {},
): string | undefined {
  if (share === null) return undefined;
  const digits = options.digits ?? 2;
  // 99.9996 % is not 100 %: what is not whole is never rounded up to it.
  const scale = 10 ** digits;
  const percent = share * 100;
  const shown =
    share < 1 && Math.round(percent * scale) >= 100 * scale
      ? 100 - 1 / scale
      : percent;
  return percentOf(shown, language, digits);
}

/** Percent of a target, as it was written. */
export function targetText(target: number, language: string): string {
  return percentOf(target, language, 5);
}

/** Digits that a share needs beside its target: one more than the target has. */
export function digitsBeside(target: number): number {
  const [, decimals = ''] = String(target).split('.');
  return Math.min(6, Math.max(2, decimals.length + 1));
}

/** What is left of a budget: −12 %, 83 %, 0.4 %. */
export function budgetText(
  remaining: number | null,
  language: string,
): string | undefined {
  if (remaining === null) return undefined;
  const percent = remaining * 100;
  const digits = Math.abs(percent) < 10 && percent !== 0 ? 1 : 0;
  return percentOf(percent, language, digits);
}

function percentOf(percent: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: digits,
  }).format(percent / 100);
}

/** A burn rate: 14×, 1.3×, 0.02×. */
export function burnText(
  burn: number | null,
  language: string,
): string | undefined {
  if (burn === null) return undefined;
  return `${new Intl.NumberFormat(language, {
    maximumFractionDigits: fractionDigits(burn),
  }).format(burn)}×`;
}

function fractionDigits(value: number): number {
  if (value === 0 || value >= 100) return 0;
  return value >= 1 ? 1 : 2;
}

/** A count: 1.2M, 480. */
export function countText(count: number, language: string): string {
  return new Intl.NumberFormat(language, {
    notation: count >= 100_000 ? 'compact' : 'standard',
    maximumFractionDigits: count >= 100 ? 1 : 2,
  }).format(count >= 100 && count < 100_000 ? Math.round(count) : count);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in its largest fitting unit: 28 days, 6 hours, 5 minutes. */
export function lengthText(seconds: number, language: string): string {
  const [unit, size] =
    UNITS.find(([, length]) => seconds >= length) ?? UNITS[UNITS.length - 1];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: seconds % size === 0 ? 0 : 1,
  }).format(seconds / size);
}

/** The same, short: 6h, 5m, 3d. */
export function shortLengthText(seconds: number, language: string): string {
  const [unit, size] =
    UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ??
    UNITS[UNITS.length - 1];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
  }).format(seconds / size);
}

const DURATIONS = [
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;

/** Milliseconds as a person says them: 250 ms, 2.5 s. */
export function durationText(ms: number, language: string): string {
  const [unit, size] =
    DURATIONS.find(([, length]) => ms >= length) ??
    DURATIONS[DURATIONS.length - 1];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(ms / size);
}
