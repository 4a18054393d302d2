/** Every interval of the controller, in milliseconds. Tests shorten them. */
export interface Intervals {
  /** Longest time between two reports. */
  heartbeat: number;
  /** How long changes are gathered before a report. */
  reportDebounce: number;
  /** First and longest wait after the hub failed. */
  hubBackoff: { first: number; max: number };
  /** How long the hub may hold a poll, in seconds on the wire. */
  poll: number;
  /** First and longest wait after the API server failed. */
  kubeBackoff: { first: number; max: number };
  /** Silence of a watch after which it is opened anew. */
  watchSilence: number;
  /** Time between full lists of one kind, ± 50 %. */
  relist: number;
  /** First and longest wait before a failed object is tried again. */
  objectBackoff: { first: number; max: number };
  /** Time between two lookups of a gateway's host name. */
  dns: number;
  /** Time between two probes of one gateway. */
  probe: number;
  /** Shortest time between two writes of state. */
  stateWrite: number;
  /** Shortest time between two writes of the status ConfigMap. */
  statusWrite: number;
  /** Age of our key at which a new one is made. */
  rekey: number;
  /** Time between two looks whether anything shall be issued here. */
  issuerLook: number;
  /** Time between two looks for workloads to restart. */
  restart: number;
  /** How long istiod may take to hear of a ProxyConfig: pods that start earlier go without it. */
  setUpHeard: number;
  lease: { duration: number; renew: number; retry: number };
}

export const DEFAULT_INTERVALS: Intervals = {
  heartbeat: 20_000,
  reportDebounce: 250,
  hubBackoff: { first: 1_000, max: 60_000 },
  poll: 25_000,
  kubeBackoff: { first: 500, max: 30_000 },
  watchSilence: 120_000,
  relist: 600_000,
  objectBackoff: { first: 1_000, max: 60_000 },
  dns: 30_000,
  probe: 30_000,
  stateWrite: 10_000,
  statusWrite: 10_000,
  rekey: 30 * 24 * 3_600_000,
  issuerLook: 1_000,
  restart: 5_000,
  setUpHeard: 15_000,
  lease: { duration: 15_000, renew: 5_000, retry: 2_000 },
};
