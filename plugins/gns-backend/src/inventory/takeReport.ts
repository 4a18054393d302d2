import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  formatEpoch,
  INVENTORY_KINDS,
  type Inventory,
  type Report,
  type ReportResponse,
} from '@isthmus/plugin-gns-common';
import { inTransaction } from '../database/inTransaction';
import { alignHold, readCurrentHolds } from '../delivery/HoldStore';
import { identityWanted, takeIdentity } from '../authority/takeIdentity';
import type { ClusterRecord } from '../members/clusterRows';
import { readInventory, writeInventory } from './InventoryStore';
import {
  takeInventory,
  type EndpointInUse,
  type InventoryState,
  type TakenInventory,
} from './takeInventory';

/** What a report changed, so that the hub knows what to do next. */
export interface TakenReport {
  readonly response: ReportResponse;
  /** Something that composition or delivery looks at is different now. */
  readonly relevant: boolean;
  /** A hold was opened or closed. */
  readonly holdsChanged: boolean;
  /** What is known of identities is different now. */
  readonly authoritiesChanged: boolean;
}

interface ObservationRow {
  started_at: string | null;
  sequence: number | string;
  applied_term: number | string;
  applied_n: number | string;
  conditions: string;
  object_states: string;
  reachability: string;
  paused_locally: string;
  owned: string | null;
  owned_n: number | string | null;
}

function timeless(reachability: Report['reachability']): string {
  return JSON.stringify(
    reachability.map(({ cluster, address, port, reachable }) => [
      cluster,
      address,
      port,
      reachable,
    ]),
  );
}

/**
 * Takes a report of a cluster in one transaction. A sequence number that was
 * taken already is answered the same way again and changes nothing.
 * @throws ConflictError (409) for a lower number
 */
export async function takeReport(
  knex: Knex,
  cluster: ClusterRecord,
  report: Report,
  context: {
    now: number;
    /** The hub's own term: acknowledgments of other terms count for nothing. */
    term: number;
    /** Absent: the report has no inventory, so it takes nothing away. */
    endpoints: readonly EndpointInUse[] | undefined;
  },
): Promise<TakenReport> {
  return inTransaction(knex, async trx => {
    await trx('gns_observations')
      .insert({ cluster_id: cluster.id })
      .onConflict('cluster_id')
      .ignore();
    const before: ObservationRow = await trx('gns_observations')
      .where({ cluster_id: cluster.id })
      .forUpdate()
      .first();
    const last = Number(before.sequence);
    // The same number of another process is no replay: that controller came back from an older state.
    const repeats =
      report.sequence === last && report.startedAt === before.started_at;
    if (report.sequence <= last && !repeats) {
      throw new ConflictError(
        `sequence ${
          report.sequence
        }: the report ${last} was taken already. Go on with ${last + 1}`,
      );
    }
    const current = await readInventory(trx, cluster.id);
    if (repeats) {
      return {
        response: {
          acknowledged: last,
          wanted: INVENTORY_KINDS.filter(k => current[k].mark === 'never'),
        },
        relevant: false,
        holdsChanged: false,
        authoritiesChanged: false,
      };
    }
    const taken = context.endpoints
      ? await takeParts(trx, cluster, current, report, {
          now: context.now,
          endpoints: context.endpoints,
        })
      : { state: current, changed: new Set(), holdsChanged: false };

    const at = new Date(context.now).toISOString();
    const applied = report.appliedEpoch;
    const acknowledges = applied.term === context.term;
    const confirmed = acknowledges
      ? await confirmDeletions(trx, cluster.id, report, at)
      : 0;
    const after = {
      sequence: report.sequence,
      last_seen_at: at,
      last_report_at: at,
      started_at: report.startedAt,
      controller_version: report.controllerVersion,
      applied_term: applied.term,
      applied_n: applied.n,
      conditions: JSON.stringify(report.conditions),
      object_states: JSON.stringify(
        report.objects.filter(
          o => o.state !== 'applied' && o.state !== 'deleted',
        ),
      ),
      reachability: JSON.stringify(report.reachability),
      paused_locally: JSON.stringify(report.pausedLocally),
      owned: report.owned ? JSON.stringify(report.owned) : null,
      owned_n: report.owned && acknowledges ? applied.n : null,
    };
    await trx('gns_observations')
      .where({ cluster_id: cluster.id })
      .update(after);
    const identity = await takeIdentity(trx, cluster.id, report, at);
    // A gap: the hub lost a report that it had acknowledged, so what came with it is missing.
    const gap = report.sequence !== last + 1;
    return {
      response: {
        acknowledged: report.sequence,
        wanted: INVENTORY_KINDS.filter(
          kind =>
            taken.state[kind].mark === 'never' ||
            (gap && !report.inventory[kind]),
        ),
        ...(await identityWanted(trx, cluster.id, report, gap)),
      },
      relevant:
        taken.changed.size > 0 ||
        identity.changed ||
        confirmed > 0 ||
        after.owned !== before.owned ||
        Number(after.owned_n) !== Number(before.owned_n) ||
        formatEpoch(applied) !==
          `${Number(before.applied_term)}.${Number(before.applied_n)}` ||
        after.object_states !== before.object_states ||
        timeless(report.reachability) !==
          timeless(JSON.parse(before.reachability)),
      holdsChanged: taken.holdsChanged,
      authoritiesChanged: identity.changed,
    };
  });
}

