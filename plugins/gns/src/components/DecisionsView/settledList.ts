/** An item of a list that a person is reading. */
export interface Settled<T> {
  item: T;
  /** It is no longer in the newest answer, and keeps its place until the reader is done. */
  gone: boolean;
}

/**
 * The newest answer in the places of the list on the page: nothing moves
 * under the pointer. What is gone stays, marked; what is new comes at the end.
 */
export function settle<T extends { id: string }>(
  shown: readonly Settled<T>[],
  newest: readonly T[],
): Settled<T>[] {
  const left = new Map(newest.map(item => [item.id, item]));
  const kept = shown.map(({ item }) => {
    const now = left.get(item.id);
    left.delete(item.id);
    return now ? { item: now, gone: false } : { item, gone: true };
  });
  return [...kept, ...[...left.values()].map(item => ({ item, gone: false }))];
}
