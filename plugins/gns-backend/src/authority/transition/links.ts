import type { MemberRecord } from '../store/authorityRows';
import { placeKey } from './types';

/** By what the members of a global namespace reach each other. */
export interface Links {
  /**
   * `mesh`: by the identities of Istio, where clusters share a root.
   * `own`: all that are linked trust the global namespace, and whatever else
   * one of them may present; the roots of the meshes do not matter.
   */
  readonly by: 'mesh' | 'own';
  /** `<cluster id>/<namespace>` that call and are called; the others only prepare. */
  readonly linked: ReadonlySet<string>;
}

/**
 * Who can talk to whom while members are under way. Those that are furthest
 * keep each other; who comes later is linked to them when it is as far:
 * - who may trust the GNS alone (`isolate`, and `dual` on the way back) goes with those
 *   that have no leaf of the mesh left;
 * - who may present a leaf of the GNS (`dual`, and `adopt` on the way back) is trusted
 *   only by those that trust both;
 * - else everybody still is what the mesh made them.
 *
 * @param members - of one authority, those that are no members any more left out
 * @param places - all member namespaces, also those without a row
 */
export function linksOf(
  members: readonly MemberRecord[],
  places: Iterable<string>,
): Links {
  const narrow = members.some(m => m.narrow);
  const own = members.filter(m =>
    narrow ? m.leaves === 'own' : m.leaves !== 'mesh',
  );
  return own.length > 0
    ? { by: 'own', linked: new Set(own.map(placeKey)) }
    : { by: 'mesh', linked: new Set(places) };
}
