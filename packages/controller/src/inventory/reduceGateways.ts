import { isIP } from 'node:net';
import {
  DEFAULT_GATEWAY_PORT,
  InventoryGateway,
} from '@isthmus/plugin-gns-common';
import { PodRecord } from './readPod';
import { GATEWAY_ADDRESS_ANNOTATION, ServiceRecord } from './readService';
import { byNamespaceAndName } from './reduceNamespaces';

const EAST_WEST = 'eastwestgateway';
const NETWORK_LABEL = 'topology.istio.io/network';
const MAX_ADDRESSES = 32;
const HOST_NAME =
  /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;

/**
 * East-west gateways: Services that are labelled or select `istio:
 * eastwestgateway`, or that carry a network label and the pass-through port.
 */
export function reduceGateways(input: {
  services: Iterable<ServiceRecord>;
  podsOf(namespace: string): Iterable<PodRecord>;
  /** Network of istio-system: the default of gateways that name none. */
  network: string | undefined;
}): InventoryGateway[] {
  const gateways: InventoryGateway[] = [];
  for (const service of input.services) {
    if (!service.selector || !isEastWest(service)) continue;
    const selector = service.selector;
    const pods = [...input.podsOf(service.namespace)].filter(
      pod => pod.active && matches(selector, pod.template.labels),
    );
    const leading = pods.find(p => p.ready) ?? pods[0];
    gateways.push({
      namespace: service.namespace,
      name: service.name,
      selector,
      network: service.labels[NETWORK_LABEL] ?? input.network ?? '',
      addresses: addressesOf(service),
      port: portOf(service),
      ready: pods.some(p => p.ready),
      ...(leading?.template.networkView
        ? { networkView: leading.template.networkView.slice(0, 253) }
        : {}),
      serviceAccount: leading?.template.serviceAccount ?? 'default',
    });
  }
  return gateways.sort(byNamespaceAndName).slice(0, 200);
}

function isEastWest(service: ServiceRecord): boolean {
  if (
    service.labels.istio === EAST_WEST ||
    service.selector?.istio === EAST_WEST
  ) {
    return true;
  }
  return (
    service.labels[NETWORK_LABEL] !== undefined &&
    service.ports.some(p => p.port === DEFAULT_GATEWAY_PORT)
  );
}

function matches(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([k, v]) => labels[k] === v);
}

/** The port that Istio's samples name `tls`, else 15443 by number, else by target. */
function portOf(service: ServiceRecord): number {
  const port =
    service.ports.find(p => p.port === DEFAULT_GATEWAY_PORT) ??
    service.ports.find(p => p.targetPort === DEFAULT_GATEWAY_PORT) ??
    service.ports.find(p => p.name === 'tls');
  return port?.port ?? DEFAULT_GATEWAY_PORT;
}

/** What an operator wrote wins over what the cloud says, and that over external IPs. */
function addressesOf(service: ServiceRecord): InventoryGateway['addresses'] {
  const written = service.annotations[GATEWAY_ADDRESS_ANNOTATION]?.split(',')
    .map(a => a.trim())
    .filter(Boolean);
  const candidates =
    written ??
    (service.ingress.length > 0
      ? service.ingress.flatMap(i => i.ip ?? i.hostname ?? [])
      : service.externalIPs);
  const unique = [...new Set(candidates)].sort();
  return unique
    .flatMap<InventoryGateway['addresses'][number]>(address => {
      if (isIP(address)) return [{ ip: address }];
      return address.length <= 253 && HOST_NAME.test(address)
        ? [{ hostname: address.toLowerCase() }]
        : [];
    })
    .slice(0, MAX_ADDRESSES);
}
