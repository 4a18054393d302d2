import type { KubernetesObject } from './objects';
import type { ResourceType } from './resources';
import { preconditionFailed } from './statusErrors';

/** `preconditions` of `metav1.DeleteOptions`. */
export interface DeletePreconditions {
  uid?: string;
  resourceVersion?: string;
}

/** Throws 409 when the object is not the one that the client means. */
export function checkPreconditions(
  type: ResourceType,
  live: KubernetesObject,
  { uid, resourceVersion }: DeletePreconditions,
) {
  const { name } = live.metadata;
  if (uid && uid !== live.metadata.uid) {
    throw preconditionFailed(
      type,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw preconditionFailed(
      type,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** The object as it waits for its finalizers (a namespace: for its contents). */
export function markedForDeletion(
  live: KubernetesObject,
  isNamespace: boolean,
  time: string,
): KubernetesObject {
  const { generation } = live.metadata;
  return {
    ...live,
    metadata: {
      ...live.metadata,
      deletionTimestamp: time,
      ...(isNamespace ? {} : { deletionGracePeriodSeconds: 0 }),
      ...(generation ? { generation: generation + 1 } : {}),
    },
    ...(isNamespace ? { status: { phase: 'Terminating' } } : {}),
  };
}
