import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  formatRef,
  gnsClusterReadPermission,
  type Cluster,
  type DefinitionRef,
  type GnsResources,
  type GnsStatus,
  type ServiceTrafficList,
  type SloDetail,
  type SloSummary,
  type TelemetryCoverage,
  type TelemetryStatus,
  type Traffic,
  type TrafficSeries,
} from '@isthmus/plugin-gns-common';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { observedIds } from '../observed/observedRows';
import { readGnsContexts } from '../service/gnsContexts';
import { toStatus } from '../service/gnsAnswers';
import { hideOtherGns } from '../service/hideOtherGns';
import type { HubContext } from '../service/HubContext';
import { readableSlos, sloKey } from '../service/readableSlos';
import { readClusters } from '../service/readClusters';
import { isAllowed, requirePermission } from '../service/requirePermission';
import { isObjective } from '../slo/checkObjectives';
import { detailOf } from '../slo/details';
import type { SloService } from '../slo/SloService';
import type { ResourcesView } from '../telemetry/resources/ResourcesView';
import { readStatus } from '../telemetry/store/readStatus';
import type { TelemetryHub } from '../telemetry/TelemetryHub';
import { listServices } from '../telemetry/topology/listServices';
import {
  TrafficSeriesView,
  type SeriesRequest,
} from '../telemetry/topology/TrafficSeriesView';
import type {
  TrafficRequest,
  TrafficView,
} from '../telemetry/topology/TrafficView';

export interface CallerViewOptions {
  readonly hub: HubContext;
  readonly telemetry: TelemetryHub;
  readonly trafficView: TrafficView;
  readonly resourcesView: ResourcesView;
  readonly slo: SloService;
}

/**
 * What one caller may read, under the same permissions as REST. It lives as
 * long as one request, and reads each thing once however often it is asked for.
 */
