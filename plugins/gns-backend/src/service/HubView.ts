import type { Knex } from 'knex';
import {
  formatRef,
  refOf,
  type Definition,
  type DefinitionRef,
  type GlobalNamespace,
  type Problem,
} from '@isthmus/plugin-gns-common';
import {
  acceptedMembers,
  checkDefinitions,
  compose,
  createComposer,
  memberKey,
  servingKey,
  type ClusterView,
  type CompositionInput,
  type CompositionOptions,
  type CompositionResult,
} from '../composition';
import type {
  DefinitionChecker,
  DefinitionStore,
} from '../definitions/DefinitionStore';
import { assignAddresses, type AddressRange } from '../delivery/addresses';
import {
  loadCompositionInput,
  type LoadedInput,
} from '../delivery/compositionInput';
import { StoredCompositions } from '../delivery/compositionRows';
import { composeIsolated } from '../delivery/composeIsolated';
import { readHub, type HubState } from '../delivery/hubState';
import { readPauses, VersionedDefinitions } from '../delivery/reconcileInput';
import { EffectiveInventories } from '../inventory/InventoryStore';
import { AuthorityViews } from '../authority/AuthorityViews';
import { authorityRestarts } from '../authority/authorityRestarts';
import { checkAuthorities } from '../authority/checkAuthorities';
import { checkObjectives, isObjective } from '../slo/checkObjectives';

/** A consistent reading of everything that pages are made of. */
export interface Snapshot extends LoadedInput {
  readonly hub: HubState;
}

/** What a change leads to. */
export interface ComposedChange {
  readonly result: CompositionResult;
  readonly definitions: CompositionInput['definitions'];
  /** Member keys that would wait for approval, were it not for the write. */
  readonly approved: ReadonlySet<string>;
}

/**
 * The hub as pages and plans see it: read from the database on any replica,
 * composed when asked, written never.
 */
export class HubView implements DefinitionChecker {
  readonly #knex: Knex;
  readonly #definitions: Pick<DefinitionStore, 'list'>;
  /** Has a memory: for the one sequence of inputs as they are. */
  readonly #compose = createComposer();
  readonly #options: CompositionOptions;
  readonly #addressRange: AddressRange;
  readonly #inventories = new EffectiveInventories();
  readonly #compositions = new StoredCompositions();
  readonly #versioned = new VersionedDefinitions();
  readonly #authorities = new AuthorityViews();
  #queue: Promise<unknown> = Promise.resolve();
  #composed: { key: string; result: CompositionResult } | undefined;

  static create(options: {
    knex: Knex;
    definitions: Pick<DefinitionStore, 'list'>;
    compositionOptions: CompositionOptions;
    addressRange: AddressRange;
  }) {
    return new HubView(options);
  }

  private constructor(options: {
    knex: Knex;
    definitions: Pick<DefinitionStore, 'list'>;
    compositionOptions: CompositionOptions;
    addressRange: AddressRange;
  }) {
    this.#knex = options.knex;
    this.#definitions = options.definitions;
    this.#options = options.compositionOptions;
    this.#addressRange = options.addressRange;
  }

