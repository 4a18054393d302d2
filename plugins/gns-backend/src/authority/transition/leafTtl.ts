/** `30m`, `1h` as the kind's schema allows them, in seconds. */
export function leafTtlSecondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith('h') ? 3600 : 60);
}
