import {
  LABEL_CLUSTER,
  LABEL_GNS,
  LABEL_MANAGED_BY,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import type { ClusterFacts } from './clusterFacts';
import type { ChosenNamespace } from './membership';
import type { NamespaceOffers } from './offers';
import type { Ownership } from './render/composed';

/** A member namespace with what it brings. */
export interface Member {
  readonly chosen: ChosenNamespace;
  readonly offers: NamespaceOffers;
}

/** What a cluster with member namespaces is to every host of a global namespace. */
export interface Place {
  readonly facts: ClusterFacts;
  readonly namespaces: readonly string[];
  /** Where the entries of hosts live that no member namespace serves here. */
  readonly home: string;
  /** Callers' namespaces and the gateways': who sees the entries. */
  readonly exportTo: readonly string[];
  readonly owner: Ownership;
}

/** A place with its members, sorted by namespace. */
export interface Participant {
  readonly place: Place;
  readonly members: readonly Member[];
}

/**
 * `namespaces`: the member namespaces that can call or serve, sorted, at least
 * one. `share` gives equal lists as one object, so that specs can be shared.
 */
export function placeOf(
  gns: string,
  facts: ClusterFacts,
  namespaces: readonly string[],
  share: (list: readonly string[]) => readonly string[],
): Place {
  return {
    facts,
    namespaces,
    home: namespaces[0],
    exportTo: share(
      [
        ...new Set([...namespaces, ...facts.gateways.map(g => g.namespace)]),
      ].sort(),
    ),
    owner: ownershipOf(gns, facts.id),
  };
}

export function ownershipOf(gns: string, clusterId: string): Ownership {
  return {
    gns,
    labels: {
      [LABEL_MANAGED_BY]: MANAGED_BY,
      [LABEL_GNS]: gns,
      [LABEL_CLUSTER]: clusterId,
    },
  };
}
