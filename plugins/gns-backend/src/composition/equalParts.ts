/** Deep equality of plain JSON values; identical parts are not descended into. */
export function equalParts(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return false;
  }
  const own = Object.entries(a).filter(([, v]) => v !== undefined);
  const theirs = Object.entries(b).filter(([, v]) => v !== undefined);
  return (
    own.length === theirs.length &&
    own.every(
      ([key, value]) =>
        Object.hasOwn(b, key) &&
        equalParts(value, (b as Record<string, unknown>)[key]),
    )
  );
}
