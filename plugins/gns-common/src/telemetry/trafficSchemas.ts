import { z } from 'zod';
import { coverageSchema, healthSchema } from '../rest/schemas';

/**
 * Answers about traffic. Throughout: null is unknown, 0 is zero. Rates are per
 * second, shares 0–1, durations milliseconds, times RFC 3339.
 */

/** Who is a node of the picture: the zoom levels. */
export const TRAFFIC_LEVELS = [
  'cluster',
  'namespace',
  'service',
  'workload',
] as const;
export const trafficLevelSchema = z.enum(TRAFFIC_LEVELS);
export type TrafficLevel = z.infer<typeof trafficLevelSchema>;

/** Windows that a picture can be over, seconds. */
export const TRAFFIC_WINDOWS_SECONDS = [
  60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800,
] as const;
export type TrafficWindowSeconds = (typeof TRAFFIC_WINDOWS_SECONDS)[number];

const rate = z.number().nonnegative().nullable();
const share = z.number().min(0).max(1).nullable();
const milliseconds = z.number().nonnegative().nullable();

export const quantileNameSchema = z.enum(['p50', 'p95', 'p99']);
export type QuantileName = z.infer<typeof quantileNameSchema>;

export const latencySchema = z.strictObject({
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  mean: milliseconds,
  /** Quantiles above the highest bucket edge: they stand there as that edge, and are longer in truth. */
  beyond: z.array(quantileNameSchema),
});
export type Latency = z.infer<typeof latencySchema>;

export const tcpRatesSchema = z.strictObject({
  /** From the caller to the server. */
  bytesToServer: rate,
  bytesToClient: rate,
  opened: rate,
});

/** What flowed along an edge, or into or out of a node. */
export const trafficFiguresSchema = z.strictObject({
  /** Requests per second; null also where only TCP flows. */
  requests: rate,
  /** Of the requests: 5xx, no response, gRPC errors of servers. */
  errorShare: share,
  /** Of the requests: 4xx, gRPC errors of callers. */
  clientErrorShare: share,
  /** Of the requests: the caller went away first; they count as neither. */
  disconnectedShare: share,
  latencyMs: latencySchema,
  /** Null: no TCP was seen. */
  tcp: tcpRatesSchema.nullable(),
  /** As the receiving side saw it; TCP is weighed by bytes. */
  mtlsShare: share,
  /** Share of the window that is known, 0–1. Figures are over what is known. */
  known: z.number().min(0).max(1),
});
export type TrafficFigures = z.infer<typeof trafficFiguresSchema>;

export const trafficNodeKindSchema = z.enum([
  'cluster',
  'namespace',
  'service',
  'workload',
  /** East-west and ingress gateways. */
  'gateway',
  /** Callers without a proxy. */
  'outside',
  /** Callers and servers that have a proxy and are in no or another global namespace; with cluster and namespace. */
  'foreign',
  /** Hosts that are no service of the global namespace. */
  'external',
]);
export type TrafficNodeKind = z.infer<typeof trafficNodeKindSchema>;

export const trafficNodeSchema = z.strictObject({
  /** Stable over time: `<kind>/<cluster>/<namespace>/<name>`, `-` for a cluster that is not known. */
  id: z.string(),
  kind: trafficNodeKindSchema,
  label: z.string(),
  /** Absent: in no cluster that we know. */
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /** Id of the box around it. */
  parent: z.string().optional(),
  /** Worst of pods and inbound traffic; `unknown` where its cluster is silent. */
  health: healthSchema,
  /** Of services: the global host, and its label (the name that SLOs and the annotation use). */
  host: z.string().optional(),
  service: z.string().optional(),
  /** Of workloads: all the global services that it serves. */
  services: z.array(z.string()).optional(),
  workload: z.string().optional(),
  version: z.string().optional(),
  /** Ready pods that speak mTLS, and all; null: unknown. */
  ready: z.number().nullable().optional(),
  pods: z.number().nullable().optional(),
  /** Another global namespace that it belongs to, if the reader may read that one. */
  otherGns: z.string().optional(),
  /** No traffic within the window, in or out; null: unknown. */
  idle: z.boolean().nullable(),
  inbound: trafficFiguresSchema,
  outbound: trafficFiguresSchema,
});
export type TrafficNode = z.infer<typeof trafficNodeSchema>;

