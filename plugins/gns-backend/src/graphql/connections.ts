import { InputError } from '@backstage/errors';
import { formatCursor, readCursor } from '../service/pageOf';

/** What relay connections are asked with. */
export interface PageArgs {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export const DEFAULT_PAGE = 100;

/** Length of the page that was asked for. @throws InputError for a length that is none, or above `most` */
export function pageLength(args: PageArgs, most: number): number {
  if (typeof args.first === 'number' && typeof args.last === 'number') {
    throw new InputError('first and last: write one of them');
  }
  const name = typeof args.last === 'number' ? 'last' : 'first';
  const length = args[name] ?? Math.min(DEFAULT_PAGE, most);
  if (length < 1 || length > most) {
    throw new InputError(
      `${name}: ${length} is not between 1 and ${most}. Read page by page with after: pageInfo.endCursor`,
    );
  }
  return length;
}

/** Place of the row that a cursor names; rows may have moved since. */
function placeOf<T>(
  items: readonly T[],
  cursor: string,
  keyOf: (item: T) => string,
): number {
  const text = readCursor(cursor);
  const space = text.indexOf(' ');
  const place = Number(text.slice(0, space));
  if (space < 1 || !Number.isSafeInteger(place) || place < 0) {
    throw new InputError(
      'cursor: it is none of this list. Take it from pageInfo or edges',
    );
  }
  const key = text.slice(space + 1);
  if (items[place] !== undefined && keyOf(items[place]) === key) return place;
  const found = items.findIndex(item => keyOf(item) === key);
  // It is gone: what stood behind it stands in its place now.
  return found >= 0 ? found : place - 0.5;
}

/** One page of a list that is whole in memory. @throws InputError */
export function connectionOf<T>(
  items: readonly T[],
  args: PageArgs,
  options: { keyOf: (item: T) => string; most: number },
) {
  const length = pageLength(args, options.most);
  const { keyOf } = options;
  let from = args.after ? Math.floor(placeOf(items, args.after, keyOf)) + 1 : 0;
  let to = args.before
    ? Math.ceil(placeOf(items, args.before, keyOf))
    : items.length;
  to = Math.min(items.length, to);
  from = Math.min(from, to);
  if (typeof args.last === 'number') from = Math.max(from, to - length);
  else to = Math.min(to, from + length);
  const edges = items.slice(from, to).map((node, i) => ({
    cursor: formatCursor(`${from + i} ${keyOf(node)}`),
    node,
  }));
  return {
    edges,
    totalCount: items.length,
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
