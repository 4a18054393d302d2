import { objectKey, type Manifest } from '@isthmus/plugin-gns-common';
import type { ComposedObject, ObjectRole } from '../types';

/** What all objects of one global namespace in one cluster carry. */
export interface Ownership {
  readonly gns: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An object with its key, owner and role. `spec` may be shared between objects: nobody changes it. */
export function composedObject(
  owner: Ownership,
  type: { apiVersion: string; kind: string },
  name: string,
  namespace: string,
  spec: object,
  role: ObjectRole,
  hosts: readonly string[],
): ComposedObject {
  const manifest: Manifest = {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: { name, namespace, labels: owner.labels },
    spec,
  };
  return { key: objectKey(manifest), gns: owner.gns, manifest, role, hosts };
}

export const SERVICE_ENTRY = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
};
export const DESTINATION_RULE = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
};
export const GATEWAY = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
};
/** ProxyConfig has no v1. */
export const PROXY_CONFIG = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
};
export const PEER_AUTHENTICATION = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
};
export const AUTHORIZATION_POLICY = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
};
