import {
  LABEL_SIMULATED,
  type ForeignSidecar,
  type InventoryGateway,
} from '@isthmus/plugin-gns-common';
import type { At } from '../foreign/selection';
import { isDialable } from './gatewayAddresses';
import { by } from './order';
import type { ClusterView } from './types';

/** A gateway that may be published to other clusters. */
export interface UsableGateway {
  readonly gateway: InventoryGateway;
  readonly network: string;
  readonly addresses: readonly string[];
  readonly port: number;
}

/** What composition draws from one cluster's mesh facts, gateways and measurements. */
export interface ClusterFacts {
  readonly id: string;
  readonly name: string;
  /** It serves its own callers, and is offered to no other cluster. */
  readonly drained: boolean;
  readonly simulated: boolean;
  readonly trustDomain: string | undefined;
  readonly rootHashes: ReadonlySet<string>;
  /** All gateways, sorted: the Gateway objects go on each of them. */
  readonly gateways: readonly InventoryGateway[];
  /** Those that are ready, reachable by an address, and cannot loop. */
  readonly usable: readonly UsableGateway[];
  readonly networks: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** Its workloads were never reported: how many pods are ready is unknown, not zero. */
  readonly workloadsUnknown: boolean;
  /** `region`, or `region/zone` when the cluster has one only; empty: unknown. */
  readonly locality: string;
  /** Sidecars of others in the root namespace: they are for namespaces without one of their own. */
  readonly sidecars: readonly At<ForeignSidecar>[];
}

const TRUST_DOMAIN = /^[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?$/;
const LOCALITY = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;

/** True when the gateway holds endpoints of its own network only, so that nothing loops through it. */
export function seesOwnNetworkOnly(gateway: InventoryGateway): boolean {
  return gateway.network !== '' && gateway.networkView === gateway.network;
}

/** What a cluster claims, as far as others may be sent there. */
function addressesOf(gateway: InventoryGateway, anywhere: boolean): string[] {
  const texts = gateway.addresses.map(a => ('ip' in a ? a.ip : a.hostname));
  return [...new Set(texts)].filter(a => anywhere || isDialable(a)).sort();
}

/**
 * The facts of a cluster. They hold nothing that changes with every report, so
 * that equal facts can stand for each other.
 */
export function clusterFacts(view: ClusterView): ClusterFacts {
  const { mesh } = view.inventory;
  const gateways = [...view.inventory.gateways].sort(
    by(g => `${g.namespace}/${g.name}`),
  );
  const localities = [...new Set(mesh?.localities ?? [])]
    .filter(l => LOCALITY.test(l))
    .sort();
  // Simulated clusters share one host, and meet on its loopback.
  const simulated = view.labels[LABEL_SIMULATED] === 'true';
  const networks = gateways.map(g => g.network);
  if (mesh?.network) networks.push(mesh.network);
  return {
    id: view.id,
    name: view.name,
    drained: view.drained ?? false,
    simulated,
    trustDomain:
      mesh && TRUST_DOMAIN.test(mesh.trustDomain)
        ? mesh.trustDomain
        : undefined,
    rootHashes: new Set(mesh?.rootHashes ?? []),
    gateways,
    usable: gateways
      .filter(g => g.ready && seesOwnNetworkOnly(g))
      .map(gateway => ({
        gateway,
        network: gateway.network,
        addresses: addressesOf(gateway, simulated),
        port: gateway.port,
      }))
      .filter(u => u.addresses.length > 0),
    networks: new Set(networks.filter(n => n !== '')),
    regions: new Set(localities.map(l => l.split('/')[0])),
    sidecars: view.inventory.namespaces.flatMap(n =>
      (n.sidecars ?? [])
        .filter(s => s.meshWide)
        .map(object => ({ object, at: n.name })),
    ),
    locality:
      localities.length === 1
        ? localities[0]
        : localities[0]?.split('/')[0] ?? '',
    workloadsUnknown: view.inventory.marks.workloads === 'never',
  };
}

/** Whether pods of `caller` may be given endpoints in `server`. */
export type PairVerdict = 'ok' | 'noSharedRoot' | 'rootUnknown' | 'sameNetwork';

export function pairVerdict(
  caller: ClusterFacts,
  server: ClusterFacts,
  /** `own`: an authority above both makes the roots of their meshes irrelevant. */
  roots: 'mesh' | 'own' = 'mesh',
): PairVerdict {
  if (roots === 'mesh') {
    if (caller.rootHashes.size === 0 || server.rootHashes.size === 0) {
      return 'rootUnknown';
    }
    let shared = false;
    for (const hash of server.rootHashes) {
      shared ||= caller.rootHashes.has(hash);
    }
    if (!shared) return 'noSharedRoot';
  }
  // Istio takes endpoints of the caller's own network for direct ones, and the
  // gateways of both clusters would forward to each other.
  for (const network of server.networks) {
    if (caller.networks.has(network)) return 'sameNetwork';
  }
  return 'ok';
}

/** A text that is equal for equal facts. */
export function factsText(facts: ClusterFacts): string {
  return JSON.stringify([
    facts.id,
    facts.name,
    facts.drained,
    facts.simulated,
    facts.trustDomain ?? null,
    [...facts.rootHashes].sort(),
    facts.gateways,
    [...facts.networks].sort(),
    [...facts.regions].sort(),
    facts.locality,
    facts.workloadsUnknown,
    facts.sidecars,
  ]);
}
