import type { UnknownReason } from '@isthmus/plugin-gns-common';

/** How a Prometheus is asked for who we are. */
export type PrometheusAuthentication =
  | {
      type: 'bearer';
      /** A function is asked before each query, so that a rotated token is taken up. */
      token: string | (() => Promise<string>);
    }
  | {
      type: 'basic';
      username: string;
      password: string | (() => Promise<string>);
    };

/** Where a Prometheus is, or what speaks its API: Thanos, Mimir, VictoriaMetrics. */
export interface PrometheusConnection {
  /** `https://prometheus.example:9090`, with the path prefix if there is one. */
  url: string;
  authentication?: PrometheusAuthentication;
  /** Sent with every query, for example `X-Scope-OrgID`. */
  headers?: Readonly<Record<string, string>>;
  /** PEM texts: CA to believe; certificate and key to show. */
  tls?: { ca?: string; cert?: string; key?: string; serverName?: string };
  /** Longest time until an answer is complete, milliseconds. Default 20,000. */
  timeoutMs?: number;
  /** Largest answer, bytes after decompression. Default 128 MiB. */
  maxBytes?: number;
}

/** One series of an answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time, seconds: ascending, each of the grid that was asked for. */
  readonly times: readonly number[];
  /** NaN: no number, or none that is finite. */
  readonly values: readonly number[];
}

/** Evaluation times: `from`, `from + step`, … up to `to`; seconds. One when equal. */
export interface EvaluationTimes {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** What a Prometheus answered. */
export interface PrometheusAnswer {
  readonly series: readonly Series[];
  /** Milliseconds since 1970 by the server's `Date`; undefined: it said none. */
  readonly serverTime: number | undefined;
}

/** A Prometheus as the collector sees it. */
export interface Prometheus {
  /** For people: without user, password and query. */
  readonly name: string;
  /** @throws PrometheusError */
  query(
    promql: string,
    times: EvaluationTimes,
    signal?: AbortSignal,
  ): Promise<PrometheusAnswer>;
  close(): Promise<void>;
}

/** Why there is no answer that can be believed. The message holds no secret. */
export class PrometheusError extends Error {
  readonly name = 'PrometheusError';

  constructor(
    readonly reason: UnknownReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
