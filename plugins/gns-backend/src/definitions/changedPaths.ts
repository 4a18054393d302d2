import { canonicalJson, showPath } from '@isthmus/plugin-gns-common';

/** One value that differs between two documents; a side that is absent lacks the path. */
export interface ChangedPath {
  path: string;
  before?: unknown;
  after?: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The smallest paths that differ, in the order of their names. Objects are
 * compared member by member, arrays index by index, anything else as a whole.
 * Pure.
 */
export function changedPaths(before: unknown, after: unknown): ChangedPath[] {
  return compare(before, after, []);
}

function compare(
  before: unknown,
  after: unknown,
  path: ReadonlyArray<string | number>,
): ChangedPath[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .sort()
      .flatMap(key =>
        compare(
          Object.hasOwn(before, key) ? before[key] : undefined,
          Object.hasOwn(after, key) ? after[key] : undefined,
          [...path, key],
        ),
      );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from(
      { length: Math.max(before.length, after.length) },
      (_, index) => compare(before[index], after[index], [...path, index]),
    ).flat();
  }
  // canonicalJson writes undefined and null alike.
  const same =
    (before === undefined) === (after === undefined) &&
    canonicalJson(before) === canonicalJson(after);
  return same
    ? []
    : [
        {
          path: showPath(path),
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        },
      ];
}
