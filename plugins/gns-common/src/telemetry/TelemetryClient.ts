import type { z } from 'zod';
import * as t from './trafficSchemas';
import type { SeriesGroup, TrafficLevel } from './trafficSchemas';

/** Reads one path below `/api/gns/v1` and parses the answer. */
export type ReadRest = <T extends z.ZodType>(
  schema: T,
  path: string,
  signal?: AbortSignal,
) => Promise<z.infer<T>>;

/** A time of the past, RFC 3339; absent: the newest that there is. */
interface At {
  at?: string;
}

function queryOf(options: Record<string, string | number | undefined>): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

/** Traffic of global namespaces: part of `GnsClient`, as `client.telemetry`. */
export class TelemetryClient {
  readonly #read: ReadRest;

  constructor(read: ReadRest) {
    this.#read = read;
  }

  getTraffic(
    gns: string,
    options: At & {
      /** Seconds, of `TRAFFIC_WINDOWS_SECONDS`. */
      window?: number;
      level?: TrafficLevel;
      service?: string;
      limit?: number;
    } = {},
    signal?: AbortSignal,
  ) {
    return this.#read(
      t.trafficSchema,
      `${pathOf(gns)}${queryOf({ ...options })}`,
      signal,
    );
  }

  getRanges(gns: string, signal?: AbortSignal) {
    return this.#read(t.trafficRangesSchema, `${pathOf(gns)}/ranges`, signal);
  }

  getSeries(
    gns: string,
    options: At & {
      edge?: string;
      node?: string;
      direction?: 'inbound' | 'outbound';
      /** Seconds. */
      range?: number;
      /** Seconds. */
      step?: number;
      groupBy?: SeriesGroup;
    },
    signal?: AbortSignal,
  ) {
    return this.#read(
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
    return this.#read(
      t.serviceTrafficListSchema,
      `${pathOf(gns)}/services${queryOf({ ...options })}`,
      signal,
    );
  }

  getStatus(signal?: AbortSignal) {
    return this.#read(t.telemetryStatusSchema, '/telemetry', signal);
  }
}

function pathOf(gns: string): string {
  return `/global-namespaces/${encodeURIComponent(gns)}/traffic`;
}
