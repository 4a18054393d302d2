import { type Path } from '../editor/jsonSchema';
import { type Edit } from './editYaml';
import { isRecord, same } from './same';

/** Both sides changed the same place, each in its own way. */
export interface MergeConflict {
  path: Path;
  base: unknown;
  theirs: unknown;
  mine: unknown;
}

/** How the other's changes come into mine. */
export interface Merge {
  /** Changes of the other that meet none of mine, to be made in my text. */
  edits: Edit[];
  /** Places where a person has to choose; until then mine stays. */
  conflicts: MergeConflict[];
}

/**
 * Three-way merge of documents: what `theirs` changed since `base` is brought
 * into `mine`. Lists are merged as sets of their entries, because the order of
 * members and names says nothing. Pure.
 */
export function merge3(base: unknown, theirs: unknown, mine: unknown): Merge {
  const merge: Merge = { edits: [], conflicts: [] };
  visit([], base, theirs, mine, merge);
  return merge;
}

function visit(
  path: Path,
  base: unknown,
  theirs: unknown,
  mine: unknown,
  into: Merge,
): void {
  if (same(base, theirs) || same(theirs, mine)) return;
  if (
    isRecord(theirs) &&
    isRecord(mine) &&
    (base === undefined || isRecord(base))
  ) {
    const keys = new Set([
      ...Object.keys(base ?? {}),
      ...Object.keys(theirs),
      ...Object.keys(mine),
    ]);
    for (const key of keys) {
      const own = (record: Record<string, unknown> | undefined) =>
        record && Object.hasOwn(record, key) ? record[key] : undefined;
      visit([...path, key], own(base), own(theirs), own(mine), into);
    }
    return;
  }
  if (same(base, mine)) {
    into.edits.push({ path, value: theirs });
    return;
  }
  if (Array.isArray(base) && Array.isArray(theirs) && Array.isArray(mine)) {
    const value = mergeLists(base, theirs, mine);
    if (value) {
      into.edits.push({ path, value });
      return;
    }
  }
  into.conflicts.push({ path, base, theirs, mine });
}

/** Undefined: both replaced an entry, and nobody can tell by what. */
function mergeLists(
  base: readonly unknown[],
  theirs: readonly unknown[],
  mine: readonly unknown[],
): unknown[] | undefined {
  const goneThere = without(base, theirs);
  const goneHere = without(base, mine);
  const newThere = without(theirs, base);
  const newHere = without(mine, base);
  const goneInBoth = without(goneThere, without(goneThere, goneHere));
  if (goneInBoth.length > 0 && newThere.length > 0 && newHere.length > 0) {
    return undefined;
  }
  return [
    ...without(mine, without(goneThere, goneInBoth)),
    ...without(newThere, newHere),
  ];
}

/** The entries of a list that another one lacks, each as often as it lacks it. */
function without(
  list: readonly unknown[],
  other: readonly unknown[],
): unknown[] {
  const left = [...other];
  return list.filter(item => {
    const found = left.findIndex(one => same(one, item));
    if (found < 0) return true;
    left.splice(found, 1);
    return false;
  });
}
