import type { ChosenNamespace } from './membership';
import { memberKey } from './types';

/** A namespace that a definition chooses, and who has it already. */
export interface Claim {
  readonly chosen: ChosenNamespace;
  /** The global namespace that came first, when it is another one. */
  readonly takenBy: string | undefined;
}

/**
 * Who claims which namespace, from what each definition chooses (older
 * definitions first). A namespace keeps its first global namespace: the one
 * that it was a member of before, else the older one.
 */
export function claimNamespaces(
  chosenBy: ReadonlyMap<string, readonly ChosenNamespace[]>,
  acceptedMembers: ReadonlySet<string> | undefined,
): ReadonlyMap<string, readonly Claim[]> {
  const owners = new Map<string, string>();
  const keyOf = ({ cluster, namespace }: ChosenNamespace) =>
    `${cluster.id}/${namespace.name}`;
  if (acceptedMembers) {
    for (const [gns, list] of chosenBy) {
      for (const chosen of list) {
        const { cluster, namespace } = chosen;
        if (acceptedMembers.has(memberKey(gns, cluster.id, namespace.name))) {
          owners.set(keyOf(chosen), gns);
        }
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
