import type { NamespaceOffers } from './offers';
import type { ChosenNamespace } from './membership';
import {
  memberKey,
  servingKey,
  type ComposedMember,
  type CompositionInput,
} from './types';

/** Clusters by the host that they serve; made when it is first asked for. */
export type Serving = () => ReadonlyMap<string, readonly string[]>;

/** Reads `served`, for the clusters that are there. */
export function servingClusters(
  served: ReadonlySet<string>,
  clusterIds: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const serving = new Map<string, string[]>();
  for (const key of served) {
    const slash = key.lastIndexOf('/');
    const [id, host] = [key.slice(0, slash), key.slice(slash + 1)];
    if (!clusterIds.has(id)) continue;
    const clusters = serving.get(host);
    if (clusters) clusters.push(id);
    else serving.set(host, [id]);
  }
  return serving;
}

/**
 * Rule 8: whether a namespace may take part. One that is named exactly, was a
 * member before, or was approved, does; one that was refused does not. Any
 * other waits when it would begin to serve a host that another cluster serves.
 */
export function admission(
  gns: string,
  domain: string,
  chosen: ChosenNamespace,
  offers: NamespaceOffers,
  serving: Serving,
  input: Pick<CompositionInput, 'approvals' | 'served' | 'acceptedMembers'>,
): Exclude<ComposedMember['state'], 'conflict'> {
  if (chosen.exact) return 'member';
  const own = chosen.cluster.id;
  const key = memberKey(gns, own, chosen.namespace.name);
  if (input.approvals.refused.has(key)) return 'refused';
  if (input.approvals.approved.has(key) || input.acceptedMembers?.has(key)) {
    return 'member';
  }
  const joins = offers.offers.some(offer => {
    const host = `${offer.label}.${domain}`;
    if (!input.acceptedMembers && input.served.has(servingKey(own, host))) {
      return false;
    }
    const clusters = serving().get(host);
    return clusters !== undefined && clusters.some(id => id !== own);
  });
  return joins ? 'awaitingApproval' : 'member';
}
