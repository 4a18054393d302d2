import type { Acknowledgment, ClusterDelivery, WantedObject } from './types';

/**
 * Hosts that a cluster serves for callers of others (rule 4). One begins when
 * all its serving objects, as they are wanted now, were acknowledged and none
 * of them failed; it then stays while composition lets the cluster serve it: an
 * update that is on its way must not take the endpoint from callers. Pure.
 */
export function servedHosts(
  delivery: ClusterDelivery,
  servingObjects: ReadonlyMap<string, readonly string[]>,
  wanted: ReadonlyMap<string, WantedObject>,
  acknowledged: Acknowledgment | undefined,
): Set<string> {
  const served = new Set<string>();
  for (const [host, keys] of servingObjects) {
    if (delivery.served.has(host)) {
      served.add(host);
      continue;
    }
    const acknowledgedAll =
      acknowledged !== undefined &&
      keys.length > 0 &&
      keys.every(key => {
        const object = delivery.objects.get(key);
        return (
          object !== undefined &&
          object.hash === wanted.get(key)?.hash &&
          object.changedN <= acknowledged.appliedN &&
          !acknowledged.troubled.has(key)
        );
      });
    if (acknowledgedAll) served.add(host);
  }
  return served;
}
