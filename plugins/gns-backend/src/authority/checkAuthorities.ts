import {
  formatRef,
  type Definition,
  type DefinitionRef,
  type Problem,
} from '@isthmus/plugin-gns-common';
import type { Authority } from './store/authorityRows';

/** What of a change an authority forbids: while members hold its identities, its definition stays. Pure. */
export function checkAuthorities(
  change: {
    definitions: readonly Definition[];
    deletions: readonly DefinitionRef[];
  },
  authorities: ReadonlyMap<string, Authority>,
): Problem[] {
  return change.deletions.flatMap((ref): Problem[] => {
    const members =
      ref.kind === 'GlobalNamespace'
        ? authorities.get(ref.name)?.members ?? []
        : [];
    const inUse = members.filter(m => m.configured);
    if (inUse.length === 0) return [];
    return [
      {
        severity: 'error',
        code: 'authority-in-use',
        path: 'spec.authority',
        message: `${inUse.length} namespaces hold identities of the authority of ${ref.name}: without it they would not reach each other.`,
        remedy:
          'Set authority.mode: mesh, and wait until all members have left the authority (its Identity page tells what each waits for). Then delete it.',
        definition: formatRef(ref),
      },
    ];
  });
}
