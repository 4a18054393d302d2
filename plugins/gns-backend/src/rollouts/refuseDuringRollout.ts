import type { WriteGuard } from '../definitions/DatabaseDefinitionStore';
import { RolloutUnderWayError } from '../service/errors';
import { findOpenRollout } from './RolloutStore';

/** While a rollout of a definition is not over, nobody else writes it: what is in force would be a third one. */
export const refuseDuringRollout: WriteGuard = async (trx, ref, context) => {
  const open = await findOpenRollout(trx, ref);
  if (!open || open.id === context.rollout) return;
  throw new RolloutUnderWayError(
    `A rollout of ${ref} is ${open.state} (by ${open.createdBy}, ${open.id}). Let it end, or let it go back, then write again.`,
    open.id,
  );
};
