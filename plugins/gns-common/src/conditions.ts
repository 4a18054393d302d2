import { z } from 'zod';

/**
 * A condition in the shape of Kubernetes: one named statement about one
 * subject, true, false or unknown, with the reason as a word and the message
 * as a sentence that names the remedy.
 */
export const conditionSchema = z.strictObject({
  /** What is stated, PascalCase, for example `Applied`, `SharedRoot`. */
  type: z.string().min(1).max(80),
  /** `True` is good for every type that we define. */
  status: z.enum(['True', 'False', 'Unknown']),
  /** How much it hurts while not `True`. */
  severity: z.enum(['error', 'warning', 'info']),
  /** Why, as one PascalCase word. */
  reason: z.string().min(1).max(80),
  /** Why, as a sentence for people, with the remedy. */
  message: z.string().max(4000),
  /** RFC 3339 time of the last change of `status`. */
  lastTransitionTime: z.iso.datetime().optional(),
  /** The generation of the definition that was looked at. */
  observedGeneration: z.number().int().nonnegative().optional(),
  /** Where it holds; absent parts mean "all of them". */
  gns: z.string().max(253).optional(),
  cluster: z.string().max(253).optional(),
  namespace: z.string().max(253).optional(),
  service: z.string().max(253).optional(),
  /** Key of the object concerned, see `objectKey`. */
  object: z.string().max(1000).optional(),
});

export type Condition = z.infer<typeof conditionSchema>;

/** The identity of a condition: two with the same key are the same statement. */
export function conditionKey(c: Condition): string {
  return JSON.stringify([
    c.type,
    c.gns ?? '',
    c.cluster ?? '',
    c.namespace ?? '',
    c.service ?? '',
    c.object ?? '',
  ]);
}
