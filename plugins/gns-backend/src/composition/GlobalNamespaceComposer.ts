import type { Condition, GlobalNamespace } from '@isthmus/plugin-gns-common';
import { placeKey } from '../authority/transition/types';
import { AuthorityInForce } from './authority';
import { admission, type Serving } from './approval';
import { Cells, sameList } from './cells';
import type { Claim } from './claims';
import type { ClusterFacts } from './clusterFacts';
import { memberConditions, wayConditions } from './clusterConditions';
import type { HostContext } from './composeHost';
import { HostComposer, type ComposedHosts } from './HostComposer';
import { inventoryConditions } from './inventoryConditions';
import { byNamespace } from './inventoryIndex';
import { memberStatements, namespaceStatement } from './memberStatements';
import { offersOf, type NamespaceOffers, type Offer } from './offers';
import {
  placeOf,
  type Member,
  type Participant,
  type Place,
} from './participants';
import {
  gatewayObjects,
  leavingNamespace,
  memberPrincipals,
  namespacePolicies,
} from './render/namespaceObjects';
import type {
  ClusterView,
  ComposedGlobalNamespace,
  ComposedMember,
  ComposedObject,
  CompositionInput,
} from './types';
import type { Ways } from './ways';

/** What composition knows of all clusters, for every global namespace alike. */
export interface Surroundings {
  /** Sorted by name. */
  readonly clusters: readonly ClusterView[];
  readonly viewOf: ReadonlyMap<string, ClusterView>;
  readonly factsOf: ReadonlyMap<string, ClusterFacts>;
  readonly waysOf: ReadonlyMap<string, Ways>;
  /** Where the roots of the meshes do not matter. */
  readonly ownWaysOf: ReadonlyMap<string, Ways>;
  readonly serving: Serving;
}

/** One global namespace over all clusters, before it is sorted into clusters. */
export interface GlobalNamespaceComposition {
  readonly composed: ComposedGlobalNamespace;
  /** Sorted by cluster name; the same list while nothing in it changed. */
  readonly places: readonly Place[];
  /** By cluster id. */
  readonly placeOf: ReadonlyMap<string, Place>;
  readonly hosts: ComposedHosts;
  /** Gateways and policies by cluster id. */
  readonly clusterObjects: ReadonlyMap<string, readonly ComposedObject[]>;
  /** Keys of the Gateway objects by cluster id, where there are any. */
  readonly gatewayKeys: ReadonlyMap<string, readonly string[]>;
}

const NONE: readonly never[] = [];

function keyOf({ facts }: Place, { chosen }: Member): string {
  return placeKey({ clusterId: facts.id, namespace: chosen.namespace.name });
}

interface PlaceObjects {
  readonly gateways: readonly ComposedObject[];
  readonly keys: readonly string[];
}

/** Composes one global namespace, and remembers its parts for the next time. */
export class GlobalNamespaceComposer {
  readonly #offers = new Cells<NamespaceOffers>();
  readonly #places = new Cells<Place>();
  readonly #gateways = new Cells<PlaceObjects>();
  readonly #objects = new Cells<readonly ComposedObject[]>();
  readonly #conditions = new Cells<readonly Condition[]>();
  readonly #context = new Cells<HostContext>();
  readonly #principals = new Cells<readonly string[]>();
  readonly #authority = new Cells<AuthorityInForce>();
  readonly #shared = new Map<string, readonly string[]>();
  readonly #hosts = new HostComposer();
  #last: readonly Place[] = [];
  #round:
    | { args: readonly unknown[]; composition: GlobalNamespaceComposition }
    | undefined;

