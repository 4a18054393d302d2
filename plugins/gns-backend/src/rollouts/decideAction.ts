import { ConflictError } from '@backstage/errors';
import { conditionKey, type RolloutAction } from '@isthmus/plugin-gns-common';
import { leaveWave } from './decideStep';
import { isOpen, type RolloutRecord, type RolloutStep } from './types';

/** Which decisions a rollout takes now. */
export function actionsOf(
  rollout: Pick<RolloutRecord, 'state'>,
): Record<RolloutAction, boolean> {
  return {
    pause: rollout.state === 'running',
    resume: rollout.state === 'paused' || rollout.state === 'stopped',
    advance: isOpen(rollout),
    back: isOpen(rollout),
  };
}

/**
 * What a person's decision makes of a rollout. To go back, the former
 * definition has to be written in the same transaction: `backGeneration` is
 * what that gave.
 * @throws ConflictError when the rollout does not take it now
 */
export function decideAction(
  rollout: RolloutRecord,
  action: RolloutAction,
  by: {
    actor: string;
    reason: string;
    now: number;
    backGeneration?: number;
    losses?: RolloutRecord['losses'];
  },
): RolloutStep {
  if (!actionsOf(rollout)[action]) {
    throw new ConflictError(
      `The rollout is ${rollout.state}: it cannot ${
        action === 'back' ? 'go back' : action
      } now. Read it again`,
    );
  }
  const at = new Date(by.now).toISOString();
  const { actor, reason } = by;
  switch (action) {
    case 'pause':
      return {
        next: { ...rollout, state: 'paused' },
        event: { actor, kind: 'paused', wave: rollout.wave, message: reason },
      };
    case 'resume':
      return {
        next: {
          ...watchedAnew(rollout, at),
          state: 'running',
          stop: undefined,
          known: acknowledged(rollout),
        },
        event: { actor, kind: 'resumed', wave: rollout.wave, message: reason },
      };
    case 'advance': {
      const step = leaveWave(
        { ...rollout, known: acknowledged(rollout) },
        actor,
        by.now,
      );
      return {
        ...step,
        event: {
          actor,
          kind: 'advanced',
          wave: rollout.wave,
          message: reason || step.event.message,
        },
      };
    }
    default:
      return {
        next: {
          ...rollout,
          state: 'goingBack',
          stop: undefined,
          backGeneration: by.backGeneration,
          losses: [...rollout.losses, ...(by.losses ?? [])],
        },
        event: { actor, kind: 'goingBack', message: reason },
      };
  }
}

/** Whoever lets it go on has seen why it stopped. */
function acknowledged({ known, stop }: RolloutRecord): readonly string[] {
  return stop?.reason.kind === 'conditions'
    ? [...new Set([...known, ...stop.reason.conditions.map(conditionKey)])]
    : known;
}

/** Time to apply, and errors, count from now. */
function watchedAnew(rollout: RolloutRecord, at: string): RolloutRecord {
  const { wave, waves } = rollout;
  return {
    ...rollout,
    waves: waves.with(wave, { ...waves[wave], watchedFrom: at }),
  };
}
