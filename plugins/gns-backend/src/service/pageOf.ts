/**
 * The page out of one row more than it holds, and the cursor to the next one.
 * `keyOf` names a row so that the next page starts behind it.
 */
export function pageOf<T, R>(
  found: readonly T[],
  limit: number,
  options: { keyOf: (row: T) => string; show: (row: T) => R },
): { items: R[]; nextCursor?: string } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    items: rows.map(options.show),
    ...(found.length > rows.length && last !== undefined
      ? { nextCursor: formatCursor(options.keyOf(last)) }
      : {}),
  };
}

/** Cursors are opaque to clients. */
export function formatCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** What {@link pageOf} put into a cursor. */
export function readCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}