export const trafficProtocolSchema = z.enum(['http', 'grpc', 'tcp']);

export const trafficEdgeSchema = z.strictObject({
  /** Stable over time, made of both ends and the protocol. */
  id: z.string(),
  source: z.string(),
  target: z.string(),
  protocol: trafficProtocolSchema,
  /** Host label of the global service that was called; absent: none of this global namespace. */
  service: z.string().optional(),
  /** `unknown`: nothing is known of it in the window. */
  health: healthSchema,
  /** Seen in the last 7 days and silent in this window; null: not known whether it is. */
  idle: z.boolean().nullable(),
  /** Of idle edges: the newest quarter of an hour that had traffic. */
  lastSeenAt: z.iso.datetime().optional(),
  crossCluster: z.boolean(),
  /** Who counted the requests. `serverFallback`: the caller's cluster is silent, so its calls are as the servers saw them. */
  reportedBy: z.enum(['client', 'server', 'serverFallback', 'mixed']),
  figures: trafficFiguresSchema,
  /**
   * With `buckets=true`: `[upper bound in ms, requests per second in the bucket]`, not cumulative; null: above all
   * bounds. For readers that merge edges themselves: quantiles do not add, buckets do.
   */
  latencyBuckets: z
    .array(z.tuple([z.number().nullable(), z.number().nonnegative()]))
    .optional(),
});
export type TrafficEdge = z.infer<typeof trafficEdgeSchema>;

/** How far one cluster's telemetry can be trusted in this window. */
export const telemetryCoverageSchema = coverageSchema.extend({
  /** End of the newest slice that is known; absent: none is. */
  dataAt: z.iso.datetime().optional(),
  /** Share of the window that is known. */
  known: z.number().min(0).max(1),
  /** Why the newest slice is unknown, for people; absent: it is known. */
  reason: z.string().optional(),
  /** Namespaces whose proxies nobody scraped. */
  unscraped: z.array(z.string()),
});
export type TelemetryCoverage = z.infer<typeof telemetryCoverageSchema>;

export const trafficSchema = z.strictObject({
  gns: z.string(),
  level: trafficLevelSchema,
  /** Half-open. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  windowSeconds: z.number().int().positive(),
  /** Length of the slices that it was made of. */
  stepSeconds: z.number().int().positive(),
  /** `to` is the newest that there is, not a time of the past. */
  live: z.boolean(),
  nodes: z.array(trafficNodeSchema),
  edges: z.array(trafficEdgeSchema),
  coverage: z.array(telemetryCoverageSchema),
  /** Edges and nodes left out because of `limit`; never silently. */
  hidden: z.strictObject({
    nodes: z.number().int().nonnegative(),
    edges: z.number().int().nonnegative(),
  }),
  generatedAt: z.iso.datetime(),
});
export type Traffic = z.infer<typeof trafficSchema>;

/** What times can be asked for. */
export const trafficRangesSchema = z.strictObject({
  minutes: z.strictObject({
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
    stepSeconds: z.literal(60),
  }),
  quarters: z.strictObject({
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
    stepSeconds: z.literal(900),
  }),
  coverage: z.array(telemetryCoverageSchema),
});
export type TrafficRanges = z.infer<typeof trafficRangesSchema>;

const points = <T extends z.ZodType>(value: T) => z.array(value.nullable());
/** Columns: element i of every list belongs to `times[i]`. */
export const trafficPointsSchema = z.strictObject({
  requests: points(z.number()),
  errorShare: points(z.number()),
  clientErrorShare: points(z.number()),
  p50: points(z.number()),
  p95: points(z.number()),
  p99: points(z.number()),
  mean: points(z.number()),
  bytesToServer: points(z.number()),
  bytesToClient: points(z.number()),
  mtlsShare: points(z.number()),
  /** Share of the step that is known. */
  known: z.array(z.number().min(0).max(1)),
});
export type TrafficPoints = z.infer<typeof trafficPointsSchema>;

