import { z } from 'zod';

/** "Why can't A call B?": the chain of links between a caller and a target. */

/** In the order in which a call meets them. */
export const LINKS = [
  'membership',
  'hostName',
  'dnsCapture',
  'endpoints',
  'gateway',
  'trust',
  'mtls',
  'policies',
  'freshness',
] as const;
export const linkNameSchema = z.enum(LINKS);
export type LinkName = z.infer<typeof linkNameSchema>;

/** A workload of a member cluster, or a host of a global namespace. */
export const subjectSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('workload'),
    cluster: z.string(),
    namespace: z.string(),
    /** Absent: any pod of the namespace. */
    workload: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('service'),
    gns: z.string(),
    service: z.string(),
    host: z.string(),
  }),
]);
export type Subject = z.infer<typeof subjectSchema>;

export const evidenceSchema = z.strictObject({
  /** What was looked at, for example `PeerAuthentication shop-web/default`. */
  what: z.string(),
  /** What it said. */
  found: z.string(),
  cluster: z.string().optional(),
  /** When it was seen; absent: it is the hub's own. */
  at: z.iso.datetime().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const linkSchema = z.strictObject({
  link: linkNameSchema,
  state: z.enum(['ok', 'broken', 'unknown']),
  /** Stable word for whoever translates, for example `callerNotMember`. */
  reason: z.string(),
  /** Names and numbers of the sentence. */
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Plain English. */
  text: z.string(),
  /** What to do; empty when ok. */
  remedy: z.string(),
  evidence: z.array(evidenceSchema),
});
export type Link = z.infer<typeof linkSchema>;

/** `GET diagnose?from=&to=` */
export const diagnosisSchema = z.strictObject({
  from: subjectSchema,
  to: subjectSchema,
  port: z.number().nullable(),
  /** One chain per place that the caller runs in, the worst first. */
  chains: z.array(
    z.strictObject({
      caller: z.strictObject({
        cluster: z.string(),
        namespace: z.string(),
        workload: z.string().nullable(),
      }),
      answer: z.enum(['ok', 'broken', 'unknown']),
      /** The first broken link; else the first unknown one; null: all ok. */
      first: linkNameSchema.nullable(),
      links: z.array(linkSchema),
    }),
  ),
  answer: z.enum(['ok', 'broken', 'unknown']),
  /** The answer as a sentence. */
  text: z.string(),
  remedy: z.string(),
  at: z.iso.datetime(),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;
export type DiagnosisChain = Diagnosis['chains'][number];
