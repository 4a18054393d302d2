import { z } from 'zod';
import { conditionSchema } from '../conditions';
import { DNS_LABEL } from '../dns';
import { lineSchema } from '../kinds/metadata';

/** How a change reaches the clusters, and what makes it stop. */

const MAX_SOAK_SECONDS = 7 * 24 * 3600;

const clusterName = z
  .string()
  .regex(DNS_LABEL, 'is no cluster name: use a-z, 0-9 and -, at most 63');

export const waveRequestSchema = z.strictObject({
  clusters: z
    .array(clusterName)
    .min(1, 'names no cluster: name at least one, or remove the wave')
    .max(1000),
  /** How long to watch after all of it is applied, before the next wave begins. */
  soakSeconds: z.number().int().min(0).max(MAX_SOAK_SECONDS).default(0),
});

export const rolloutStopSchema = z.strictObject({
  /**
   * Least severity of a condition that stops it: of this global namespace, in a
   * cluster whose turn has come, and not there before nor announced by the plan.
   */
  conditions: z.enum(['error', 'warning', 'none']).default('error'),
  /** Stop when more than this share of the calls to the services concerned fails, 0 to 1. Absent: errors do not stop it. */
  errorShare: z.number().gt(0).lte(1).optional(),
  /** Fewer calls since the wave began say nothing. */
  minimumCalls: z.number().int().min(1).max(1_000_000).default(100),
  /** A cluster that has not applied its part after this stops it, so that someone looks. */
  applyTimeoutSeconds: z.number().int().min(10).max(86_400).default(600),
});
export type RolloutStop = z.infer<typeof rolloutStopSchema>;

const STOP_DEFAULTS: RolloutStop = {
  conditions: 'error',
  minimumCalls: 100,
  applyTimeoutSeconds: 600,
};

export const rolloutStrategySchema = z.strictObject({
  /** In this order. Empty: all at once. Clusters that no wave names come last. */
  waves: z.array(waveRequestSchema).max(50).default([]),
  stopOn: rolloutStopSchema.default(STOP_DEFAULTS),
});
export type RolloutStrategy = z.infer<typeof rolloutStrategySchema>;

export const createRolloutRequestSchema = z.strictObject({
  /** The definition to write; exactly one of `definition` and `deletion`. */
  definition: z.unknown().optional(),
  /** Reference of the definition to delete, `GlobalNamespace:shop`. */
  deletion: z.string().max(200).optional(),
  /** The generation that was read; null: there must be none yet. */
  expect: z.number().int().positive().nullable(),
  strategy: rolloutStrategySchema.default({ waves: [], stopOn: STOP_DEFAULTS }),
  /** Hash of the confirmed plan. */
  plan: z.string().max(128).optional(),
  /** Why, for the history. */
  message: lineSchema(500).default(''),
});

/**
 * `running`: waves follow each other. `paused`: a person holds it. `stopped`:
 * something went wrong, a person decides. `goingBack`: the former definition
 * is applied again. `done`, `wentBack`: over.
 */
export const rolloutStateSchema = z.enum([
  'running',
  'paused',
  'stopped',
  'goingBack',
  'done',
  'wentBack',
]);
export type RolloutState = z.infer<typeof rolloutStateSchema>;

/** The errors of the services concerned since a wave began. */
export const errorReadingSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('unknown'),
    /** Why nobody knows, one sentence. Unknown never stops a rollout, and is not taken for good. */
    reason: z.string(),
  }),
  z.strictObject({
    state: z.literal('known'),
    calls: z.number().nonnegative(),
    errors: z.number().nonnegative(),
    dataAt: z.iso.datetime(),
  }),
]);
export type ErrorReading = z.infer<typeof errorReadingSchema>;

