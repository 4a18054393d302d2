import type { Knex } from 'knex';
import type {
  Coverage,
  Rollout,
  RolloutCluster,
  RolloutEvent,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';
import type { HoldRecord } from '../delivery/HoldStore';
import type { FullObservation } from '../members/readObservations';
import { actionsOf } from './decideAction';
import { stopText } from './decideStep';
import { isOpen, type RolloutRecord, type WaveRecord } from './types';

/** What each cluster has of a global namespace, counted in the database: `<cluster id>`. */
export interface DeliveredCounts {
  readonly objects: number;
  /** Told and not acknowledged, deletions too. */
  readonly pending: number;
}

/** Counts for one global namespace; `term` is the hub's own. */
export async function countDelivered(
  knex: Knex,
  gns: string,
  term: number,
): Promise<Map<string, DeliveredCounts>> {
  const objects: {
    cluster_id: string;
    objects: number | string;
    pending: number | string | null;
  }[] = await knex('gns_desired_objects as d')
    .leftJoin('gns_observations as o', 'o.cluster_id', 'd.cluster_id')
    .where('d.gns', gns)
    .groupBy('d.cluster_id')
    .select('d.cluster_id')
    .count({ objects: '*' })
    .sum({
      pending: knex.raw(
        'case when d.removal is not null or o.applied_n is null or o.applied_term <> ? or d.changed_n > o.applied_n then 1 else 0 end',
        [term],
      ),
    });
  const open: { cluster_id: string; open: number | string }[] = await knex(
    'gns_tombstones',
  )
    .where({ gns })
    .whereNull('confirmed_n')
    .groupBy('cluster_id')
    .select('cluster_id')
    .count({ open: '*' });
  const tombstones = new Map(open.map(r => [r.cluster_id, Number(r.open)]));
  const ids = new Set([
    ...objects.map(o => o.cluster_id),
    ...tombstones.keys(),
  ]);
  const counted = new Map(objects.map(o => [o.cluster_id, o]));
  return new Map(
    [...ids].map(id => [
      id,
      {
        objects: Number(counted.get(id)?.objects ?? 0),
        pending:
          Number(counted.get(id)?.pending ?? 0) + (tombstones.get(id) ?? 0),
      },
    ]),
  );
}

export interface AnswerContext {
  /** By cluster id. */
  readonly counts: ReadonlyMap<string, DeliveredCounts>;
  readonly observed: ReadonlyMap<string, FullObservation>;
  /** By cluster name. */
  readonly coverage: ReadonlyMap<string, Coverage>;
  readonly pausedClusters: ReadonlySet<string>;
  readonly gnsPaused: boolean;
  readonly holds: readonly HoldRecord[];
  /** Generation of the definition that was composed last. */
  readonly composedGeneration: number | undefined;
  readonly events: readonly RolloutEvent[];
  readonly mayDecide: boolean;
}

function clusterState(
  rollout: RolloutRecord,
  wave: WaveRecord,
  id: string,
  name: string,
  numbers: Pick<RolloutCluster, 'pending' | 'failed'>,
  context: AnswerContext,
): RolloutCluster['state'] {
  if (wave.state === 'waiting') return 'waiting';
  const wanted =
    rollout.state === 'goingBack'
      ? rollout.backGeneration
      : rollout.targetGeneration;
  const composed =
    wanted === undefined || context.composedGeneration === wanted;
  const moving = numbers.pending > 0 || !composed;
  if (context.gnsPaused || context.pausedClusters.has(id)) return 'paused';
  if (numbers.failed > 0) return 'troubled';
  const held = context.holds.some(
    h => h.kind === 'deletion' && h.state === 'open' && h.clusterId === id,
  );
  if (held) return 'held';
  if (!moving) return 'applied';
  const fresh = context.coverage.get(name)?.state ?? 'unreachable';
  return fresh === 'ok' || fresh === 'stale' ? 'sending' : 'silent';
}

/** The REST shape, with each cluster as it is now. */
export function toRollout(
  rollout: RolloutRecord,
  context: AnswerContext,
): Rollout {
  const back = rollout.state === 'goingBack' || rollout.state === 'wentBack';
  const clusters = rollout.waves.flatMap((wave, index) =>
    wave.clusters.map(({ id, name }): RolloutCluster => {
      const { objects = 0, pending = 0 } = context.counts.get(id) ?? {};
      const failed = (context.observed.get(id)?.objectStates ?? []).filter(
        o => o.gns === rollout.gns && o.state !== 'paused',
      ).length;
      return {
        cluster: name,
        wave: index,
        definition: back || wave.state === 'waiting' ? 'former' : 'target',
        state: clusterState(
          rollout,
          wave,
          id,
          name,
          { pending, failed },
          context,
        ),
        objects,
        pending,
        failed,
      };
    }),
  );
  const can = actionsOf(rollout);
  const { mayDecide } = context;
  return {
    id: rollout.id,
    gns: rollout.gns,
    ref: rollout.ref,
    change: rollout.change,
    state: rollout.state,
    version: rollout.version,
    message: rollout.message,
    createdBy: rollout.createdBy,
    createdAt: rollout.createdAt,
    ...(rollout.endedAt ? { endedAt: rollout.endedAt } : {}),
    formerGeneration: rollout.former?.generation ?? null,
    targetGeneration: rollout.targetGeneration,
    stopOn: rollout.stopOn,
    wave: rollout.wave,
    waves: rollout.waves.map(
      ({ watchedFrom: _, clusters: members, errors, ...wave }, index) => ({
        ...wave,
        clusters: members.map(c => c.name),
        ...(errors && index === rollout.wave ? { errors } : {}),
      }),
    ),
    clusters,
    ...(rollout.stop
      ? { stop: { ...rollout.stop, text: stopText(rollout.stop.reason) } }
      : {}),
    events: [...context.events],
    actions: {
      pause: can.pause && mayDecide,
      resume: can.resume && mayDecide,
      advance: can.advance && mayDecide,
      back: can.back && mayDecide,
    },
    text: textOf(rollout, clusters),
  };
}

function textOf(
  rollout: RolloutRecord,
  clusters: readonly RolloutCluster[],
): string {
  const { waves, wave: index } = rollout;
  const of = `wave ${index + 1} of ${waves.length}`;
  const wave = waves[index];
  switch (rollout.state) {
    case 'done':
      return 'It holds everywhere.';
    case 'wentBack':
      return 'What was before holds everywhere again.';
    case 'goingBack':
      return 'The former definition is applied again.';
    case 'paused':
      return `Paused in ${of}: nothing further begins until it is resumed.`;
    case 'stopped':
      return `Stopped in ${of}: ${
        rollout.stop ? stopText(rollout.stop.reason) : ''
      }`;
    default:
      break;
  }
  if (wave.state === 'soaking') {
    return `In ${of}: applied, and watched until ${wave.soakUntil}.`;
  }
  const waiting = clusters
    .filter(c => c.wave === index && c.state !== 'applied')
    .map(c => c.cluster);
  return waiting.length === 0
    ? `In ${of}: all clusters answered.`
    : `In ${of}: ${listNames(waiting)} did not answer yet.`;
}

/** True while pages should look at it again soon. */
export function isMoving(rollout: RolloutRecord): boolean {
  return isOpen(rollout) || rollout.state === 'goingBack';
}
