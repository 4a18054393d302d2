import {
  EDGE_COUNTS,
  showPath,
  sliceSchema,
  type Slice,
  type SliceEdges,
} from '@isthmus/plugin-gns-common';
import type { z } from 'zod';

/** A slice that was read, or why it cannot be. */
export type OpenedSlice =
  | {
      readonly ok: true;
      readonly slice: Slice;
      /** Rows with a count that is no count: what they say is not known. */
      readonly badRows: ReadonlySet<number>;
    }
  | { readonly ok: false; readonly message: string };

type Path = readonly PropertyKey[];

/** Where a wrong number spoils one row only; undefined: it spoils the slice. */
function spoiltRow(path: Path, edges: SliceEdges): number | undefined {
  const [, column, second, third] = path;
  const isCount = EDGE_COUNTS.some(name => name === column);
  if (isCount && typeof second === 'number') return second;
  if (second !== 'count' && second !== 'counts') return undefined;
  if (typeof third !== 'number') return undefined;
  if (column === 'outcomes') return edges.outcomes.edge[third];
  if (column !== 'durations') return undefined;
  const { durations } = edges;
  let offset = 0;
  for (let i = 0; i < durations.edge.length; i += 1) {
    offset += durations.layouts[durations.layout[i]].length + 1;
    if (third < offset) return durations.edge[i];
  }
  return undefined;
}

/** Lists of one length, numbers that refer to something: what the schema cannot say. */
function inconsistency(edges: SliceEdges): string | undefined {
  const length = edges.view.length;
  const columns: [string, readonly unknown[], number][] = [
    ...(
      ['protocol', 'source', 'destination', 'service', ...EDGE_COUNTS] as const
    ).map((name): [string, readonly unknown[], number] => [
      name,
      edges[name],
      length,
    ]),
    ...Object.entries(edges.workloads).map(
      ([name, list]): [string, readonly unknown[], number] => [
        `workloads.${name}`,
        list,
        edges.workloads.namespace.length,
      ],
    ),
    ...Object.entries(edges.services).map(
      ([name, list]): [string, readonly unknown[], number] => [
        `services.${name}`,
        list,
        edges.services.host.length,
      ],
    ),
    ['outcomes.code', edges.outcomes.code, edges.outcomes.edge.length],
    ['outcomes.count', edges.outcomes.count, edges.outcomes.edge.length],
    ['durations.outcome', edges.durations.outcome, edges.durations.edge.length],
    ['durations.layout', edges.durations.layout, edges.durations.edge.length],
  ];
  for (const [name, list, wanted] of columns) {
    if (list.length !== wanted) {
      return `edges.${name}: has ${list.length} elements instead of ${wanted}`;
    }
  }
  const texts = edges.text.length;
  const ranges: [string, readonly number[], number][] = [
    ...Object.entries(edges.workloads).map(
      ([name, list]): [string, readonly number[], number] => [
        `workloads.${name}`,
        list,
        texts,
      ],
    ),
    ...Object.entries(edges.services).map(
      ([name, list]): [string, readonly number[], number] => [
        `services.${name}`,
        list,
        texts,
      ],
    ),
    ['source', edges.source, edges.workloads.namespace.length],
    ['destination', edges.destination, edges.workloads.namespace.length],
    ['service', edges.service, edges.services.host.length],
    ['outcomes.edge', edges.outcomes.edge, length],
    ['durations.edge', edges.durations.edge, length],
    [
      'durations.layout',
      edges.durations.layout,
      edges.durations.layouts.length,
    ],
  ];
  for (const [name, list, size] of ranges) {
    const wrong = list.findIndex(value => value >= size);
    if (wrong >= 0) {
      return `edges.${name}[${wrong}]: ${list[wrong]} refers to nothing, there are ${size}`;
    }
  }
  const counts = edges.durations.layout.reduce(
    (sum, layout) => sum + edges.durations.layouts[layout].length + 1,
    0,
  );
  if (counts !== edges.durations.counts.length) {
    return `edges.durations.counts: has ${edges.durations.counts.length} elements instead of ${counts}`;
  }
  return undefined;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${showPath([...issue.path])}: ${issue.message}`;
}

/** A copy in which what stands at `path` is 0. */
function withZero(raw: unknown, path: Path): void {
  let parent = raw as Record<PropertyKey, unknown>;
  for (const key of path.slice(0, -1)) {
    parent = parent[key] as Record<PropertyKey, unknown>;
  }
  parent[path[path.length - 1]] = 0;
}

/**
 * Reads one slice. A count that is negative, not finite or no number spoils its own row;
 * anything else that is wrong spoils the slice. The counts of spoilt rows are set to 0 in `raw`.
 */
export function openSlice(raw: unknown): OpenedSlice {
  let parsed = sliceSchema.safeParse(raw);
  const badRows = new Set<number>();
  if (!parsed.success) {
    const { issues } = parsed.error;
    const inCounts = issues.every(({ path }) => {
      const last = path[path.length - 1];
      return (
        path[0] === 'edges' &&
        typeof last === 'number' &&
        (EDGE_COUNTS.some(name => name === path[1]) ||
          path[2] === 'count' ||
          path[2] === 'counts')
      );
    });
    if (!inCounts) return { ok: false, message: firstIssue(parsed.error) };
    for (const { path } of issues) withZero(raw, path);
    const again = sliceSchema.safeParse(raw);
    if (!again.success || again.data.state !== 'KNOWN') {
      return { ok: false, message: firstIssue(parsed.error) };
    }
    const wrong = inconsistency(again.data.edges);
    if (wrong) return { ok: false, message: wrong };
    for (const { path } of issues) {
      const row = spoiltRow(path, again.data.edges);
      if (row === undefined) {
        return { ok: false, message: firstIssue(parsed.error) };
      }
      badRows.add(row);
    }
    parsed = again;
  }
  const slice = parsed.data;
  if (slice.start % slice.seconds !== 0) {
    return {
      ok: false,
      message: `start: ${slice.start} is no multiple of ${slice.seconds}`,
    };
  }
  const wrong =
    slice.state === 'KNOWN' ? inconsistency(slice.edges) : undefined;
  return wrong ? { ok: false, message: wrong } : { ok: true, slice, badRows };
}
