import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { DesiredObject } from '@isthmus/plugin-gns-common';
import {
  createComposer,
  DEFAULT_COMPOSITION_OPTIONS,
  type ClusterView,
} from '../composition';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { DefinitionWriter } from '../definitions/DefinitionWriter';
import { readAddressRange } from '../delivery/addresses';
import { Reconciliation } from '../delivery/Reconciliation';
import { writeInventory } from '../inventory/InventoryStore';
import type { InventoryState } from '../inventory/takeInventory';
import { loadHubIdentity } from '../members/hubIdentity';
import { refuseDuringRollout } from '../rollouts/refuseDuringRollout';
import { RolloutService } from '../rollouts/RolloutService';
import { HubView } from '../service/HubView';
import {
  unmeasuredTraffic,
  type TrafficReader,
} from '../traffic/TrafficReader';

/**
 * The hub without HTTP, and clusters that apply at once what they are asked to
 * fetch: for many runs in little time. The clock stands still unless it is moved.
 */
export class Fleet {
  clock = Date.parse('2026-11-25T10:00:00.000Z');
  readonly definitions: DatabaseDefinitionStore;
  readonly view: HubView;
  readonly rollouts: RolloutService;
  readonly reconciliation: Reconciliation;
  /** What each cluster has applied, by cluster id, then by key. */
  readonly applied = new Map<string, Map<string, DesiredObject>>();

  /** On a migrated database. */
  static async create(
    knex: Knex,
    traffic: TrafficReader = unmeasuredTraffic,
  ): Promise<Fleet> {
    await loadHubIdentity(knex);
    return new Fleet(knex, traffic);
  }

  private constructor(readonly knex: Knex, traffic: TrafficReader) {
    const now = () => this.clock;
    this.definitions = DatabaseDefinitionStore.create({
      knex,
      now: () => new Date(this.clock),
      guard: refuseDuringRollout,
    });
    const engine = {
      knex,
      definitions: this.definitions,
      compositionOptions: DEFAULT_COMPOSITION_OPTIONS,
      addressRange: readAddressRange('240.16.0.0/12'),
    };
    const logger = mockServices.logger.mock();
    this.view = HubView.create(engine);
    this.rollouts = RolloutService.create({
      knex,
      definitions: this.definitions,
      writer: DefinitionWriter.create({
        store: this.definitions,
        checker: this.view,
        listener: { definitionsChanged: () => {} },
        logger,
      }),
      view: this.view,
      audit: (entry, trx) => this.definitions.audit(entry, trx),
      traffic,
      now,
    });
    this.reconciliation = Reconciliation.create({
      ...engine,
      compose: createComposer(),
      logger,
      now,
      onChange: () => {},
      readRolloutErrors: () => this.rollouts.readErrors(),
    });
  }

  async join(cluster: ClusterView): Promise<void> {
    const at = new Date(this.clock).toISOString();
    await this.knex('gns_clusters').insert({
      id: cluster.id,
      name: cluster.name,
      labels: JSON.stringify(cluster.labels),
      state: 'enrolled',
      created_at: at,
    });
    await this.knex('gns_observations').insert({ cluster_id: cluster.id });
    const { mesh, marks: _, ...lists } = cluster.inventory;
    const items = { ...lists, mesh: mesh ? [mesh] : [] };
    const state = Object.fromEntries(
      Object.entries(items).map(([kind, list]) => [
        kind,
        { items: list, mark: 'complete', observedAt: at, kept: [] },
      ]),
    ) as unknown as InventoryState;
    await writeInventory(
      this.knex,
      cluster.id,
      state,
      new Set(Object.keys(items)) as Parameters<typeof writeInventory>[3],
    );
    this.applied.set(cluster.id, new Map());
  }

  /** Reconciles until nothing more follows from what is known. */
  async reconcile(): Promise<void> {
    this.reconciliation.trigger();
    await this.reconciliation.settled();
  }

  /** What a cluster shall have now, removals that wait included, by key. */
  async desired(clusterId: string): Promise<Map<string, DesiredObject>> {
    const rows: { key: string; gns: string; manifest: string }[] =
      await this.knex('gns_desired_objects')
        .where({ cluster_id: clusterId })
        .orderBy('key');
    return new Map(
      rows.map(({ key, gns, manifest }) => [
        key,
        { key, gns, manifest: JSON.parse(manifest) },
      ]),
    );
  }

  /** The cluster fetches, applies and reports. @returns whether there was anything new */
  async follow(clusterId: string): Promise<boolean> {
    const head = await this.knex('gns_clusters')
      .where({ id: clusterId })
      .first('desired_n');
    const seen = await this.knex('gns_observations')
      .where({ cluster_id: clusterId })
      .first('applied_n');
    const at = new Date(this.clock).toISOString();
    this.applied.set(clusterId, await this.desired(clusterId));
    await this.knex('gns_observations')
      .where({ cluster_id: clusterId })
      .update({
        applied_term: 1,
        applied_n: head.desired_n,
        last_report_at: at,
        object_states: '[]',
      });
    const deleted = await this.knex('gns_tombstones')
      .where({ cluster_id: clusterId })
      .whereNull('deleted_at')
      .update({ deleted_at: at });
    return Number(head.desired_n) !== Number(seen.applied_n) || deleted > 0;
  }

  /** Everybody follows until nothing moves. */
  async settle(): Promise<void> {
    for (let moved = true; moved; ) {
      await this.reconcile();
      moved = false;
      for (const id of this.applied.keys()) {
        moved = (await this.follow(id)) || moved;
      }
    }
    await this.reconcile();
  }

  async stop(): Promise<void> {
    await this.reconciliation.stop();
    await this.knex.destroy();
  }
}
