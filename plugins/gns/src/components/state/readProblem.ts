import { ResponseError } from '@backstage/errors';

/** Why a page has nothing to show, as far as a person can act on it. */
export type ReadProblem = 'denied' | 'missing' | 'mismatch' | 'failed';

/** Sorts an error of the REST client by what a person can do about it. */
export function readProblem(error: Error): ReadProblem {
  if (error instanceof ResponseError) {
    if (error.statusCode === 401 || error.statusCode === 403) return 'denied';
    if (error.statusCode === 404) return 'missing';
    return 'failed';
  }
  if (error.name === 'NotAllowedError') return 'denied';
  if (error.name === 'NotFoundError') return 'missing';
  // The answer did not fit the schema of the REST contract.
  if (error.name === 'ZodError' || error.name === '$ZodError')
    return 'mismatch';
  return 'failed';
}
