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

/** A cluster with at least one member namespace of a global namespace. */
export interface Participant {
  readonly facts: ClusterFacts;
  /** Sorted by namespace. */
  readonly members: readonly Member[];
  readonly namespaces: readonly string[];
  /** Where the entries of hosts live that no member namespace serves here. */
  readonly home: string;
  /** Callers' namespaces and the gateways': who sees the entries. */
  readonly exportTo: readonly string[];
  readonly owner: Ownership;
}

/** Undefined when no member namespace of the cluster can call or serve (all ambient). */
export function participantOf(
  gns: string,
  facts: ClusterFacts,
  members: readonly Member[],
): Participant | undefined {
  const able = members.filter(m => m.chosen.namespace.injection !== 'ambient');
  if (able.length === 0) return undefined;
  const namespaces = able.map(m => m.chosen.namespace.name);
  return {
    facts,
    members: able,
    namespaces,
    home: namespaces[0],
    exportTo: [
      ...new Set([...namespaces, ...facts.gateways.map(g => g.namespace)]),
    ].sort(),
    owner: {
      gns,
      labels: {
        [LABEL_MANAGED_BY]: MANAGED_BY,
        [LABEL_GNS]: gns,
        [LABEL_CLUSTER]: facts.id,
      },
    },
  };
}
