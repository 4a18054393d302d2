import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What one replica serves now, for the one that reports. */
export const replicaRecordSchema = z.strictObject({
  version: z.literal(1),
  /** Name of its pod. */
  holder: z.string().max(300),
  /** It takes calls. */
  listening: z.boolean(),
  /** By global namespace: the settings that it applies. */
  serves: z.record(
    z.string(),
    z.strictObject({
      /** See digestOfSettings. */
      digest: z.string().max(64),
      bundleEpoch: z.number().int().positive(),
      /** Key id of the issuer that it signs with. */
      issuer: z.string().max(40).optional(),
    }),
  ),
});
export type ReplicaRecord = z.infer<typeof replicaRecordSchema>;

export function replicaSecretName(holder: string): string {
  const hash = createHash('sha256').update(holder).digest('hex').slice(0, 16);
  return `isthmus-replica-${hash}`;
}
