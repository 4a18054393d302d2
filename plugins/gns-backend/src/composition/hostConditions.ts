import type { Condition } from '@isthmus/plugin-gns-common';
import type { HostContext } from './composeHost';
import { describePorts, hasPorts, type HostPort } from './hostPorts';
import type { Offer } from './offers';
import { listNames, unknown, untrue } from './statement';

/** Whether the clusters agree on the ports of a host, and whether anybody serves it. */
export function hostConditions(
  context: HostContext,
  label: string,
  host: string,
  ports: readonly HostPort[],
  offers: readonly Offer[],
): Condition[] {
  const conditions: Condition[] = [];
  const where = { gns: context.gns, service: label };
  for (const offer of offers) {
    if (hasPorts(offer, ports)) continue;
    conditions.push(
      untrue(
        'PortsAgree',
        'PortsDiffer',
        'error',
        `${host} has the ports ${describePorts(
          ports,
        )} elsewhere, but ${describePorts(offer.ports)} in ${
          offer.namespace
        } of ${
          offer.clusterName
        }: there it serves and finds only its own pods. Give the Service the same port numbers, names and protocols in every cluster.`,
        { ...where, cluster: offer.clusterName, namespace: offer.namespace },
      ),
    );
  }
  const blind = offers.filter(
    o => context.placeOf.get(o.cluster)?.facts.workloadsUnknown,
  );
  if (offers.length > 0 && offers.every(o => o.readyMtls === 0)) {
    if (blind.length > 0) {
      conditions.push(
        unknown(
          'HasEndpoints',
          'EndpointsUnknown',
          'warning',
          `Whether a pod serves ${host} is unknown: ${listNames(
            blind.map(o => o.clusterName),
          )} has not reported its workloads. Check the permissions and the log of its controller.`,
          where,
        ),
      );
      return conditions;
    }
    conditions.push(
      untrue(
        'HasEndpoints',
        'NoEndpoints',
        'error',
        `No ready pod with a sidecar serves ${host} in ${listNames(
          offers.map(o => o.clusterName),
        )}: calls fail. Start its pods, or check why they are not ready or not injected.`,
        where,
      ),
    );
  }
  return conditions;
}
