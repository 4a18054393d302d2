import { createHash } from 'node:crypto';
import { API_DOMAIN, OBJECT_PREFIX } from '@isthmus/plugin-gns-common';

/**
 * Label on the gateway endpoints of a `-remote` entry: the server cluster's
 * name. Pods of the caller's cluster never carry it, so a failover priority on
 * this key puts them first, whatever regions and networks are called.
 */
export const LABEL_REMOTE_CLUSTER = `${API_DOMAIN}/remote-cluster`;

/** The ServiceEntry of the pods in the same cluster. */
export function localEntryName(gns: string, label: string): string {
  return `${OBJECT_PREFIX}-${gns}-${label}-local`;
}

/** The ServiceEntry of the other clusters' gateways. */
export function remoteEntryName(gns: string, label: string): string {
  return `${OBJECT_PREFIX}-${gns}-${label}-remote`;
}

/** The DestinationRule of a host. */
export function destinationRuleName(gns: string, label: string): string {
  return `${OBJECT_PREFIX}-${gns}-${label}`;
}

/** Objects of which a member namespace has one of each kind. */
export function namespaceObjectName(gns: string): string {
  return `${OBJECT_PREFIX}-${gns}`;
}

/**
 * The Gateway of one global namespace on one gateway workload. Istio wants a
 * DNS label without dots, and gateways of all global namespaces share a
 * namespace: the hash keeps `a` + `b-c` and `a-b` + `c` apart.
 */
export function gatewayObjectName(
  gns: string,
  gateway: { namespace: string; name: string },
): string {
  const hash = createHash('sha256')
    .update(`${gns}/${gateway.namespace}/${gateway.name}`)
    .digest('hex')
    .slice(0, 8);
  return `${OBJECT_PREFIX}-${gns.slice(0, 45)}-${hash}`;
}

/** The AuthorizationPolicy of one service, where a member entry chooses services. */
export function servicePolicyName(gns: string, label: string): string {
  return `${OBJECT_PREFIX}-${gns}-${label}`;
}
