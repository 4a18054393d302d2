import { z } from 'zod';
import {
  serviceLevelObjectiveSpecSchema,
  sloWindowSchema,
} from '../kinds/ServiceLevelObjective';
import { lineSchema } from '../kinds/metadata';
import { problemSchema } from '../problems';

/**
 * Answers about objectives. Throughout: null is unknown, 0 is zero. Shares are
 * 0–1, targets percent, lengths seconds, times RFC 3339. A budget that is used
 * to more than 1 is overspent.
 */

/** Worst first: the order of the list. */
export const SLO_STATES = [
  /** Overspent, whatever the unknown part was. */
  'violated',
  /** It burns now faster than the budget allows, or an alert is on. */
  'warning',
  /** The unknown part may decide it either way. */
  'indeterminate',
  /** Nothing is known, or nothing of the last hour. */
  'noData',
  'healthy',
  /** All is known, and there was no traffic. */
  'noTraffic',
] as const;
export const sloStateSchema = z.enum(SLO_STATES);
export type SloState = z.infer<typeof sloStateSchema>;

export const sloSeveritySchema = z.enum(['page', 'ticket']);
export type SloSeverity = z.infer<typeof sloSeveritySchema>;

const share = z.number().min(0).max(1).nullable();
const rangeSchema = z.strictObject({ low: z.number(), high: z.number() });

/** The budget of an objective over its window. */
export const sloBudgetSchema = z.strictObject({
  /** Share of good, of what is known; null: no traffic, or nothing known. */
  sli: share,
  /** Where it lies whatever the unknown part was; null: as `sli`. */
  sliBounds: rangeSchema.nullable(),
  /** Used share of the budget. */
  consumed: z.number().nonnegative().nullable(),
  /** What is left, below zero when overspent. */
  remaining: z.number().nullable(),
  remainingBounds: rangeSchema.nullable(),
  /** The bounds rest on an estimate of unknown traffic. */
  estimated: z.boolean(),
  /** The size of the budget is a forecast: a part of the calendar window is still to come. */
  forecast: z.boolean(),
});
export type SloBudget = z.infer<typeof sloBudgetSchema>;

const burnWindowSchema = z.strictObject({
  windowSeconds: z.number().int().positive(),
  /** 1 uses the budget in exactly one window of the objective. */
  burn: z.number().nonnegative().nullable(),
  coverage: share,
});

/** What burns the budget most in the last hour, worst first. */
const culpritSchema = z.strictObject({
  cluster: z.string(),
  service: z.string(),
  /** Of all that was bad in the last hour. */
  share: z.number().min(0).max(1),
});

/** One row of the list. */
export const sloSummarySchema = z.strictObject({
  gns: z.string(),
  name: z.string(),
  title: z.string().optional(),
  owner: z.string().optional(),
  services: z.array(z.string()),
  purpose: z.enum(['monitored', 'actionable']),
  generation: z.number().int().positive(),
  state: sloStateSchema,
  /** Since when it is in this state, as far as it was watched. */
  stateSince: z.iso.datetime().optional(),
  /** A part of the window is unknown. */
  partial: z.boolean(),
  /** The objective that speaks for all: the one that used most. */
  objective: z.string(),
  target: z.number(),
  window: sloWindowSchema,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  budget: sloBudgetSchema,
  /** Of the last 5 minutes (a time slice), hour, 6 hours and day. */
  burn: z.array(burnWindowSchema),
  /** When the budget is used up if it goes on as in the last hour, at the earliest; null: not in sight. */
  exhaustedAt: z.iso.datetime().nullable(),
  /** Share of the window's requests (or time) that is known. */
  coverage: share,
  /** Clusters that said nothing in the last hour. */
  silentClusters: z.array(z.string()),
  /** What burns now; absent: nothing does. */
  burning: z
    .strictObject({
      objective: z.string(),
      since: z.iso.datetime().optional(),
      culprits: z.array(culpritSchema),
    })
    .optional(),
  alerts: z.array(
    z.strictObject({ severity: sloSeveritySchema, since: z.iso.datetime() }),
  ),
  /** What was left of the budget at up to 30 moments of the window, oldest first. */
  trend: z.array(z.number().nullable()),
  /** Up to where the data was looked at. */
  evaluatedTo: z.iso.datetime(),
});
export type SloSummary = z.infer<typeof sloSummarySchema>;

