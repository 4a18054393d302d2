import {
  FIELD_MANAGER,
  LABEL_CLUSTER,
  LABEL_GNS,
  LABEL_MANAGED_BY,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';

/** Whether an object carries our label, whichever cluster it was made for. */
export function isOurs(object: KubeObject): boolean {
  return object.metadata.labels?.[LABEL_MANAGED_BY] === MANAGED_BY;
}

/** Whether our server-side apply wrote it: a label alone is easily forged or copied. */
function appliedByUs(object: KubeObject): boolean {
  const entries = object.metadata.managedFields;
  return (
    Array.isArray(entries) &&
    entries.some(
      (entry: { manager?: unknown; operation?: unknown }) =>
        entry?.manager === FIELD_MANAGER && entry.operation === 'Apply',
    )
  );
}

/**
 * Whether we may change an object: our own apply made it, for this very
 * cluster. It may have lost a label since; that is drift.
 */
export function mayRepair(clusterId: string, object: KubeObject): boolean {
  return (
    appliedByUs(object) && object.metadata.labels?.[LABEL_CLUSTER] === clusterId
  );
}

/** Whether we may delete an object: all three labels, and our own apply made it. */
export function mayDelete(clusterId: string, object: KubeObject): boolean {
  return mayRepair(clusterId, object) && isOurs(object) && gnsOf(object) !== '';
}

/** The global namespace that an object of ours belongs to; '' when it says none. */
export function gnsOf(object: KubeObject): string {
  return object.metadata.labels?.[LABEL_GNS] ?? '';
}
