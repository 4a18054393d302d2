import { z } from 'zod';
import {
  identityPhaseSchema,
  issueRecordSchema,
} from '@isthmus/plugin-gns-common';

/** Records in one Secret: about 80 KiB compressed. */
export const SEGMENT_RECORDS = 1_000;

/** A certificate that a pod was given, as the journal keeps it. */
export const issuanceSchema = issueRecordSchema.extend({
  phase: identityPhaseSchema,
  /** Of the phase. */
  step: z.number().int().positive(),
});
export type Issuance = z.infer<typeof issuanceSchema>;

/**
 * A piece of one replica's journal. A journal lives as long as its process;
 * its records are numbered without a gap, from 1.
 */
export const segmentSchema = z.strictObject({
  version: z.literal(1),
  journal: z.string().max(100),
  /** Number of the first record. */
  first: z.number().int().positive(),
  records: z.array(issuanceSchema).max(SEGMENT_RECORDS),
});
export type Segment = z.infer<typeof segmentSchema>;

/** How far the hub has the records: by journal, the highest number. */
export const deliveredSchema = z.strictObject({
  version: z.literal(1),
  upTo: z.record(z.string(), z.number().int().nonnegative()),
});
export type Delivered = z.infer<typeof deliveredSchema>;

export const DELIVERED_SECRET = 'isthmus-delivered';

export function segmentName(journal: string, first: number): string {
  return `isthmus-issued-${journal}-${first}`;
}
