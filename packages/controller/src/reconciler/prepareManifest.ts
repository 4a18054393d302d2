import { createHash } from 'node:crypto';
import {
  API_DOMAIN,
  DesiredObject,
  LABEL_CLUSTER,
  LABEL_GNS,
  LABEL_MANAGED_BY,
  MANAGED_BY,
  canonicalJson,
  objectKey,
} from '@isthmus/plugin-gns-common';
import { KubeObject, KubeResource } from '../kube/KubeApi';
import { ownedResource } from '../kube/resources';

/** Annotation with the hash of what we applied: a field that we no longer want shows in it. */
export const HASH_ANNOTATION = `${API_DOMAIN}/applied-hash`;

export type PreparedManifest =
  | { ok: true; resource: KubeResource; object: KubeObject; hash: string }
  | { ok: false; message: string };

const METADATA_FIELDS = ['name', 'namespace', 'labels', 'annotations'];
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The object to apply for one desired object: labelled as ours and stamped with
 * its hash. Refuses what no hub of ours asks for: other kinds, a key that
 * disagrees with the manifest, names that are none, metadata beyond names,
 * labels and annotations.
 */
export function prepareManifest(
  desired: DesiredObject,
  clusterId: string,
): PreparedManifest {
  const { manifest, key, gns } = desired;
  const refuse = (message: string): PreparedManifest => ({
    ok: false,
    message,
  });
  const resource = ownedResource(manifest);
  if (!resource) {
    return refuse(
      `${manifest.apiVersion} ${manifest.kind} is not a kind that Isthmus may write`,
    );
  }
  if (objectKey(manifest) !== key) {
    return refuse(`The key ${key} does not name the manifest beside it`);
  }
  const { name, namespace, labels, annotations } = manifest.metadata;
  if (!namespace || !NAMESPACE.test(namespace) || !NAME.test(name)) {
    return refuse(`${key} has no valid namespace and name`);
  }
  const extra = Object.keys(manifest.metadata).filter(
    field => !METADATA_FIELDS.includes(field),
  );
  const extraTop = Object.keys(manifest).filter(
    field => !['apiVersion', 'kind', 'metadata', 'spec'].includes(field),
  );
  if (extra.length > 0 || extraTop.length > 0) {
    return refuse(
      `${key} sets fields that Isthmus does not own: ${[
        ...extra.map(f => `metadata.${f}`),
        ...extraTop,
      ].join(', ')}`,
    );
  }
  const claimed = labels?.[LABEL_GNS];
  if (claimed !== undefined && claimed !== gns) {
    return refuse(`${key} is labelled for ${claimed}, not for ${gns}`);
  }
  const object = {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        [LABEL_MANAGED_BY]: MANAGED_BY,
        [LABEL_GNS]: gns,
        [LABEL_CLUSTER]: clusterId,
      },
      annotations: { ...annotations },
    },
    ...(manifest.spec === undefined ? {} : { spec: manifest.spec }),
  };
  return { ok: true, resource, ...stampHash(object) };
}

/** The object with the hash of all that it asks for. */
export function stampHash(object: KubeObject): {
  object: KubeObject;
  hash: string;
} {
  const annotations = { ...object.metadata.annotations };
  delete annotations[HASH_ANNOTATION];
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  const hash = createHash('sha256')
    .update(canonicalJson(bare))
    .digest('hex')
    .slice(0, 32);
  return {
    hash,
    object: {
      ...bare,
      metadata: {
        ...bare.metadata,
        annotations: { ...annotations, [HASH_ANNOTATION]: hash },
      },
    },
  };
}
