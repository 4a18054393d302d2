import { z } from 'zod';
import { SERVICE_LABEL } from '../dns';
import { API_VERSION } from '../names';
import { checkObjective } from '../slo/checkObjective';
import { DURATION, durationMs } from '../slo/duration';
import type { Definition, KindDescriptor } from './kind';
import {
  definitionNameSchema,
  gnsMetadataSchema,
  lineSchema,
} from './metadata';

/** Longest rolling window, days: increments are kept for 400. */
export const MAX_ROLLING_DAYS = 365;

/** Length of the time slices that can be judged over the whole window, minutes. */
export const SLICE_MINUTES = { '15m': 15, '30m': 30, '1h': 60 } as const;

/** Percent, above 0 and below 100; more digits than 99.99999 are noise. */
const targetSchema = z
  .number()
  .gt(0, 'is no target: write a percentage above 0')
  .lt(
    100,
    'leaves no error budget: write a percentage below 100, for example 99.9',
  )
  .refine(
    value => Number(value.toFixed(5)) === value,
    'has too many digits: use at most five after the point',
  );

const thresholdSchema = z
  .string()
  .regex(DURATION, 'is no duration: write 250ms, 1.5s or 2m')
  .refine(
    text => !DURATION.test(text) || durationMs(text) > 0,
    'is out of range: write a duration above zero',
  );

const latencyFields = {
  threshold: thresholdSchema.describe('Answers within this time are fast.'),

  betweenEdges: z
    .enum(['snapDown', 'interpolate'])
    .default('snapDown')
    .describe(
      'Durations are counted in buckets. A threshold that is no edge of a bucket is judged at the edge below it (`snapDown`, never too kind), or estimated between the two edges.',
    ),
};

/** What makes a request, or a time slice, good. */
export const indicatorSchema = z.discriminatedUnion('type', [
  /** The request did not fail. */
  z.strictObject({ type: z.literal('availability') }),
  /** The request was answered in time; failed ones count as well. */
  z.strictObject({ type: z.literal('latency'), ...latencyFields }),
  /** The request did not fail, and was answered in time. */
  z.strictObject({
    type: z.literal('availabilityAndLatency'),
    ...latencyFields,
  }),
  /** At least so many requests per second arrived; time slices only. */
  z.strictObject({
    type: z.literal('throughput'),
    floor: z
      .number()
      .gt(0, 'is no floor: write requests per second, above 0')
      .max(1e9)
      .describe('Requests per second that must not be undercut.'),
  }),
]);

const objectiveSchema = z.strictObject({
  name: definitionNameSchema.describe(
    'Names it in charts and addresses; unique within the definition.',
  ),
  title: lineSchema(120)
    .optional()
    .describe('What people read in place of the name.'),

  target: targetSchema.describe(
    'Percent of requests, or of time slices, that must be good.',
  ),
  indicator: indicatorSchema,

  slice: z
    .strictObject({
      good: z
        .number()
        .gt(0)
        .max(100)
        .describe(
          'Percent of the requests of a slice that must be good. 99 with a latency of 500ms says "p99 below 500 ms"; with availability, "error rate below 1 %".',
        ),

      atLimit: z
        .enum(['bad', 'good'])
        .default('bad')
        .describe('What a slice is that reaches exactly this share.'),
    })
    .optional()
    .describe('With time slices: when a slice is good.'),

  weight: z
    .number()
    .gt(0)
    .max(1000)
    .default(1)
    .describe('With `combine: weighted`.'),
});

const isTimeZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    // The only way to ask: Intl throws a RangeError for a zone it does not know.
    return false;
  }
};

const timeZoneSchema = z
  .string()
  .max(64)
  // Offsets such as +05:45 are no zones: they know no daylight saving.
  .refine(
    zone => /^[A-Za-z][\w+/-]*$/.test(zone) && isTimeZone(zone),
    'is no time zone: write an IANA name, for example Europe/Berlin or UTC',
  );

export const sloWindowSchema = z.discriminatedUnion('type', [
  /** The last so many days, at every moment. */
  z.strictObject({
    type: z.literal('rolling'),
    days: z
      .number()
      .int()
      .min(1)
      .max(MAX_ROLLING_DAYS)
      .describe('The last so many days, up to now.'),
  }),
  /** From its beginning in the time zone, with a full budget; weeks start on Monday. */
  z.strictObject({
    type: z.literal('calendar'),
    period: z
      .enum(['week', 'month', 'quarter', 'year'])
      .describe('Begins with a full budget; weeks start on Monday.'),
    timeZone: timeZoneSchema
      .default('UTC')
      .describe('IANA time zone in which the period begins.'),
  }),
]);

