import {
  INVENTORY_KINDS,
  matches,
  type Condition,
  type GlobalNamespace,
} from '@isthmus/plugin-gns-common';
import { listNames, unknown } from './statement';
import type { ClusterView } from './types';

/** Clusters that a member entry chooses, but of which something was never seen or seen in part. */
export function inventoryConditions(
  definition: GlobalNamespace,
  clusters: readonly ClusterView[],
): Condition[] {
  const conditions: Condition[] = [];
  for (const cluster of clusters) {
    if (
      cluster.leaving ||
      !definition.spec.members.some(m => matches(m.clusters, cluster))
    ) {
      continue;
    }
    const where = { gns: definition.metadata.name, cluster: cluster.name };
    const { marks } = cluster.inventory;
    const never = INVENTORY_KINDS.filter(kind => marks[kind] === 'never');
    const partial = INVENTORY_KINDS.filter(kind => marks[kind] === 'partial');
    if (never.length > 0) {
      conditions.push(
        unknown(
          'InventoryKnown',
          'InventoryUnknown',
          'warning',
          `${cluster.name} has not reported its ${listNames(
            never,
          )} yet: what it has is unknown. Check that its controller runs and reaches the hub.`,
          where,
        ),
      );
    } else if (partial.length > 0) {
      conditions.push(
        unknown(
          'InventoryKnown',
          'InventoryPartial',
          'warning',
          `${cluster.name} reported only part of its ${listNames(
            partial,
          )}: what was known before is kept. Check the permissions and the log of its controller.`,
          where,
        ),
      );
    }
  }
  return conditions;
}
