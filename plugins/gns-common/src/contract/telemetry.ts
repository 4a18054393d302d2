import { z } from 'zod';
import { DNS_SUBDOMAIN } from '../dns';

/**
 * What a controller measured: `POST observations` under
 * `/api/gns/controllers/v1`, apart from the inventory report and with the same
 * token. Idempotent by (cluster, seconds, start, revision): the hub takes a
 * slice once, and again only with a higher revision, which replaces it whole.
 *
 * The reporting cluster is the one whose key signed the request. A row seen by
 * a client has its source in that cluster, a row seen by a server or waypoint
 * its destination; the hub overrides whatever a row says of that side.
 *
 * A slice is taken or refused on its own; so a bad one costs no other. Within
 * a slice a bad count makes the slice UNKNOWN for the global namespaces
 * concerned, and for no other.
 */

/** Largest accepted body, in bytes after decompression. */
export const MAX_OBSERVATIONS_BYTES = 16 * 1024 * 1024;
/** Most slices in one request. */
export const MAX_SLICES = 60;
/** Most edges of one slice. */
export const MAX_SLICE_EDGES = 20_000;
/** Most workloads, services, outcomes and histograms of one slice. */
export const MAX_SLICE_ROWS = 100_000;

/** Lengths of a slice, seconds: each divides the 15 minutes of a roll-up. */
export const SLICE_SECONDS = [60, 300, 900] as const;

/** How far ahead of the hub's clock a slice may end, seconds. */
export const MAX_SLICE_AHEAD_SECONDS = 60;

/** The order is the number on the wire. */
export const TRAFFIC_VIEWS = ['client', 'server', 'waypoint'] as const;
export type TrafficView = (typeof TRAFFIC_VIEWS)[number];
/** The order is the number on the wire. */
export const TRAFFIC_PROTOCOLS = ['http', 'grpc', 'tcp'] as const;
export type TrafficProtocol = (typeof TRAFFIC_PROTOCOLS)[number];

/**
 * What became of a request; the order is the number on the wire. `ok`: HTTP 1xx–3xx, gRPC
 * OK. `client`: 4xx, and gRPC statuses that blame the caller. `server`: 5xx,
 * no response, and the gRPC statuses 2, 4, 13, 14, 15.
 */
export const OUTCOME_CLASSES = ['ok', 'client', 'server'] as const;
export type OutcomeClass = (typeof OUTCOME_CLASSES)[number];

/** gRPC statuses stand above HTTP codes: `GRPC_CODE + status`. */
export const GRPC_CODE = 1000;
/** A request that no response came to (Envoy's code 0). */
export const NO_RESPONSE = 0;
/** UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
export const GRPC_SERVER_ERRORS: ReadonlySet<number> = new Set([
  2, 4, 13, 14, 15,
]);

/** The class of a code as it stands in {@link sliceEdgesSchema} `outcomes.code`. */
export function outcomeClassOf(code: number): OutcomeClass {
  if (code >= GRPC_CODE) {
    const status = code - GRPC_CODE;
    if (status === 0) return 'ok';
    return GRPC_SERVER_ERRORS.has(status) ? 'server' : 'client';
  }
  if (code >= 400 && code < 500) return 'client';
  return code === NO_RESPONSE || code >= 500 ? 'server' : 'ok';
}

/**
 * Upper bounds of latency buckets that every controller collects, milliseconds:
 * of Istio's defaults those that tell services apart. SLOs add theirs.
 */
export const DEFAULT_LATENCY_EDGES_MS: readonly number[] = [
  1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
];
/** Most latency edges of a plan. */
export const MAX_LATENCY_EDGES = 64;

const edgeMs = z.number().positive().max(3_600_000);
const latencyEdges = z
  .array(edgeMs)
  .max(MAX_LATENCY_EDGES)
  .refine(edges => edges.every((edge, i) => i === 0 || edge > edges[i - 1]), {
    message: 'are not in ascending order, or one stands twice',
  });

/**
 * What to collect: part of the desired settings. The namespaces are those of
 * `settings.members`; rows that touch none of them are left out.
 */
export const collectionPlanSchema = z.strictObject({
  /** Wanted length of a slice; a controller whose Prometheus scrapes less often takes a longer one. */
  sliceSeconds: z.union([z.literal(60), z.literal(300), z.literal(900)]),
  /** Bucket edges to collect, ascending, besides +Inf. A histogram without one of them goes without it. */
  latencyEdgesMs: latencyEdges,
  /** How often CPU and memory are asked for; 0: never. */
  resourcesEverySeconds: z.number().int().nonnegative().max(3600),
});
export type CollectionPlan = z.infer<typeof collectionPlanSchema>;

const rows = z.number().int().nonnegative();
const index = z.number().int().nonnegative().max(MAX_SLICE_ROWS);
/** -1: none. */
const indexOrNone = z.number().int().min(-1).max(MAX_SLICE_ROWS);
/** Increments are extrapolated by Prometheus: no whole numbers. */
const count = z.number().nonnegative().max(1e15);
const indices = z.array(index).max(MAX_SLICE_ROWS);
const edgeCounts = z.array(count).max(MAX_SLICE_EDGES);

