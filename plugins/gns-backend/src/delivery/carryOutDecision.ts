import type { Knex } from 'knex';
import { readInventory, writeInventory } from '../inventory/InventoryStore';
import { releaseLosses } from '../inventory/takeInventory';
import type { Audit } from '../members/enrolment';
import { consumeHold, decideHold, type HoldRecord } from './HoldStore';
import { openNewTerm } from './hubState';
import { approveMembers } from './reconcileInput';

/**
 * Records a person's decision on a hold and does what follows at once.
 * Deletions follow with the next reconciliation; a refused deletion or loss
 * stays on record, so that the same set is not asked again.
 * @throws NotFoundError, ConflictError when it is not open any more
 */
export async function carryOutDecision(
  knex: Knex,
  id: string,
  decision: {
    state: 'released' | 'refused';
    by: string;
    reason: string;
    now: number;
  },
  audit: Audit,
): Promise<HoldRecord> {
  return knex.transaction(async trx => {
    const hold = await decideHold(trx, id, decision);
    const released = decision.state === 'released';
    switch (hold.kind) {
      case 'newcomer':
        await approveMembers(
          trx,
          hold.items.map(key => ({ key, gns: hold.gns ?? '' })),
          released ? 'approved' : 'refused',
          decision.by,
          decision.now,
        );
        await consumeHold(trx, id);
        break;
      case 'inventoryLoss':
        if (released && hold.clusterId) {
          const taken = releaseLosses(
            await readInventory(trx, hold.clusterId),
            new Set(hold.items),
          );
          await writeInventory(trx, hold.clusterId, taken.state, taken.changed);
          await consumeHold(trx, id);
        }
        break;
      case 'restoredHub':
        if (released) {
          await openNewTerm(trx);
          await consumeHold(trx, id);
        }
        break;
      default:
        break;
    }
    await audit(
      {
        actor: decision.by,
        action: released ? 'hold.release' : 'hold.refuse',
        subject: hold.clusterName
          ? `cluster:${hold.clusterName}`
          : `hold:${hold.id}`,
        message: decision.reason,
        details: {
          hold: hold.id,
          kind: hold.kind,
          gns: hold.gns ?? null,
          items: hold.items.slice(0, 100),
        },
      },
      trx,
    );
    return hold;
  });
}
