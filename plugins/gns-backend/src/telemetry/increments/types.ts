/**
 * What SLOs are computed from: how many requests, and how many good ones, per
 * global service, reporting cluster and slice of time. Increments add over
 * clusters and slices; nothing else does.
 */

/**
 * `client`: as the callers saw it, each call once: rows of client proxies, and
 * of servers for callers without one. `server`: as the servers saw it, with
 * each retry, without what never reached them.
 */
export type IncrementView = 'client' | 'server';

/** Seconds. Minutes reach 48 hours back, quarters of an hour and UTC days 400 days. */
export type IncrementStep = 60 | 900 | 86_400;

export interface IncrementRange {
  /** Unix time, seconds, a multiple of `step`. */
  readonly from: number;
  /** Exclusive, a multiple of `step`. */
  readonly to: number;
  readonly step: IncrementStep;
}

export interface IncrementQuery {
  readonly gns: string;
  /** Host label of the global service. */
  readonly service: string;
  readonly view: IncrementView;
  /** Thresholds that durations are counted against, milliseconds; [] where only outcomes matter. */
  readonly latencyEdgesMs: readonly number[];
  /** gRPC statuses that are wanted one by one, 0–16. */
  readonly grpcStatuses?: readonly number[];
}

/**
 * Counts per slice. Element i of every column belongs to
 * [from + i·step, from + (i + 1)·step).
 */
export interface ClusterIncrements {
  /** Name of the reporting cluster. */
  readonly cluster: string;
  /**
   * Whether the cluster was a member then (0 or 1): a cell that is not
   * expected is neither known nor unknown.
   */
  readonly expected: Uint8Array;
  /**
   * Seconds of the slice that are known. 0: UNKNOWN. All with `total` 0: ZERO.
   * Between: the counts are of the known part only; a slice of a time-slice SLO is then unknown.
   */
  readonly knownSeconds: Float64Array;
  /** Requests, without those whose caller went away first (`disconnected`). */
  readonly total: Float64Array;
  /** HTTP 4xx, and gRPC statuses that blame the caller. */
  readonly clientErrors: Float64Array;
  /** HTTP 5xx, and gRPC statuses that blame the server; without `noResponse`. */
  readonly serverErrors: Float64Array;
  /** No response (code 0). */
  readonly noResponse: Float64Array;
  readonly disconnected: Float64Array;
  /** By gRPC status, those that were asked for. */
  readonly grpc: ReadonlyMap<number, Float64Array>;
  /** All durations that were counted, by class of outcome: the denominator of latency. */
  readonly durations: ClassCounts;
  /** In the order of the query's `latencyEdgesMs`. */
  readonly within: readonly WithinEdge[];
}

/** Counts by class of outcome. `client` and `server` are errors as above, `server` with `noResponse`. */
export interface ClassCounts {
  readonly ok: Float64Array;
  readonly client: Float64Array;
  readonly server: Float64Array;
}

/**
 * How many durations were at most `edgeMs`. Where that is no bucket edge of a
 * slice, the truth lies between `low` (at the next lower edge) and `high` (at the next
 * higher one); where it is one, the two are equal.
 */
export interface WithinEdge {
  readonly edgeMs: number;
  readonly low: ClassCounts;
  readonly high: ClassCounts;
  /** True: the two agree in every slice. */
  readonly exact: boolean;
  /**
   * The widest gap between bucket edges that the truth lay in, milliseconds: for
   * interpolation and for saying so; both are `edgeMs` where it is an edge; `highMs` may be Infinity.
   */
  readonly lowMs: number;
  readonly highMs: number;
}

/** All clusters of one query; those that were never expected in the range are left out. */
export interface ServiceIncrements {
  readonly query: IncrementQuery;
  readonly clusters: readonly ClusterIncrements[];
}

/** A stretch of time in which something of a global namespace came, came late, or was replaced. */
export interface IncrementChange {
  readonly gns: string;
  /** Unix time, seconds, half-open. */
  readonly from: number;
  readonly to: number;
}

export interface IncrementChanges {
  readonly changes: readonly IncrementChange[];
  /** For the next call. A change may be told twice, and is never left out. */
  readonly cursor: string;
}

/** Reads the increments of the store on any replica; nothing is kept in memory but what can be read again. */
export interface IncrementReader {
  /**
   * Many queries over one range, read together: the order of the answers is that
   * of the queries. A service that nobody knows has its clusters with zeros (ZERO where known).
   * @throws RangeError when the range is not aligned, or has more than 40,000 slices
   */
  read(
    queries: readonly IncrementQuery[],
    range: IncrementRange,
  ): Promise<ServiceIncrements[]>;

  /** End of the newest minute that every reporting cluster may have delivered: evaluate up to here. */
  newest(): Promise<number>;

  /** What changed since `cursor`; undefined: since the beginning of the retention. */
  changesSince(cursor: string | undefined): Promise<IncrementChanges>;

  /** How far back the steps reach, Unix time, seconds. */
  oldest(step: IncrementStep): Promise<number>;
}
