import type { Probe } from '@isthmus/plugin-gns-common';
import { clusterFacts } from './clusterFacts';
import {
  composeGlobalNamespace,
  type Claim,
  type GlobalNamespaceComposition,
} from './composeGlobalNamespace';
import { chooseNamespaces, type ChosenNamespace } from './membership';
import { by } from './order';
import {
  memberKey,
  type ClusterView,
  type ComposedCluster,
  type ComposedObject,
  type CompositionInput,
  type CompositionResult,
  type VersionedGlobalNamespace,
} from './types';

/** Definitions in the order in which they may claim namespaces: older first. */
export function byAge(
  definitions: readonly VersionedGlobalNamespace[],
): VersionedGlobalNamespace[] {
  return [...definitions].sort(
    (a, b) =>
      a.createdOrder - b.createdOrder ||
      by<VersionedGlobalNamespace>(d => d.definition.metadata.name)(a, b),
  );
}

/** Clusters in the one order that everything follows. */
export function sortClusters(clusters: readonly ClusterView[]): ClusterView[] {
  return [...clusters].sort(by(c => `${c.name} ${c.id}`));
}

/**
 * Who claims which namespace. A namespace keeps its first global namespace:
 * the one that it was a member of before, else the older one.
 */
export function claimNamespaces(
  chosenBy: ReadonlyMap<string, readonly ChosenNamespace[]>,
  acceptedMembers?: ReadonlySet<string>,
): ReadonlyMap<string, readonly Claim[]> {
  const owners = new Map<string, string>();
  const keyOf = ({ cluster, namespace }: ChosenNamespace) =>
    `${cluster.id}/${namespace.name}`;
  for (const [gns, list] of acceptedMembers ? chosenBy : []) {
    for (const chosen of list) {
      const { cluster, namespace } = chosen;
      if (acceptedMembers?.has(memberKey(gns, cluster.id, namespace.name))) {
        owners.set(keyOf(chosen), gns);
      }
    }
  }
  const claims = new Map<string, readonly Claim[]>();
  for (const [gns, list] of chosenBy) {
    claims.set(
      gns,
      list.map(chosen => {
        const key = keyOf(chosen);
        const owner = owners.get(key) ?? gns;
        owners.set(key, owner);
        return { chosen, takenBy: owner === gns ? undefined : owner };
      }),
    );
  }
  return claims;
}

/** What each definition chooses in all clusters, older definitions first. */
export function chooseAll(
  definitions: readonly VersionedGlobalNamespace[],
  clusters: readonly ClusterView[],
): ReadonlyMap<string, readonly ChosenNamespace[]> {
  return new Map(
    byAge(definitions).map(({ definition }) => [
      definition.metadata.name,
      sortClusters(clusters).flatMap(c => chooseNamespaces(definition, c)),
    ]),
  );
}

/**
 * Definitions × inventories → desired state of each cluster. Pure: the same
 * input, in whatever order, gives the same result.
 */
export function compose(input: CompositionInput): CompositionResult {
  const clusters = sortClusters(input.clusters);
  const sorted = { ...input, clusters };
  const claims = claimNamespaces(
    chooseAll(input.definitions, clusters),
    input.acceptedMembers,
  );
  const compositions = byAge(input.definitions)
    .map(d =>
      composeGlobalNamespace(
        d,
        claims.get(d.definition.metadata.name) ?? [],
        sorted,
      ),
    )
    .sort(by(c => c.composed.name));
  return assemble(clusters, compositions, input);
}

/** Sorts what global namespaces render into the clusters that get it. */
export function assemble(
  clusters: readonly ClusterView[],
  compositions: readonly GlobalNamespaceComposition[],
  input: CompositionInput,
): CompositionResult {
  const wanted = new Set<string>();
  const weights = new Map<string, number>();
  for (const { hosts } of compositions) {
    for (const host of hosts) {
      if (host.objects.size > 0 && !input.addresses.has(host.service.host)) {
        wanted.add(host.service.host);
      }
      for (const [key, weight] of host.weights) weights.set(key, weight);
    }
  }
  return {
    clusters: new Map(
      clusters.map(c => [c.id, assembleCluster(c, compositions)]),
    ),
    globalNamespaces: new Map(
      compositions.map(c => [c.composed.name, c.composed]),
    ),
    addressesWanted: [...wanted].sort(),
    weights,
  };
}

function assembleCluster(
  cluster: ClusterView,
  compositions: readonly GlobalNamespaceComposition[],
): ComposedCluster {
  const objects = new Map<string, ComposedObject>();
  const servingObjects = new Map<string, readonly string[]>();
  const members: Record<string, readonly string[]> = {};
  const probes = new Map<string, Probe>();
  for (const composition of compositions) {
    const participant = composition.participants.find(
      p => p.facts.id === cluster.id,
    );
    if (!participant) continue;
    members[composition.composed.name] = participant.namespaces;
    for (const object of composition.clusterObjects.get(cluster.id) ?? []) {
      objects.set(object.key, object);
    }
    const gateways = composition.gatewayKeys.get(cluster.id);
    for (const host of composition.hosts) {
      for (const object of host.objects.get(cluster.id) ?? []) {
        objects.set(object.key, object);
      }
      const local = host.localEntries.get(cluster.id);
      if (local !== undefined && gateways !== undefined) {
        servingObjects.set(host.service.host, [local, ...gateways]);
      }
    }
    for (const other of composition.participants) {
      if (other === participant) continue;
      for (const gateway of clusterFacts(other.facts.view).usable) {
        for (const address of gateway.addresses) {
          const probe = {
            cluster: other.facts.name,
            address,
            port: gateway.port,
          };
          probes.set(`${probe.cluster} ${address} ${probe.port}`, probe);
        }
      }
    }
  }
  return {
    cluster: cluster.id,
    name: cluster.name,
    objects,
    probes: [...probes].sort(by(([key]) => key)).map(([, probe]) => probe),
    members,
    servingObjects,
  };
}

/** Keys of the namespaces that take part: to be kept and given back as {@link CompositionInput.acceptedMembers}. */
export function acceptedMembers(result: CompositionResult): Set<string> {
  const keys = new Set<string>();
  for (const gns of result.globalNamespaces.values()) {
    for (const member of gns.members) {
      if (member.state === 'member') {
        keys.add(memberKey(gns.name, member.cluster, member.namespace));
      }
    }
  }
  return keys;
}
