import { z } from 'zod';
import { rolloutSchema } from '../rollouts/schemas';
import { storedDefinitionSchema } from '../rest/schemas';

/**
 * Why a write lost, so that whoever lost it sees the other's change and keeps
 * their own text: field `conflict` of the error of a 409 or 412.
 */
export const conflictSchema = z.discriminatedUnion('type', [
  /** 412: somebody wrote the definition meanwhile. */
  z.strictObject({
    type: z.literal('generation'),
    ref: z.string(),
    /** The generation that the write expected; null: that there is none. */
    expected: z.number().nullable(),
    /** What stands now; null: it was deleted. */
    current: storedDefinitionSchema.nullable(),
    /** Who wrote since, newest first, at most 20. */
    writes: z.array(
      z.strictObject({
        generation: z.number(),
        action: z.enum(['create', 'update', 'delete']),
        actor: z.string(),
        at: z.iso.datetime(),
        message: z.string(),
      }),
    ),
    /** From the expected generation to what stands now. */
    changes: z.array(
      z.strictObject({
        path: z.string(),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
  }),
  /** 409: a rollout of the same global namespace is not over. */
  z.strictObject({ type: z.literal('rollout'), rollout: rolloutSchema }),
  /** 409: the confirmed plan is not of what is to be written, or too old. Plan again. */
  z.strictObject({
    type: z.literal('plan'),
    reason: z.enum(['unknown', 'otherDefinition']),
  }),
]);
export type Conflict = z.infer<typeof conflictSchema>;

const refusalSchema = z.object({
  body: z.object({ error: z.object({ conflict: conflictSchema }) }),
});

/** What a lost write came with: of the ResponseError that `GnsClient` throws. Undefined for every other error. */
export function conflictOfError(error: unknown): Conflict | undefined {
  const parsed = refusalSchema.safeParse(error);
  return parsed.success ? parsed.data.body.error.conflict : undefined;
}
