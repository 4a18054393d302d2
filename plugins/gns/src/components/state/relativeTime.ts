const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/**
 * How far `at` is from `now`, in words of the language; undefined below five
 * seconds, where clocks differ more than the text would say.
 */
export function relativeTime(
  at: string | number,
  now: number,
  language: string,
): string | undefined {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  if (Math.abs(seconds) < 5) return undefined;
  const [unit, size] =
    STEPS.find(([, length]) => Math.abs(seconds) >= length) ??
    STEPS[STEPS.length - 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(
    Math.trunc(seconds / size),
    unit,
  );
}
