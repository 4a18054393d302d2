import { objectKey, type Manifest } from '@isthmus/plugin-gns-common';
import type { ComposedObject, ObjectRole } from '../types';

/** What all objects of one global namespace in one cluster carry. */
export interface Ownership {
  readonly gns: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A kind and a name, for the same object in many clusters: keys are made once per namespace. */
export class ObjectName {
  readonly type: ObjectType;
  readonly name: string;
  #namespace: string | undefined;
  #key = '';

  constructor(type: ObjectType, name: string) {
    this.type = type;
    this.name = name;
  }

  keyIn(namespace: string): string {
    if (namespace !== this.#namespace) {
      this.#namespace = namespace;
      this.#key = objectKey({
        ...this.type,
        metadata: { name: this.name, namespace },
      });
    }
    return this.#key;
  }
}

/** An object with its key, owner and role. `spec` may be shared between objects: nobody changes it. */
export function composedObject(
  owner: Ownership,
  object: ObjectName,
  namespace: string,
  spec: object,
  role: ObjectRole,
  hosts: readonly string[],
): ComposedObject {
  const manifest: Manifest = {
    apiVersion: object.type.apiVersion,
    kind: object.type.kind,
    metadata: { name: object.name, namespace, labels: owner.labels },
    spec,
  };
  return {
    key: object.keyIn(namespace),
    gns: owner.gns,
    manifest,
    role,
    hosts,
  };
}

export const SERVICE_ENTRY: ObjectType = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
};
export const DESTINATION_RULE: ObjectType = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
};
export const GATEWAY: ObjectType = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
};
/** ProxyConfig has no v1. */
export const PROXY_CONFIG: ObjectType = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
};
export const PEER_AUTHENTICATION: ObjectType = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
};
export const AUTHORIZATION_POLICY: ObjectType = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
};
