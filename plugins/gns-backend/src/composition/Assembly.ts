import type { Probe } from '@isthmus/plugin-gns-common';
import { Cells, sameList } from './cells';
import type { ComposedHost } from './composeHost';
import type { GlobalNamespaceComposition } from './GlobalNamespaceComposer';
import { ObjectLayers } from './objectLayers';
import { by } from './order';
import { mergeVariants } from './mergeVariants';
import type { Place } from './participants';
import type {
  ClusterView,
  ComposedCluster,
  CompositionInput,
  CompositionResult,
} from './types';
import type { Variant } from './variants';

/** What the hosts of a global namespace add up to. */
interface HostParts {
  readonly localEntries: readonly ReadonlyMap<string, string>[];
  readonly weights: readonly ComposedHost['weights'][];
  /** Hosts that have objects. */
  readonly rendered: readonly string[];
}

/** What a variant is composed to, over all clusters. */
export interface VariantComposition extends Variant {
  readonly composition: GlobalNamespaceComposition;
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
    key,
    composition: {
      hosts: { hosts },
    },
  }: VariantComposition): HostParts {
    return this.parts.get(key, [hosts], before => {
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
  compositions: readonly VariantComposition[],
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
    globalNamespaces: globalNamespacesOf(clusters, compositions),
    upcoming: new Map(
      compositions.flatMap(({ key, gns, scope, isInForce, composition }) =>
        scope !== '' && key === gns
          ? [
              [
                gns,
                composition.composed.members.filter(m => !isInForce(m.cluster)),
              ] as const,
            ]
          : [],
      ),
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

/** By name; the two variants of one that is split become one. */
function globalNamespacesOf(
  clusters: readonly ClusterView[],
  compositions: readonly VariantComposition[],
): CompositionResult['globalNamespaces'] {
  const ids = new Map(clusters.map(c => [c.name, c.id]));
  const merged = new Map<string, VariantComposition>();
  for (const variant of compositions) {
    // Sorted by key: the former one comes after the one that it gives way to.
    const target = merged.get(variant.gns);
    if (!target) {
      merged.set(variant.gns, variant);
      continue;
    }
    const { isInForce, composition } = variant;
    merged.set(variant.gns, {
      ...target,
      composition: {
        ...target.composition,
        composed: mergeVariants(
          { isInForce, composed: composition.composed },
          { ...target, composed: target.composition.composed },
          ids,
        ),
      },
    });
  }
  const nobody = () => false;
  return new Map(
    [...merged].map(([gns, variant]) => {
      const { composed } = variant.composition;
      const alone = compositions.filter(c => c.gns === gns).length === 1;
      // Created or deleted in waves: where it does not hold there is nothing.
      return [
        gns,
        alone && variant.scope !== ''
          ? mergeVariants(
              { isInForce: nobody, composed },
              { ...variant, composed },
              ids,
            )
          : composed,
      ];
    }),
  );
}

type ServingObjects = ComposedCluster['servingObjects'];

const NOTHING: ServingObjects = new Map();

/** By global namespace, then by cluster: the objects that must be applied before a host counts as served. */
function servingByCluster(
  assembly: Assembly,
  compositions: readonly VariantComposition[],
): (clusterId: string) => ServingObjects {
  const entries = compositions.map(c => assembly.partsOf(c).localEntries);
  const scopes = compositions.map(c => c.scope);
  const keys = compositions.map(c => c.composition.gatewayKeys);
  const parts = keys.flatMap(k => [...k.values()]);
  let collected: Map<string, Map<string, readonly string[]>> | undefined;
  const collect = () => {
    const all = new Map<string, Map<string, readonly string[]>>();
    compositions.forEach(({ composition, isInForce }) => {
      const { hosts, gatewayKeys } = composition;
      for (const host of hosts.hosts.values()) {
        for (const [cluster, local] of host.localEntries) {
          const gateways = gatewayKeys.get(cluster);
          if (!gateways || !isInForce(cluster)) continue;
          const own = all.get(cluster) ?? new Map<string, readonly string[]>();
          own.set(host.service.host, [local, ...gateways]);
          all.set(cluster, own);
        }
      }
    });
    return all;
  };
  return id =>
    assembly.serving.get(id, [...entries, ...parts, ...scopes], () => {
      collected ??= collect();
      return collected.get(id) ?? NOTHING;
    });
}

function assembleCluster(
  assembly: Assembly,
  { id, name, observed }: ClusterView,
  compositions: readonly VariantComposition[],
  servingOf: (clusterId: string) => ServingObjects,
): ComposedCluster {
  const own = compositions.flatMap(({ composition, isInForce }) => {
    const place = isInForce(id) ? composition.placeOf.get(id) : undefined;
    return place ? [{ composition, place }] : [];
  });
  // Nothing is written into it, so nothing in it can be acknowledged or probed.
  const rendered = observed ? [] : own;
  // Also of those that have no member here any more, but something left.
  const lists = compositions.flatMap(({ composition, isInForce }) => {
    const objects =
      !observed && isInForce(id) && composition.clusterObjects.get(id);
    return objects ? [objects] : [];
  });
  const layers = rendered.flatMap(
    o => o.composition.hosts.layers.get(id) ?? [],
  );
  const servingObjects = observed ? NOTHING : servingOf(id);
  const probes = assembly.probes.get(
    id,
    [observed, ...rendered.map(o => o.composition.places)],
    () => probesOf(rendered),
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
