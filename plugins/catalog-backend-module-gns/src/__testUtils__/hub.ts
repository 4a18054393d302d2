import type {
  Cluster,
  GnsSummary,
  IndexedService,
} from '@isthmus/plugin-gns-common';
import type { CatalogConfig } from '../readCatalogConfig';

/** What the hub answers, cut to what the catalog reads. */

export const CONFIG: CatalogConfig = {
  namespace: 'gns',
  clusterNamespace: 'gns-clusters',
  defaultOwner: 'group:default/unowned',
  frequencyMs: 30_000,
  portalUrl: 'https://portal.test',
};

export function globalNamespace(name: string, clusters: string[]): GnsSummary {
  return {
    name,
    title: `The ${name}`,
    owner: 'group:default/shop',
    domain: `${name}.gns.internal`,
    generation: 1,
    paused: false,
    health: 'healthy',
    services: 2,
    clusters: clusters.map(cluster_ => ({
      cluster: cluster_,
      state: 'ok',
      simulated: false,
    })),
    conditions: { error: 0, warning: 0, info: 0 },
    holds: 0,
    updatedAt: '2026-11-25T09:00:00.000Z',
  };
}

export function cluster(name: string): Cluster {
  return {
    id: `id-of-${name}`,
    name,
    labels: {},
    state: 'enrolled',
    freshness: 'ok',
    createdAt: '2026-11-25T09:00:00.000Z',
    simulated: false,
    paused: false,
    drained: false,
    pausedLocally: [],
    istioVersions: ['1.31.0'],
    rootHashes: [],
    desiredEpoch: '1.1',
    appliedEpoch: '1.1',
    gateways: [],
    reachability: [],
    conditions: [],
  };
}

export function service(
  gns: string,
  name: string,
  place: { cluster: string; namespace: string; labels: Record<string, string> },
): IndexedService {
  return {
    gns,
    name,
    host: `${name}.${gns}.gns.internal`,
    places: [{ service: name, ...place }],
  };
}
