import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_VIEW_URL,
  stringifyEntityRef,
  type ResourceEntity,
} from '@backstage/catalog-model';
import {
  ANNOTATION_CLUSTER,
  ANNOTATION_DOMAIN,
  ANNOTATION_GLOBAL_NAMESPACE,
  type Cluster,
  type GnsSummary,
} from '@isthmus/plugin-gns-common';
import type { CatalogConfig } from '../readCatalogConfig';

/** `spec.type` of the entities that we emit. */
export const TYPE_GLOBAL_NAMESPACE = 'global-namespace';
export const TYPE_CLUSTER = 'kubernetes-cluster';

/** Reference of the entity that stands for a global namespace. */
export function gnsEntityRef(
  config: Pick<CatalogConfig, 'namespace'>,
  name: string,
): string {
  return stringifyEntityRef({
    kind: 'resource',
    namespace: config.namespace,
    name,
  });
}

function managed(location: string, viewUrl: string): Record<string, string> {
  return {
    [ANNOTATION_LOCATION]: `gns:${location}`,
    [ANNOTATION_ORIGIN_LOCATION]: `gns:${location}`,
    [ANNOTATION_VIEW_URL]: viewUrl,
  };
}

/** A global namespace as a Resource that depends on its clusters. */
export function toGnsEntity(
  gns: GnsSummary,
  config: CatalogConfig,
): ResourceEntity {
  const url = `${config.portalUrl}/gns/${gns.name}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace: config.namespace,
      name: gns.name,
      ...(gns.title ? { title: gns.title } : {}),
      ...(gns.description ? { description: gns.description } : {}),
      annotations: {
        ...managed(`global-namespaces/${gns.name}`, url),
        [ANNOTATION_GLOBAL_NAMESPACE]: gns.name,
        [ANNOTATION_DOMAIN]: gns.domain,
      },
      links: [{ url, title: gns.domain, type: 'global-namespace' }],
    },
    spec: {
      type: TYPE_GLOBAL_NAMESPACE,
      owner: gns.owner ?? config.defaultOwner,
      dependsOn: gns.clusters
        .map(({ cluster }) =>
          stringifyEntityRef({
            kind: 'resource',
            namespace: config.clusterNamespace,
            name: cluster,
          }),
        )
        .sort(),
    },
  };
}

/** A member cluster as a Resource. What changes by the minute stays in the hub. */
export function toClusterEntity(
  cluster: Cluster,
  config: CatalogConfig,
): ResourceEntity {
  const url = `${config.portalUrl}/gns/clusters`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace: config.clusterNamespace,
      name: cluster.name,
      ...(cluster.title ? { title: cluster.title } : {}),
      annotations: {
        ...managed(`clusters/${cluster.name}`, url),
        [ANNOTATION_CLUSTER]: cluster.name,
      },
      links: [{ url, title: 'Member clusters' }],
    },
    spec: { type: TYPE_CLUSTER, owner: config.defaultOwner },
  };
}
