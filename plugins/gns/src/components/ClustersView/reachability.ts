import { type Cluster, type Reachability } from '@isthmus/plugin-gns-common';

/** What one controller measured of another cluster's gateways. */
export type Reach =
  | { state: 'itself' }
  | { state: 'notMeasured' }
  | { state: 'reachable' | 'unreachable'; probe: Reachability };

/**
 * The cell of the matrix: the best probe of several gateways, because one that
 * answers is enough for traffic.
 */
export function reach(from: Cluster, to: string): Reach {
  if (from.name === to) return { state: 'itself' };
  const probes = from.reachability
    .filter(probe => probe.cluster === to)
    .sort(
      (a, b) =>
        Number(b.reachable) - Number(a.reachable) ||
        (a.latencyMs ?? Infinity) - (b.latencyMs ?? Infinity),
    );
  if (probes.length === 0) return { state: 'notMeasured' };
  return {
    state: probes[0].reachable ? 'reachable' : 'unreachable',
    probe: probes[0],
  };
}

/** The ways that are measured and do not work, by the cluster that they begin in. */
export function brokenWays(
  clusters: readonly Cluster[],
): { from: Cluster; to: string }[] {
  return clusters.flatMap(from =>
    clusters
      .filter(to => reach(from, to.name).state === 'unreachable')
      .map(to => ({ from, to: to.name })),
  );
}
