import type { Knex } from 'knex';
import type { Condition, ErrorReading } from '@isthmus/plugin-gns-common';
import { decideStep, nextLook } from './decideStep';
import { writeReading, writeStep } from './RolloutStore';
import type { ClusterProgress, RolloutRecord } from './types';

/** What a reconciliation found out about rollouts. */
export interface RolloutFindings {
  /** By global namespace, then by cluster id. */
  readonly progress: (gns: string) => ReadonlyMap<string, ClusterProgress>;
  readonly conditions: (gns: string) => readonly Condition[];
  readonly broken: ReadonlyMap<string, unknown>;
  readonly generations: ReadonlyMap<string, number>;
  /** Errors that were read before the transaction, by rollout; absent: unknown. */
  readonly errors: ReadonlyMap<string, ErrorReading>;
  readonly now: number;
}

export interface SteppedRollouts {
  /** Global namespaces whose rollout took a step. */
  readonly stepped: readonly string[];
  /** A wave began or the former definition ends somewhere: reconcile again. */
  readonly again: boolean;
  /** Milliseconds. */
  readonly retryAt: number | undefined;
}

const NOT_READ: ErrorReading = {
  state: 'unknown',
  reason: 'The errors were not read yet.',
};

/**
 * Takes the next step of each rollout, one per run: the run after it acts on
 * what the step changed. Call it in the transaction that holds the hub's lock.
 */
export async function stepRollouts(
  trx: Knex,
  rollouts: readonly RolloutRecord[],
  findings: RolloutFindings,
): Promise<SteppedRollouts> {
  const stepped: string[] = [];
  let retryAt: number | undefined;
  for (const read of rollouts) {
    const errors = findings.errors.get(read.id);
    const rollout = errors ? withReading(read, errors) : read;
    const broken = findings.broken.get(rollout.gns);
    const step = decideStep(rollout, {
      progress: findings.progress(rollout.gns),
      conditions: findings.conditions(rollout.gns),
      errors: errors ?? NOT_READ,
      broken: broken === undefined ? undefined : String(broken).slice(0, 500),
      generation: findings.generations.get(rollout.gns),
      now: findings.now,
    });
    if (step) {
      await writeStep(trx, rollout, step, findings.now);
      stepped.push(rollout.gns);
      continue;
    }
    if (rollout !== read) await writeReading(trx, rollout);
    const look = nextLook(rollout);
    if (look !== undefined) retryAt = Math.min(retryAt ?? Infinity, look);
  }
  return { stepped, again: stepped.length > 0, retryAt };
}

/** The same object while the reading says the same. */
function withReading(
  rollout: RolloutRecord,
  errors: ErrorReading,
): RolloutRecord {
  const { wave: index, waves } = rollout;
  const wave = waves[index];
  if (JSON.stringify(wave.errors) === JSON.stringify(errors)) return rollout;
  return { ...rollout, waves: waves.with(index, { ...wave, errors }) };
}
