import {
  canonicalJson,
  type GlobalNamespace,
} from '@isthmus/plugin-gns-common';
import { servingClusters } from './approval';
import { assemble, Assembly } from './Assembly';
import { Cells } from './cells';
import { claimNamespaces } from './claims';
import { clusterFacts, factsText, type ClusterFacts } from './clusterFacts';
import { equalParts } from './equalParts';
import {
  GlobalNamespaceComposer,
  type Surroundings,
} from './GlobalNamespaceComposer';
import { chooseNamespaces, type ChosenNamespace } from './membership';
import { by } from './order';
import type {
  ClusterView,
  CompositionInput,
  CompositionResult,
  VersionedGlobalNamespace,
} from './types';
import { latencyClasses, waysFrom, type Ways } from './ways';

/** Definitions in the order in which they may claim namespaces: older first. */
function byAge(
  definitions: readonly VersionedGlobalNamespace[],
): VersionedGlobalNamespace[] {
  return [...definitions].sort(
    (a, b) =>
      a.createdOrder - b.createdOrder ||
      by<VersionedGlobalNamespace>(d => d.definition.metadata.name)(a, b),
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
    const definitions = byAge(input.definitions).map(d => this.#stable(d));
    const chosen = new Map(
      definitions.map(definition => [
        definition.metadata.name,
        clusters.flatMap(cluster => this.#chosenOf(definition, cluster)),
      ]),
    );
    const claims = claimNamespaces(chosen, input.acceptedMembers);
    const compositions = [...definitions]
      .sort(by(d => d.metadata.name))
      .map(definition => {
        const { name } = definition.metadata;
        const composer =
          this.#composers.get(name) ?? new GlobalNamespaceComposer();
        this.#composers.set(name, composer);
        return composer.compose(
          definition,
          claims.get(name) ?? [],
          around,
          input,
        );
      });
    for (const name of [...this.#composers.keys()]) {
      if (!chosen.has(name)) this.#composers.delete(name);
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
  #stable({ definition }: VersionedGlobalNamespace): GlobalNamespace {
    return this.#definitions.get(
      definition.metadata.name,
      [definition],
      before => {
        const text = canonicalJson(definition);
        return before?.text === text ? before : { value: definition, text };
      },
    ).value;
  }

  #chosenOf(
    definition: GlobalNamespace,
    cluster: ClusterView,
  ): readonly ChosenNamespace[] {
    return this.#chosen.get(
      `${definition.metadata.name}/${cluster.id}`,
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
    const waysOf = new Map(
      clusters.map(cluster => [
        cluster.id,
        this.#waysOf(cluster, all, factsOf.get(cluster.id)),
      ]),
    );
    let serving: ReadonlyMap<string, readonly string[]> | undefined;
    return {
      clusters,
      viewOf: new Map(clusters.map(c => [c.id, c])),
      factsOf,
      waysOf,
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
    const { mesh, gateways, marks } = view.inventory;
    return this.#facts.get(
      view.id,
      [mesh, gateways, view.name, marks.workloads === 'never'],
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
    return this.#ways.get(view.id, [facts, classes, ...all], () =>
      facts
        ? waysFrom(facts, all, classes)
        : { nearest: [], allowed: new Set<string>() },
    );
  }
}
