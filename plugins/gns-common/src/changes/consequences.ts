import { z } from 'zod';
import { statementSchema, totalsSchema } from './statements';

/** `GET clusters/{name}/consequences?action=`: what an action on a cluster would cost, before it is taken. */
export const clusterActionSchema = z.enum([
  'drain',
  'undrain',
  'pause',
  'resume',
  'disconnect',
]);
export type ClusterAction = z.infer<typeof clusterActionSchema>;

export const consequencesSchema = z.strictObject({
  cluster: z.string(),
  action: clusterActionSchema,
  /** Send it with the action (`Gns-Plan: <hash>`) so that the announced deletions pass. */
  hash: z.string(),
  totals: totalsSchema,
  statements: z.array(statementSchema),
  /** The whole in one sentence. */
  text: z.string(),
});
export type Consequences = z.infer<typeof consequencesSchema>;
