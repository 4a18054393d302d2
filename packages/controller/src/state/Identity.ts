import { z } from 'zod';
import { publicKeySchema } from '@isthmus/plugin-gns-common';
import { signingKeySchema } from '../hub/keys';

/** Who this cluster is at its hub. Kept in a Secret; the private key never leaves it. */
export const identitySchema = z.object({
  version: z.literal(1),
  clusterId: z.string(),
  clusterName: z.string(),
  hubId: z.string(),
  /** The key that signs desired states: pinned. */
  hubKey: publicKeySchema,
  key: signingKeySchema,
  keyMadeAt: z.number(),
  /** A key that the hub was asked to take, while its answer is not known. */
  nextKey: signingKeySchema.optional(),
  /** All numbers up to this one may have been used. */
  sequenceReserved: z.number().int().nonnegative(),
  /** SHA-256 of the join token that made this identity: it works only once. */
  tokenHash: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;