export const SERIES_GROUPS = [
  'none',
  'cluster',
  'workload',
  'version',
  'caller',
] as const;
export const seriesGroupSchema = z.enum(SERIES_GROUPS);
export type SeriesGroup = z.infer<typeof seriesGroupSchema>;

export const trafficSeriesSchema = z.strictObject({
  /** Id of the edge or node. */
  subject: z.string(),
  direction: z.enum(['inbound', 'outbound', 'along']),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.number().int().positive(),
  groupBy: seriesGroupSchema,
  /** Start of each step. */
  times: z.array(z.iso.datetime()),
  series: z.array(
    z.strictObject({
      /** Name of the cluster, workload, version or caller; '' when not grouped. */
      group: z.string(),
      points: trafficPointsSchema,
    }),
  ),
  /** Requests of the whole range by code: HTTP code, `none`, or `grpc <status>`. */
  codes: z.array(z.strictObject({ code: z.string(), requests: z.number() })),
  /** Durations of the whole range: requests in each bucket, the last above all edges. */
  histogram: z
    .strictObject({
      edgesMs: z.array(z.number()),
      counts: z.array(z.number()),
    })
    .nullable(),
  coverage: z.array(telemetryCoverageSchema),
});
export type TrafficSeries = z.infer<typeof trafficSeriesSchema>;

/** One service of a global namespace with its figures over the window, all clusters together. */
export const serviceTrafficSchema = z.strictObject({
  service: z.string(),
  host: z.string(),
  health: healthSchema,
  figures: trafficFiguresSchema,
  /** The same by the cluster that serves; clusters that serve nothing are left out. */
  clusters: z.array(
    z.strictObject({ cluster: z.string(), figures: trafficFiguresSchema }),
  ),
  callers: z.number().int().nonnegative(),
  /** Requests per second for the last 30 steps of the window, for a sparkline. */
  sparkline: z.array(z.number().nullable()),
});
export type ServiceTraffic = z.infer<typeof serviceTrafficSchema>;
export const serviceTrafficListSchema = z.strictObject({
  gns: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  items: z.array(serviceTrafficSchema),
  coverage: z.array(telemetryCoverageSchema),
});
export type ServiceTrafficList = z.infer<typeof serviceTrafficListSchema>;

/** One resolution of one kind of stored telemetry. */
const storageRowSchema = z.strictObject({
  kind: z.enum(['edges', 'increments', 'resources']),
  /** Of resources: how often clusters are asked. */
  stepSeconds: z.number().int().positive(),
  retention: z.string(),
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  oldest: z.iso.datetime().nullable(),
  newest: z.iso.datetime().nullable(),
});

/** State of the telemetry store and of its sources. */
export const telemetryStatusSchema = z.strictObject({
  storage: z.array(storageRowSchema),
  /** Minutes that wait to be rolled up. */
  pending: z.number().int().nonnegative(),
  clusters: z.array(
    z.strictObject({
      cluster: z.string(),
      /** `controller`: a member's own. `observed`: the hub reads it. */
      source: z.enum(['controller', 'observed']),
      state: telemetryCoverageSchema.shape.state,
      dataAt: z.iso.datetime().nullable(),
      sliceSeconds: z.number().int().nullable(),
      istioClusterId: z.string().nullable(),
      /** The controller's clock minus the hub's, seconds; null: not heard from. */
      clockSkewSeconds: z.number().nullable(),
      edges: z.number().int().nonnegative().nullable(),
      refused: z.number().int().nonnegative(),
      lastRefusal: z.string().nullable(),
    }),
  ),
});
export type TelemetryStatus = z.infer<typeof telemetryStatusSchema>;
