import {
  memberKey,
  servingKey,
  type ComposedMember,
  type CompositionInput,
  type CompositionResult,
} from '../composition';
import { assignAddresses, type AddressRange } from './addresses';
import { composeIsolated, type Compose } from './composeIsolated';
import { servedHosts } from './servedHosts';
import type { Acknowledgment, ClusterDelivery } from './types';
import { toWantedMap } from './wantedObjects';

/** Rounds until nothing new follows: served hosts, approvals and addresses each need one. */
const ROUNDS = 5;

export interface SettleContext {
  readonly compose: Compose;
  readonly addressRange: AddressRange;
  readonly deliveries: ReadonlyMap<string, ClusterDelivery>;
  readonly acknowledged: (clusterId: string) => Acknowledgment | undefined;
  /** A person wrote this definition since the last composition: who it matches now is meant. */
  readonly writtenSince: (gns: string) => boolean;
  /** Newcomers that were asked about before: a later write of the definition does not answer for them. */
  readonly asked: ReadonlySet<string>;
}

export interface SettledComposition {
  readonly result: CompositionResult;
  readonly broken: ReadonlyMap<string, unknown>;
  /** Hosts that each cluster serves for others, by cluster id. */
  readonly served: ReadonlyMap<string, ReadonlySet<string>>;
  /** Members that the write of a definition approved. */
  readonly approvals: readonly { key: string; gns: string }[];
  /** Newcomers that wait for a person. */
  readonly newcomers: readonly {
    key: string;
    gns: string;
    cluster: string;
    namespace: string;
  }[];
  /** Addresses that were assigned now. */
  readonly assigned: ReadonlyMap<string, string>;
}

function serve(
  result: CompositionResult,
  context: SettleContext,
): Map<string, ReadonlySet<string>> {
  const served = new Map<string, ReadonlySet<string>>();
  for (const [id, cluster] of result.clusters) {
    const delivery = context.deliveries.get(id);
    if (!delivery) continue;
    served.set(
      id,
      servedHosts(
        delivery,
        cluster.servingObjects,
        toWantedMap(cluster.objects),
        context.acknowledged(id),
      ),
    );
  }
  return served;
}

function servingKeys(
  served: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  return new Set(
    [...served].flatMap(([id, hosts]) =>
      [...hosts].map(h => servingKey(id, h)),
    ),
  );
}

function newcomers(gns: string, members: readonly ComposedMember[]) {
  return members
    .filter(m => m.state === 'awaitingApproval')
    .map(m => newcomer(gns, m));
}

function newcomer(gns: string, { cluster, namespace }: ComposedMember) {
  return {
    key: memberKey(gns, cluster, namespace),
    gns,
    cluster,
    namespace,
  };
}

/**
 * Whom a definition takes in where its turn comes later. Those that need no
 * approval now are among them: once an earlier wave serves their hosts they
 * would be newcomers, though all at once they had been the first together.
 */
function comers(
  { upcoming }: CompositionResult,
  { approvals, acceptedMembers }: CompositionInput,
) {
  return [...upcoming].flatMap(([gns, members]) =>
    members
      .filter(
        m =>
          m.state === 'awaitingApproval' || (m.state === 'member' && !m.exact),
      )
      .map(m => newcomer(gns, m))
      .filter(
        ({ key }) => !approvals.approved.has(key) && !acceptedMembers?.has(key),
      ),
  );
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(v => b.has(v));
}

/**
 * Composes until what follows from a composition (who serves, who is approved
 * by the write, which addresses are new) is part of it. Pure but for the
 * injected composition.
 */
export function settleComposition(
  start: CompositionInput,
  context: SettleContext,
): SettledComposition {
  let input = start;
  const assigned = new Map<string, string>();
  const approvals = new Map<string, { key: string; gns: string }>();
  for (let round = 1; ; round += 1) {
    const { result, broken } = composeIsolated(context.compose, input);
    const served = serve(result, context);
    for (const [id, delivery] of context.deliveries) {
      // Nobody knows what a broken one would serve: it goes on as it is.
      if (broken.size > 0) served.set(id, delivery.served);
    }
    const keys = servingKeys(served);
    const waiting = [...result.globalNamespaces.values()].flatMap(g =>
      newcomers(g.name, g.members),
    );
    const meant = [...waiting, ...comers(result, input)].filter(
      w => context.writtenSince(w.gns) && !context.asked.has(w.key),
    );
    const fresh = assignAddresses(
      result.addressesWanted,
      new Set(input.addresses.values()),
      context.addressRange,
    );
    const settled =
      meant.length === 0 && fresh.size === 0 && sameSet(keys, input.served);
    for (const { key, gns } of meant) approvals.set(key, { key, gns });
    for (const [host, address] of fresh) assigned.set(host, address);
    if (settled || round >= ROUNDS) {
      return {
        result,
        broken,
        served,
        approvals: [...approvals.values()],
        newcomers: waiting.filter(w => !approvals.has(w.key)),
        assigned,
      };
    }
    input = {
      ...input,
      served: keys,
      addresses: new Map([...input.addresses, ...fresh]),
      approvals: {
        ...input.approvals,
        approved: new Set([
          ...input.approvals.approved,
          ...meant.map(m => m.key),
        ]),
      },
    };
  }
}
