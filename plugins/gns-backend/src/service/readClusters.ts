import type { Cluster } from '@isthmus/plugin-gns-common';
import { readClusterFacts, toCluster } from './clusterAnswers';
import type { HubContext } from './HubContext';

/** All member clusters as the API shows them. */
export async function readClusters(hub: HubContext): Promise<Cluster[]> {
  const snapshot = await hub.view.snapshot();
  const facts = await readClusterFacts({
    ...hub,
    limits: hub.freshness,
    now: hub.now(),
  });
  const tokens = await hub.clusters.openTokens();
  const inventories = new Map(
    snapshot.input.clusters.map(c => [c.id, c.inventory]),
  );
  return facts.map(f =>
    toCluster(f, {
      snapshot,
      inventory: inventories.get(f.cluster.id),
      tokenExpiresAt: tokens.get(f.cluster.id),
    }),
  );
}
