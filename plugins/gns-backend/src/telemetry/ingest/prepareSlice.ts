import type { Slice } from '@isthmus/plugin-gns-common';
import { encodeCells } from '../codec/cells';
import { encodeEdges } from '../codec/edges';
import type { Directory } from '../Directory';
import type { SliceState } from '../store/rows';
import { MINUTE, QUARTER } from '../time';
import { incrementsOf } from './incrementsOf';
import { EdgeResolver } from './resolveEdges';
import { splitEdges } from './splitEdges';

/** What one slice leaves in the store. */
export interface PreparedSlice {
  readonly step: number;
  readonly start: number;
  readonly seconds: number;
  readonly revision: number;
  readonly state: SliceState;
  /** Seconds that are known. */
  readonly known: number;
  readonly reason: string | null;
  readonly message: string | null;
  readonly final: boolean;
  readonly rows: readonly PreparedRow[];
  /** Rows that came; undefined: none can. */
  readonly edges: number | undefined;
  readonly ignoredEdges: number;
}

/** The part of one global namespace. */
export interface PreparedRow {
  readonly gns: string;
  readonly known: number;
  readonly unscraped: readonly string[];
  readonly edges: Buffer | undefined;
  readonly increments: Buffer | undefined;
}

/** Global namespaces that a cluster is a member of. */
function globalNamespacesOf(directory: Directory, cluster: string): string[] {
  return [...directory.globalNamespaces].filter(gns =>
    directory.isMemberCluster(gns, cluster),
  );
}

/** Sorts the rows of a slice into global namespaces, and packs them. */
export async function prepareSlice(
  slice: Slice,
  context: {
    cluster: string;
    directory: Directory;
    badRows: ReadonlySet<number>;
    /** The edges of this time are still kept. */
    keepEdges: boolean;
  },
): Promise<PreparedSlice> {
  const { cluster, directory, badRows } = context;
  const known = slice.state === 'UNKNOWN' ? 0 : slice.seconds;
  const head = {
    step: slice.seconds === QUARTER ? QUARTER : MINUTE,
    start: slice.start,
    seconds: slice.seconds,
    revision: slice.revision,
    state: slice.state,
    known,
    reason: slice.state === 'UNKNOWN' ? slice.reason : null,
    message: slice.state === 'UNKNOWN' ? slice.message : null,
    final: slice.state === 'UNKNOWN' && slice.final,
  };
  const names = globalNamespacesOf(directory, cluster);
  const unscrapedOf = (gns: string) =>
    slice.state === 'UNKNOWN'
      ? []
      : slice.unscraped.filter(ns => directory.isMember(gns, cluster, ns));
  if (slice.state !== 'KNOWN') {
    return {
      ...head,
      edges: slice.state === 'ZERO' ? 0 : undefined,
      ignoredEdges: 0,
      rows: names.map(gns => ({
        gns,
        known,
        unscraped: unscrapedOf(gns),
        edges: undefined,
        increments: undefined,
      })),
    };
  }
  const resolver = new EdgeResolver(slice.edges, cluster, directory);
  const split = splitEdges(resolver, row => badRows.has(row));
  const rows = await Promise.all(
    names.map(async (gns): Promise<PreparedRow> => {
      const unscraped = unscrapedOf(gns);
      if (split.spoilt.has(gns)) {
        return {
          gns,
          known: 0,
          unscraped,
          edges: undefined,
          increments: undefined,
        };
      }
      const edges = split.byGns.get(gns);
      const cells = incrementsOf(resolver, gns, new Set(unscraped));
      return {
        gns,
        known,
        unscraped,
        edges:
          edges && context.keepEdges ? await encodeEdges(edges) : undefined,
        increments: cells && encodeCells(cells),
      };
    }),
  );
  return {
    ...head,
    rows,
    edges: slice.edges.view.length,
    ignoredEdges: split.ignored,
  };
}
