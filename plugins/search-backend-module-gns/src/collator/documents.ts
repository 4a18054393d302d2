import type { IndexableDocument } from '@backstage/plugin-search-common';
import {
  formatRef,
  type GnsSummary,
  type IndexedService,
} from '@isthmus/plugin-gns-common';

/** The type of our documents, in filters of the search page. */
export const DOCUMENT_TYPE = 'global-namespaces';

/** What search knows of a global namespace or of one of its services. */
export interface GnsDocument extends IndexableDocument {
  /** `global-namespace` or `global-service`. */
  kind: 'global-namespace' | 'global-service';
  gns: string;
  owner: string;
  clusters: string[];
}

/** Resource reference that the hub's permission rules decide on. */
function authorizationOf(gns: string) {
  return { resourceRef: formatRef({ kind: 'GlobalNamespace', name: gns }) };
}

export function toGnsDocument(
  gns: GnsSummary,
  services: readonly IndexedService[],
): GnsDocument {
  const clusters = gns.clusters.map(c => c.cluster);
  return {
    kind: 'global-namespace',
    title: gns.title ?? gns.name,
    text: [
      gns.name,
      gns.domain,
      gns.description,
      ...services.map(s => s.name),
      ...clusters,
    ]
      .filter(Boolean)
      .join(' '),
    location: `/gns/${gns.name}`,
    gns: gns.name,
    owner: gns.owner ?? '',
    clusters,
    authorization: authorizationOf(gns.name),
  };
}

export function toServiceDocument(service: IndexedService): GnsDocument {
  const clusters = [...new Set(service.places.map(p => p.cluster))].sort();
  return {
    kind: 'global-service',
    title: service.host,
    text: [
      service.name,
      service.gnsTitle ?? service.gns,
      ...new Set(service.places.map(p => `${p.namespace}/${p.service}`)),
      ...clusters,
    ].join(' '),
    location: `/gns/${service.gns}/services`,
    gns: service.gns,
    owner: service.owner ?? '',
    clusters,
    authorization: authorizationOf(service.gns),
  };
}
