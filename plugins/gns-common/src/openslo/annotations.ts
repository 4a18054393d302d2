import { z } from 'zod';
import { definitionNameSchema, ownerSchema } from '../kinds/metadata';
import { serviceLevelObjectiveSpecSchema } from '../kinds/ServiceLevelObjective';
import { API_DOMAIN } from '../names';

/**
 * What OpenSLO v1 has no field for travels in one annotation, so that our own
 * exports come back whole. What it has a field for is read from that field,
 * which people and tools may have changed since.
 */
export const ANNOTATION_OPENSLO = `${API_DOMAIN}/objective`;

export const residueSchema = z.strictObject({
  gns: definitionNameSchema,
  owner: ownerSchema.optional(),
  purpose: z.enum(['monitored', 'actionable']).optional(),
  combine: z.enum(['worst', 'weighted', 'all']).optional(),
  judge: z.enum(['together', 'anyCluster']).optional(),
  noTraffic: z.enum(['good', 'ignored']).optional(),
  minBadRequests: z.number().optional(),
  /** For objectives whose queries say nothing of failures. */
  errors: serviceLevelObjectiveSpecSchema.shape.errors.optional(),
  /** In the order of the objectives. */
  objectives: z
    .array(
      z.strictObject({
        name: definitionNameSchema,
        title: z.string().optional(),
        betweenEdges: z.enum(['snapDown', 'interpolate']).optional(),
        atLimit: z.enum(['bad', 'good']).optional(),
        weight: z.number().optional(),
      }),
    )
    .max(10),
});
export type Residue = z.infer<typeof residueSchema>;

/** Reads the annotation; undefined: there is none, or it is none of ours. */
export function readResidue(
  annotations: Record<string, string> | undefined,
): Residue | undefined {
  const text = annotations?.[ANNOTATION_OPENSLO];
  if (text === undefined || text.length > 10_000) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Anybody may write annotations: what is not ours is not there.
    return undefined;
  }
  const parsed = residueSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
