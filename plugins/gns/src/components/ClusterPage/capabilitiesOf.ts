import { type Cluster } from '@isthmus/plugin-gns-common';
import { reach } from '../ClustersView/reachability';

/** What a cluster can do for a global namespace. */
export type CapabilityName =
  | 'report'
  | 'apply'
  | 'serve'
  | 'reached'
  | 'reaches'
  | 'sharedRoot';

export interface Capability {
  name: CapabilityName;
  /** `part`: for some of the others; `unknown`: nobody measured it. */
  state: 'yes' | 'part' | 'no' | 'unknown';
  /** Of the other clusters: for how many, of how many that were measured. */
  count?: { of: number; good: number };
}

function share(good: number, of: number): Capability['state'] {
  if (of === 0) return 'unknown';
  if (good === of) return 'yes';
  return good === 0 ? 'no' : 'part';
}

function known(
  cluster: Cluster,
  can: (cluster: Cluster) => boolean,
): Capability['state'] {
  if (cluster.state === 'waiting') return 'unknown';
  return can(cluster) ? 'yes' : 'no';
}

/** Everything here follows from what the controllers last reported. */
export function capabilitiesOf(
  cluster: Cluster,
  clusters: readonly Cluster[],
): Capability[] {
  const others = clusters.filter(
    one => one.name !== cluster.name && one.state !== 'waiting',
  );
  const ways = (reached: (other: Cluster) => ReturnType<typeof reach>) => {
    const measured = others
      .map(reached)
      .filter(found => found.state !== 'notMeasured');
    const good = measured.filter(found => found.state === 'reachable').length;
    return {
      state: share(good, measured.length),
      count: { good, of: measured.length },
    };
  };
  const withRoots = others.filter(one => one.rootHashes.length > 0);
  const sharing = withRoots.filter(one =>
    one.rootHashes.some(hash => cluster.rootHashes.includes(hash)),
  );
  return [
    {
      name: 'report',
      state: known(cluster, one => one.freshness === 'ok'),
    },
    {
      name: 'apply',
      state: known(
        cluster,
        one => !one.paused && !one.pausedLocally.includes('*'),
      ),
    },
    {
      name: 'serve',
      state: known(cluster, one => one.gateways.some(gateway => gateway.ready)),
    },
    { name: 'reached', ...ways(other => reach(other, cluster.name)) },
    { name: 'reaches', ...ways(other => reach(cluster, other.name)) },
    {
      name: 'sharedRoot',
      state:
        cluster.rootHashes.length === 0
          ? 'unknown'
          : share(sharing.length, withRoots.length),
      count: { good: sharing.length, of: withRoots.length },
    },
  ];
}