export const sloListSchema = z.strictObject({
  items: z.array(sloSummarySchema),
  nextCursor: z.string().optional(),
  /** All that match, over all pages. */
  total: z.number().int().nonnegative(),
  /** Of these, by state. */
  states: z.record(sloStateSchema, z.number().int().nonnegative()),
  /** Owners of all objectives that the reader may see, for the filter. */
  owners: z.array(z.string()),
});
export type SloList = z.infer<typeof sloListSchema>;

const ruleReadingSchema = z.strictObject({
  severity: sloSeveritySchema,
  longSeconds: z.number().int().positive(),
  shortSeconds: z.number().int().positive(),
  factor: z.number().positive(),
  longBurn: z.number().nonnegative().nullable(),
  shortBurn: z.number().nonnegative().nullable(),
  state: z.enum(['burning', 'quiet', 'unknown']),
});

/** One objective of a definition, judged. */
export const sloObjectiveStatusSchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  target: z.number(),
  /** What is counted: requests, or seconds of time slices. */
  unit: z.enum(['requests', 'seconds']),
  budget: sloBudgetSchema,
  good: z.number().nonnegative(),
  total: z.number().nonnegative(),
  bad: z.number().nonnegative(),
  allowedBad: z.number().nonnegative().nullable(),
  /** Estimate of what is unknown; null: there is no basis for one. */
  unknown: z.number().nonnegative().nullable(),
  coverage: share,
  burn: z.array(burnWindowSchema),
  /** Where the threshold really is judged. */
  threshold: z
    .strictObject({
      askedMs: z.number(),
      /** Certain up to here; null: there was no traffic to tell. */
      lowMs: z.number().nullable(),
      /** And no more beyond here; null: there is no edge above. */
      highMs: z.number().nullable(),
      exact: z.boolean(),
      interpolated: z.boolean(),
    })
    .optional(),
});
export type SloObjectiveStatus = z.infer<typeof sloObjectiveStatusSchema>;

const series = z.array(z.number().nullable());

/** Columns over the window: element i of each list belongs to `times[i]`. */
export const sloBurnDownSchema = z.strictObject({
  stepSeconds: z.number().int().positive(),
  times: z.array(z.iso.datetime()),
  /** By objective: what was left of the budget. */
  remaining: z.array(z.strictObject({ objective: z.string(), values: series })),
  /** By objective: the burn rate of each step. */
  burn: z.array(z.strictObject({ objective: z.string(), values: series })),
  /** Share of each step that is known. */
  known: series,
});
export type SloBurnDown = z.infer<typeof sloBurnDownSchema>;

export const SLO_SLICE_STATES = [
  'none',
  'ignored',
  'noTraffic',
  'good',
  'unknown',
  'bad',
] as const;
export type SloSliceState = (typeof SLO_SLICE_STATES)[number];

/** The window in slices, for a picture of when it went wrong. */
export const sloHeatMapSchema = z.strictObject({
  from: z.iso.datetime(),
  stepSeconds: z.number().int().positive(),
  objective: z.string(),
  states: z.array(z.enum(SLO_SLICE_STATES)),
  /** Burn rate of each slice; of time slices 0 or null. */
  burn: series,
});
export type SloHeatMap = z.infer<typeof sloHeatMapSchema>;

export const sloLatencySchema = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  edgesMs: z.array(z.number()),
  /** Requests in each bucket, the last above all edges; those that failed apart. */
  ok: z.array(z.number().nonnegative()),
  failed: z.array(z.number().nonnegative()),
});
export type SloLatency = z.infer<typeof sloLatencySchema>;

/** A cell of the promise: one service as one cluster saw it, over the window. */
export const sloPartSchema = z.strictObject({
  objective: z.string(),
  service: z.string(),
  cluster: z.string(),
  total: z.number().nonnegative(),
  bad: z.number().nonnegative(),
  known: share,
  silent: z.boolean(),
});
export type SloPart = z.infer<typeof sloPartSchema>;

export const sloEventSchema = z.strictObject({
  at: z.iso.datetime(),
  kind: z.enum(['definition', 'deploy', 'note', 'alert', 'resolved']),
  title: z.string(),
  actor: z.string().optional(),
  service: z.string().optional(),
  cluster: z.string().optional(),
  severity: sloSeveritySchema.optional(),
  url: z.string().optional(),
  /** Of a definition: the changed paths. */
  paths: z.array(z.string()).optional(),
  /** Of a definition: it changed what is judged, not only words. */
  judgement: z.boolean().optional(),
});
export type SloEvent = z.infer<typeof sloEventSchema>;

