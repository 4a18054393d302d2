import { createHash } from 'node:crypto';
import { canonicalJson, type DesiredObject } from '@isthmus/plugin-gns-common';
import type { ComposedObject } from '../composition/types';
import type { WantedObject } from './types';

/** SHA-256 (hex) of a desired object, as both sides compute it for the digest. */
export function hashOfObject({ key, gns, manifest }: DesiredObject): string {
  return createHash('sha256')
    .update(canonicalJson({ key, gns, manifest }))
    .digest('hex');
}

/** Remembers by identity: incremental composition hands out the same objects again. */
const known = new WeakMap<ComposedObject, WantedObject>();

/** A composed object with what delivery stores and compares. */
export function toWanted(object: ComposedObject): WantedObject {
  let wanted = known.get(object);
  if (!wanted) {
    wanted = {
      key: object.key,
      gns: object.gns,
      manifest: canonicalJson(object.manifest),
      hash: hashOfObject(object),
      role: object.role,
      hosts: object.hosts,
    };
    known.set(object, wanted);
  }
  return wanted;
}

const knownMaps = new WeakMap<
  ReadonlyMap<string, ComposedObject>,
  ReadonlyMap<string, WantedObject>
>();

/** All objects of a cluster; composition never changes a map that it handed out. */
export function toWantedMap(
  objects: ReadonlyMap<string, ComposedObject>,
): ReadonlyMap<string, WantedObject> {
  let wanted = knownMaps.get(objects);
  if (!wanted) {
    wanted = new Map([...objects].map(([key, o]) => [key, toWanted(o)]));
    knownMaps.set(objects, wanted);
  }
  return wanted;
}