export const sloMethodSchema = z.discriminatedUnion('type', [
  /** The share of good requests. */
  z.strictObject({ type: z.literal('requests') }),
  /** The share of good time slices. */
  z.strictObject({
    type: z.literal('timeSlices'),
    length: z
      .enum(['15m', '30m', '1h'])
      .default('15m')
      .describe('Length of a time slice.'),

    judge: z
      .enum(['together', 'anyCluster'])
      .default('together')
      .describe(
        '`together`: the requests of all clusters are judged as one. `anyCluster`: a slice is bad when it is bad in any cluster, for any of the services.',
      ),

    noTraffic: z
      .enum(['good', 'ignored'])
      .default('good')
      .describe(
        'What a slice without a single request is; a throughput floor is missed in it.',
      ),
  }),
]);

export const serviceLevelObjectiveSpecSchema = z.strictObject({
  services: z
    .array(
      z
        .string()
        .regex(
          SERVICE_LABEL,
          'is no service: write its name before the domain, a-z, 0-9 and -, starting with a letter',
        ),
    )
    .min(1, 'names no service: name at least one')
    .max(100)
    .describe(
      'Global services of this global namespace, by host label; judged together.',
    ),

  purpose: z
    .enum(['monitored', 'actionable'])
    .default('monitored')
    .describe(
      '`actionable`: an autoscaler does not scale the service down while it burns.',
    ),

  view: z
    .enum(['client', 'server'])
    .default('client')
    .describe(
      "Whose proxies count: the callers' (they see what the network loses), or the service's own.",
    ),
  errors: z
    .strictObject({
      clientErrors: z
        .enum(['good', 'bad'])
        .default('good')
        .describe('HTTP 4xx.'),

      cancelled: z
        .enum(['excluded', 'good', 'bad'])
        .default('excluded')
        .describe('The caller went away before the answer.'),

      grpcStatuses: z
        .array(
          z
            .number()
            .int()
            .min(1, 'is no failure: write statuses from 1 to 16')
            .max(16, 'is no status of gRPC: write statuses from 1 to 16'),
        )
        .max(16)
        .optional()
        .describe(
          'gRPC statuses that are failures, in place of UNKNOWN (2), DEADLINE_EXCEEDED (4), INTERNAL (13), UNAVAILABLE (14) and DATA_LOSS (15).',
        ),
    })
    .default({ clientErrors: 'good', cancelled: 'excluded' }),
  method: sloMethodSchema.default({ type: 'requests' }),
  window: sloWindowSchema.default({ type: 'rolling', days: 28 }),
  objectives: z.array(objectiveSchema).min(1).max(10),

  combine: z
    .enum(['worst', 'weighted', 'all'])
    .default('worst')
    .describe(
      '`worst`: the objective that used most of its budget speaks for all. `weighted`: used budgets are averaged by weight. `all`: a time slice is good when it is good for every objective.',
    ),
  alerts: z
    .strictObject({
      page: z
        .boolean()
        .default(true)
        .describe('Fast burn: somebody should look now.'),

      ticket: z
        .boolean()
        .default(true)
        .describe('Slow burn: somebody should look this week.'),

      minBadRequests: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .default(3)
        .describe('No alert below so many bad requests in the long window.'),
    })
    .default({ page: true, ticket: true, minBadRequests: 3 }),
});

export type ServiceLevelObjectiveSpec = z.infer<
  typeof serviceLevelObjectiveSpecSchema
>;
export type ServiceLevelObjective = Definition<
  'ServiceLevelObjective',
  ServiceLevelObjectiveSpec
> & { metadata: { gns: string } };
export type SloObjective = ServiceLevelObjectiveSpec['objectives'][number];
export type SloIndicator = SloObjective['indicator'];
export type SloWindow = ServiceLevelObjectiveSpec['window'];
export type SloMethod = ServiceLevelObjectiveSpec['method'];

export const serviceLevelObjectiveKind: KindDescriptor<
  'ServiceLevelObjective',
  ServiceLevelObjectiveSpec
> = {
  kind: 'ServiceLevelObjective',
  scope: 'gns',
  summary:
    'A promise about the requests of global services over a window of time, with the budget of what may fail.',
  schema: z.strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('ServiceLevelObjective'),
    metadata: gnsMetadataSchema,
    spec: serviceLevelObjectiveSpecSchema,
  }),
  check: checkObjective,
};
