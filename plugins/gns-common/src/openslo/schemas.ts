import { z } from 'zod';

/**
 * The part of OpenSLO v1 that an objective can be made of. Unknown fields pass:
 * what is not understood is reported as a loss, not refused.
 */
export const OPENSLO_VERSION = 'openslo/v1';

const text = z.string().max(10_000);
const labels = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export const openSloMetadataSchema = z.looseObject({
  name: z.string().max(253),
  displayName: text.optional(),
  labels: labels.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const metricSchema = z.looseObject({
  metricSource: z.looseObject({
    metricSourceRef: text.optional(),
    type: text.optional(),
    spec: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type OpenSloMetric = z.infer<typeof metricSchema>;

const sliSpecSchema = z.looseObject({
  description: text.optional(),
  thresholdMetric: metricSchema.optional(),
  ratioMetric: z
    .looseObject({
      counter: z.boolean().optional(),
      good: metricSchema.optional(),
      bad: metricSchema.optional(),
      total: metricSchema.optional(),
      raw: metricSchema.optional(),
      rawType: z.string().optional(),
    })
    .optional(),
});
export type OpenSloIndicator = z.infer<typeof sliSpecSchema>;

export const openSloSliSchema = z.looseObject({
  apiVersion: z.literal(OPENSLO_VERSION),
  kind: z.literal('SLI'),
  metadata: openSloMetadataSchema,
  spec: sliSpecSchema,
});

const inlineSli = z.looseObject({
  metadata: z.looseObject({ name: z.string().max(253) }).optional(),
  spec: sliSpecSchema,
});

export const openSloObjectiveSchema = z.looseObject({
  displayName: text.optional(),
  op: z.enum(['lte', 'gte', 'lt', 'gt']).optional(),
  value: z.number().optional(),
  target: z.number().optional(),
  targetPercent: z.number().optional(),
  timeSliceTarget: z.number().optional(),
  timeSliceWindow: z.string().max(20).optional(),
  indicator: inlineSli.optional(),
  indicatorRef: z.string().max(253).optional(),
  compositeWeight: z.number().optional(),
});
export type OpenSloObjective = z.infer<typeof openSloObjectiveSchema>;

export const openSloTimeWindowSchema = z.looseObject({
  duration: z.string().max(20),
  isRolling: z.boolean().optional(),
  calendar: z
    .looseObject({ startTime: z.string(), timeZone: z.string() })
    .optional(),
});
export type OpenSloTimeWindow = z.infer<typeof openSloTimeWindowSchema>;

export const openSloSchema = z.looseObject({
  apiVersion: z.literal(OPENSLO_VERSION),
  kind: z.literal('SLO'),
  metadata: openSloMetadataSchema,
  spec: z.looseObject({
    description: text.optional(),
    service: text.optional(),
    indicator: inlineSli.optional(),
    indicatorRef: z.string().max(253).optional(),
    timeWindow: z.array(openSloTimeWindowSchema).min(1).max(10),
    budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices']),
    objectives: z.array(openSloObjectiveSchema).min(1).max(10),
    alertPolicies: z.array(z.unknown()).optional(),
  }),
});
export type OpenSlo = z.infer<typeof openSloSchema>;
