import type { ClusterFacts } from '../clusterFacts';
import type { HostPort } from '../hostPorts';
import { LABEL_REMOTE_CLUSTER } from '../objectNames';
import type { Offer } from '../offers';

/** What both entries of a host say alike: istiod merges them, and takes ports and SANs from either. */
export interface HostEntry {
  readonly host: string;
  readonly address: string | undefined;
  readonly subjectAltNames: readonly string[];
}

function common(entry: HostEntry, exportTo: readonly string[]) {
  return {
    hosts: [entry.host],
    ...(entry.address === undefined ? {} : { addresses: [entry.address] }),
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    subjectAltNames: entry.subjectAltNames,
    exportTo,
  };
}

/** Spec of `-local`: the pods behind the cluster's own service. */
export function localEntrySpec(
  entry: HostEntry,
  offer: Offer,
  ports: readonly HostPort[],
  exportTo: readonly string[],
) {
  return {
    ...common(entry, exportTo),
    ports: ports.map(({ number, name, protocol }) => ({
      number,
      name,
      protocol,
      targetPort:
        offer.ports.find(p => p.number === number)?.targetPort ?? number,
    })),
    workloadSelector: { labels: offer.selector },
  };
}

/** Endpoints of one serving cluster: its gateways, among which its weight is split. */
export function gatewayEndpoints(
  server: ClusterFacts,
  ports: readonly HostPort[],
  weight: number,
) {
  const doors = server.usable.flatMap(gateway =>
    gateway.addresses.map(address => ({ gateway, address })),
  );
  return doors.map(({ gateway, address }) => ({
    address,
    ports: Object.fromEntries(ports.map(p => [p.name, gateway.port])),
    labels: {
      'security.istio.io/tlsMode': 'istio',
      [LABEL_REMOTE_CLUSTER]: server.name,
    },
    network: gateway.network,
    ...(server.locality ? { locality: server.locality } : {}),
    weight: Math.max(1, Math.round(weight / doors.length)),
  }));
}

/** Spec of `-remote`: the east-west gateways of the other clusters. */
export function remoteEntrySpec(
  entry: HostEntry,
  ports: readonly HostPort[],
  endpoints: readonly object[],
  exportTo: readonly string[],
) {
  return { ...common(entry, exportTo), ports, endpoints };
}
