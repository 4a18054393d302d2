import type { Knex } from 'knex';
import {
  desiredSettingsSchema,
  reportSchema,
  type ObservationsInput,
  type ObservationsResponse,
  type Report,
  type ReportResponse,
} from '@isthmus/plugin-gns-common';
import type { ObserverHub } from '@isthmus/controller';
import { readHub } from '../delivery/hubState';
import type { EndpointInUse } from '../inventory/takeInventory';
import { takeReport } from '../inventory/takeReport';
import type { ClusterStore } from '../members/ClusterStore';
import type { TelemetryHub } from '../telemetry/TelemetryHub';

export interface HubForObserverOptions {
  readonly knex: Knex;
  readonly clusters: ClusterStore;
  readonly telemetry: Pick<TelemetryHub, 'take'>;
  readonly now: () => number;
  readonly endpointsOf: (cluster: {
    id: string;
  }) => Promise<readonly EndpointInUse[]>;
  readonly onReport: (change: {
    relevant: boolean;
    holdsChanged: boolean;
  }) => void;
}

/** The hub as an observer of one cluster meets it: the same doors that controllers come through, without HTTP. */
export class HubForObserver implements ObserverHub {
  readonly #options: HubForObserverOptions;
  readonly #cluster: { readonly id: string; readonly name: string };

  constructor(
    options: HubForObserverOptions,
    cluster: { id: string; name: string },
  ) {
    this.#options = options;
    this.#cluster = cluster;
  }

  async wishes(): Promise<Awaited<ReturnType<ObserverHub['wishes']>>> {
    const { knex } = this.#options;
    const { term } = await readHub(knex);
    const row: { desired_n: number | string; settings: string | null } =
      await knex('gns_clusters')
        .where({ id: this.#cluster.id })
        .first('desired_n', 'settings');
    return {
      epoch: { term, n: Number(row?.desired_n ?? 0) },
      settings: row?.settings
        ? desiredSettingsSchema.parse(JSON.parse(row.settings))
        : { members: {}, telemetry: undefined },
    };
  }

  async nextSequence(): Promise<number> {
    const row: { sequence: number | string } | undefined = await this.#options
      .knex('gns_observations')
      .where({ cluster_id: this.#cluster.id })
      .first('sequence');
    return Number(row?.sequence ?? 0) + 1;
  }

  async report(raw: Report): Promise<ReportResponse> {
    const { knex, clusters, now, endpointsOf, onReport } = this.#options;
    // What an observed cluster says of itself is as hostile as any other's word.
    const report = reportSchema.parse(raw);
    const cluster = await clusters.get(this.#cluster.name);
    const taken = await takeReport(knex, cluster, report, {
      now: now(),
      term: (await readHub(knex)).term,
      endpoints:
        Object.keys(report.inventory).length > 0
          ? await endpointsOf(cluster)
          : undefined,
    });
    onReport(taken);
    return taken.response;
  }

  observe(observations: ObservationsInput): Promise<ObservationsResponse> {
    return this.#options.telemetry.take(this.#cluster, observations);
  }

  async refused(): Promise<void> {
    const { knex, now } = this.#options;
    await knex('gns_clusters')
      .where({ id: this.#cluster.id })
      .update({ last_unauthorized_at: new Date(now()).toISOString() });
  }
}
