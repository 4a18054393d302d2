import { z } from 'zod';

/** How fresh a cluster's observation is (rule 6). */
export const freshnessSchema = z.enum([
  'ok',
  'stale',
  'timeout',
  'unauthorized',
  'unreachable',
]);
export type Freshness = z.infer<typeof freshnessSchema>;

export const coverageSchema = z.strictObject({
  cluster: z.string(),
  state: freshnessSchema,
  /** When the newest observation was made; absent: never. */
  dataAt: z.iso.datetime().optional(),
  /** The cluster is simulated (demo). */
  simulated: z.boolean().default(false),
});
export type Coverage = z.infer<typeof coverageSchema>;
