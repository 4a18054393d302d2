import { CONTROLLER_NAMESPACE } from '@isthmus/plugin-gns-common';

/**
 * Namespaces that are never members. Policies in Istio's root namespace hold
 * for the whole mesh, and the others keep the cluster and us alive.
 */
export const RESERVED_NAMESPACES: ReadonlySet<string> = new Set([
  'istio-system',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  CONTROLLER_NAMESPACE,
]);
