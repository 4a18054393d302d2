import type { Json, JsonObject } from './objects';
import { isJsonObject } from './objects';

/**
 * One step of a path in `managedFields`, in its serialized form:
 * `f:<name>`, `k:<json of keys>` or `v:<json of value>`.
 */
export type PathElement = string;

/**
 * A set of field paths, as structured-merge-diff keeps it: a node can be a
 * member itself and have members below it.
 */
export class FieldSet {
  readonly children = new Map<PathElement, FieldSet>();

  constructor(public member = false) {}

  /** Adds a path; returns its node. */
  insert(path: readonly PathElement[]): FieldSet {
    const [element, ...rest] = path;
    if (element === undefined) {
      this.member = true;
      return this;
    }
    let child = this.children.get(element);
    if (!child) {
      child = new FieldSet();
      this.children.set(element, child);
    }
    return child.insert(rest);
  }

  has(path: readonly PathElement[]): boolean {
    const [element, ...rest] = path;
    if (element === undefined) return this.member;
    return this.children.get(element)?.has(rest) ?? false;
  }

  get empty(): boolean {
    if (this.member) return false;
    for (const child of this.children.values()) {
      if (!child.empty) return false;
    }
    return true;
  }

  /** Every member path, in the real server's order: members, then below. */
  paths(): PathElement[][] {
    const found: PathElement[][] = [];
    const walk = (node: FieldSet, path: PathElement[]) => {
      const elements = [...node.children.keys()].sort(comparePathElements);
      for (const element of elements) {
        if (node.children.get(element)?.member) found.push([...path, element]);
      }
      for (const element of elements) {
        walk(node.children.get(element)!, [...path, element]);
      }
    };
    walk(this, []);
    return found;
  }
}

function comparePathElements(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

type Keep = (inA: boolean, inB: boolean) => boolean;

function combine(
  a: FieldSet | undefined,
  b: FieldSet | undefined,
  keep: Keep,
): FieldSet {
  const result = new FieldSet(keep(a?.member ?? false, b?.member ?? false));
  const elements = new Set([
    ...(a?.children.keys() ?? []),
    ...(b?.children.keys() ?? []),
  ]);
  for (const element of elements) {
    const child = combine(
      a?.children.get(element),
      b?.children.get(element),
      keep,
    );
    if (child.member || child.children.size > 0) {
      result.children.set(element, child);
    }
  }
  return result;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (x, y) => x || y);
}

/** Members of `a` that are not members of `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (x, y) => x && !y);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (x, y) => x && y);
}

/** `a` without the members of `b` and without anything below them. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const result = new FieldSet(a.member && !b.member);
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (other?.member) continue;
    const rest = other ? recursiveDifference(child, other) : child;
    if (!rest.empty) result.children.set(element, rest);
  }
  return result;
}

/** Encodes as `fieldsV1`. */
export function encodeFields(set: FieldSet): JsonObject {
  const result: JsonObject = {};
  const elements = [...set.children.keys()].sort(comparePathElements);
  for (const element of elements) {
    const child = set.children.get(element)!;
    if (child.empty) continue;
    const below = encodeFields(child);
    result[element] =
      child.member && Object.keys(below).length > 0
        ? { '.': {}, ...below }
        : below;
  }
  return result;
}

/** Decodes `fieldsV1`. A node without `.` and without children is a member. */
export function decodeFields(fields: JsonObject): FieldSet {
  const set = new FieldSet();
  for (const [element, below] of Object.entries(fields)) {
    if (element === '.') {
      set.member = true;
      continue;
    }
    const child = decodeFields(isJsonObject(below) ? below : {});
    if (child.children.size === 0) child.member = true;
    set.children.set(element, child);
  }
  return set;
}

/** `.spec.ports[port=80,protocol="TCP"].name`: the form of conflict messages. */
export function formatPath(path: readonly PathElement[]): string {
  return path
    .map(element => {
      const value = element.slice(2);
      switch (element.slice(0, 2)) {
        case 'k:': {
          const keys: JsonObject = JSON.parse(value);
          const parts = Object.entries(keys).map(
            ([key, keyValue]: [string, Json]) =>
              `${key}=${JSON.stringify(keyValue)}`,
          );
          return `[${parts.join(',')}]`;
        }
        case 'v:':
          return `[=${value}]`;
        default:
          return `.${value}`;
      }
    })
    .join('');
}
