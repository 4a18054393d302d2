/** What a column is sorted by; null and undefined are unknown. */
export type SortValue = string | number | null | undefined;

export interface SortOrder {
  column: string;
  direction: 'ascending' | 'descending';
}

/** Sorted; the unknown comes last whichever way, equals keep their order. */
export function sortRows<T>(
  rows: readonly T[],
  valueOf: (row: T) => SortValue,
  direction: SortOrder['direction'],
  language?: string,
): T[] {
  const collator = new Intl.Collator(language, { numeric: true });
  const turn = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row, i) => ({ row, i, value: valueOf(row) }))
    .sort((a, b) => {
      const isUnknown = (value: SortValue) =>
        value === null || value === undefined;
      if (isUnknown(a.value) || isUnknown(b.value)) {
        return (
          Number(isUnknown(a.value)) - Number(isUnknown(b.value)) || a.i - b.i
        );
      }
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : collator.compare(String(a.value), String(b.value));
      return order * turn || a.i - b.i;
    })
    .map(one => one.row);
}
