import { InputError, ResponseError } from '@backstage/errors';
import { problemsOfError, type Problem } from '@isthmus/plugin-gns-common';

/** One line a problem: where, what, what to do. */
export function showProblem(problem: Problem): string {
  const where = [problem.definition, problem.path].filter(Boolean).join(' ');
  return `${where ? `${where}: ` : ''}${problem.message} ${problem.remedy}`;
}

/**
 * Runs a call of the hub; a refusal that carries problems becomes an error that
 * says all of them, since a template's log is all that its user sees.
 */
export async function explained<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const problems = problemsOfError(error);
    if (problems.length === 0) throw error;
    throw new InputError(
      `The hub refused:\n${problems
        .map(p => `- ${showProblem(p)}`)
        .join('\n')}`,
    );
  }
}

/** The HTTP status of a refusal; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ResponseError ? error.statusCode : undefined;
}
