import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  formatRef,
  type Conflict,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';
import { changedPaths } from '../definitions/changedPaths';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import type { Precondition } from '../definitions/DefinitionStore';
import { PreconditionFailedError, RolloutUnderWayError } from './errors';
import type { RolloutAnswers } from './RolloutAnswers';
import { toStored } from './sendDefinition';

/**
 * What whoever lost a race has to see: what stands now, who wrote it and why,
 * and what changed against what they had read. For callers who may read it.
 */
async function describeConflict(
  store: DatabaseDefinitionStore,
  ref: DefinitionRef,
  precondition: Precondition,
): Promise<Conflict> {
  const expected =
    precondition.type === 'generation' ? precondition.generation : null;
  const current = await store.get(ref);
  const { then, writes } = await store.since(ref, expected ?? 0);
  return {
    type: 'generation',
    ref: formatRef(ref),
    expected,
    current: current ? toStored(current) : null,
    writes,
    changes: changedPaths(then, current?.definition),
  };
}

/**
 * Runs a write of somebody who may read the definition: when it loses, the
 * error says against what.
 */
export async function withConflict<T>(
  context: {
    store: DatabaseDefinitionStore;
    /** Absent: nobody rolls anything out. */
    answers?: Pick<RolloutAnswers, 'byId'>;
    credentials: BackstageCredentials;
  },
  ref: DefinitionRef,
  precondition: Precondition,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof PreconditionFailedError) {
      throw new PreconditionFailedError(
        error.message,
        await describeConflict(context.store, ref, precondition),
      );
    }
    if (error instanceof RolloutUnderWayError && context.answers) {
      const { credentials, answers } = context;
      const rollout = await answers.byId(credentials, error.rollout);
      throw error.with({ type: 'rollout', rollout });
    }
    throw error;
  }
}
