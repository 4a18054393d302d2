import type { ErrorReading } from '@isthmus/plugin-gns-common';

/** Calls of one namespace of one cluster to one host, as the proxies counted them. */
export interface CallRate {
  readonly host: string;
  /** Name of the caller's cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly callsPerSecond: number;
}

/** What is known of the calls inside a global namespace; unknown is never zero. */
export type TrafficReading =
  | {
      readonly state: 'unknown';
      readonly why: 'notMeasured' | 'stale' | 'partial';
    }
  | {
      readonly state: 'known';
      readonly calls: readonly CallRate[];
      /** RFC 3339. */
      readonly dataAt: string;
    };

/**
 * Where plans and rollouts learn about traffic. The telemetry of the hub
 * implements it; an implementation answers within a second, from what it has.
 */
export interface TrafficReader {
  /** Calls of the last minutes. Never throws: what cannot be read is unknown. */
  callsWithin(gns: string): Promise<TrafficReading>;
  /** Calls to these hosts since a time, and how many failed. Never throws. */
  errorsSince(
    gns: string,
    hosts: readonly string[],
    since: Date,
  ): Promise<ErrorReading>;
}

/** For a hub that measures no traffic. */
export const unmeasuredTraffic: TrafficReader = {
  async callsWithin() {
    return { state: 'unknown', why: 'notMeasured' };
  },
  async errorsSince() {
    return {
      state: 'unknown',
      reason: 'This hub does not measure traffic.',
    };
  },
};
