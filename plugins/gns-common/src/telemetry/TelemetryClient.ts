import { queryOf, type RestTransport } from '../rest/RestTransport';
import { gnsResourcesSchema } from './resourceSchemas';
import * as t from './trafficSchemas';
import type { SeriesGroup, TrafficLevel } from './trafficSchemas';

/** A time of the past, RFC 3339; absent: the newest that there is. */
interface At {
  at?: string;
}

/** Traffic of global namespaces: part of `GnsClient`, as `client.telemetry`. */
export class TelemetryClient {
  readonly #rest: RestTransport;

  constructor(rest: RestTransport) {
    this.#rest = rest;
  }

  getTraffic(
    gns: string,
    options: At & {
      /** Seconds, of `TRAFFIC_WINDOWS_SECONDS`. */
      window?: number;
      level?: TrafficLevel;
      service?: string;
      limit?: number;
      buckets?: boolean;
    } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      t.trafficSchema,
      `${pathOf(gns)}${queryOf({ ...options })}`,
      signal,
    );
  }

  getRanges(gns: string, signal?: AbortSignal) {
    return this.#rest.read(
      t.trafficRangesSchema,
      `${pathOf(gns)}/ranges`,
      signal,
    );
  }

  getSeries(
    gns: string,
    options: At & {
      edge?: string;
      node?: string;
      service?: string;
      direction?: 'inbound' | 'outbound';
      /** Seconds. */
      range?: number;
      /** Seconds. */
      step?: number;
      groupBy?: SeriesGroup;
    },
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      t.trafficSeriesSchema,
      `${pathOf(gns)}/series${queryOf({ ...options })}`,
      signal,
    );
  }

  listServices(
    gns: string,
    options: At & { window?: number } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      t.serviceTrafficListSchema,
      `${pathOf(gns)}/services${queryOf({ ...options })}`,
      signal,
    );
  }

  /** CPU and memory of clusters, nodes, workloads and services. */
  getResources(
    gns: string,
    options: {
      /** Seconds of history. */
      range?: number;
    } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      gnsResourcesSchema,
      `/global-namespaces/${encodeURIComponent(gns)}/resources${queryOf({
        ...options,
      })}`,
      signal,
    );
  }

  getStatus(signal?: AbortSignal) {
    return this.#rest.read(t.telemetryStatusSchema, '/telemetry', signal);
  }
}

function pathOf(gns: string): string {
  return `/global-namespaces/${encodeURIComponent(gns)}/traffic`;
}
