import type { Condition } from '@isthmus/plugin-gns-common';
import { admission } from './approval';
import { clusterFacts, nearestFirst } from './clusterFacts';
import { participantConditions } from './clusterConditions';
import { composeHost, reachableFrom, type ComposedHost } from './composeHost';
import { groupHosts } from './groupHosts';
import { inventoryConditions } from './inventoryConditions';
import type { ChosenNamespace } from './membership';
import { offersOf, type Offer } from './offers';
import { by } from './order';
import { participantOf, type Member, type Participant } from './participants';
import {
  gatewayObjects,
  memberPrincipals,
  namespacePolicies,
} from './render/namespaceObjects';
import { untrue } from './statement';
import type {
  ComposedGlobalNamespace,
  ComposedMember,
  ComposedObject,
  CompositionInput,
  VersionedGlobalNamespace,
} from './types';

/** A namespace that a definition chooses, and who has it already. */
export interface Claim {
  readonly chosen: ChosenNamespace;
  /** The global namespace that came first, when it is another one. */
  readonly takenBy: string | undefined;
}

/** One global namespace over all clusters, before it is sorted into clusters. */
export interface GlobalNamespaceComposition {
  readonly composed: ComposedGlobalNamespace;
  readonly participants: readonly Participant[];
  readonly hosts: readonly ComposedHost[];
  /** Gateways and policies by cluster id. */
  readonly clusterObjects: ReadonlyMap<string, readonly ComposedObject[]>;
  /** Keys of the Gateway objects by cluster id, where there are any. */
  readonly gatewayKeys: ReadonlyMap<string, readonly string[]>;
}

/** Composes one global namespace from the namespaces that it may claim. */
export function composeGlobalNamespace(
  { definition }: VersionedGlobalNamespace,
  claims: readonly Claim[],
  input: CompositionInput,
): GlobalNamespaceComposition {
  const gns = definition.metadata.name;
  const { domain, mtls, authority } = definition.spec;
  const clusterIds = input.clusters.filter(c => !c.leaving).map(c => c.id);

  const members: ComposedMember[] = [];
  const conditions: Condition[] = [];
  const byCluster = new Map<string, Member[]>();
  const waiting: (readonly Offer[])[] = [];
  for (const { chosen, takenBy } of claims) {
    const offers = offersOf(definition, chosen);
    const { cluster, namespace } = chosen;
    const where = { gns, cluster: cluster.name, namespace: namespace.name };
    const state =
      takenBy === undefined
        ? admission(gns, domain, chosen, offers, clusterIds, input)
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
    } else if (state === 'conflict') {
      conditions.push(
        untrue(
          'NamespaceFree',
          'NamespaceConflict',
          'error',
          `${namespace.name} of ${cluster.name} belongs to the global namespace ${takenBy}, which came first, and a namespace belongs to one only. Remove it from the members of one of the two.`,
          where,
        ),
      );
    } else {
      waiting.push(offers.offers);
      conditions.push(
        untrue(
          'Approved',
          state === 'refused' ? 'Refused' : 'AwaitingApproval',
          state === 'refused' ? 'info' : 'warning',
          state === 'refused'
            ? `${namespace.name} of ${cluster.name} was refused: it serves and calls nothing here. Name it exactly in spec.members to take it in after all.`
            : `${namespace.name} of ${cluster.name} is new and would serve hosts that other clusters serve already; a person must approve it. Approve it, or name cluster and namespace exactly in spec.members.`,
          where,
        ),
      );
    }
  }

  const participants = [...byCluster.values()]
    .map(list => participantOf(gns, clusterFacts(list[0].chosen.cluster), list))
    .filter(p => p !== undefined)
    .sort(by(p => `${p.facts.name} ${p.facts.id}`));
  const context = {
    gns,
    domain,
    participants,
    reachable: reachableFrom(participants, nearestFirst),
  };
  const hosts = groupHosts(
    gns,
    domain,
    participants.flatMap(p => p.members.map(m => m.offers.offers)),
    waiting,
  ).map(host => composeHost(context, host, input));

  // Plain-text callers have no identity: with permissive mTLS no policy could tell members from others.
  const membersOnly =
    authority.mode === 'mesh' && mtls === 'strict'
      ? memberPrincipals(participants)
      : undefined;
  const clusterObjects = new Map<string, readonly ComposedObject[]>();
  const gatewayKeys = new Map<string, readonly string[]>();
  for (const participant of participants) {
    const gateways = gatewayObjects(participant, domain);
    clusterObjects.set(participant.facts.id, [
      ...gateways,
      ...namespacePolicies(participant, mtls, membersOnly),
    ]);
    // Ready or not: a gateway that blinks must not take back what its cluster serves.
    if (gateways.length > 0) {
      gatewayKeys.set(
        participant.facts.id,
        gateways.map(g => g.key),
      );
    }
  }

  // What ambient members say is not among the participants' conditions.
  const silent = [...byCluster.values()]
    .flat()
    .filter(m => m.chosen.namespace.injection === 'ambient')
    .flatMap(m => m.offers.conditions);
  if (authority.mode === 'mesh' && mtls === 'permissive') {
    conditions.push(
      untrue(
        'MembersOnly',
        'PermissiveMtls',
        'info',
        'mtls: permissive admits callers in plain text, who have no identity: members are not closed to others. Set mtls: strict to admit members only.',
        { gns },
      ),
    );
  }
  if (participants.length === 0) {
    conditions.push(
      untrue(
        'HasMembers',
        'NoMembers',
        'warning',
        'No namespace of any known cluster is a member, so nothing is joined yet. Check spec.members, or connect the clusters.',
        { gns },
      ),
    );
  }
  return {
    participants,
    hosts,
    clusterObjects,
    gatewayKeys,
    composed: {
      name: gns,
      domain,
      members,
      services: hosts.map(h => h.service),
      conditions: [
        ...conditions,
        ...inventoryConditions(definition, input.clusters),
        ...participantConditions(gns, participants, mtls),
        ...silent,
      ],
    },
  };
}
