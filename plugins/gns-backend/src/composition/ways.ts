import type { Reachability } from '@isthmus/plugin-gns-common';
import { pairVerdict, type ClusterFacts } from './clusterFacts';
import { compareText } from './order';

/** Where the pods of one cluster may be sent, for all global namespaces alike. */
export interface Ways {
  /** Other clusters that share a root (or whose members have an authority above them) and are in another network, nearest first. */
  readonly nearest: readonly ClusterFacts[];
  readonly allowed: ReadonlySet<string>;
}

/** Behind every measured class. */
const UNMEASURED = 99;

/**
 * Fastest way to each cluster, by its name or id; powers of two of
 * milliseconds, so that jitter does not reorder clusters.
 */
export function latencyClasses(
  reachability: readonly Reachability[],
): ReadonlyMap<string, number> {
  const classes = new Map<string, number>();
  for (const { cluster, latencyMs } of reachability) {
    if (latencyMs === undefined) continue;
    const measured = Math.ceil(Math.log2(Math.max(1, latencyMs)));
    classes.set(cluster, Math.min(measured, classes.get(cluster) ?? measured));
  }
  return classes;
}

/** Other clusters as the caller prefers them: same region, then latency, then name. */
export function waysFrom(
  caller: ClusterFacts,
  clusters: readonly ClusterFacts[],
  latencies: ReadonlyMap<string, number>,
  by: 'mesh' | 'own' = 'mesh',
): Ways {
  const ranked = clusters
    .filter(c => c.id !== caller.id && pairVerdict(caller, c, by) === 'ok')
    .map(facts => ({
      facts,
      far: [...facts.regions].some(r => caller.regions.has(r)) ? 0 : 1,
      latency:
        latencies.get(facts.name) ?? latencies.get(facts.id) ?? UNMEASURED,
    }));
  ranked.sort(
    (a, b) =>
      a.far - b.far ||
      a.latency - b.latency ||
      compareText(a.facts.name, b.facts.name) ||
      compareText(a.facts.id, b.facts.id),
  );
  const nearest = ranked.map(r => r.facts);
  return { nearest, allowed: new Set(nearest.map(f => f.id)) };
}
