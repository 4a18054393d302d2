/** One replacement that turns a text into another. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

/**
 * The replacement that leaves alone what both texts begin and end with, so
 * that cursor and scroll position of an editor stay; undefined: they are equal.
 */
export function smallestChange(
  before: string,
  after: string,
): Change | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  return {
    from: start,
    to: before.length - end,
    insert: after.slice(start, after.length - end),
  };
}