/**
 * Edges as columns: element i of every list belongs to row i. Text stands once
 * in `text`; -1 refers to nothing.
 */
export const sliceEdgesSchema = z.strictObject({
  /** Label values, printable ASCII; a value that is not is to be given as none. */
  text: z
    .array(
      z
        .string()
        .min(1)
        .max(253)
        .regex(/^[!-~]+$/, 'is no name: use visible ASCII without spaces'),
    )
    .max(MAX_SLICE_ROWS),
  /** Callers and servers that have a proxy. */
  workloads: z.strictObject({
    /** Istio's cluster id as the label has it; none: not known. */
    cluster: z.array(indexOrNone).max(MAX_SLICE_ROWS),
    namespace: indices,
    name: indices,
    /** `canonical_service`. */
    app: z.array(indexOrNone).max(MAX_SLICE_ROWS),
    /** `canonical_revision`. */
    version: z.array(indexOrNone).max(MAX_SLICE_ROWS),
  }),
  /** What was called. */
  services: z.strictObject({
    /** `destination_service`. */
    host: z.array(indexOrNone).max(MAX_SLICE_ROWS),
    /** `destination_service_name`. */
    name: z.array(indexOrNone).max(MAX_SLICE_ROWS),
    /** `destination_service_namespace`. */
    namespace: z.array(indexOrNone).max(MAX_SLICE_ROWS),
  }),
  /** Who saw it: number of {@link TRAFFIC_VIEWS}. */
  view: z
    .array(
      z
        .number()
        .int()
        .min(0)
        .max(TRAFFIC_VIEWS.length - 1),
    )
    .max(MAX_SLICE_EDGES),
  /** Number of {@link TRAFFIC_PROTOCOLS}. */
  protocol: z
    .array(
      z
        .number()
        .int()
        .min(0)
        .max(TRAFFIC_PROTOCOLS.length - 1),
    )
    .max(MAX_SLICE_EDGES),
  /** Row of `workloads`; none: a caller without a proxy. */
  source: z.array(indexOrNone).max(MAX_SLICE_EDGES),
  /** Row of `workloads`; none: no server was reached, or one without a proxy. */
  destination: z.array(indexOrNone).max(MAX_SLICE_EDGES),
  /** Row of `services`; none: not known. */
  service: z.array(indexOrNone).max(MAX_SLICE_EDGES),
  /** Requests whose caller went away (response flag DC): they stand in no outcome and no histogram. */
  disconnected: edgeCounts,
  /** Rows of servers and waypoints only: requests (TCP: bytes both ways) over mutual TLS. */
  mtls: edgeCounts,
  /** The same in plain text. What is in neither is not known. */
  plaintext: edgeCounts,
  /** Sum of all durations in the histograms, milliseconds. */
  durationSumMs: edgeCounts,
  /** TCP bytes from the caller to the server. */
  bytesToServer: edgeCounts,
  /** TCP bytes from the server to the caller. */
  bytesToClient: edgeCounts,
  connectionsOpened: edgeCounts,
  connectionsClosed: edgeCounts,
  /** Requests by code: HTTP 100–599, {@link NO_RESPONSE}, or {@link GRPC_CODE} + status. A gRPC request counts by its status where there is one. */
  outcomes: z.strictObject({
    edge: indices,
    code: z
      .array(
        z
          .number()
          .int()
          .min(0)
          .max(GRPC_CODE + 16),
      )
      .max(MAX_SLICE_ROWS),
    count: z.array(count).max(MAX_SLICE_ROWS),
  }),
  /** Durations by class of outcome. */
  durations: z.strictObject({
    /** Sets of bucket edges, milliseconds, ascending, besides +Inf. */
    layouts: z.array(latencyEdges).max(100),
    edge: indices,
    /** Number of {@link OUTCOME_CLASSES}. */
    outcome: z
      .array(
        z
          .number()
          .int()
          .min(0)
          .max(OUTCOME_CLASSES.length - 1),
      )
      .max(MAX_SLICE_ROWS),
    layout: indices,
    /**
     * One after the other, for each row as many as its layout has edges and one:
     * requests **in** each bucket (not cumulative), the last above all edges.
     */
    counts: z.array(count).max(MAX_SLICE_ROWS * 20),
  }),
});
export type SliceEdges = z.infer<typeof sliceEdgesSchema>;

const sliceIdentity = {
  /** Unix time, seconds, a multiple of `seconds`; the slice is [start, start + seconds). */
  start: rows.max(10_000_000_000),
  seconds: z.union([z.literal(60), z.literal(300), z.literal(900)]),
  /** 1 at first; higher replaces. */
  revision: z.number().int().positive().max(1_000_000),
};
const unscraped = z
  .array(z.string().max(63).regex(DNS_SUBDOMAIN))
  .max(20_000)
  .default([]);

