/** Order of text by code units: the same on every machine, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares by a text of each item. */
export function by<T>(text: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => compareText(text(a), text(b));
}
