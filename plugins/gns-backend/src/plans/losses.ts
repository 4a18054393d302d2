import type { Knex } from 'knex';
import type { PlannedChanges } from '../composition';
import { by } from '../composition/order';

/** An object that a cluster would lose. */
export interface PlannedLoss {
  readonly clusterId: string;
  readonly key: string;
  readonly gns: string;
}

/** As it is stored: an array per loss, because plans can have many. */
export type LossRow = [clusterId: string, key: string, gns: string];

/** Every object that a cluster would lose. */
export function lossesOf(
  changes: Pick<PlannedChanges, 'clusters'>,
  snapshot: { readonly clusters: readonly { id: string; name: string }[] },
): PlannedLoss[] {
  const ids = new Map(snapshot.clusters.map(c => [c.name, c.id]));
  return changes.clusters.flatMap(({ cluster, objects }) => {
    const clusterId = ids.get(cluster);
    return clusterId === undefined
      ? []
      : objects
          .filter(o => o.change === 'delete')
          .map(({ key, gns }) => ({ clusterId, key, gns }));
  });
}

/** Each once, in a fixed order. */
export function distinctLosses(losses: readonly PlannedLoss[]): PlannedLoss[] {
  return [...new Map(losses.map(l => [`${l.clusterId}/${l.key}`, l])).entries()]
    .sort(by(([id]) => id))
    .map(([, loss]) => loss);
}

/** What a plan announced. */
export async function readPlanLosses(
  trx: Knex,
  hash: string,
): Promise<PlannedLoss[]> {
  const row: { losses: string | null } | undefined = await trx('gns_plans')
    .where({ hash })
    .first('losses');
  const losses: LossRow[] = JSON.parse(row?.losses ?? '[]');
  return losses.map(([clusterId, key, gns]) => ({ clusterId, key, gns }));
}
