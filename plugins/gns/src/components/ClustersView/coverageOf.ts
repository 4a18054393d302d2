import { type Cluster, type Coverage } from '@isthmus/plugin-gns-common';

/** Freshness of the clusters that have been there; one that waits for its controller is not silent. */
export function coverageOf(clusters: readonly Cluster[]): Coverage[] {
  return clusters
    .filter(one => one.state !== 'waiting')
    .map(one => ({
      cluster: one.name,
      state: one.freshness,
      dataAt: one.lastSeenAt,
      simulated: one.simulated,
    }));
}
