import type { FieldSchema } from './fieldSchema';
import type { PathElement } from './fieldSets';
import {
  FieldSet,
  decodeFields,
  difference,
  encodeFields,
  formatPath,
  intersection,
  recursiveDifference,
  union,
} from './fieldSets';
import type {
  JsonObject,
  KubernetesObject,
  ManagedFieldsEntry,
} from './objects';
import { jsonEqual } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import type { StatusCause } from './statusErrors';
import { ApiStatusError } from './statusErrors';
import {
  ListKeyError,
  compareTyped,
  fieldsOf,
  mergeTyped,
  removePaths,
  withNamedFields,
} from './typedMerge';

/** Who writes, and through which door. */
export interface Writer {
  manager: string;
  apiVersion: string;
  /** `status` when the write goes through that subresource. */
  subresource?: string;
  /** RFC 3339, seconds. */
  time: string;
}

interface Owner {
  entry: Omit<ManagedFieldsEntry, 'fieldsV1'>;
  fields: FieldSet;
}

type Owners = Map<string, Owner>;

/** Fields that nobody owns: the server writes them. */
const SERVER_FIELDS = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ].map(name => ['f:metadata', `f:${name}`]),
]);

function setOf(paths: PathElement[][]): FieldSet {
  const set = new FieldSet();
  for (const path of paths) set.insert(path);
  return set;
}

/** For appliers the version is no part of the identity. */
function ownerId(entry: Omit<ManagedFieldsEntry, 'fieldsV1'>): string {
  return JSON.stringify([
    entry.manager,
    entry.operation,
    entry.operation === 'Apply' ? '' : entry.apiVersion,
    entry.subresource ?? '',
  ]);
}

function decodeOwners(entries: ManagedFieldsEntry[] | undefined): Owners {
  const owners: Owners = new Map();
  for (const { fieldsV1, ...entry } of entries ?? []) {
    owners.set(ownerId(entry), { entry, fields: decodeFields(fieldsV1) });
  }
  return owners;
}

function encodeOwners(owners: Owners): ManagedFieldsEntry[] | undefined {
  const entries = [...owners.values()]
    .filter(owner => !owner.fields.empty)
    .map(({ entry, fields }) => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time ? { time: entry.time } : {}),
      fieldsType: 'FieldsV1' as const,
      fieldsV1: encodeFields(fields),
      ...(entry.subresource ? { subresource: entry.subresource } : {}),
    }));
  entries.sort(
    (a, b) =>
      compare(a.operation, b.operation) ||
      compare(a.time ?? '', b.time ?? '') ||
      compare(a.manager, b.manager) ||
      compare(a.apiVersion, b.apiVersion) ||
      compare(a.subresource ?? '', b.subresource ?? ''),
  );
  return entries.length > 0 ? entries : undefined;
}

