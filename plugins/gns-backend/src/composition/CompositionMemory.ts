import {
  canonicalJson,
  type GlobalNamespace,
} from '@isthmus/plugin-gns-common';
import { servingClusters } from './approval';
import { assemble, Assembly, type VariantComposition } from './Assembly';
import { Cells } from './cells';
import { claimNamespaces, type Claim } from './claims';
import { clusterFacts, factsText, type ClusterFacts } from './clusterFacts';
import { equalParts } from './equalParts';
import {
  GlobalNamespaceComposer,
  type Surroundings,
} from './GlobalNamespaceComposer';
import { chooseNamespaces, type ChosenNamespace } from './membership';
import { by } from './order';
import type { ClusterView, CompositionInput, CompositionResult } from './types';
import { variantsOf, type Variant } from './variants';
import { latencyClasses, waysFrom, type Ways } from './ways';

/**
 * Who claims which namespace, by the key of the variant. What either definition
 * of a global namespace chooses stays its own until one of them holds
 * everywhere: so going back is always possible.
 */
function claimsOf(
  variants: readonly Variant[],
  chosenBy: ReadonlyMap<string, readonly ChosenNamespace[]>,
  acceptedMembers: ReadonlySet<string> | undefined,
): ReadonlyMap<string, readonly Claim[]> {
  const split = new Set(variants.filter(v => v.key !== v.gns).map(v => v.gns));
  if (split.size === 0) return claimNamespaces(chosenBy, acceptedMembers);
  const byGns = new Map<string, readonly ChosenNamespace[]>();
  for (const { key, gns } of variants) {
    const chosen = chosenBy.get(key) ?? [];
    byGns.set(gns, [...(byGns.get(gns) ?? []), ...chosen]);
  }
  const claims = claimNamespaces(byGns, acceptedMembers);
  return new Map(
    variants.map(({ key, gns }) => {
      const all = claims.get(gns) ?? [];
      if (!split.has(gns)) return [key, all];
      const own = new Set(chosenBy.get(key));
      return [key, all.filter(c => own.has(c.chosen))];
    }),
  );
}

/** One sequence of compositions: what each round made, for the next to keep. */
export class CompositionMemory {
  readonly #facts = new Cells<{ facts: ClusterFacts; text: string }>();
  readonly #latencies = new Cells<{
    classes: ReadonlyMap<string, number>;
    text: string;
  }>();
  readonly #ways = new Cells<Ways>();
  readonly #definitions = new Cells<{ value: GlobalNamespace; text: string }>();
  readonly #chosen = new Cells<readonly ChosenNamespace[]>();
  readonly #composers = new Map<string, GlobalNamespaceComposer>();
  readonly #assembly = new Assembly();

  compose(input: CompositionInput): CompositionResult {
    const clusters = [...input.clusters].sort(by(c => `${c.name} ${c.id}`));
    const around = this.#surroundings(clusters, input);
    const variants = variantsOf(input).map(v => ({
      ...v,
      stable: this.#stable(v),
    }));
    const chosenBy = new Map(
      variants.map(v => [
        v.key,
        clusters.flatMap(cluster => this.#chosenOf(v.key, v.stable, cluster)),
      ]),
    );
    const claims = claimsOf(variants, chosenBy, input.acceptedMembers);
    const compositions = [...variants]
      .sort(by(v => v.key))
      .map((variant): VariantComposition => {
        const { key } = variant;
        const composer =
          this.#composers.get(key) ?? new GlobalNamespaceComposer();
        this.#composers.set(key, composer);
        return {
          ...variant,
          composition: composer.compose(
            variant.stable,
            claims.get(key) ?? [],
            around,
            input,
          ),
        };
      });
    for (const key of [...this.#composers.keys()]) {
      if (!chosenBy.has(key)) this.#composers.delete(key);
    }
    for (const cells of [
      this.#facts,
      this.#latencies,
      this.#ways,
      this.#definitions,
      this.#chosen,
    ]) {
      cells.endRound();
    }
    return assemble(this.#assembly, clusters, compositions, input);
  }

  /** An equal definition is the same object again, also when it was read anew. */
  #stable({ key, definition: { definition } }: Variant): GlobalNamespace {
    return this.#definitions.get(key, [definition], before => {
      const text = canonicalJson(definition);
      return before?.text === text ? before : { value: definition, text };
    }).value;
  }

  #chosenOf(
    key: string,
    definition: GlobalNamespace,
    cluster: ClusterView,
  ): readonly ChosenNamespace[] {
    return this.#chosen.get(
      `${key}/${cluster.id}`,
      [
        definition,
        cluster.inventory.namespaces,
        cluster.name,
        cluster.labels,
        cluster.leaving,
      ],
      before => {
        const chosen = chooseNamespaces(definition, cluster);
        return chosen.map((c, i) =>
          before?.[i] && equalParts(before[i], c) ? before[i] : c,
        );
      },
    );
  }

  #surroundings(
    clusters: readonly ClusterView[],
    input: CompositionInput,
  ): Surroundings {
    const factsOf = new Map(clusters.map(c => [c.id, this.#factsOf(c)]));
    const all = [...factsOf.values()];
    const ways = (roots: 'mesh' | 'own') =>
      new Map(
        clusters.map(cluster => [
          cluster.id,
          this.#waysOf(cluster, all, factsOf.get(cluster.id), roots),
        ]),
      );
    let serving: ReadonlyMap<string, readonly string[]> | undefined;
    return {
      clusters,
      viewOf: new Map(clusters.map(c => [c.id, c])),
      factsOf,
      waysOf: ways('mesh'),
      // Most hubs keep no authority: then nobody asks for these.
      ownWaysOf: input.authorities?.size ? ways('own') : new Map(),
      serving: () => {
        serving ??= servingClusters(
          input.served,
          new Set(clusters.filter(c => !c.leaving).map(c => c.id)),
        );
        return serving;
      },
    };
  }

  #factsOf(view: ClusterView): ClusterFacts {
    const { mesh, gateways, namespaces, marks } = view.inventory;
    return this.#facts.get(
      view.id,
      [
        mesh,
        gateways,
        namespaces,
        view.name,
        view.labels,
        view.drained,
        marks.workloads === 'never',
      ],
      before => {
        const facts = clusterFacts(view);
        const text = factsText(facts);
        return before?.text === text ? before : { facts, text };
      },
    ).facts;
  }

  #waysOf(
    view: ClusterView,
    all: readonly ClusterFacts[],
    facts: ClusterFacts | undefined,
    roots: 'mesh' | 'own',
  ): Ways {
    const { classes } = this.#latencies.get(
      view.id,
      [view.reachability],
      before => {
        const made = latencyClasses(view.reachability);
        const text = canonicalJson([...made].sort(by(([name]) => name)));
        return before?.text === text ? before : { classes: made, text };
      },
    );
    return this.#ways.get(`${roots}/${view.id}`, [facts, classes, ...all], () =>
      facts
        ? waysFrom(facts, all, classes, roots)
        : { nearest: [], allowed: new Set<string>() },
    );
  }
}
