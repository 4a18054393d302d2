import { isDeepStrictEqual } from 'node:util';
import { KubeObject } from '../kube/KubeApi';

/**
 * Whether a live object has everything that ours asks for, so that nothing
 * needs to be written. Fields that others added are not ours to judge; lists
 * are ours as a whole.
 */
export function liveMatches(wanted: KubeObject, live: KubeObject): boolean {
  return (
    contains(live.metadata.labels ?? {}, wanted.metadata.labels ?? {}) &&
    contains(
      live.metadata.annotations ?? {},
      wanted.metadata.annotations ?? {},
    ) &&
    contains(live.spec ?? {}, wanted.spec ?? {})
  );
}

/** Paths of `spec` that a live object of ours has beyond what we asked for. */
export function foreignFields(wanted: KubeObject, live: KubeObject): string[] {
  return extraPaths(live.spec, wanted.spec, 'spec').slice(0, 20);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function contains(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, i) => contains(live[i], item))
    );
  }
  if (isRecord(wanted)) {
    return (
      isRecord(live) &&
      Object.entries(wanted).every(
        ([key, value]) =>
          value === undefined ||
          (Object.hasOwn(live, key)
            ? contains(live[key], value)
            : isEmptyRecord(value)),
      )
    );
  }
  return isDeepStrictEqual(live, wanted);
}

/** Servers drop empty structs that a schema does not require. */
function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function extraPaths(live: unknown, wanted: unknown, path: string): string[] {
  if (!isRecord(live)) return [];
  const known = isRecord(wanted) ? wanted : {};
  return Object.entries(live).flatMap(([key, value]) => {
    if (!Object.hasOwn(known, key)) return [`${path}.${key}`];
    return extraPaths(value, known[key], `${path}.${key}`);
  });
}
