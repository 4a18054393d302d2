import { z } from 'zod';
import { problemSchema, type Problem } from '../problems';

const refusalSchema = z.object({
  body: z.object({
    error: z.object({ problems: z.array(z.unknown()).default([]) }),
  }),
});

/**
 * The problems that a refused write came with: of the ResponseError that
 * {@link GnsClient} throws. Empty for every other error.
 */
export function problemsOfError(error: unknown): Problem[] {
  const parsed = refusalSchema.safeParse(error);
  if (!parsed.success) return [];
  return parsed.data.body.error.problems.flatMap(problem => {
    const known = problemSchema.safeParse(problem);
    return known.success ? [known.data] : [];
  });
}