/**
 * Notes which tombstones are done: the controller said `deleted`, or listed
 * what it owns and the object was not there. Only answers to the tombstone
 * count, not older deletions of the same key.
 */
async function confirmDeletions(
  trx: Knex,
  clusterId: string,
  report: Report,
  at: string,
): Promise<number> {
  const open: { key: string }[] = await trx('gns_tombstones')
    .where({ cluster_id: clusterId })
    .whereNull('deleted_at')
    .andWhere('created_n', '<=', report.appliedEpoch.n)
    .select('key');
  if (open.length === 0) return 0;
  const states = new Map(report.objects.map(o => [o.key, o.state]));
  const owned = report.owned && new Set(report.owned.map(o => o.key));
  const done = open.filter(({ key }) => {
    const state = states.get(key);
    return state === 'deleted' || (!state && owned && !owned.has(key));
  });
  for (const { key } of done) {
    await trx('gns_tombstones')
      .where({ cluster_id: clusterId, key })
      .update({ deleted_at: at });
  }
  return done.length;
}

/**
 * Times of observation in the hub's future count as now: a clock that was ahead
 * once would make every later list look older, and nothing would ever leave.
 */
function notAfter(inventory: Inventory, now: string): Inventory {
  return Object.fromEntries(
    Object.entries(inventory).map(([kind, part]) => [
      kind,
      part && Date.parse(part.observedAt) > Date.parse(now)
        ? { ...part, observedAt: now }
        : part,
    ]),
  );
}

/** Takes the inventory of a report, and asks a person about losses that need one. */
async function takeParts(
  trx: Knex,
  cluster: ClusterRecord,
  current: InventoryState,
  report: Report,
  context: { now: number; endpoints: readonly EndpointInUse[] },
): Promise<TakenInventory & { holdsChanged: boolean }> {
  const taken = takeInventory(
    current,
    notAfter(report.inventory, new Date(context.now).toISOString()),
    context,
  );
  await writeInventory(trx, cluster.id, taken.state, taken.changed);
  const holdsChanged = await alignHold(
    trx,
    await readCurrentHolds(trx),
    {
      kind: 'inventoryLoss',
      clusterId: cluster.id,
      clusterName: cluster.name,
    },
    {
      items: taken.held,
      message: `The cluster ${cluster.name} no longer reports ${
        taken.held.length
      } items, and no live watch saw them deleted. ${
        taken.hosts.length
      } hosts would lose endpoints: ${taken.hosts.slice(0, 10).join(', ')}`,
    },
    context.now,
  );
  return { ...taken, holdsChanged };
}
