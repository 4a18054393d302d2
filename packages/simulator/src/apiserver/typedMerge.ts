import type { FieldSchema } from './fieldSchema';
import type { PathElement } from './fieldSets';
import { FieldSet } from './fieldSets';
import type { Json, JsonObject } from './objects';
import { isJsonObject, jsonEqual } from './objects';

/** What is not described: objects merge by field, lists are atomic. */
const OPEN_STRUCT: FieldSchema = { type: 'struct', fields: {} };
const OPEN: Record<string, FieldSchema> = {};

function fieldSchema(schema: FieldSchema, key: string): FieldSchema {
  const fields = schema.type === 'struct' ? schema.fields : OPEN;
  return Object.hasOwn(fields, key) ? fields[key] : OPEN_STRUCT;
}

/** Raised when a keyed list lacks a key or holds an item twice. */
export class ListKeyError extends Error {}

/** The path element of an item of a set or a keyed list. */
export function itemElement(schema: FieldSchema, item: Json): PathElement {
  if (schema.type === 'keyed') {
    const keys: JsonObject = {};
    for (const key of schema.keys) {
      const value = isJsonObject(item) ? item[key] : undefined;
      const filled = value ?? schema.defaults[key];
      if (filled === undefined) {
        throw new ListKeyError(
          `associative list with keys has an element that omits key field "${key}" (and doesn't have default value)`,
        );
      }
      keys[key] = filled;
    }
    return `k:${JSON.stringify(keys)}`;
  }
  return `v:${JSON.stringify(item)}`;
}

function itemSchema(schema: FieldSchema): FieldSchema {
  return schema.type === 'keyed' ? schema.item : OPEN_STRUCT;
}

