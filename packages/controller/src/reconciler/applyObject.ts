import { createHash } from 'node:crypto';
import { DesiredObject, canonicalJson } from '@isthmus/plugin-gns-common';
import { KubeApi, KubeError, KubeObject, KubeResource } from '../kube/KubeApi';
import { EndpointNames } from './EndpointNames';
import { LiveObjects } from './LiveObjects';
import { foreignFields, liveMatches } from './liveMatches';
import { mayRepair } from './ownership';
import { HASH_ANNOTATION, prepareManifest, stampHash } from './prepareManifest';
import type { Outcome } from './Reconciler';
import { RepairLimit } from './RepairLimit';

/** What one run over one key needs to know and to reach. */
export interface Surroundings {
  kube: KubeApi;
  live: LiveObjects;
  clusterId: string;
  paused: boolean;
  mayWrite(): boolean;
  fencedRetry: number;
  onWrite?(verb: 'apply' | 'delete', ok: boolean): void;
  signal: AbortSignal | undefined;
}

export interface ApplySurroundings extends Surroundings {
  names: EndpointNames;
  namesInUse: Map<string, string[]>;
  accepted: Map<string, string>;
  repairs: RepairLimit;
}

/** Makes one object of the cluster what is desired; writes only when it differs. */
export async function applyObject(
  desired: DesiredObject,
  around: ApplySurroundings,
): Promise<Outcome> {
  const { key } = desired;
  const prepared = prepareManifest(desired, around.clusterId);
  if (!prepared.ok) return { state: 'refused', message: prepared.message };
  const { resource } = prepared;

  const resolved = await around.names.resolve(prepared.object);
  if (resolved.names.length > 0) around.namesInUse.set(key, resolved.names);
  else around.namesInUse.delete(key);
  if (resolved.missing.length > 0 && hasNoEndpoint(resolved.object)) {
    return {
      state: 'failed',
      retry: 'later',
      message: `No gateway of ${key} has an address: ${resolved.missing.join(
        ', ',
      )} could not be looked up`,
    };
  }
  const { object } =
    resolved.names.length > 0 ? stampHash(resolved.object) : prepared;

  const live =
    around.live.get(key) ??
    (await around.kube.get(resource, object.metadata, around.signal));
  if (live && !mayRepair(around.clusterId, live)) {
    return {
      state: 'conflict',
      retry: 'later',
      message: `${key} exists and was not made by Isthmus for this cluster; rename or delete it`,
    };
  }
  if (live && isInPlace(key, object, live, around.accepted)) {
    return { state: 'applied', foreign: foreignFields(object, live) };
  }
  if (around.paused) {
    return { state: 'paused', message: `${desired.gns} is paused` };
  }
  if (!around.mayWrite()) {
    return {
      state: 'failed',
      retry: around.fencedRetry,
      message: 'The lease is not held now; the write waits',
    };
  }
  if (live && isDrift(object, live)) {
    const wait = around.repairs.waitBefore(key);
    if (wait > 0) {
      return {
        state: 'conflict',
        retry: wait,
        message: `Someone keeps changing ${key}; it is repaired again in ${Math.ceil(
          wait / 1000,
        )} s. Take it out of the other tool's hands.`,
      };
    }
  }
  return write(key, resource, object, live, around);
}

async function write(
  key: string,
  resource: KubeResource,
  object: KubeObject,
  live: KubeObject | undefined,
  around: ApplySurroundings,
): Promise<Outcome> {
  // With the UID, an object that was replaced meanwhile is not touched.
  const body = live?.metadata.uid
    ? { ...object, metadata: { ...object.metadata, uid: live.metadata.uid } }
    : object;
  try {
    const answer = await around.kube.apply(
      resource,
      body,
      { force: live !== undefined },
      around.signal,
    );
    around.onWrite?.('apply', true);
    around.live.learn(answer, resource);
    around.accepted.set(key, fingerprint(answer));
    return { state: 'applied', foreign: foreignFields(object, answer) };
  } catch (error) {
    around.onWrite?.('apply', false);
    if (!(error instanceof KubeError)) throw error;
    if (error.isFieldConflict) {
      return {
        state: 'conflict',
        retry: 'later',
        message: `${key}: ${error.message}`,
      };
    }
    if (error.status === 409) around.live.forget(key);
    return {
      state: 'failed',
      retry: error.retryAfter ? error.retryAfter * 1000 : 'later',
      message: error.message,
    };
  }
}

/** Nothing to write: it has all we ask for, or it is what the server made of our last apply. */
function isInPlace(
  key: string,
  object: KubeObject,
  live: KubeObject,
  accepted: ReadonlyMap<string, string>,
): boolean {
  if (liveMatches(object, live)) return true;
  return (
    live.metadata.annotations?.[HASH_ANNOTATION] ===
      object.metadata.annotations?.[HASH_ANNOTATION] &&
    accepted.get(key) === fingerprint(live)
  );
}

/** The same was applied before, so someone else changed it since. */
function isDrift(object: KubeObject, live: KubeObject): boolean {
  return (
    live.metadata.annotations?.[HASH_ANNOTATION] ===
    object.metadata.annotations?.[HASH_ANNOTATION]
  );
}

function fingerprint(object: KubeObject): string {
  const { labels, annotations } = object.metadata;
  return createHash('sha256')
    .update(canonicalJson([labels, annotations, object.spec]))
    .digest('base64');
}

function hasNoEndpoint(object: KubeObject): boolean {
  const spec = object.spec as { endpoints?: unknown[] } | undefined;
  return (spec?.endpoints ?? []).length === 0;
}
