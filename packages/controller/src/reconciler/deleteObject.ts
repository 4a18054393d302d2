import { Tombstone, readObjectKey } from '@isthmus/plugin-gns-common';
import { KubeError } from '../kube/KubeApi';
import { ownedResource } from '../kube/resources';
import type { Surroundings } from './applyObject';
import { gnsOf, mayDelete } from './ownership';
import type { Outcome } from './Reconciler';

/**
 * Carries out one tombstone: the only way in which this controller deletes.
 * `refusal`: why the deletion guard does not let it pass.
 */
export async function deleteObject(
  tombstone: Tombstone,
  refusal: string | undefined,
  around: Surroundings,
): Promise<Outcome> {
  const { key, gns } = tombstone;
  const name = readObjectKey(key);
  const resource = name && ownedResource(name);
  if (!name || !resource) {
    return {
      state: 'refused',
      message: `${key} is not a kind that Isthmus may delete`,
    };
  }
  const live =
    around.live.get(key) ??
    (await around.kube.get(resource, name, around.signal));
  if (!live) return { state: 'deleted' };
  if (!mayDelete(around.clusterId, live) || gnsOf(live) !== gns) {
    return {
      state: 'refused',
      message: `${key} was not made by Isthmus for ${gns} in this cluster, so it stays; delete it by hand if it is not needed`,
    };
  }
  if (refusal) return { state: 'refused', message: refusal };
  if (around.paused) return { state: 'paused', message: `${gns} is paused` };
  if (!around.mayWrite()) {
    return {
      state: 'failed',
      retry: around.fencedRetry,
      message: 'The lease is not held now; the deletion waits',
    };
  }
  try {
    await around.kube.delete(resource, name, live.metadata.uid, around.signal);
  } catch (error) {
    around.onWrite?.('delete', false);
    // The object was replaced since we looked: look again.
    if (error instanceof KubeError && error.status === 409) {
      around.live.forget(key);
    }
    throw error;
  }
  around.onWrite?.('delete', true);
  around.live.forget(key);
  return { state: 'deleted' };
}
