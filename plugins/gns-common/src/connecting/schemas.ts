import { z } from 'zod';

/** Connecting a cluster: what is there, how far it is, and why it is stuck. */

export const checkNameSchema = z.enum([
  'istioVersion',
  'injection',
  'eastWestGateway',
  'gatewayReachable',
  'rootOfTrust',
  'prometheus',
  'permissions',
  'networkRegion',
  'clock',
]);
export type CheckName = z.infer<typeof checkNameSchema>;

export const checkSchema = z.strictObject({
  check: checkNameSchema,
  /** `waiting`: it cannot be looked at before an earlier step. */
  state: z.enum(['ok', 'warning', 'failed', 'unknown', 'waiting']),
  /** Stable word for whoever translates, for example `noGateway`. */
  reason: z.string(),
  /** What was found, one sentence. */
  evidence: z.string(),
  /** What to do; empty when ok. */
  remedy: z.string(),
  checkedAt: z.iso.datetime().optional(),
});
export type Check = z.infer<typeof checkSchema>;

export const stageNameSchema = z.enum([
  'registered',
  'tokenShown',
  'enrolled',
  'inventory',
  'checks',
  'applied',
  'reachable',
  'ready',
]);
export type StageName = z.infer<typeof stageNameSchema>;

export const stuckReasonSchema = z.enum([
  /** The join token ran out before a controller used it. */
  'tokenExpiredUnused',
  /** A controller enrolled and was never heard of again. */
  'enrolledNeverReported',
  /** It reported, and stopped. */
  'silent',
  /** Its requests are refused: wrong key, or a clock that is off. */
  'refused',
  'clockOff',
  /** It may not read what it has to report. */
  'cannotRead',
  /** It may not write what it is told. */
  'cannotApply',
  /** A check failed that has to be mended first. */
  'checkFailed',
  /** No other cluster reaches its gateway. */
  'unreachable',
  'paused',
  'tokenWaiting',
]);
export type StuckReason = z.infer<typeof stuckReasonSchema>;

/** `GET clusters/{name}/connection` */
export const connectionSchema = z.strictObject({
  cluster: z.string(),
  ready: z.boolean(),
  stages: z.array(
    z.strictObject({
      stage: stageNameSchema,
      /** `active`: the first that is not done. `waiting`: it comes later. */
      state: z.enum(['done', 'active', 'stuck', 'waiting']),
      /** When it was done. */
      at: z.iso.datetime().optional(),
      text: z.string(),
    }),
  ),
  /** Why it does not go on; absent while it does, or is ready. */
  stuck: z
    .strictObject({
      reason: stuckReasonSchema,
      since: z.iso.datetime(),
      text: z.string(),
      remedy: z.string(),
    })
    .optional(),
  checks: z.array(checkSchema),
  tokenExpiresAt: z.iso.datetime().optional(),
});
export type Connection = z.infer<typeof connectionSchema>;