export class CallerView {
  readonly #options: CallerViewOptions;
  readonly #credentials: BackstageCredentials;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(options: CallerViewOptions, credentials: BackstageCredentials) {
    this.#options = options;
    this.#credentials = credentials;
  }

  #once<T>(key: readonly unknown[], read: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    let found = this.#read.get(text) as Promise<T> | undefined;
    if (!found) {
      found = read();
      this.#read.set(text, found);
    }
    return found;
  }

  #mayRead() {
    return this.#once(['mayRead'], () =>
      this.#options.hub.authorizer.readablePredicate(this.#credentials),
    );
  }

  #mayReadClusters(): Promise<void> {
    const { permissions } = this.#options.hub;
    return this.#once(['mayReadClusters'], () =>
      requirePermission(
        permissions,
        gnsClusterReadPermission,
        this.#credentials,
      ),
    );
  }

  /** All definitions that the caller may read, ordered by kind, global namespace and name. */
  definitions(filter: {
    kind?: string;
    gns?: string;
  }): Promise<DefinitionRecord[]> {
    return this.#once(['definitions', filter.kind, filter.gns], async () => {
      const mayRead = await this.#mayRead();
      const records = await this.#options.hub.definitions.list(filter);
      return records.filter(r => mayRead(r.definition));
    });
  }

  /** @throws NotFoundError also when the caller may not read it */
  definition(ref: DefinitionRef): Promise<DefinitionRecord> {
    const { authorizer, definitions } = this.#options.hub;
    return this.#once(['definition', formatRef(ref)], async () =>
      authorizer.require(
        this.#credentials,
        'read',
        ref,
        await definitions.get(ref),
      ),
    );
  }

  /** All global namespaces that the caller may read, by name. */
  globalNamespaces(): Promise<GnsStatus[]> {
    const { hub } = this.#options;
    return this.#once(['globalNamespaces'], async () => {
      const contexts = await readGnsContexts(
        hub,
        await this.definitions({ kind: 'GlobalNamespace' }),
        await hub.view.snapshot(),
      );
      return contexts.map(toStatus);
    });
  }

  /** @throws NotFoundError */
  globalNamespace(name: string): Promise<GnsStatus> {
    const { hub } = this.#options;
    return this.#once(['globalNamespace', name], async () => {
      const record = await this.definition({ kind: 'GlobalNamespace', name });
      const [context] = await readGnsContexts(
        hub,
        [record],
        await hub.view.snapshot(),
      );
      return toStatus(context);
    });
  }

  /** `gns` was read before: the caller may. @throws InputError for a time that is not kept */
  traffic(gns: string, request: TrafficRequest): Promise<Traffic> {
    const { hub, trafficView } = this.#options;
    return this.#once(['traffic', gns, request], async () =>
      hideOtherGns(
        hub,
        this.#credentials,
        await trafficView.traffic(gns, request),
      ),
    );
  }

  series(gns: string, request: SeriesRequest): Promise<TrafficSeries> {
    const view = new TrafficSeriesView(this.#options.trafficView);
    return this.#once(['series', gns, request], () =>
      view.series(gns, request),
    );
  }

  serviceTraffic(
    gns: string,
    request: { window: number; at?: string },
  ): Promise<ServiceTrafficList> {
    const { trafficView, telemetry } = this.#options;
    return this.#once(['serviceTraffic', gns, request], async () =>
      listServices(
        gns,
        await trafficView.window(gns, request),
        await trafficView.scenery(gns),
        telemetry.increments,
      ),
    );
  }

  /** CPU and memory; nodes only with the permission to read clusters. */
  resources(gns: string, range: number): Promise<GnsResources> {
    const { hub, resourcesView } = this.#options;
    return this.#once(['resources', gns, range], async () => {
      const showNodes = await isAllowed(
        hub.permissions,
        gnsClusterReadPermission,
        this.#credentials,
      );
      return resourcesView.resources(gns, { range, showNodes });
    });
  }

  /** How far the newest telemetry of each member cluster can be trusted. */
  coverage(gns: string, window: number): Promise<TelemetryCoverage[]> {
    return this.#once(['coverage', gns, window], async () => {
      const options = { edges: false };
      const { coverage } = await this.#options.trafficView.window(
        gns,
        { window },
        options,
      );
      return coverage;
    });
  }

  /** Worst first. */
  slos(): Promise<readonly SloSummary[]> {
    const { hub, slo } = this.#options;
    return this.#once(['slos'], async () =>
      readableSlos(hub, this.#credentials, await slo.view()),
    );
  }

  /** @throws NotFoundError also when the caller may not read it */
  async slo(gns: string, name: string): Promise<SloSummary> {
    const ref = { kind: 'ServiceLevelObjective', gns, name };
    const { definition } = await this.definition(ref);
    if (!isObjective(definition)) throw new Error(`${formatRef(ref)} is none`);
    const find = (rows: readonly SloSummary[]) =>
      rows.find(row => row.gns === gns && row.name === name);
    const found = find(await this.slos());
    if (found) return found;
    // It was written a moment ago.
    const { hub, slo } = this.#options;
    await slo.run();
    const row = find(
      await readableSlos(hub, this.#credentials, await slo.view()),
    );
    if (!row) throw new Error(`${formatRef(ref)} was not evaluated`);
    return row;
  }

  sloDetail(summary: SloSummary, objective?: string): Promise<SloDetail> {
    const { slo } = this.#options;
    const key = sloKey(summary);
    return this.#once(['sloDetail', key, objective], async () => {
      const book = (await slo.view()).books.get(key);
      if (!book) throw new Error(`${key} was deleted meanwhile. Ask again`);
      return (await detailOf(slo, book, summary, { objective })).detail;
    });
  }

  /** @throws NotAllowedError without the permission to read clusters */
  async clusters(): Promise<Cluster[]> {
    await this.#mayReadClusters();
    return this.#once(['clusters'], () => readClusters(this.#options.hub));
  }

  /** @throws NotAllowedError without the permission to read clusters */
  async telemetry(): Promise<TelemetryStatus> {
    await this.#mayReadClusters();
    const { hub, telemetry } = this.#options;
    return this.#once(['telemetry'], async () =>
      readStatus(hub.knex, {
        now: hub.now(),
        retention: telemetry.retention,
        observed: await observedIds(hub.knex),
      }),
    );
  }
}
