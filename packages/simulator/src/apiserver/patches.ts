import type { FieldSchema } from './fieldSchema';
import type { Json, JsonObject } from './objects';
import { isJsonObject, jsonEqual } from './objects';
import { ApiStatusError, badRequest } from './statusErrors';

/** RFC 7386. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

interface PatchOperation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

function rejectedPatch(): ApiStatusError {
  return new ApiStatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw rejectedPatch();
  return path
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readAt(root: Json, steps: string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of steps) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isJsonObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}

function parentOf(root: Json, steps: string[]): Json[] | JsonObject {
  const parent = readAt(root, steps.slice(0, -1));
  if (!Array.isArray(parent) && !isJsonObject(parent)) throw rejectedPatch();
  return parent;
}

function addAt(root: Json, steps: string[], value: Json): Json {
  if (steps.length === 0) return value;
  const parent = parentOf(root, steps);
  const last = steps[steps.length - 1];
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw rejectedPatch();
    }
    parent.splice(index, 0, value);
  } else {
    parent[last] = value;
  }
  return root;
}

function removeAt(root: Json, steps: string[]): Json {
  if (readAt(root, steps) === undefined) throw rejectedPatch();
  const parent = parentOf(root, steps);
  const last = steps[steps.length - 1];
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return root;
}

function replaceAt(root: Json, steps: string[], value: Json): Json {
  if (readAt(root, steps) === undefined) throw rejectedPatch();
  if (steps.length === 0) return value;
  const parent = parentOf(root, steps);
  const last = steps[steps.length - 1];
  if (Array.isArray(parent)) parent[Number(last)] = value;
  else parent[last] = value;
  return root;
}

/** RFC 6902, on a copy. */
export function applyJsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  let root: Json = structuredClone(target);
  for (const raw of patch) {
    const { op, path, from, value } = raw as unknown as PatchOperation;
    const steps = pointer(path);
    switch (op) {
      case 'add':
        root = addAt(root, steps, structuredClone(value ?? null));
        break;
      case 'remove':
        root = removeAt(root, steps);
        break;
      case 'replace':
        root = replaceAt(root, steps, structuredClone(value ?? null));
        break;
      case 'move':
      case 'copy': {
        const source = pointer(from ?? '');
        const moved = readAt(root, source);
        if (moved === undefined) throw rejectedPatch();
        const copy = structuredClone(moved);
        if (op === 'move') root = removeAt(root, source);
        root = addAt(root, steps, copy);
        break;
      }
      case 'test':
        if (!jsonEqual(readAt(root, steps), value)) throw rejectedPatch();
        break;
      default:
        throw rejectedPatch();
    }
  }
  return root;
}

/**
 * Kubernetes strategic merge patch for the simple cases: objects merge, keyed
 * lists merge by their first key, `$patch: delete|replace` is honoured, order
 * directives are ignored.
 */
export function applyStrategicMergePatch(
  schema: FieldSchema | undefined,
  target: Json | undefined,
  patch: Json,
): Json {
  if (Array.isArray(patch)) {
    return mergeListStrategically(schema, target, patch);
  }
  if (!isJsonObject(patch)) return patch;
  if (patch.$patch === 'replace') {
    const { $patch: _directive, ...whole } = patch;
    return whole;
  }
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/') || key === '$retainKeys') continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      const gone = Array.isArray(value) ? value : [];
      const list = result[field];
      if (Array.isArray(list)) {
        result[field] = list.filter(
          item => !gone.some(other => jsonEqual(item, other)),
        );
      }
      continue;
    }
    if (value === null) {
      delete result[key];
      continue;
    }
    const below =
      schema?.type === 'struct' && Object.hasOwn(schema.fields, key)
        ? schema.fields[key]
        : undefined;
    result[key] = applyStrategicMergePatch(below, result[key], value);
  }
  return result;
}

function mergeListStrategically(
  schema: FieldSchema | undefined,
  target: Json | undefined,
  patch: Json[],
): Json {
  const live = Array.isArray(target) ? target : [];
  if (schema?.type === 'set') {
    return [...live, ...patch.filter(v => !live.some(w => jsonEqual(v, w)))];
  }
  if (schema?.type !== 'keyed') return patch;
  const [key] = schema.keys;
  const replaces = patch.some(
    item => isJsonObject(item) && item.$patch === 'replace',
  );
  const result: Json[] = replaces ? [] : [...live];
  for (const item of patch) {
    if (!isJsonObject(item) || item.$patch === 'replace') continue;
    const at = result.findIndex(
      other => isJsonObject(other) && jsonEqual(other[key], item[key]),
    );
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) {
      result[at] = applyStrategicMergePatch(schema.item, result[at], item);
    } else {
      result.push(item);
    }
  }
  return result;
}
