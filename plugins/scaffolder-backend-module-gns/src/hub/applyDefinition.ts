import { ConflictError, InputError } from '@backstage/errors';
import {
  formatRef,
  refOf,
  type Definition,
  type DefinitionRef,
  type Plan,
  type StoredDefinition,
  type WriteResult,
} from '@isthmus/plugin-gns-common';
import type { Hub } from './Hub';
import { explained, showProblem, statusOf } from './refusals';

/** The stored definition; undefined where there is none, or none that one may read. */
export async function findDefinition(
  hub: Hub,
  ref: DefinitionRef,
): Promise<StoredDefinition | undefined> {
  try {
    return await hub.getDefinition(ref);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Plans a change. @throws InputError with every problem that would refuse it */
export async function planned(
  hub: Hub,
  change: Parameters<Hub['plan']>[0],
): Promise<Plan> {
  const plan = await explained(() => hub.plan(change));
  const errors = plan.problems.filter(p => p.severity === 'error');
  if (errors.length > 0) {
    throw new InputError(
      `The hub would refuse this:\n${errors
        .map(p => `- ${showProblem(p)}`)
        .join('\n')}`,
    );
  }
  return plan;
}

/** How often a change that is computed from what is stored is tried again when somebody else was faster. */
const ATTEMPTS = 4;

/**
 * Plans and writes what `change` makes of the stored definition. When somebody
 * changed it between reading and writing, it is read again and `change` asked
 * anew, so that nobody's change is lost.
 *
 * @param change - answers the document to store; undefined: it may stay as it is
 */
export async function changeDefinition(
  hub: Hub,
  ref: DefinitionRef,
  options: {
    change: (stored: StoredDefinition | undefined) => Definition | undefined;
    message: string;
    onPlan?: (plan: Plan) => void;
    /** Plan only. */
    dryRun?: boolean;
  },
): Promise<WriteResult['result']> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await findDefinition(hub, ref);
    const wanted = options.change(stored);
    if (!wanted) return 'unchanged';
    const plan = await planned(hub, { definitions: [wanted] });
    options.onPlan?.(plan);
    if (options.dryRun) return stored ? 'updated' : 'created';
    try {
      const written = await explained(() =>
        hub.putDefinition(wanted, {
          ifMatch: stored?.generation,
          plan: plan.hash,
          message: options.message,
        }),
      );
      return written.result;
    } catch (error) {
      if (statusOf(error) !== 412) throw error;
      if (attempt === ATTEMPTS) {
        throw new ConflictError(
          `${formatRef(
            ref,
          )} was changed by others each time it was to be written (${ATTEMPTS} times). Run the template again.`,
        );
      }
    }
  }
}

/** Writes a document as it is. @see changeDefinition */
export function applyDefinition(
  hub: Hub,
  definition: Definition,
  options: Omit<Parameters<typeof changeDefinition>[2], 'change'>,
): Promise<WriteResult['result']> {
  return changeDefinition(hub, refOf(definition), {
    ...options,
    change: () => definition,
  });
}