/** Lists that merge by item, as `element → item` in order. */
function itemsOf(schema: FieldSchema, list: Json[]): Map<PathElement, Json> {
  const items = new Map<PathElement, Json>();
  for (const item of list) {
    const element = itemElement(schema, item);
    // Of duplicates (a live object may hold them) the first stands for all.
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}

function mergesByItem(schema: FieldSchema): boolean {
  return schema.type === 'set' || schema.type === 'keyed';
}

function mergesByField(schema: FieldSchema): boolean {
  return schema.type === 'struct' || schema.type === 'map';
}

/** Every field that a configuration states (`ToFieldSet`). */
export function fieldsOf(schema: FieldSchema, value: Json): FieldSet {
  const set = new FieldSet();
  collectFields(schema, value, set);
  set.member = false;
  return set;
}

function childOf(node: FieldSet, element: PathElement): FieldSet {
  let child = node.children.get(element);
  if (!child) {
    child = new FieldSet();
    node.children.set(element, child);
  }
  return child;
}

function collectFields(schema: FieldSchema, value: Json, node: FieldSet) {
  if (isJsonObject(value) && mergesByField(schema)) {
    for (const [key, below] of Object.entries(value)) {
      const child = childOf(node, `f:${key}`);
      collectFields(fieldSchema(schema, key), below, child);
      const emptyMap = isJsonObject(below) && Object.keys(below).length === 0;
      if (below === null || emptyMap || schema.type === 'map') {
        child.member = true;
      }
    }
    return;
  }
  if (Array.isArray(value) && mergesByItem(schema)) {
    const seen = new Set<PathElement>();
    for (const item of value) {
      const element = itemElement(schema, item);
      if (seen.has(element)) {
        throw new ListKeyError(
          `duplicate entries for key [${element.slice(2)}]`,
        );
      }
      seen.add(element);
      const child = childOf(node, element);
      collectFields(itemSchema(schema), item, child);
      child.member = true;
    }
    return;
  }
  node.member = true;
}

/** Lays an applied configuration over the live object (`Merge`). */
export function mergeTyped(
  schema: FieldSchema,
  live: Json | undefined,
  config: Json | undefined,
): Json | undefined {
  if (config === undefined) return live;
  if (live === undefined || live === null) return config;
  if (isJsonObject(config) && isJsonObject(live) && mergesByField(schema)) {
    const merged: JsonObject = { ...live };
    for (const [key, value] of Object.entries(config)) {
      const result = mergeTyped(fieldSchema(schema, key), live[key], value);
      if (result !== undefined) merged[key] = result;
    }
    return merged;
  }
  if (Array.isArray(config) && Array.isArray(live) && mergesByItem(schema)) {
    return mergeItems(schema, live, config);
  }
  return config;
}

/**
 * The order that structured-merge-diff gives: live items that the
 * configuration does not name keep their place, shared ones come in the
 * configuration's order.
 */
function mergeItems(schema: FieldSchema, live: Json[], config: Json[]): Json[] {
  const liveItems = itemsOf(schema, live);
  const configItems = itemsOf(schema, config);
  const left = [...liveItems.keys()];
  const right = [...configItems.keys()];
  const shared = right.filter(element => liveItems.has(element));
  const taken = new Set<PathElement>();
  const merged: Json[] = [];
  const take = (element: PathElement) => {
    const item = mergeTyped(
      itemSchema(schema),
      liveItems.get(element),
      configItems.get(element),
    );
    if (item !== undefined) merged.push(item);
    if (configItems.has(element)) taken.add(element);
    if (shared[0] === element) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    if (l < left.length) {
      const element = left[l];
      if (r < right.length && element === right[r]) {
        take(element);
        l += 1;
        r += 1;
        continue;
      }
      const named = configItems.has(element);
      const later = shared.length > 0 && shared[0] !== element;
      if (r < right.length && named && later) {
        l += 1;
        continue;
      }
      if (!named) {
        take(element);
        l += 1;
        continue;
      }
      if (taken.has(element)) l += 1;
    }
    if (r < right.length) {
      take(right[r]);
      r += 1;
    }
  }
  return merged;
}

/** What an update changed, as sets of paths. */
export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** Compares two versions of an object (`Compare`). */
export function compareTyped(
  schema: FieldSchema,
  before: Json,
  after: Json,
): Comparison {
  const comparison: Comparison = {
    added: new FieldSet(),
    modified: new FieldSet(),
    removed: new FieldSet(),
  };
  compareAt(schema, before, after, [], comparison);
  return comparison;
}

function compareAt(
  schema: FieldSchema,
  before: Json | undefined,
  after: Json | undefined,
  path: PathElement[],
  out: Comparison,
) {
  if (before === after) return;
  if (descend(schema, before, after, path, out)) {
    // A node that came or went is itself a member; a changed one is not.
    if (before === undefined) out.added.insert(path);
    else if (after === undefined) out.removed.insert(path);
    return;
  }
  if (before === undefined) out.added.insert(path);
  else if (after === undefined) out.removed.insert(path);
  else if (!jsonEqual(before, after)) out.modified.insert(path);
}

function descend(
  schema: FieldSchema,
  before: Json | undefined,
  after: Json | undefined,
  path: PathElement[],
  out: Comparison,
): boolean {
  const objects = [before, after].every(
    v => v === undefined || v === null || isJsonObject(v),
  );
  if (objects && mergesByField(schema)) {
    const left = isJsonObject(before) ? before : {};
    const right = isJsonObject(after) ? after : {};
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    if (keys.size === 0) return false;
    for (const key of keys) {
      compareAt(
        fieldSchema(schema, key),
        left[key],
        right[key],
        [...path, `f:${key}`],
        out,
      );
    }
    return true;
  }
  const lists = [before, after].every(
    v => v === undefined || v === null || Array.isArray(v),
  );
  if (lists && mergesByItem(schema)) {
    const left = itemsOf(schema, Array.isArray(before) ? before : []);
    const right = itemsOf(schema, Array.isArray(after) ? after : []);
    const elements = new Set([...left.keys(), ...right.keys()]);
    if (elements.size === 0) return false;
    for (const element of elements) {
      compareAt(
        itemSchema(schema),
        left.get(element),
        right.get(element),
        [...path, element],
        out,
      );
    }
    return true;
  }
  return false;
}

/**
 * The set with every named field on the way to a member made a member too
 * (`EnsureNamedFieldsAreMembers`), so that a struct which nobody fills any
 * more goes away with its last field.
 */
export function withNamedFields(schema: FieldSchema, set: FieldSet): FieldSet {
  const result = new FieldSet(set.member);
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:');
    let below: FieldSchema = OPEN_STRUCT;
    if (isField) below = fieldSchema(schema, element.slice(2));
    else if (schema.type === 'keyed') below = schema.item;
    const grown = withNamedFields(below, child);
    if (isField && schema.type !== 'map' && !child.empty) grown.member = true;
    result.children.set(element, grown);
  }
  return result;
}

/**
 * The value without the paths of a set. What is emptied by it becomes null, as
 * in the real server: built-in kinds lose it later, schemas of custom ones may
 * refuse it.
 */
export function removePaths(
  schema: FieldSchema,
  value: Json,
  set: FieldSet,
): Json {
  if (set.children.size === 0) return value;
  if (isJsonObject(value) && mergesByField(schema)) {
    const result: JsonObject = {};
    for (const [key, below] of Object.entries(value)) {
      const child = set.children.get(`f:${key}`);
      if (child?.member) continue;
      result[key] = child
        ? removePaths(fieldSchema(schema, key), below, child)
        : below;
    }
    return Object.keys(result).length > 0 ? result : null;
  }
  if (Array.isArray(value) && mergesByItem(schema)) {
    const result: Json[] = [];
    for (const item of value) {
      const child = set.children.get(itemElement(schema, item));
      if (child?.member) continue;
      result.push(child ? removePaths(itemSchema(schema), item, child) : item);
    }
    return result.length > 0 ? result : null;
  }
  return value;
}
