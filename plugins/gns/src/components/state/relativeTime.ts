const STEPS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

function inUnits(seconds: number): [number, (typeof STEPS)[number][0]] {
  const [unit, size] =
    STEPS.find(([, length]) => Math.abs(seconds) >= length) ??
    STEPS[STEPS.length - 1];
  return [Math.trunc(seconds / size), unit];
}

/**
 * How far `at` is from `now`, in words of the language; undefined for a few
 * seconds around now, where clocks differ more than the text would say.
 */
export function relativeTime(
  at: string | number,
  now: number,
  language: string,
): string | undefined {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  if (seconds > -5 && seconds < 15) return undefined;
  return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(
    ...inUnits(seconds),
  );
}

/** How long ago `at` was, as a length of time: "2 minutes", "2 分". */
export function elapsed(
  at: string | number,
  now: number,
  language: string,
): string {
  const seconds = Math.max(
    1,
    Math.round((now - new Date(at).getTime()) / 1000),
  );
  const [count, unit] = inUnits(seconds);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(count);
}
