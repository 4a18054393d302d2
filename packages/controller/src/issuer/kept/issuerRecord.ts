import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import {
  authoritySettingsSchema,
  heldIssuerSchema,
} from '@isthmus/plugin-gns-common';

/** A P-256 key, PKCS #8 PEM. */
const keySchema = z.string().max(1000);

/** A Secret holds 1 MiB; what unpacks to more than this is not ours. */
const MAX_CONTENT = 16 * 1024 * 1024;

/**
 * All that a replica needs to issue for one global namespace, in one Secret:
 * one write changes it as a whole, so that a crash leaves the older whole.
 */
export const issuerRecordSchema = z.strictObject({
  version: z.literal(1),
  gns: z.string().max(63),
  /** As the hub last desired them. */
  settings: authoritySettingsSchema,
  issuer: heldIssuerSchema.extend({ key: keySchema }).optional(),
  /**
   * A key for which a certificate was asked, or will be: kept before the hub is
   * asked, so that an answer that is lost can be had again with the same key.
   */
  next: z.strictObject({ key: keySchema }).optional(),
  /** Since when the hub wants nothing to be issued for it. */
  endedAt: z.iso.datetime().optional(),
});
export type IssuerRecord = z.infer<typeof issuerRecordSchema>;

/** What all issuers of a cluster share. */
export const issuingRecordSchema = z.strictObject({
  version: z.literal(1),
  /** Trust domain of the cluster's own Istio. */
  meshTrustDomain: z.string().max(253),
  /** Its roots now, PEM, one by one. */
  meshRoots: z.array(z.string().max(16_384)).max(20),
});
export type IssuingRecord = z.infer<typeof issuingRecordSchema>;

/** Roots and certificate with which the controller serves TLS to pilot-agent. */
export const servingRecordSchema = z.strictObject({
  version: z.literal(1),
  /** The newest last: it signs; all of them are given to the pods. */
  roots: z
    .array(
      z.strictObject({
        certificate: z.string().max(4000),
        key: keySchema,
        notBefore: z.iso.datetime(),
        notAfter: z.iso.datetime(),
      }),
    )
    .min(1)
    .max(3),
  /** What is served now: PEM chain and key. */
  serving: z.strictObject({
    certificate: z.string().max(4000),
    key: keySchema,
    notBefore: z.iso.datetime(),
    notAfter: z.iso.datetime(),
  }),
});
export type ServingRecord = z.infer<typeof servingRecordSchema>;

/** Name of the Secret of a global namespace's issuer. */
export function issuerSecretName(gns: string): string {
  return `isthmus-issuer-${gns}`;
}
export const ISSUING_SECRET = 'isthmus-issuing';
export const SERVING_SECRET = 'isthmus-serving';

export function pack(record: unknown): Buffer {
  return gzipSync(JSON.stringify(record));
}

/** Throws for what is not the compressed JSON of such a record. */
export function unpack<T>(schema: z.ZodType<T>, content: Buffer): T {
  const text = gunzipSync(content, { maxOutputLength: MAX_CONTENT });
  return schema.parse(JSON.parse(text.toString('utf8')));
}
