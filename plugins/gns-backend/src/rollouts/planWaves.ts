import {
  canonicalJson,
  type GlobalNamespace,
  type Problem,
  type RolloutStrategy,
} from '@isthmus/plugin-gns-common';
import type { CompositionResult } from '../composition';
import { listNames } from '../composition/statement';
import type { WaveCluster, WaveRecord } from './types';

/** The waves of a strategy with everybody in them, or what is wrong with it. */
export interface PlannedWaves {
  readonly waves: readonly WaveRecord[];
  readonly problems: readonly Problem[];
}

/** Ids of the clusters in which a global namespace has, or will have, anything. */
export function involvedClusters(
  gns: string,
  results: readonly CompositionResult[],
): ReadonlySet<string> {
  return new Set(
    results.flatMap(result =>
      [...result.clusters.values()]
        .filter(
          c =>
            (c.members[gns]?.length ?? 0) > 0 ||
            [...c.objects.values()].some(o => o.gns === gns),
        )
        .map(c => c.cluster),
    ),
  );
}

/**
 * Who is in which wave. Clusters that no wave names come last; without waves
 * there is one of all. Pure.
 */
export function planWaves(
  strategy: Pick<RolloutStrategy, 'waves'>,
  clusters: readonly WaveCluster[],
  involved: ReadonlySet<string>,
): PlannedWaves {
  const byName = new Map(clusters.map(c => [c.name, c]));
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const waves = strategy.waves.map((wave, index): WaveRecord => {
    const named = wave.clusters.flatMap((name, position) => {
      const path = `strategy.waves[${index}].clusters[${position}]`;
      const before = seen.get(name);
      const cluster = byName.get(name);
      if (before !== undefined) {
        problems.push({
          severity: 'error',
          code: 'cluster-twice',
          path,
          value: JSON.stringify(name),
          message: `The cluster is in wave ${before + 1} already.`,
          remedy: 'Name it in one wave only.',
        });
        return [];
      }
      seen.set(name, index);
      if (!cluster) {
        problems.push({
          severity: 'error',
          code: 'cluster-unknown',
          path,
          value: JSON.stringify(name),
          message: 'There is no such member cluster.',
          remedy: `Correct the name; known clusters: ${listNames([
            ...byName.keys(),
          ])}.`,
        });
        return [];
      }
      return [{ id: cluster.id, name: cluster.name }];
    });
    return {
      clusters: named,
      soakSeconds: wave.soakSeconds,
      state: 'waiting',
    };
  });
  const rest = clusters.filter(c => involved.has(c.id) && !seen.has(c.name));
  if (rest.length > 0 || waves.length === 0) {
    waves.push({
      clusters: rest.map(({ id, name }) => ({ id, name })),
      soakSeconds: 0,
      state: 'waiting',
    });
  }
  return { waves, problems };
}

/** `<namespace>/<service>` that serves each host, by `<cluster id> <host>`. */
function serversOf(
  result: CompositionResult,
  gns: string,
): ReadonlyMap<string, string> {
  return new Map(
    (result.globalNamespaces.get(gns)?.services ?? []).flatMap(s =>
      s.endpoints
        .filter(e => !e.awaitingApproval)
        .map(
          e =>
            [`${e.cluster} ${s.host}`, `${e.namespace}/${e.service}`] as const,
        ),
    ),
  );
}

/**
 * Changes that cannot reach clusters one after the other, because clusters with
 * either definition would misunderstand each other.
 */
export function unsplittable(
  gns: string,
  change: {
    former: GlobalNamespace | undefined;
    target: GlobalNamespace | undefined;
    before: CompositionResult;
    after: CompositionResult;
  },
): Problem[] {
  const problems: Problem[] = [];
  const { former, target } = change;
  if (
    former &&
    target &&
    canonicalJson(former.spec.authority) !==
      canonicalJson(target.spec.authority)
  ) {
    problems.push({
      severity: 'error',
      code: 'authority-not-in-waves',
      path: 'spec.authority',
      message:
        'The authority changes: that goes through phases of its own, in all clusters together.',
      remedy: 'Roll out all at once, or change the authority by itself.',
    });
  }
  const [before, after] = [
    serversOf(change.before, gns),
    serversOf(change.after, gns),
  ];
  const moved = [...after].flatMap(([key, server]) => {
    const old = before.get(key);
    return old === undefined || old === server ? [] : [key.split(' ')[1]];
  });
  if (moved.length > 0) {
    problems.push({
      severity: 'error',
      code: 'host-moves',
      path: 'spec.hostnames',
      message: `${listNames([
        ...new Set(moved),
      ])} would mean another service in one cluster than in the next while the waves are under way.`,
      remedy:
        'Roll out all at once, or give the new service a host name of its own first.',
    });
  }
  return problems;
}