  /** Reads everything; readings follow each other because they share what is parsed. */
  async snapshot(): Promise<Snapshot> {
    const next = this.#queue.then(
      () => this.#read(),
      () => this.#read(),
    );
    this.#queue = next;
    return next;
  }

  async #read(): Promise<Snapshot> {
    return this.#knex.transaction(async trx => {
      const hub = await readHub(trx);
      const loaded = await loadCompositionInput(trx, {
        definitions: this.#definitions,
        inventories: this.#inventories,
        compositions: this.#compositions,
        versioned: this.#versioned,
        authorities: this.#authorities,
        options: this.#options,
        term: hub.term,
      });
      return { ...loaded, hub };
    });
  }

  /** The composition of a snapshot, again while the hub's revision and definitions are the same. */
  composed(snapshot: Snapshot): CompositionResult {
    const key = JSON.stringify([
      snapshot.hub.revision,
      [...snapshot.stored.values()].map(s => s.hash),
      snapshot.input.definitions.map(d => [
        d.definition.metadata.name,
        d.generation,
      ]),
      snapshot.rollouts.map(r => [r.id, r.version]),
      [...(snapshot.input.authorities ?? [])].map(([gns, view]) => [
        gns,
        view.members,
        [...view.closedBefore],
      ]),
    ]);
    if (this.#composed?.key !== key) {
      this.#composed = {
        key,
        result: composeIsolated(this.#compose, snapshot.input).result,
      };
    }
    return this.#composed.result;
  }

  /**
   * What a change leads to in the end: approved as the write would, with
   * addresses, and served where it can be. With `turned`, what it leads to
   * while it holds in these clusters only.
   */
  composeChange(
    snapshot: Snapshot,
    change: {
      definitions: readonly Definition[];
      deletions: readonly DefinitionRef[];
    },
    turned?: ReadonlySet<string>,
  ): ComposedChange {
    const definitions = changedDefinitions(snapshot.input, change);
    const written = new Set(
      [...change.definitions.map(refOf), ...change.deletions]
        .filter(ref => ref.kind === 'GlobalNamespace')
        .map(ref => ref.name),
    );
    const splits = (snapshot.input.splits ?? []).filter(
      s => !written.has(s.gns),
    );
    if (turned) {
      const formers = new Map(
        snapshot.input.definitions.map(d => [d.definition.metadata.name, d]),
      );
      for (const gns of written) {
        splits.push({ gns, former: formers.get(gns), turned });
      }
    }
    let input: CompositionInput = { ...snapshot.input, definitions, splits };
    let result = compose(input);
    const members = [
      ...[...result.globalNamespaces.values()].map(
        g => [g.name, g.members] as const,
      ),
      ...result.upcoming,
    ];
    const approved = members
      .filter(([gns]) => written.has(gns))
      .flatMap(([gns, list]) =>
        list
          .filter(m => m.state === 'awaitingApproval')
          .map(m => memberKey(gns, m.cluster, m.namespace)),
      );
    // Who takes part from the first run on is no newcomer once it serves.
    const accepted = new Set([
      ...(snapshot.input.acceptedMembers ?? []),
      ...acceptedMembers(result),
      ...approved,
    ]);
    for (let round = 0; round < 2; round += 1) {
      const served = [...result.clusters.values()].flatMap(c =>
        [...c.servingObjects.keys()].map(host => servingKey(c.cluster, host)),
      );
      input = {
        ...input,
        acceptedMembers: accepted,
        approvals: {
          ...input.approvals,
          approved: new Set([...input.approvals.approved, ...approved]),
        },
        // Who no longer serves a host is called by nobody, whichever definition asks.
        served: new Set(served),
        addresses: new Map([
          ...input.addresses,
          ...assignAddresses(
            result.addressesWanted,
            new Set(input.addresses.values()),
            this.#addressRange,
          ),
        ]),
      };
      result = compose(input);
    }
    return { result, definitions, approved: new Set(approved) };
  }

  /** What becomes of the composition when something about its clusters changes. */
  composeClusters(
    { input }: Snapshot,
    edit: (cluster: ClusterView) => ClusterView,
  ): CompositionResult {
    return compose({ ...input, clusters: input.clusters.map(edit) });
  }

  async check(change: {
    definitions: readonly Definition[];
    deletions: readonly DefinitionRef[];
  }): Promise<Problem[]> {
    const snapshot = await this.snapshot();
    const { input } = snapshot;
    const pauses = await readPauses(this.#knex);
    const paused = change.deletions
      .filter(ref => ref.kind === 'GlobalNamespace' && pauses.has(ref.name))
      .map(
        (ref): Problem => ({
          severity: 'error',
          code: 'paused',
          path: '',
          message: `The global namespace ${ref.name} is paused: nothing of it changes.`,
          remedy: `Resume it first (POST global-namespaces/${ref.name}/resume).`,
          definition: formatRef(ref),
        }),
      );
    const found = checkDefinitions({
      // What is being deleted in waves still holds in some clusters.
      definitions: [
        ...changedDefinitions(input, change),
        ...(input.splits ?? []).flatMap(({ gns, former }) =>
          former &&
          !input.definitions.some(d => d.definition.metadata.name === gns)
            ? [former]
            : [],
        ),
      ],
      changed: new Set(
        change.definitions
          .filter(d => d.kind === 'GlobalNamespace')
          .map(d => d.metadata.name),
      ),
      clusters: input.clusters,
    });
    return [
      ...paused,
      ...checkAuthorities(change, snapshot.authorities),
      ...authorityRestarts(
        change.definitions,
        input.definitions,
        input.clusters,
      ),
      ...found,
      ...(await this.#checkObjectives(snapshot, change)),
    ];
  }

  async #checkObjectives(
    { input, stored }: Snapshot,
    change: {
      definitions: readonly Definition[];
      deletions: readonly DefinitionRef[];
    },
  ): Promise<Problem[]> {
    const changed = change.definitions.filter(isObjective);
    if (changed.length === 0) return [];
    const gone = new Set(
      [...change.deletions, ...changed.map(refOf)].map(formatRef),
    );
    const kept = (
      await this.#definitions.list({ kind: 'ServiceLevelObjective' })
    )
      .map(record => record.definition)
      .filter(isObjective)
      .filter(objective => !gone.has(formatRef(refOf(objective))));
    return checkObjectives({
      changed,
      objectives: [...kept, ...changed],
      globalNamespaces: new Set(
        changedDefinitions(input, change).map(d => d.definition.metadata.name),
      ),
      services: new Map(
        [...stored].map(([gns, { composed }]) => [
          gns,
          new Set(composed.services.map(service => service.name)),
        ]),
      ),
    });
  }
}

function changedDefinitions(
  input: CompositionInput,
  change: {
    definitions: readonly Definition[];
    deletions: readonly DefinitionRef[];
  },
): CompositionInput['definitions'] {
  const left = new Map(
    input.definitions.map(d => [d.definition.metadata.name, d]),
  );
  for (const ref of change.deletions) {
    if (ref.kind === 'GlobalNamespace') left.delete(ref.name);
  }
  change.definitions.forEach((definition, index) => {
    if (definition.kind !== 'GlobalNamespace') return;
    const old = left.get(definition.metadata.name);
    left.set(definition.metadata.name, {
      // Its kind's schema parsed it.
      definition: definition as unknown as GlobalNamespace,
      generation: (old?.generation ?? 0) + 1,
      createdOrder: old?.createdOrder ?? Number.MAX_SAFE_INTEGER - 100 + index,
    });
  });
  return [...left.values()];
}
