import type { NamespaceOffers } from './offers';
import type { ChosenNamespace } from './membership';
import {
  memberKey,
  servingKey,
  type ComposedMember,
  type CompositionInput,
} from './types';

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
  clusterIds: readonly string[],
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
    return clusterIds.some(
      id => id !== own && input.served.has(servingKey(id, host)),
    );
  });
  return joins ? 'awaitingApproval' : 'member';
}
