import {
  conditionKey,
  type Condition,
  type StopReason,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';
import { percent } from '../consequences/statementText';
import {
  turnedClusters,
  type RolloutRecord,
  type RolloutSituation,
  type RolloutStep,
  type WaveRecord,
} from './types';

/** Who is named for what followed from the strategy. */
export const HUB = 'hub';

/**
 * The next step of a rollout, from what is known now; undefined: none yet. One
 * step at a time: whoever carries it out asks again. Pure, so that any replica
 * decides the same on the same facts.
 */
export function decideStep(
  rollout: RolloutRecord,
  situation: RolloutSituation,
): RolloutStep | undefined {
  switch (rollout.state) {
    case 'running':
      return stopStep(rollout, situation) ?? forwardStep(rollout, situation);
    case 'goingBack':
      return backStep(rollout, situation);
    default:
      return undefined;
  }
}

/** When it has to be looked at again though nothing happens; milliseconds. */
export function nextLook(rollout: RolloutRecord): number | undefined {
  if (rollout.state !== 'running') return undefined;
  const wave = rollout.waves[rollout.wave];
  if (wave.state === 'soaking' && wave.soakUntil) {
    return Date.parse(wave.soakUntil);
  }
  return wave.watchedFrom === undefined
    ? undefined
    : Date.parse(wave.watchedFrom) + rollout.stopOn.applyTimeoutSeconds * 1000;
}

const SEVERITIES: readonly Condition['severity'][] = [
  'info',
  'warning',
  'error',
];

/** Conditions that stop it: severe enough, new, and where its turn has come. */
export function stoppingConditions(
  rollout: RolloutRecord,
  conditions: readonly Condition[],
): Condition[] {
  const { conditions: least } = rollout.stopOn;
  if (least === 'none') return [];
  const known = new Set(rollout.known);
  const turned = new Set(
    rollout.waves
      .filter(w => w.state !== 'waiting')
      .flatMap(w => w.clusters.map(c => c.name)),
  );
  return conditions.filter(
    c =>
      c.status !== 'True' &&
      c.gns === rollout.gns &&
      SEVERITIES.indexOf(c.severity) >= SEVERITIES.indexOf(least) &&
      (c.cluster === undefined || turned.has(c.cluster)) &&
      !known.has(conditionKey(c)),
  );
}

function stopStep(
  rollout: RolloutRecord,
  situation: RolloutSituation,
): RolloutStep | undefined {
  const stop = (reason: StopReason): RolloutStep => ({
    next: {
      ...rollout,
      state: 'stopped',
      stop: { at: new Date(situation.now).toISOString(), reason },
    },
    event: {
      actor: HUB,
      kind: 'stopped',
      wave: rollout.wave,
      message: stopText(reason),
    },
  });
  if (situation.broken !== undefined) {
    return stop({ kind: 'compositionFailed', message: situation.broken });
  }
  const conditions = stoppingConditions(rollout, situation.conditions);
  if (conditions.length > 0) {
    return stop({ kind: 'conditions', conditions: conditions.slice(0, 20) });
  }
  const { errors } = situation;
  const { errorShare: limit, minimumCalls } = rollout.stopOn;
  if (
    limit !== undefined &&
    errors.state === 'known' &&
    errors.calls >= minimumCalls &&
    errors.errors > limit * errors.calls
  ) {
    return stop({
      kind: 'errors',
      calls: errors.calls,
      errors: errors.errors,
      limit,
    });
  }
  const wave = rollout.waves[rollout.wave];
  const late = unapplied(wave, situation);
  const deadline =
    Date.parse(wave.watchedFrom ?? '') +
    rollout.stopOn.applyTimeoutSeconds * 1000;
  if (
    wave.state === 'applying' &&
    late.length > 0 &&
    situation.now >= deadline
  ) {
    return stop({
      kind: 'notApplied',
      clusters: late,
      seconds: rollout.stopOn.applyTimeoutSeconds,
    });
  }
  return undefined;
}

/** Names of the clusters that have not applied their part. */
function unapplied(wave: WaveRecord, { progress }: RolloutSituation): string[] {
  return wave.clusters
    .filter(({ id }) => (progress.get(id) ?? 'applied') !== 'applied')
    .map(c => c.name);
}

function forwardStep(
  rollout: RolloutRecord,
  situation: RolloutSituation,
): RolloutStep | undefined {
  const { wave: index, waves } = rollout;
  const wave = waves[index];
  const at = new Date(situation.now).toISOString();
  if (wave.state === 'applying') {
    if (unapplied(wave, situation).length > 0) return undefined;
    const soakUntil = new Date(
      situation.now + wave.soakSeconds * 1000,
    ).toISOString();
    return {
      next: {
        ...rollout,
        waves: waves.with(index, {
          ...wave,
          state: 'soaking',
          appliedAt: at,
          soakUntil,
        }),
      },
      event: {
        actor: HUB,
        kind: 'waveApplied',
        wave: index,
        message: `Wave ${index + 1} is applied in ${listNames(
          wave.clusters.map(c => c.name),
        )}.`,
      },
    };
  }
  if (Date.parse(wave.soakUntil ?? at) > situation.now) return undefined;
  return leaveWave(rollout, HUB, situation.now);
}

/** Ends the wave under way, and begins the next one or ends the rollout. */
export function leaveWave(
  rollout: RolloutRecord,
  actor: string,
  now: number,
): RolloutStep {
  const { wave: index, waves } = rollout;
  const at = new Date(now).toISOString();
  const left = waves.with(index, { ...waves[index], state: 'done' });
  const following = waves[index + 1];
  if (!following) {
    return {
      next: {
        ...rollout,
        state: 'done',
        waves: left,
        stop: undefined,
        endedAt: at,
      },
      event: { actor, kind: 'done', message: 'It holds everywhere.' },
    };
  }
  return {
    next: {
      ...rollout,
      state: 'running',
      stop: undefined,
      wave: index + 1,
      waves: left.with(index + 1, beginWave(following, at)),
    },
    event: {
      actor,
      kind: 'waveStarted',
      wave: index + 1,
      message: `Wave ${index + 2} begins in ${listNames(
        following.clusters.map(c => c.name),
      )}.`,
    },
  };
}

export function beginWave(wave: WaveRecord, at: string): WaveRecord {
  return { ...wave, state: 'applying', startedAt: at, watchedFrom: at };
}

function backStep(
  rollout: RolloutRecord,
  { progress, generation, now }: RolloutSituation,
): RolloutStep | undefined {
  const overtaken = generation !== rollout.backGeneration;
  const waiting = [...turnedClusters(rollout)].filter(
    id => (progress.get(id) ?? 'applied') !== 'applied',
  );
  if (!overtaken && waiting.length > 0) return undefined;
  return {
    next: {
      ...rollout,
      state: 'wentBack',
      stop: undefined,
      endedAt: new Date(now).toISOString(),
    },
    event: {
      actor: HUB,
      kind: 'wentBack',
      message: overtaken
        ? 'The definition was written again meanwhile.'
        : 'What was before holds everywhere again.',
    },
  };
}

/** Why it stopped, one sentence. */
export function stopText(reason: StopReason): string {
  switch (reason.kind) {
    case 'conditions': {
      const [first, ...more] = reason.conditions;
      return `A new condition: ${first.message}${
        more.length > 0 ? ` (and ${more.length} more)` : ''
      }`;
    }
    case 'errors':
      return `${percent(reason.errors / reason.calls)} of ${Math.round(
        reason.calls,
      )} calls to the services concerned failed; the limit is ${percent(
        reason.limit,
      )}.`;
    case 'notApplied':
      return `${listNames(reason.clusters)} did not apply it within ${
        reason.seconds
      } seconds.`;
    default:
      return `The hub could not compose the global namespace: ${reason.message}`;
  }
}