  compose(
    definition: GlobalNamespace,
    claims: readonly Claim[],
    around: Surroundings,
    input: CompositionInput,
  ): GlobalNamespaceComposition {
    const offers = claims.map(c =>
      this.#offersOf(definition, c.chosen, around),
    );
    this.#offers.endRound();
    // Everything that the rest looks at: most changes concern one global namespace.
    const args: unknown[] = [
      definition,
      input.served,
      input.acceptedMembers,
      input.approvals,
      input.addresses,
      input.weights,
      input.options,
      input.authorities?.get(definition.metadata.name),
    ];
    claims.forEach((c, i) => args.push(c.chosen, c.takenBy, offers[i]));
    for (const { id, name, reachability, inventory } of around.clusters) {
      args.push(
        around.waysOf.get(id),
        around.ownWaysOf.get(id),
        name,
        reachability,
        inventory.marks,
      );
    }
    if (this.#round && sameList(args, this.#round.args)) {
      return this.#round.composition;
    }
    const composition = this.#compose(
      definition,
      claims,
      offers,
      around,
      input,
    );
    this.#round = { args, composition };
    return composition;
  }

  #compose(
    definition: GlobalNamespace,
    claims: readonly Claim[],
    offered: readonly NamespaceOffers[],
    around: Surroundings,
    input: CompositionInput,
  ): GlobalNamespaceComposition {
    const gns = definition.metadata.name;
    const { domain, mtls } = definition.spec;
    const members: ComposedMember[] = [];
    const conditions: Condition[] = [];
    const byCluster = new Map<string, Member[]>();
    const waiting: (readonly Offer[])[] = [];
    for (const [i, { chosen, takenBy }] of claims.entries()) {
      const { cluster, namespace } = chosen;
      const offers = offered[i];
      const state =
        takenBy === undefined
          ? admission(gns, domain, chosen, offers, around.serving, input)
          : 'conflict';
      members.push({
        cluster: cluster.id,
        namespace: namespace.name,
        state,
        exact: chosen.exact,
        services: offers.services,
        awaitingRestart: offers.awaitingRestart,
      });
      if (state === 'member') {
        const list = byCluster.get(cluster.id);
        if (list) list.push({ chosen, offers });
        else byCluster.set(cluster.id, [{ chosen, offers }]);
        continue;
      }
      if (state !== 'conflict') waiting.push(offers.offers);
      conditions.push(namespaceStatement(gns, chosen, state, takenBy));
    }

    const participants = this.#participants(gns, byCluster, around);
    const places = this.#keepPlaces(participants.map(p => p.place));
    const authority = this.#authorityOf(definition, places, input);
    const { by } = authority.links;
    const ways = by === 'own' ? around.ownWaysOf : around.waysOf;
    const context = this.#context.get(
      '',
      [
        gns,
        domain,
        places,
        authority,
        ...places.map(p => ways.get(p.facts.id)),
      ],
      () => ({
        gns,
        domain,
        places,
        placeOf: new Map(places.map(p => [p.facts.id, p])),
        ways,
        authority,
      }),
    );
    const hosts = this.#hosts.compose(
      context,
      participants.flatMap(p =>
        p.members
          // Whoever is not as far as the others can neither call nor be called by them.
          .filter(m => authority.isLinked(keyOf(p.place, m)))
          .map(m => m.offers.offers),
      ),
      waiting,
      input,
    );

    // Plain-text callers have no identity: with permissive mTLS no policy could tell members from others.
    const membersOnly =
      mtls === 'strict'
        ? this.#principals.get('', [places, authority], () =>
            memberPrincipals(places, authority),
          )
        : undefined;
    const clusterObjects = new Map<string, readonly ComposedObject[]>();
    const gatewayKeys = new Map<string, readonly string[]>();
    for (const participant of participants) {
      const { place } = participant;
      const { id } = place.facts;
      const { gateways, keys } = this.#gateways.get(id, [place, domain], () => {
        const made = gatewayObjects(place, domain);
        return { gateways: made, keys: made.map(g => g.key) };
      });
      clusterObjects.set(
        id,
        this.#objects.get(
          id,
          [
            gateways,
            mtls,
            membersOnly,
            authority,
            ...participant.members.flatMap(m => [m.chosen, m.offers.offers]),
          ],
          () => [
            ...gateways,
            ...namespacePolicies(participant, mtls, membersOnly, authority),
          ],
        ),
      );
      // Ready or not: a gateway that blinks must not take back what its cluster serves.
      if (keys.length > 0) gatewayKeys.set(id, keys);
    }
    this.#keepLeaving(gns, authority, places, around, clusterObjects);

    conditions.push(
      ...memberStatements(definition, places),
      ...inventoryConditions(definition, around.clusters),
      ...participants.flatMap(p => [
        ...this.#wayConditions(p.place, places, around, by),
        ...memberConditions(definition, p),
      ]),
      ...[...byCluster.values()]
        .flat()
        .flatMap(member => member.offers.conditions),
    );
    this.#endRound();
    return {
      places,
      placeOf: context.placeOf,
      hosts,
      clusterObjects,
      gatewayKeys,
      composed: {
        name: gns,
        domain,
        members,
        services: [...hosts.hosts.values()].map(h => h.service),
        conditions,
      },
    };
  }

  #offersOf(
    definition: GlobalNamespace,
    chosen: Claim['chosen'],
    around: Surroundings,
  ): NamespaceOffers {
    const { cluster, namespace } = chosen;
    const inventory = around.viewOf.get(cluster.id)?.inventory;
    const services =
      byNamespace(inventory?.services ?? NONE).get(namespace.name) ?? NONE;
    const workloads =
      byNamespace(inventory?.workloads ?? NONE).get(namespace.name) ?? NONE;
    return this.#offers.get(
      `${cluster.id}/${namespace.name}`,
      [definition, chosen, services, workloads],
      before => offersOf(definition, chosen, { services, workloads }, before),
    );
  }

  #participants(
    gns: string,
    byCluster: ReadonlyMap<string, readonly Member[]>,
    around: Surroundings,
  ): Participant[] {
    return around.clusters.flatMap(({ id }) => {
      const facts = around.factsOf.get(id);
      // Ambient pods have no sidecar that could call or serve.
      const able = byCluster
        .get(id)
        ?.filter(m => m.chosen.namespace.injection !== 'ambient');
      if (!facts || !able || able.length === 0) return [];
      const namespaces = able.map(m => m.chosen.namespace.name);
      const place = this.#places.get(id, [facts, namespaces.join(' ')], () =>
        placeOf(gns, facts, namespaces, list => this.#share(list)),
      );
      return [{ place, members: able }];
    });
  }

  /** Equal lists as one object; forgotten before they could pile up. */
  #share(list: readonly string[]): readonly string[] {
    if (this.#shared.size > 1000) this.#shared.clear();
    const key = list.join(' ');
    const before = this.#shared.get(key) ?? list;
    this.#shared.set(key, before);
    return before;
  }

  #keepPlaces(places: readonly Place[]): readonly Place[] {
    if (!sameList(places, this.#last)) this.#last = places;
    return this.#last;
  }

  #authorityOf(
    { metadata, spec }: GlobalNamespace,
    places: readonly Place[],
    input: CompositionInput,
  ): AuthorityInForce {
    const view = input.authorities?.get(metadata.name);
    return this.#authority.get(
      '',
      [spec.authority.mode, view, places],
      () =>
        new AuthorityInForce(
          spec.authority.mode,
          view,
          places.flatMap(({ facts, namespaces }) =>
            namespaces.map(namespace =>
              placeKey({ clusterId: facts.id, namespace }),
            ),
          ),
        ),
    );
  }

  /** Namespaces that leave keep their set-up until nobody needs it, also in a cluster that is being disconnected. */
  #keepLeaving(
    gns: string,
    authority: AuthorityInForce,
    places: readonly Place[],
    around: Surroundings,
    clusterObjects: Map<string, readonly ComposedObject[]>,
  ): void {
    const present = new Set(
      places.flatMap(({ facts, namespaces }) =>
        namespaces.map(n => placeKey({ clusterId: facts.id, namespace: n })),
      ),
    );
    for (const row of authority.lingering()) {
      const key = placeKey(row);
      const view = around.viewOf.get(row.clusterId);
      if (present.has(key) || !view) continue;
      clusterObjects.set(row.clusterId, [
        ...(clusterObjects.get(row.clusterId) ?? []),
        leavingNamespace(
          gns,
          row.clusterId,
          row.namespace,
          authority.environmentOf(key),
        ),
      ]);
    }
  }

  #wayConditions(
    place: Place,
    places: readonly Place[],
    around: Surroundings,
    by: 'mesh' | 'own',
  ): readonly Condition[] {
    const view = around.viewOf.get(place.facts.id);
    if (!view) return [];
    // With a cluster that is only observed nothing is exchanged.
    const joined = places.filter(p => !around.viewOf.get(p.facts.id)?.observed);
    return this.#conditions.get(
      place.facts.id,
      [
        place,
        view.observed,
        view.reachability,
        view.inventory.marks.gateways,
        by,
        ...joined,
      ],
      () => wayConditions(place, view, joined, by),
    );
  }

  #endRound(): void {
    for (const cells of [
      this.#places,
      this.#gateways,
      this.#objects,
      this.#conditions,
      this.#context,
      this.#principals,
      this.#authority,
    ]) {
      cells.endRound();
    }
  }
}
