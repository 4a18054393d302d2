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
  const { deletionTimestamp: _gone, ...metadata } = fresh.metadata;
  return fillDefaults(
    {
      ...fresh,
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
  for (const key of ['labels', 'annotations', 'finalizers'] as const) {
    const value = metadata[key];
    if (value === null || (value && Object.keys(value).length === 0)) {
      delete metadata[key];
    }
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
  const shaped = fillDefaults(kept, allocate);
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
