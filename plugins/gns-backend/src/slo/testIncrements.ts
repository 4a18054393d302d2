import type {
  ClassCounts,
  ClusterIncrements,
  WithinEdge,
} from '../telemetry/increments/types';

/** One slice of a cell, for tests; what is left out is zero, expected and known. */
export interface TestSlice {
  ok?: number;
  client?: number;
  server?: number;
  noResponse?: number;
  disconnected?: number;
  grpc?: Record<number, number>;
  /** Requests within the first edge, by class; the rest is slower. */
  fast?: { ok?: number; client?: number; server?: number };
  /** The same at the next higher edge, where the threshold lies between two. */
  faster?: { ok?: number; client?: number; server?: number };
  /** False: the proxies keep no durations. */
  durations?: boolean;
  /** Seconds that are known. */
  known?: number;
  expected?: boolean;
}

/** Increments of one cluster as the store answers them. */
export function incrementsOf(
  slices: readonly TestSlice[],
  options: {
    cluster?: string;
    step?: number;
    edge?: { ms: number; lowMs?: number; highMs?: number };
  } = {},
): ClusterIncrements {
  const { cluster = 'eu-1', step = 900, edge } = options;
  const column = (read: (slice: TestSlice) => number | undefined) =>
    Float64Array.from(slices, slice => read(slice) ?? 0);
  const classes = (
    read: (slice: TestSlice) => TestSlice['fast'],
  ): ClassCounts => ({
    ok: column(slice => read(slice)?.ok),
    client: column(slice => read(slice)?.client),
    server: column(slice => read(slice)?.server),
  });
  const statuses = new Set(
    slices.flatMap(slice => Object.keys(slice.grpc ?? {}).map(Number)),
  );
  const within: WithinEdge[] = edge
    ? [
        {
          edgeMs: edge.ms,
          low: classes(slice => slice.fast),
          high: classes(slice => slice.faster ?? slice.fast),
          exact: edge.lowMs === undefined,
          lowMs: edge.lowMs ?? edge.ms,
          highMs: edge.highMs ?? edge.ms,
        },
      ]
    : [];
  return {
    cluster,
    expected: Uint8Array.from(slices, slice =>
      slice.expected === false ? 0 : 1,
    ),
    knownSeconds: column(slice => slice.known ?? step),
    total: column(
      slice =>
        (slice.ok ?? 0) +
        (slice.client ?? 0) +
        (slice.server ?? 0) +
        (slice.noResponse ?? 0),
    ),
    clientErrors: column(slice => slice.client),
    serverErrors: column(slice => slice.server),
    noResponse: column(slice => slice.noResponse),
    disconnected: column(slice => slice.disconnected),
    grpc: new Map(
      [...statuses].map(status => [
        status,
        column(slice => slice.grpc?.[status]),
      ]),
    ),
    durations: classes(slice =>
      slice.durations === false
        ? {}
        : {
            ok: slice.ok,
            client: slice.client,
            server: (slice.server ?? 0) + (slice.noResponse ?? 0),
          },
    ),
    within,
  };
}
