import type { Probe } from '@isthmus/plugin-gns-common';
import { Cells, sameList } from './cells';
import type { ComposedHost } from './composeHost';
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

/** What the hosts of a global namespace add up to. */
interface HostParts {
  readonly localEntries: readonly ReadonlyMap<string, string>[];
  readonly weights: readonly ComposedHost['weights'][];
  /** Hosts that have objects. */
  readonly rendered: readonly string[];
}

/** What sorting into clusters remembers from one round to the next. */
export class Assembly {
  readonly clusters = new Cells<ComposedCluster>();
  readonly serving = new Cells<ComposedCluster['servingObjects']>();
  readonly probes = new Cells<readonly Probe[]>();
  readonly weights = new Cells<ReadonlyMap<string, number>>();
  readonly wanted = new Cells<readonly string[]>();
  readonly parts = new Cells<HostParts>();

  /** The lists are the same objects while no host's part of them changed. */
  partsOf({
    composed,
    hosts: { hosts },
  }: GlobalNamespaceComposition): HostParts {
    return this.parts.get(composed.name, [hosts], before => {
      const all = [...hosts.values()];
      const keep = <T>(next: readonly T[], last: readonly T[] | undefined) =>
        last && sameList(next, last) ? last : next;
      return {
        localEntries: keep(
          all.map(h => h.localEntries),
          before?.localEntries,
        ),
        weights: keep(
          all.map(h => h.weights),
          before?.weights,
        ),
        rendered: keep(
          all.filter(h => h.objects.size > 0).map(h => h.service.host),
          before?.rendered,
        ),
      };
    });
  }

  endRound(): void {
    for (const cells of [
      this.clusters,
      this.serving,
      this.probes,
      this.weights,
      this.wanted,
      this.parts,
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
  const parts = compositions.map(c => assembly.partsOf(c));
  const rendered = parts.map(p => p.rendered);
  const weighed = parts.map(p => p.weights);
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
    addressesWanted: assembly.wanted.get(
      '',
      [input.addresses, ...rendered],
      () =>
        rendered
          .flat()
          .filter(host => !input.addresses.has(host))
          .sort(),
    ),
    weights: assembly.weights.get('', weighed, () => new Map(weighed.flat(2))),
  };
  assembly.endRound();
  return result;
}

type ServingObjects = ComposedCluster['servingObjects'];

const NOTHING: ServingObjects = new Map();

/** By global namespace, then by cluster: the objects that must be applied before a host counts as served. */
function servingByCluster(
  assembly: Assembly,
  compositions: readonly GlobalNamespaceComposition[],
): (clusterId: string) => ServingObjects {
  const entries = compositions.map(c => assembly.partsOf(c).localEntries);
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
