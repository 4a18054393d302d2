import { z } from 'zod';
import { problemSchema } from '../problems';

/** `POST matches`: what the members of a draft choose, light enough for each keystroke. */
export const matchesRequestSchema = z.strictObject({
  /** Name of the global namespace that is edited: what it has already is its own. */
  gns: z.string().max(63).optional(),
  /** Entries as in `spec.members`. One that cannot be read yet is answered with its problems. */
  members: z.array(z.unknown()).max(200),
});

export const matchedNamespaceSchema = z.strictObject({
  cluster: z.string(),
  namespace: z.string(),
  /**
   * `own`: a member already. `free`: it would join. `taken`: it belongs to
   * another global namespace. `reserved`: it may never be a member.
   */
  state: z.enum(['own', 'free', 'taken', 'reserved']),
  /** Who has it, when taken and you may read that one; null: another one that you may not read. */
  owner: z.string().nullable().optional(),
  /** The first 50 services that would be members. */
  services: z.array(z.string()),
  servicesTotal: z.number(),
  injection: z.enum(['sidecar', 'ambient', 'none']),
  /** It would wait for approval, were it not for the write of the definition. */
  newcomer: z.boolean(),
});
export type MatchedNamespace = z.infer<typeof matchedNamespaceSchema>;

/** What an entry almost chooses. */
export const nearMissSchema = z.strictObject({
  subject: z.enum(['cluster', 'namespace', 'service']),
  /** The name that exists. */
  name: z.string(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /**
   * `spelling`: close to a name that chooses nothing. `otherCluster`: it exists
   * in a cluster that the entry does not choose. `label`: it carries the key
   * with another value.
   */
  why: z.enum(['spelling', 'otherCluster', 'label']),
  /** What the entry says, as in the draft: `shop-wbe`, `team=shop`. */
  written: z.string(),
  text: z.string(),
});
export type NearMiss = z.infer<typeof nearMissSchema>;

export const matchesSchema = z.strictObject({
  /** One per entry, in their order. */
  entries: z.array(
    z.strictObject({
      /** Empty for an entry that can be read. */
      problems: z.array(problemSchema),
      clusters: z.array(z.string()),
      /** At most 500; `namespacesTotal` counts all. */
      namespaces: z.array(matchedNamespaceSchema),
      namespacesTotal: z.number(),
      nearMisses: z.array(nearMissSchema),
      /** "matches 7 namespaces in 3 clusters". */
      text: z.string(),
    }),
  ),
  /** Of all entries together, each namespace once. */
  totals: z.strictObject({
    clusters: z.number(),
    namespaces: z.number(),
    services: z.number(),
    taken: z.number(),
  }),
  /** Clusters of which the list of namespaces is unknown, partial or old: there may be more. */
  uncertain: z.array(
    z.strictObject({
      cluster: z.string(),
      why: z.enum(['neverReported', 'partial', 'silent']),
      dataAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type Matches = z.infer<typeof matchesSchema>;