function compare(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

function printOwner({ entry }: Owner): string {
  const name = JSON.stringify(entry.manager);
  const through = entry.subresource
    ? `${name} with subresource ${JSON.stringify(entry.subresource)}`
    : name;
  return entry.operation === 'Update'
    ? `${through} using ${entry.apiVersion}`
    : through;
}

/** 409 with one cause per field, worded as the real server words it. */
function conflictError(conflicts: Map<Owner, FieldSet>): ApiStatusError {
  const found: Array<{ by: string; path: string }> = [];
  for (const [owner, fields] of conflicts) {
    for (const path of fields.paths()) {
      found.push({ by: printOwner(owner), path: formatPath(path) });
    }
  }
  const causes: StatusCause[] = found.map(({ by, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${by}`,
    field: path,
  }));
  let message: string;
  if (found.length === 1) {
    const [{ by, path }] = found;
    message = `Apply failed with 1 conflict: conflict with ${by}: ${path}`;
  } else {
    const owners = [...new Set(found.map(({ by }) => by))].sort(compare);
    const lines = owners.flatMap(by => [
      `conflicts with ${by}:`,
      ...found.filter(c => c.by === by).map(c => `- ${c.path}`),
    ]);
    message = `Apply failed with ${found.length} conflicts: ${lines.join(
      '\n',
    )}`;
  }
  return new ApiStatusError(409, 'Conflict', message, { causes });
}

function asJson(object: KubernetesObject): JsonObject {
  const { managedFields, ...metadata } = object.metadata;
  return { ...object, metadata } as unknown as JsonObject;
}

function identityOf(object: KubernetesObject): JsonObject {
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: {} };
}

/** Takes fields away from the other owners, or says who holds them. */
function settleOwners(
  schema: FieldSchema,
  before: JsonObject,
  after: JsonObject,
  owners: Owners,
  self: string,
  force: boolean,
) {
  const change = compareTyped(schema, before, after);
  const touched = union(change.modified, change.added);
  const conflicts = new Map<Owner, FieldSet>();
  for (const [id, owner] of owners) {
    if (id === self) continue;
    const clash = intersection(owner.fields, touched);
    if (!clash.empty) conflicts.set(owner, clash);
  }
  if (!force && conflicts.size > 0) throw conflictError(conflicts);
  for (const [owner, clash] of conflicts) {
    owner.fields = difference(owner.fields, clash);
  }
  for (const [id, owner] of owners) {
    if (id !== self) owner.fields = difference(owner.fields, change.removed);
    if (owner.fields.empty) owners.delete(id);
  }
  return change;
}

/**
 * Records an update (create, PUT or a patch that is not apply): the writer
 * takes the fields that it changed.
 *
 * @param ignored - fields that this door cannot write (status, or all but it)
 */
export function recordUpdate(options: {
  schema: FieldSchema;
  before: JsonObject;
  after: KubernetesObject;
  entries: ManagedFieldsEntry[] | undefined;
  writer: Writer;
  ignored: FieldSet;
}): ManagedFieldsEntry[] | undefined {
  const { schema, before, after, writer, ignored } = options;
  const owners = decodeOwners(options.entries);
  const entry: Owner['entry'] = {
    manager: writer.manager,
    operation: 'Update',
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  };
  const id = ownerId(entry);
  let change;
  try {
    // The writer gives up and wins back its own fields like anybody else's.
    change = settleOwners(schema, before, asJson(after), owners, '', true);
  } catch (error) {
    // As in the real server: validation will say what is wrong with the list.
    if (error instanceof ListKeyError) return options.entries;
    throw error;
  }
  const taken = difference(
    recursiveDifference(union(change.modified, change.added), ignored),
    SERVER_FIELDS,
  );
  if (!taken.empty) {
    const own = owners.get(id);
    owners.set(id, {
      entry,
      fields: own ? union(own.fields, taken) : taken,
    });
  }
  return encodeOwners(owners);
}

/**
 * Server-side apply: merges the configuration into the live object, removes
 * what this manager applied before and no longer does, and moves ownership.
 *
 * @returns the object without defaults, validation or a new resourceVersion
 * @throws 409 with `FieldManagerConflict` causes unless `force`
 */
export function applyConfiguration(options: {
  schema: FieldSchema;
  live: KubernetesObject | undefined;
  config: KubernetesObject;
  writer: Writer;
  force: boolean;
  ignored: FieldSet;
}): KubernetesObject {
  const { schema, live, config, writer, ignored } = options;
  const owners = decodeOwners(live?.metadata.managedFields);
  const entry: Owner['entry'] = {
    manager: writer.manager,
    operation: 'Apply',
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  };
  const id = ownerId(entry);
  const before = live ? asJson(live) : identityOf(config);
  const wanted = asJson(config);
  const previous = owners.get(id);

  const stated = fieldsOf(schema, wanted);
  const applied = difference(
    recursiveDifference(stated, ignored),
    SERVER_FIELDS,
  );
  let merged = mergeTyped(schema, before, wanted) as JsonObject;
  owners.set(id, { entry, fields: applied });

  if (previous) {
    const owned = [...owners.values()].reduce(
      (all, owner) => union(all, owner.fields),
      stated,
    );
    const gone = difference(
      intersection(
        withNamedFields(schema, fieldsOf(schema, merged)),
        withNamedFields(schema, previous.fields),
      ),
      withNamedFields(schema, owned),
    );
    merged = removePaths(schema, merged, gone) as JsonObject;
  }
  settleOwners(schema, before, merged, owners, id, options.force);

  const sameFields =
    previous !== undefined &&
    previous.entry.apiVersion === entry.apiVersion &&
    jsonEqual(encodeFields(previous.fields), encodeFields(applied));
  if (sameFields && jsonEqual(before, merged)) {
    // Nothing changed: keep the old time, so that the write is a no-op.
    entry.time = previous.entry.time;
  }
  const managedFields = encodeOwners(owners);
  const result = merged as unknown as KubernetesObject;
  return {
    ...result,
    metadata: {
      ...result.metadata,
      ...(managedFields ? { managedFields } : {}),
    },
  };
}

/** Kinds whose empty Go value already holds these structs. */
const EMPTY_WORKLOAD: JsonObject = {
  strategy: {},
  updateStrategy: {},
  template: { metadata: {}, spec: {} },
};

/**
 * What an object is compared with at its creation: the structs that the empty
 * value of its kind already has count as nobody's.
 */
export function creationBaseline(type: ResourceType): JsonObject {
  const identity = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {},
  };
  if (type.custom) return identity;
  const spec = type.group === 'apps' ? EMPTY_WORKLOAD : {};
  return { ...identity, spec, status: { loadBalancer: {} } };
}

/** Fields that a write through the main door, or through `/status`, ignores. */
export function ignoredFields(
  hasStatus: boolean,
  subresource: string | undefined,
): FieldSet {
  if (subresource === 'status') return setOf([['f:spec'], ['f:metadata']]);
  return hasStatus ? setOf([['f:status']]) : new FieldSet();
}
