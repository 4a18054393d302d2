import type { Knex } from 'knex';
import type { CompositionResult } from '../composition';
import { allConditions } from '../composition';
import type { ClusterDelivered } from '../delivery/deliverCluster';
import type { ClusterInput } from '../delivery/reconcileInput';
import type { ClusterDelivery } from '../delivery/types';
import {
  objectConditions,
  reportedConditions,
} from '../members/observedConditions';
import { readObservations } from '../members/readObservations';
import { progressOf } from './progressOf';
import type { RolloutFindings } from './stepRollouts';
import type { RolloutRecord } from './types';

/** Deletions that rollouts announced: `<cluster id>/<key>` → hash of the plan. */
export function rolloutLosses(
  rollouts: readonly RolloutRecord[],
): Map<string, string> {
  return new Map(
    rollouts.flatMap(({ id, plan, losses }) =>
      losses.map(
        ({ clusterId, key }) =>
          [`${clusterId}/${key}`, plan ?? `rollout:${id}`] as const,
      ),
    ),
  );
}

/** What a run found out that rollouts are decided on. */
export async function rolloutFindings(
  trx: Knex,
  rollouts: readonly RolloutRecord[],
  run: {
    clusters: readonly ClusterInput[];
    result: CompositionResult;
    /** After the run, by cluster id. */
    deliveries: ReadonlyMap<string, ClusterDelivery>;
    drafts: ReadonlyMap<string, ClusterDelivered>;
  },
): Promise<Pick<RolloutFindings, 'progress' | 'conditions'>> {
  const observed =
    rollouts.length > 0 ? await readObservations(trx) : new Map();
  const reported = run.clusters.flatMap(cluster => {
    const facts = { cluster, observed: observed.get(cluster.id) };
    return [...reportedConditions(facts), ...objectConditions(facts)];
  });
  return {
    conditions: gns =>
      [...allConditions(run.result), ...reported].filter(
        c => c.gns === gns && c.status !== 'True',
      ),
    progress: gns =>
      new Map(
        run.clusters.flatMap(({ id, acknowledged }) => {
          const delivery = run.deliveries.get(id);
          if (!delivery) return [];
          const delivered = run.drafts.get(id);
          return [
            [
              id,
              delivered
                ? progressOf(gns, {
                    delivery,
                    acknowledged,
                    frozen: delivered.frozen(gns),
                    held: delivered.held,
                  })
                : // Its delivery failed in this run: nobody knows yet.
                  ('sending' as const),
            ] as const,
          ];
        }),
      ),
  };
}
