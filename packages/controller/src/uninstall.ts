import {
  CA_ROOT_KEY,
  LABEL_MANAGED_BY,
  MANAGED_BY,
  CONTROLLER_NAME,
  objectKey,
} from '@isthmus/plugin-gns-common';
import { Logger, messageOf } from './logging';
import {
  KubeApi,
  KubeObject,
  KubeResource,
  isKubeStatus,
} from './kube/KubeApi';
import {
  OWNED_RESOURCES,
  OWN_RESOURCES,
  READ_RESOURCES,
} from './kube/resources';
import { readConfigMap } from './inventory/records';
import { ROOT_CONFIG_MAP } from './issuer/setup/RootPublisher';
import { mayDelete } from './reconciler/ownership';
import { StateStore } from './state/StateStore';
import { STATUS_NAME } from './status/StatusConfigMap';

/** What {@link uninstall} did. */
export interface UninstallResult {
  /** Keys of the mesh objects that were deleted. */
  deleted: string[];
  /** Objects with our label that this cluster's controller did not make: they stay. */
  left: string[];
  /** Keys that could not be deleted, with the API server's message. */
  failed: Array<{ key: string; message: string }>;
  secrets: number;
}

/**
 * Removes all that the controller of this cluster made: mesh objects first,
 * our key in istiod's ConfigMaps, then status, state and lease. Stop the controller before. The state stays
 * when an object could not be deleted, so that it can be run again.
 */
export async function uninstall(options: {
  kube: KubeApi;
  namespace: string;
  logger: Logger;
}): Promise<UninstallResult> {
  const { kube, namespace, logger } = options;
  const store = StateStore.create(options);
  const identity = await store.loadIdentity();
  const result: UninstallResult = {
    deleted: [],
    left: [],
    failed: [],
    secrets: 0,
  };
  for (const resource of OWNED_RESOURCES) {
    for (const object of await listOurs(kube, resource)) {
      const key = objectKey({ ...resource, metadata: object.metadata });
      if (!identity || !mayDelete(identity.clusterId, object)) {
        result.left.push(key);
        continue;
      }
      try {
        await kube.delete(resource, object.metadata, object.metadata.uid);
        result.deleted.push(key);
        logger.info(`deleted ${key}`);
      } catch (error) {
        result.failed.push({ key, message: messageOf(error) });
      }
    }
  }
  await withdrawRoots(kube);
  if (result.failed.length > 0) return result;
  await kube.delete(OWN_RESOURCES.configMaps, { name: STATUS_NAME, namespace });
  result.secrets = await store.removeAll();
  await kube.delete(OWN_RESOURCES.leases, { name: CONTROLLER_NAME, namespace });
  return result;
}

/** Takes our key out of the ConfigMaps that are istiod's. */
async function withdrawRoots(kube: KubeApi): Promise<void> {
  let next: string | undefined;
  do {
    const page = await kube.list(
      READ_RESOURCES.configMaps,
      { fieldSelector: `metadata.name=${ROOT_CONFIG_MAP}` },
      { limit: 500, continue: next },
    );
    for (const object of page.items) {
      if (readConfigMap(object)[CA_ROOT_KEY] === undefined) continue;
      const { name, namespace, uid } = object.metadata;
      await kube.apply(
        READ_RESOURCES.configMaps,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, namespace, uid },
        },
        { force: true },
      );
    }
    next = page.continue;
  } while (next);
}

async function listOurs(
  kube: KubeApi,
  resource: KubeResource,
): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  try {
    do {
      const page = await kube.list(
        resource,
        { labelSelector: `${LABEL_MANAGED_BY}=${MANAGED_BY}` },
        { limit: 500, continue: next },
      );
      objects.push(...page.items);
      next = page.continue;
    } while (next);
  } catch (error) {
    // Without Istio's CRDs there is nothing of ours.
    if (!isKubeStatus(error, 404)) throw error;
  }
  return objects;
}
