/** Fields that move although nothing has changed. */
const TIMES: ReadonlySet<string> = new Set([
  'dataAt',
  'generatedAt',
  'lastSeenAt',
  'checkedAt',
  'latencyMs',
]);

/**
 * Whether two answers of the hub say the same, apart from when they were
 * measured.
 */
export function sameExceptTimes(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, withoutTimes) === JSON.stringify(b, withoutTimes);
}

function withoutTimes(key: string, value: unknown): unknown {
  return TIMES.has(key) ? undefined : value;
}
