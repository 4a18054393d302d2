import type { CallRate, TrafficReading } from '../traffic/TrafficReader';
import type { HostReach } from './reach';

/** Measured calls per second; null: unknown. */
export interface HostRates {
  /** Of these `<cluster>/<namespace>`, or of all. */
  of(gns: string, host: string, callers?: readonly string[]): number | null;
  ofCluster(gns: string, host: string, cluster: string): number | null;
}

export function ratesOf(
  traffic: ReadonlyMap<string, TrafficReading>,
): HostRates {
  const sum = (gns: string, of: (call: CallRate) => boolean) => {
    const reading = traffic.get(gns);
    if (reading?.state !== 'known') return null;
    return reading.calls
      .filter(of)
      .reduce((total, call) => total + call.callsPerSecond, 0);
  };
  return {
    of: (gns, host, callers) => {
      const wanted = callers && new Set(callers);
      return sum(
        gns,
        c =>
          c.host === host &&
          (!wanted || wanted.has(`${c.cluster}/${c.namespace}`)),
      );
    },
    ofCluster: (gns, host, cluster) =>
      sum(gns, c => c.host === host && c.cluster === cluster),
  };
}

/**
 * The share of the measured calls that would leave their cluster: calls of a
 * cluster that has a server of its own stay (local first), calls that reach
 * nobody count for nothing.
 * @returns 0 to 1; null when nothing was measured that still reaches anybody
 */
export function crossClusterShare(
  calls: readonly CallRate[],
  reach: ReadonlyMap<string, HostReach>,
): number | null {
  let all = 0;
  let crossing = 0;
  for (const { host, cluster, namespace, callsPerSecond } of calls) {
    const of = reach.get(host);
    if (!of?.callers.has(`${cluster}/${namespace}`)) continue;
    all += callsPerSecond;
    if (!of.local.has(cluster)) crossing += callsPerSecond;
  }
  return all > 0 ? crossing / all : null;
}
