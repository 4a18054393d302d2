import type { Probe } from '@isthmus/plugin-gns-common';
import { Cells, sameList } from './cells';
import type { GlobalNamespaceComposition } from './GlobalNamespaceComposer';
import { ObjectLayers } from './objectLayers';
import { by } from './order';
import type { Place } from './participants';
import type {
  ClusterView,
  ComposedCluster,
  CompositionInput,
  CompositionResult,
} from './types';

/** What sorting into clusters remembers from one round to the next. */
export class Assembly {
  readonly clusters = new Cells<ComposedCluster>();
  readonly serving = new Cells<ComposedCluster['servingObjects']>();
  readonly probes = new Cells<readonly Probe[]>();
  readonly weights = new Cells<ReadonlyMap<string, number>>();
  readonly wanted = new Cells<readonly string[]>();
  readonly entries = new Cells<readonly ReadonlyMap<string, string>[]>();

  /** The same list while no host's local entries changed. */
  localEntries({
    composed,
    hosts,
  }: GlobalNamespaceComposition): readonly ReadonlyMap<string, string>[] {
    return this.entries.get(composed.name, [hosts.hosts], before => {
      const next = [...hosts.hosts.values()].map(h => h.localEntries);
      return before && sameList(next, before) ? before : next;
    });
  }

  endRound(): void {
    for (const cells of [
      this.clusters,
      this.serving,
      this.probes,
      this.weights,
      this.wanted,
      this.entries,
    ]) {
      cells.endRound();
    }
  }
}

/** Sorts what global namespaces render into the clusters that get it. */
export function assemble(
  assembly: Assembly,
  clusters: readonly ClusterView[],
  compositions: readonly GlobalNamespaceComposition[],
  input: CompositionInput,
): CompositionResult {
  const serving = servingByCluster(assembly, compositions);
  const hosts = compositions.map(c => c.hosts.hosts);
  const result: CompositionResult = {
    clusters: new Map(
      clusters.map(c => [
        c.id,
        assembleCluster(assembly, c, compositions, serving),
      ]),
    ),
    globalNamespaces: new Map(
      compositions.map(c => [c.composed.name, c.composed]),
    ),
    addressesWanted: assembly.wanted.get('', [input.addresses, ...hosts], () =>
      hosts
        .flatMap(map => [...map.values()])
        .filter(h => h.objects.size > 0 && !input.addresses.has(h.service.host))
        .map(h => h.service.host)
        .sort(),
    ),
    weights: assembly.weights.get('', hosts, before => {
      const weights = new Map<string, number>();
      for (const map of hosts) {
        for (const host of map.values()) {
          for (const [key, weight] of host.weights) weights.set(key, weight);
        }
      }
      return before && sameWeights(before, weights) ? before : weights;
    }),
  };
  assembly.endRound();
  return result;
}

function sameWeights(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
): boolean {
  return (
    a.size === b.size && [...a].every(([key, weight]) => b.get(key) === weight)
  );
}

type ServingObjects = ComposedCluster['servingObjects'];

const NOTHING: ServingObjects = new Map();

/** By global namespace, then by cluster: the objects that must be applied before a host counts as served. */
function servingByCluster(
  assembly: Assembly,
  compositions: readonly GlobalNamespaceComposition[],
): (clusterId: string) => ServingObjects {
  const entries = compositions.map(c => assembly.localEntries(c));
  const keys = compositions.map(c => c.gatewayKeys);
  const parts = keys.flatMap(k => [...k.values()]);
  let collected: Map<string, Map<string, readonly string[]>> | undefined;
  const collect = () => {
    const all = new Map<string, Map<string, readonly string[]>>();
    compositions.forEach(({ hosts, gatewayKeys }) => {
      for (const host of hosts.hosts.values()) {
        for (const [cluster, local] of host.localEntries) {
          const gateways = gatewayKeys.get(cluster);
          if (!gateways) continue;
          const own = all.get(cluster) ?? new Map<string, readonly string[]>();
          own.set(host.service.host, [local, ...gateways]);
          all.set(cluster, own);
        }
      }
    });
    return all;
  };
  return id =>
    assembly.serving.get(id, [...entries, ...parts], () => {
      collected ??= collect();
      return collected.get(id) ?? NOTHING;
    });
}

function assembleCluster(
  assembly: Assembly,
  { id, name }: ClusterView,
  compositions: readonly GlobalNamespaceComposition[],
  servingOf: (clusterId: string) => ServingObjects,
): ComposedCluster {
  const own = compositions.flatMap(composition => {
    const place = composition.placeOf.get(id);
    return place ? [{ composition, place }] : [];
  });
  const lists = own.map(o => o.composition.clusterObjects.get(id) ?? []);
  const layers = own.flatMap(o => o.composition.hosts.layers.get(id) ?? []);
  const servingObjects = servingOf(id);
  const probes = assembly.probes.get(
    id,
    own.map(o => o.composition.places),
    () => probesOf(own),
  );
  return assembly.clusters.get(
    id,
    [
      name,
      servingObjects,
      probes,
      lists.length,
      ...lists,
      ...layers,
      ...own.map(o => o.place),
    ],
    () => ({
      cluster: id,
      name,
      objects: new ObjectLayers(lists, layers),
      probes,
      members: Object.fromEntries(
        own.map(o => [o.composition.composed.name, o.place.namespaces]),
      ),
      servingObjects,
    }),
  );
}

function probesOf(
  own: readonly {
    composition: GlobalNamespaceComposition;
    place: Place;
  }[],
): Probe[] {
  const probes = new Map<string, Probe>();
  for (const { composition, place } of own) {
    for (const other of composition.places) {
      if (other === place) continue;
      const cluster = other.facts.name;
      for (const { addresses, port } of other.facts.usable) {
        for (const address of addresses) {
          probes.set(`${cluster} ${address} ${port}`, {
            cluster,
            address,
            port,
          });
        }
      }
    }
  }
  return [...probes].sort(by(([key]) => key)).map(([, probe]) => probe);
}
