import type { Condition, GlobalNamespace } from '@isthmus/plugin-gns-common';
import type { ChosenNamespace } from './membership';
import type { Place } from './participants';
import { untrue } from './statement';
import type { ComposedMember } from './types';

/** Why a chosen namespace does not take part. */
export function namespaceStatement(
  gns: string,
  { cluster, namespace }: ChosenNamespace,
  state: Exclude<ComposedMember['state'], 'member'>,
  takenBy: string | undefined,
): Condition {
  const where = { gns, cluster: cluster.name, namespace: namespace.name };
  const subject = `${namespace.name} of ${cluster.name}`;
  switch (state) {
    case 'conflict':
      return untrue(
        'NamespaceFree',
        'NamespaceConflict',
        'error',
        `${subject} belongs to the global namespace ${takenBy}, which came first, and a namespace belongs to one only. Remove it from the members of one of the two.`,
        where,
      );
    case 'refused':
      return untrue(
        'Approved',
        'Refused',
        'info',
        `${subject} was refused: it serves and calls nothing here. Name it exactly in spec.members to take it in after all.`,
        where,
      );
    default:
      return untrue(
        'Approved',
        'AwaitingApproval',
        'warning',
        `${subject} is new and would serve hosts that other clusters serve already; a person must approve it. Approve it, or name cluster and namespace exactly in spec.members.`,
        where,
      );
  }
}

/** Statements about the members as a whole. */
export function memberStatements(
  { metadata, spec }: GlobalNamespace,
  places: readonly Place[],
): Condition[] {
  const gns = metadata.name;
  const conditions: Condition[] = [];
  if (spec.authority.mode === 'mesh' && spec.mtls === 'permissive') {
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
  if (places.length === 0) {
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
  return conditions;
}
