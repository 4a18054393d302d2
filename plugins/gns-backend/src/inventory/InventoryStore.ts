import type { Knex } from 'knex';
import {
  INVENTORY_KINDS,
  type InventoryKind,
} from '@isthmus/plugin-gns-common';
import type { EffectiveInventory } from '../composition/types';
import type { InventoryItems } from './itemKeys';
import {
  NEVER_SEEN,
  type InventoryState,
  type KindState,
} from './takeInventory';

interface InventoryRow {
  cluster_id: string;
  kind: InventoryKind;
  items: string;
  mark: 'complete' | 'partial';
  observed_at: string;
  kept: string;
  version: number | string;
}

function toKindState(row: InventoryRow): KindState {
  return {
    items: JSON.parse(row.items),
    mark: row.mark,
    observedAt: row.observed_at,
    kept: JSON.parse(row.kept),
  };
}

function toState(kinds: ReadonlyMap<InventoryKind, KindState>): InventoryState {
  return Object.fromEntries(
    INVENTORY_KINDS.map(kind => [kind, kinds.get(kind) ?? NEVER_SEEN]),
  ) as Record<InventoryKind, KindState>;
}

/** One cluster's state, in the caller's transaction. */
export async function readInventory(
  trx: Knex,
  clusterId: string,
): Promise<InventoryState> {
  const rows: InventoryRow[] = await trx('gns_inventory').where({
    cluster_id: clusterId,
  });
  return toState(new Map(rows.map(row => [row.kind, toKindState(row)])));
}

/** Writes the kinds that changed. */
export async function writeInventory(
  trx: Knex,
  clusterId: string,
  state: InventoryState,
  changed: ReadonlySet<InventoryKind>,
): Promise<void> {
  for (const kind of changed) {
    const { items, mark, observedAt, kept } = state[kind];
    if (mark === 'never') continue;
    const written = {
      items: JSON.stringify(items),
      mark,
      observed_at: observedAt,
      kept: JSON.stringify(kept),
    };
    await trx('gns_inventory')
      .insert({ cluster_id: clusterId, kind, ...written, version: 1 })
      .onConflict(['cluster_id', 'kind'])
      .merge({ ...written, version: trx.raw('gns_inventory.version + 1') });
  }
}

/** The shape that composition reads. */
export function toEffective(state: InventoryState): EffectiveInventory {
  const items = <K extends InventoryKind>(kind: K) =>
    state[kind].items as readonly InventoryItems[K][];
  return {
    mesh: items('mesh')[0],
    namespaces: items('namespaces'),
    services: items('services'),
    workloads: items('workloads'),
    gateways: items('gateways'),
    marks: {
      mesh: state.mesh.mark,
      namespaces: state.namespaces.mark,
      services: state.services.mark,
      workloads: state.workloads.mark,
      gateways: state.gateways.mark,
    },
  };
}

/**
 * Effective inventories of all clusters, parsed once per version: a
 * reconciliation reads only what changed since the one before. An unchanged
 * cluster keeps its very object, so that composition can tell by identity.
 */
export class EffectiveInventories {
  readonly #kinds = new Map<string, { version: number; state: KindState }>();
  readonly #clusters = new Map<
    string,
    { stamp: string; effective: EffectiveInventory }
  >();

  async load(
    trx: Knex,
    clusterIds: readonly string[],
  ): Promise<Map<string, EffectiveInventory>> {
    const versions: Pick<InventoryRow, 'cluster_id' | 'kind' | 'version'>[] =
      await trx('gns_inventory').select('cluster_id', 'kind', 'version');
    const stale = versions.filter(
      v =>
        this.#kinds.get(`${v.cluster_id}/${v.kind}`)?.version !==
        Number(v.version),
    );
    for (const { cluster_id, kind } of stale) {
      const row: InventoryRow = await trx('gns_inventory')
        .where({ cluster_id, kind })
        .first();
      this.#kinds.set(`${cluster_id}/${kind}`, {
        version: Number(row.version),
        state: toKindState(row),
      });
    }
    const known = new Set(versions.map(v => `${v.cluster_id}/${v.kind}`));
    for (const key of this.#kinds.keys()) {
      if (!known.has(key)) this.#kinds.delete(key);
    }
    const loaded = new Map<string, EffectiveInventory>();
    for (const id of clusterIds) {
      const stamp = INVENTORY_KINDS.map(
        kind => this.#kinds.get(`${id}/${kind}`)?.version ?? 0,
      ).join();
      let held = this.#clusters.get(id);
      if (held?.stamp !== stamp) {
        const state = toState(
          new Map(
            INVENTORY_KINDS.flatMap(kind => {
              const found = this.#kinds.get(`${id}/${kind}`);
              return found ? [[kind, found.state] as const] : [];
            }),
          ),
        );
        held = { stamp, effective: toEffective(state) };
        this.#clusters.set(id, held);
      }
      loaded.set(id, held.effective);
    }
    for (const id of this.#clusters.keys()) {
      if (!loaded.has(id)) this.#clusters.delete(id);
    }
    return loaded;
  }
}