/** Everything about one objective. */
export const sloDetailSchema = z.strictObject({
  summary: sloSummarySchema,
  description: z.string().optional(),
  spec: serviceLevelObjectiveSpecSchema,
  objectives: z.array(sloObjectiveStatusSchema),
  rules: z.array(ruleReadingSchema),
  /** The alert windows were derived from a period that is not about 30 days. */
  rulesDerived: z.boolean(),
  /** A rate was lowered, because at such a target it could never be reached. */
  rulesCapped: z.boolean(),
  burnDown: sloBurnDownSchema,
  heatMap: sloHeatMapSchema,
  latency: sloLatencySchema.nullable(),
  parts: z.array(sloPartSchema),
  events: z.array(sloEventSchema),
  /** How far back there is data; later than `from`: the window is not filled yet. */
  dataFrom: z.iso.datetime().nullable(),
});
export type SloDetail = z.infer<typeof sloDetailSchema>;

export const sloPreviewRequestSchema = z.strictObject({
  /** A definition, as it would be written. */
  definition: z.unknown(),
});

/** What a proposed objective would have said of the stored past. */
export const sloPreviewSchema = z.strictObject({
  problems: z.array(problemSchema),
  /** Absent while the definition has errors. */
  detail: sloDetailSchema.optional(),
  /** By objective: what the past reached, to choose a target by. */
  past: z.array(
    z.strictObject({
      objective: z.string(),
      /** Share of good over all that is known of the window. */
      sli: share,
      /** The worst and the median of its days that had traffic. */
      worstDay: share,
      medianDay: share,
      /** The strictest of the usual targets that the past kept; null: none, or no traffic. */
      keptTarget: z.number().nullable(),
    }),
  ),
  /** Alerts that would have come, by quarters of an hour. */
  alerts: z.array(
    z.strictObject({
      severity: sloSeveritySchema,
      from: z.iso.datetime(),
      to: z.iso.datetime(),
    }),
  ),
});
export type SloPreview = z.infer<typeof sloPreviewSchema>;

/** A note on the time axis, for example of a deployment. */
export const sloAnnotationRequestSchema = z.strictObject({
  gns: z.string().max(63),
  /** Host label; absent: all services of the global namespace. */
  service: z.string().max(63).optional(),
  kind: z.enum(['deploy', 'note']).default('deploy'),
  title: lineSchema(200).refine(text => text.trim().length > 0, {
    message: 'is empty: say what happened',
  }),
  url: z
    .url({ protocol: /^https?$/, error: 'is no address: write https://…' })
    .max(1000)
    .optional(),
  /** Now by default. */
  at: z.iso.datetime({ offset: true }).optional(),
});

/** Whether a service may be scaled down, as far as its actionable objective is concerned. */
export const sloActionSchema = z.strictObject({
  gns: z.string(),
  service: z.string(),
  /** Name of the objective. */
  objective: z.string(),
  state: sloStateSchema,
  /** `hold` while it burns, is overspent, or nobody knows. */
  scaleDown: z.enum(['allow', 'hold']),
  reason: z.string(),
  /** Of the last hour. */
  burn: z.number().nullable(),
  evaluatedTo: z.iso.datetime(),
});
export type SloAction = z.infer<typeof sloActionSchema>;
export const sloActionListSchema = z.strictObject({
  items: z.array(sloActionSchema),
});

/** A definition as OpenSLO v1. */
export const openSloExportSchema = z.strictObject({
  documents: z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string() }),
    }),
  ),
  /** The same as one YAML text. */
  yaml: z.string(),
  /** What other tools will not know. */
  losses: z.array(problemSchema),
});

export const openSloImportRequestSchema = z.strictObject({
  /** YAML or JSON: SLOs, and the SLIs that they refer to. */
  text: z.string(),
  /** For SLOs that do not name a global namespace of theirs. */
  gns: z.string().max(63).optional(),
});

/** Definitions to look at and to write; nothing was written. */
export const openSloImportSchema = z.strictObject({
  definitions: z.array(
    z.looseObject({ kind: z.string(), metadata: z.looseObject({}) }),
  ),
  /** Errors stand for SLOs that are left out, warnings for what of them is lost. */
  problems: z.array(problemSchema),
});
