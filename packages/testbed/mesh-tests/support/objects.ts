import { createHash } from 'node:crypto';
import { LABEL_MANAGED_BY, MANAGED_BY } from '@isthmus/plugin-gns-common';
import type { Cluster, KubeObject } from '../../src';

const ISTIO_KINDS = [
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['networking.istio.io/v1beta1', 'ProxyConfig'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
] as const;

async function istioObjects(cluster: Cluster): Promise<KubeObject[]> {
  const lists = await Promise.all(
    ISTIO_KINDS.map(([apiVersion, kind]) =>
      cluster.kube.list({ apiVersion, kind }),
    ),
  );
  return lists.flat();
}

const LEADER = 'control-plane.alpha.kubernetes.io/leader';

const isOurs = (object: KubeObject) =>
  object.metadata.labels?.[LABEL_MANAGED_BY] === MANAGED_BY;

/** All Istio objects of a cluster that carry our label. */
export async function ownedObjects(cluster: Cluster): Promise<KubeObject[]> {
  return (await istioObjects(cluster)).filter(isOurs);
}

/** Istio objects, ConfigMaps, Services and ServiceAccounts that are not ours, each with a hash of what it says. */
export async function foreignFingerprint(
  cluster: Cluster,
): Promise<Map<string, string>> {
  const objects = [
    ...(await istioObjects(cluster)),
    ...(await cluster.kube.list({ apiVersion: 'v1', kind: 'ConfigMap' })),
    ...(await cluster.kube.list({ apiVersion: 'v1', kind: 'Service' })),
    ...(await cluster.kube.list({ apiVersion: 'v1', kind: 'ServiceAccount' })),
    ...(await cluster.kube.list({ apiVersion: 'v1', kind: 'Namespace' })),
  ].filter(object => !isOurs(object));
  return new Map(
    objects.map(object => {
      const { managedFields, resourceVersion, ...metadata } = object.metadata;
      // istiod's leader election renews this one by itself.
      const { [LEADER]: _leader, ...annotations } = metadata.annotations ?? {};
      const { status, ...said } = object;
      return [
        [object.kind ?? '', metadata.namespace ?? '', metadata.name].join('/'),
        createHash('sha256')
          .update(
            JSON.stringify({ ...said, metadata: { ...metadata, annotations } }),
          )
          .digest('hex'),
      ];
    }),
  );
}
