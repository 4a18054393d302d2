import { type Cluster } from '@isthmus/plugin-gns-common';
import { openConditions } from '../GnsPage/sortConditions';

export const CLUSTER_FILTERS = [
  'all',
  'attention',
  'silent',
  'waiting',
  'paused',
  'drained',
  'observed',
  'disconnecting',
] as const;
export type ClusterFilter = (typeof CLUSTER_FILTERS)[number];

export const CLUSTER_ORDERS = ['name', 'worst', 'lastSeen', 'version'] as const;
export type ClusterOrder = (typeof CLUSTER_ORDERS)[number];

/** A cluster that has been there and does not report now. */
export function isSilent(cluster: Cluster): boolean {
  return cluster.state !== 'waiting' && cluster.freshness !== 'ok';
}

export function isPaused(cluster: Cluster): boolean {
  return cluster.paused || cluster.pausedLocally.length > 0;
}

/** How much a cluster needs a person: 0 nothing, 3 most. */
export function troubleOf(cluster: Cluster): 0 | 1 | 2 | 3 {
  const open = openConditions(cluster.conditions);
  if (
    open.some(one => one.severity === 'error') ||
    (isSilent(cluster) && cluster.freshness !== 'stale')
  ) {
    return 3;
  }
  if (
    isSilent(cluster) ||
    open.some(one => one.severity === 'warning') ||
    cluster.reachability.some(one => !one.reachable)
  ) {
    return 2;
  }
  // A token that ran out unused: somebody has to make a new one.
  if (cluster.state === 'waiting' && cluster.tokenExpiresAt === undefined) {
    return 2;
  }
  return cluster.state === 'enrolled' && !isPaused(cluster) ? 0 : 1;
}

const CHOOSES: Record<ClusterFilter, (cluster: Cluster) => boolean> = {
  all: () => true,
  attention: cluster => troubleOf(cluster) >= 2,
  silent: isSilent,
  waiting: cluster => cluster.state === 'waiting',
  paused: isPaused,
  drained: cluster => cluster.drained,
  observed: cluster => cluster.observed === true,
  disconnecting: cluster => cluster.state === 'disconnecting',
};

/** Compares versions part by part, so that 1.9 comes before 1.31; unknown first. */
function compareVersions(a: Cluster, b: Cluster): number {
  return (a.istioVersions[0] ?? '').localeCompare(
    b.istioVersions[0] ?? '',
    'en',
    { numeric: true },
  );
}

/** Filters by state and by the words of a search, and orders. */
export function selectClusters(
  clusters: readonly Cluster[],
  choice: { text: string; filter: ClusterFilter; order: ClusterOrder },
): Cluster[] {
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = (a: Cluster, b: Cluster) =>
    (a.title ?? a.name).localeCompare(b.title ?? b.name);
  return clusters
    .filter(CHOOSES[choice.filter])
    .filter(one => {
      const searched = [
        one.name,
        one.title,
        one.network,
        one.region,
        one.trustDomain,
        one.kubernetesVersion,
        one.controllerVersion,
        ...one.istioVersions,
        ...Object.entries(one.labels).map(([key, value]) => `${key}=${value}`),
      ]
        .join('\n')
        .toLowerCase();
      return words.every(word => searched.includes(word));
    })
    .sort((a, b) => {
      switch (choice.order) {
        case 'worst':
          return troubleOf(b) - troubleOf(a) || byName(a, b);
        case 'lastSeen':
          return (
            (a.lastSeenAt ?? '').localeCompare(b.lastSeenAt ?? '') ||
            byName(a, b)
          );
        case 'version':
          return compareVersions(a, b) || byName(a, b);
        default:
          return byName(a, b);
      }
    });
}
