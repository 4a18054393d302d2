import { randomUUID } from 'node:crypto';
import type { ServiceAllocator } from './defaults';
import { fillDefaults, keepAllocated } from './defaults';
import type { KubernetesObject } from './objects';
import { jsonEqual } from './objects';
import type { ResourceType } from './resources';

function sameSpec(a: KubernetesObject, b: KubernetesObject): boolean {
  const strip = ({ metadata: _m, status: _s, ...rest }: KubernetesObject) =>
    rest;
  return jsonEqual(strip(a), strip(b));
}

function isEmpty(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Fields of built-in kinds that are left out when they are empty. */
const OMITTED_WHEN_EMPTY: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['data', 'binaryData'],
  Secret: ['data', 'stringData'],
};

/** Go reads null as nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, below]) => below !== null && below !== undefined)
      .map(([key, below]) => [key, withoutNulls(below)]),
  );
}

/** The object without what Go leaves out of JSON when it is empty. */
function withoutEmpty(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  const metadata = { ...object.metadata };
  for (const key of [
    'labels',
    'annotations',
    'finalizers',
    'ownerReferences',
  ] as const) {
    if (key in metadata && isEmpty(metadata[key])) delete metadata[key];
  }
  if (type.custom) return { ...object, metadata };
  const result = withoutNulls({ ...object, metadata }) as KubernetesObject;
  for (const key of OMITTED_WHEN_EMPTY[type.kind] ?? []) {
    if (key in result && isEmpty(result[key])) delete result[key];
  }
  const { selector, ...spec } = (result.spec ?? {}) as { selector?: unknown };
  if (type.kind === 'Service' && selector && isEmpty(selector)) {
    return { ...result, spec };
  }
  return result;
}

/** A new object: no status from the client, system metadata, defaults. */
export function newborn(
  time: string,
  allocate: ServiceAllocator,
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  const { status, ...rest } = object;
  const fresh = (
    type.status || status === undefined ? rest : object
  ) as KubernetesObject;
  const bare = withoutEmpty(type, fresh);
  const { deletionTimestamp: _gone, ...metadata } = bare.metadata;
  return fillDefaults(
    {
      ...bare,
      metadata: {
        ...metadata,
        uid: randomUUID(),
        creationTimestamp: time,
        ...(type.generation ? { generation: 1 } : {}),
      },
    },
    allocate,
  );
}

/** Keeps what this door cannot change, and the system metadata. */
export function replacementOf(
  allocate: ServiceAllocator,
  type: ResourceType,
  live: KubernetesObject,
  sent: KubernetesObject,
  subresource: string | undefined,
): KubernetesObject {
  if (subresource === 'status') {
    return { ...live, status: sent.status };
  }
  const { status: _status, ...rest } = sent;
  const body = type.status
    ? {
        ...rest,
        ...(live.status === undefined ? {} : { status: live.status }),
      }
    : sent;
  const {
    uid,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  } = live.metadata;
  const metadata = { ...sent.metadata };
  for (const key of [
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'resourceVersion',
    'managedFields',
  ] as const) {
    delete metadata[key];
  }
  const kept = keepAllocated(live, {
    ...(body as KubernetesObject),
    metadata: {
      ...metadata,
      uid,
      creationTimestamp,
      ...(generation ? { generation } : {}),
      ...(deletionTimestamp ? { deletionTimestamp } : {}),
      ...(deletionGracePeriodSeconds === undefined
        ? {}
        : { deletionGracePeriodSeconds }),
    },
  });
  const shaped = fillDefaults(withoutEmpty(type, kept), allocate);
  if (!type.generation || !generation || sameSpec(live, shaped)) {
    return shaped;
  }
  return {
    ...shaped,
    metadata: { ...shaped.metadata, generation: generation + 1 },
  };
}

/** The object with other owners of its fields. */
export function withManagedFields(
  object: KubernetesObject,
  managedFields: KubernetesObject['metadata']['managedFields'],
): KubernetesObject {
  const { managedFields: _old, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) },
  };
}

/** True when two versions differ in nothing but the times of their owners. */
export function isSameButTimes(
  a: KubernetesObject,
  b: KubernetesObject,
): boolean {
  const timeless = (object: KubernetesObject) => ({
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: object.metadata.managedFields?.map(
        ({ time: _time, ...entry }) => entry,
      ),
    },
  });
  return jsonEqual(timeless(a), timeless(b));
}
