/** A hub's traffic in an SQLite of its own, for benchmarks of the topology. */
import createKnex, { type Knex } from 'knex';
import type { EdgeRow } from '../../plugins/gns-common/src';
import { migrate } from '../../plugins/gns-backend/src/database/migrate';
import { DEFAULT_RETENTION } from '../../plugins/gns-backend/src/telemetry/retention';
import { TelemetryHub } from '../../plugins/gns-backend/src/telemetry/TelemetryHub';
import {
  known,
  observations,
  type gnsOf,
} from '../../plugins/gns-backend/src/telemetry/testFixtures';
import {
  TrafficView,
  type Scenery,
} from '../../plugins/gns-backend/src/telemetry/topology/TrafficView';

export class StoredTraffic {
  private constructor(
    readonly knex: Knex,
    private readonly hub: TelemetryHub,
    /** Seconds, at a full minute. */
    private readonly now: number,
  ) {}

  static async create(
    gns: ReturnType<typeof gnsOf>,
    options: { clusters: readonly string[]; now: number },
  ): Promise<StoredTraffic> {
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
    await migrate({ getClient: async () => knex });
    for (const name of options.clusters) {
      await knex('gns_clusters').insert({
        id: name,
        name,
        state: 'enrolled',
        created_at: new Date(0).toISOString(),
      });
    }
    await knex('gns_compositions').insert({
      gns: gns.name,
      generation: 1,
      hash: '0'.repeat(64),
      result: JSON.stringify(gns),
      composed_at: new Date(0).toISOString(),
    });
    const hub = new TelemetryHub({
      knex,
      logger: console as never,
      retention: DEFAULT_RETENTION,
      now: () => options.now * 1000,
      onTraffic: () => {},
    });
    return new StoredTraffic(knex, hub, options.now);
  }

  /** What a cluster tells of the minute that began so many minutes ago. */
  async take(
    cluster: string,
    minutesAgo: number,
    rows: EdgeRow[],
    over: Parameters<typeof known>[2] = {},
  ): Promise<void> {
    const { refused } = await this.hub.take(
      { id: cluster, name: cluster },
      observations(this.now, [known(this.now - minutesAgo * 60, rows, over)], {
        istioClusterId: cluster,
      }),
    );
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
  }

  /** A view that remembers nothing yet. */
  view(scenery: Scenery): TrafficView {
    return new TrafficView({
      knex: this.knex,
      directory: this.hub.directory,
      retention: DEFAULT_RETENTION,
      scenery: {
        version: async () => '1',
        read: async () => scenery,
        simulated: async () => new Set(),
      },
      now: () => this.now * 1000,
    });
  }
}
