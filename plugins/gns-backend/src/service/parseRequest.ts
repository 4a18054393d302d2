import { InputError } from '@backstage/errors';
import { showPath, showValue } from '@isthmus/plugin-gns-common';
import type { z } from 'zod';

/**
 * Reads one part of a request. `where` says which: `query`, `body`.
 * @throws InputError with a line per problem: path, value, what is allowed
 */
export function parseRequest<T extends z.ZodType>(
  schema: T,
  value: unknown,
  where: string,
): z.infer<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues
      .map(issue => {
        const path = showPath([where, ...issue.path]);
        const found =
          issue.input === undefined ? '' : ` Found ${showValue(issue.input)}.`;
        return `${path}: ${issue.message}.${found} Correct the value; GET /openapi.json says what is allowed.`;
      })
      .join('\n'),
  );
}