/** Why a slice is UNKNOWN. */
export const UNKNOWN_REASONS = [
  /** No connection to Prometheus. */
  'unreachable',
  'unauthorized',
  'timeout',
  /** An error, or an answer that cannot be read. */
  'error',
  /** Prometheus answered with warnings, or a store behind it was missing. */
  'partial',
  /** No proxy was scraped in it. */
  'notScraped',
  /** The newest sample is older than the slice. */
  'stale',
  /** Prometheus no longer has this time, or never had. */
  'noData',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

/**
 * One stretch of time of one cluster.
 * - KNOWN: Prometheus answered, proxies were scraped, and there was traffic.
 * - ZERO: the same, and there was none.
 * - UNKNOWN: neither good nor bad. The hub asks for it again unless `final`.
 */
export const sliceSchema = z.discriminatedUnion('state', [
  z.strictObject({
    ...sliceIdentity,
    state: z.literal('KNOWN'),
    /** Namespaces that have proxies of which none was scraped: unknown within this slice. */
    unscraped,
    edges: sliceEdgesSchema,
  }),
  z.strictObject({ ...sliceIdentity, state: z.literal('ZERO'), unscraped }),
  z.strictObject({
    ...sliceIdentity,
    state: z.literal('UNKNOWN'),
    reason: z.enum(UNKNOWN_REASONS),
    /** For people, without addresses or secrets. */
    message: z.string().max(500).default(''),
    /** True: asking again will not help. */
    final: z.boolean().default(false),
  }),
]);
export type Slice = z.infer<typeof sliceSchema>;
/** A slice as it is built, before defaults. */
export type SliceInput = z.input<typeof sliceSchema>;

/** Null: not known. */
const cores = z.number().nonnegative().max(1e6).nullable();
const bytes = z.number().nonnegative().max(1e18).nullable();

/** CPU and memory, as Prometheus has them from the kubelets. */
export const resourcesSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('KNOWN'),
    /** Unix time, seconds: the end of the stretch that rates are over. */
    at: rows.max(10_000_000_000),
    /** What is used and what there is. */
    nodes: z
      .array(
        z.strictObject({
          name: z.string().max(253).regex(DNS_SUBDOMAIN),
          cpuCores: cores,
          cpuCapacityCores: cores,
          memoryBytes: bytes,
          memoryCapacityBytes: bytes,
        }),
      )
      .max(10_000),
    /** Pods of member namespaces, summed by workload. */
    workloads: z
      .array(
        z.strictObject({
          namespace: z.string().max(63).regex(DNS_SUBDOMAIN),
          /** As inventory names it. */
          name: z.string().max(253).regex(DNS_SUBDOMAIN),
          pods: rows.max(100_000),
          cpuCores: cores,
          memoryBytes: bytes,
        }),
      )
      .max(50_000),
  }),
  z.strictObject({
    state: z.literal('UNKNOWN'),
    at: rows.max(10_000_000_000),
    reason: z.enum(UNKNOWN_REASONS),
    message: z.string().max(500).default(''),
  }),
]);
export type Resources = z.infer<typeof resourcesSchema>;

const envelope = {
  /** The controller's clock when it sent this, as it is: the hub judges the skew. */
  sentAt: z.iso.datetime(),
  /** Istio's id of this cluster (`source_cluster` of its own rows); absent: not known yet. */
  istioClusterId: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[!-~]+$/)
    .optional(),
  resources: resourcesSchema.optional(),
};

/** The whole body, as a controller makes it. */
export const observationsSchema = z.strictObject({
  ...envelope,
  /** Newest first or oldest first; empty: only to ask what is wanted. */
  slices: z.array(sliceSchema).max(MAX_SLICES),
});
export type Observations = z.infer<typeof observationsSchema>;
export type ObservationsInput = z.input<typeof observationsSchema>;

/** The body as the hub opens it: each slice is parsed on its own. */
export const observationsEnvelopeSchema = z.strictObject({
  ...envelope,
  resources: z.unknown().optional(),
  slices: z.array(z.unknown()).max(MAX_SLICES),
});

/** Half-open, Unix seconds, multiples of `seconds`. */
export const sliceRangeSchema = z.strictObject({
  from: rows,
  to: rows,
  seconds: z.union([z.literal(60), z.literal(300), z.literal(900)]),
});
export type SliceRange = z.infer<typeof sliceRangeSchema>;

export const observationsResponseSchema = z.strictObject({
  /** Slices that are stored now, also those that were before. */
  taken: z.number().int().nonnegative(),
  refused: z.array(
    z.strictObject({
      /** Place in the request's list. */
      index: z.number().int().nonnegative(),
      /** `future`, `tooOld`: against the hub's clock. `invalid`: the message names the path. */
      reason: z.enum(['future', 'tooOld', 'invalid']),
      message: z.string(),
    }),
  ),
  /** Edges that touch no namespace of a global namespace: ignored. */
  ignoredEdges: z.number().int().nonnegative(),
  /** What the hub lacks and still has room for, newest first: to be back-filled with the newest revision. */
  wanted: z.array(sliceRangeSchema).max(50),
  /** The hub's clock. */
  hubTime: z.iso.datetime(),
});
export type ObservationsResponse = z.infer<typeof observationsResponseSchema>;
