import type { EndpointInUse } from '../inventory/takeInventory';
import type { StoredComposition } from './compositionRows';

/** Endpoints of one cluster in the last compositions, for judging what a report takes away. Pure. */
export function endpointsInUse(
  clusterId: string,
  stored: ReadonlyMap<string, StoredComposition>,
): EndpointInUse[] {
  return [...stored.values()].flatMap(({ gns, composed }) =>
    composed.services.flatMap(service =>
      service.endpoints
        .filter(e => e.cluster === clusterId && !e.awaitingApproval)
        .map(e => ({
          gns,
          host: service.host,
          namespace: e.namespace,
          service: e.service,
          workloads: e.workloads,
          elsewhere: service.endpoints.some(
            other =>
              other.cluster !== clusterId &&
              !other.awaitingApproval &&
              other.readyMtls > 0,
          ),
        })),
    ),
  );
}