/** Where one cluster stands. */
export const rolloutClusterSchema = z.strictObject({
  cluster: z.string(),
  /** Index into `waves`. */
  wave: z.number().int(),
  /** The definition that is in force there. */
  definition: z.enum(['former', 'target']),
  /**
   * `waiting`: its turn has not come. `sending`: told, not applied yet.
   * `troubled`: objects failed. `silent`: it does not report. `paused`: nothing
   * of it changes. `held`: deletions wait for a decision. `applied`: all of it.
   */
  state: z.enum([
    'waiting',
    'sending',
    'troubled',
    'silent',
    'paused',
    'held',
    'applied',
  ]),
  /** Objects of this global namespace that it shall have, that are not applied yet, and that failed. */
  objects: z.number(),
  pending: z.number(),
  failed: z.number(),
});
export type RolloutCluster = z.infer<typeof rolloutClusterSchema>;

export const rolloutWaveSchema = z.strictObject({
  clusters: z.array(z.string()),
  soakSeconds: z.number(),
  state: z.enum(['waiting', 'applying', 'soaking', 'done']),
  startedAt: z.iso.datetime().optional(),
  appliedAt: z.iso.datetime().optional(),
  soakUntil: z.iso.datetime().optional(),
  /** Of the wave under way; absent before it begins. */
  errors: errorReadingSchema.optional(),
});
export type RolloutWave = z.infer<typeof rolloutWaveSchema>;

/** Why it stopped. */
export const stopReasonSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('conditions'),
    conditions: z.array(conditionSchema),
  }),
  z.strictObject({
    kind: z.literal('errors'),
    calls: z.number(),
    errors: z.number(),
    limit: z.number(),
  }),
  z.strictObject({
    kind: z.literal('notApplied'),
    clusters: z.array(z.string()),
    seconds: z.number(),
  }),
  z.strictObject({
    kind: z.literal('compositionFailed'),
    message: z.string(),
  }),
]);
export type StopReason = z.infer<typeof stopReasonSchema>;

/** One line of its journal. */
export const rolloutEventSchema = z.strictObject({
  at: z.iso.datetime(),
  /** Who did it; `hub`: it followed from the strategy. */
  actor: z.string(),
  kind: z.enum([
    'created',
    'waveStarted',
    'waveApplied',
    'stopped',
    'paused',
    'resumed',
    'advanced',
    'goingBack',
    'done',
    'wentBack',
  ]),
  wave: z.number().int().optional(),
  message: z.string(),
});
export type RolloutEvent = z.infer<typeof rolloutEventSchema>;

export const rolloutSchema = z.strictObject({
  id: z.string(),
  gns: z.string(),
  /** The definition that changes, `GlobalNamespace:shop`. */
  ref: z.string(),
  change: z.enum(['create', 'update', 'delete']),
  state: rolloutStateSchema,
  /** Grows with every step; send it with a decision, so that it meets what you saw. */
  version: z.number().int().positive(),
  message: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Generations of the definition; null: none. */
  formerGeneration: z.number().nullable(),
  targetGeneration: z.number(),
  stopOn: rolloutStopSchema,
  /** Index of the wave under way. */
  wave: z.number().int(),
  waves: z.array(rolloutWaveSchema),
  clusters: z.array(rolloutClusterSchema),
  /** While stopped. */
  stop: z
    .strictObject({
      at: z.iso.datetime(),
      reason: stopReasonSchema,
      text: z.string(),
    })
    .optional(),
  /** Oldest first. */
  events: z.array(rolloutEventSchema),
  /** Which decisions it takes now, and whether you may make them. */
  actions: z.strictObject({
    pause: z.boolean(),
    resume: z.boolean(),
    advance: z.boolean(),
    back: z.boolean(),
  }),
  /** Where it stands, one sentence. */
  text: z.string(),
});
export type Rollout = z.infer<typeof rolloutSchema>;

export const rolloutListSchema = z.strictObject({
  /** Newest first, at most 100. */
  items: z.array(rolloutSchema),
});

/** `POST rollouts/{id}/pause|resume|advance|back`. */
export const rolloutDecisionSchema = z.strictObject({
  /** The version that you saw: stale gives 409. Pause and back go without, because they are always the careful way. */
  version: z.number().int().positive().optional(),
  reason: lineSchema(500).default(''),
});
export type RolloutAction = 'pause' | 'resume' | 'advance' | 'back';
