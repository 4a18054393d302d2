import type { SliceEdges } from '@isthmus/plugin-gns-common';
import { EdgeTable } from '../merge/EdgeTable';
import type { EdgeResolver } from './resolveEdges';

/**
 * The global namespaces that a row belongs to. Its reporter's own side needs no
 * proof: the namespace is a member. The other side's global namespace gets the
 * row only from a cluster that is a member of it: a stranger can put nothing into its
 * figures.
 */
export function globalNamespacesOf(
  resolver: EdgeResolver,
  row: number,
): string[] {
  const { directory, reporter } = resolver;
  const client = resolver.isClientView(row);
  const source = resolver.gnsOfSource(row);
  const target = resolver.gnsOfTarget(row);
  const [own, other] = client ? [source, target] : [target, source];
  const found: string[] = [];
  if (own !== undefined && directory.isMemberCluster(own, reporter)) {
    found.push(own);
  }
  if (
    other !== undefined &&
    other !== own &&
    directory.isMemberCluster(other, reporter)
  ) {
    found.push(other);
  }
  return found;
}

export interface SplitEdges {
  readonly byGns: ReadonlyMap<string, SliceEdges>;
  /** Rows that touch no global namespace. */
  readonly ignored: number;
}

/** The rows of each global namespace, with text of their own. */
export function splitEdges(
  resolver: EdgeResolver,
  isBad: (row: number) => boolean = () => false,
): SplitEdges & { readonly spoilt: ReadonlySet<string> } {
  const { edges } = resolver;
  const chosen = new Map<string, Uint8Array>();
  const spoilt = new Set<string>();
  let ignored = 0;
  for (let row = 0; row < edges.view.length; row += 1) {
    const names = globalNamespacesOf(resolver, row);
    if (names.length === 0) ignored += 1;
    for (const gns of names) {
      if (isBad(row)) {
        spoilt.add(gns);
        continue;
      }
      let rows = chosen.get(gns);
      if (!rows) {
        rows = new Uint8Array(edges.view.length);
        chosen.set(gns, rows);
      }
      rows[row] = 1;
    }
  }
  const byGns = new Map<string, SliceEdges>();
  for (const [gns, rows] of chosen) {
    if (spoilt.has(gns)) continue;
    const table = new EdgeTable();
    table.add(edges, rows);
    byGns.set(gns, table.toEdges());
  }
  return { byGns, ignored, spoilt };
}
