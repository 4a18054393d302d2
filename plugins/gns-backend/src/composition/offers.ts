import {
  hostLabel,
  matches,
  SERVICE_LABEL,
  type Condition,
  type GlobalNamespace,
  type InventoryService,
  type InventoryServicePort,
  type InventoryWorkload,
} from '@isthmus/plugin-gns-common';
import { sameList } from './cells';
import { equalParts } from './equalParts';
import { workloadsSelected } from './inventoryIndex';
import type { ChosenNamespace } from './membership';
import { by } from './order';
import { untrue } from './statement';

/** A port as a ServiceEntry lists it; `targetPort` only matters in the cluster that serves it. */
export interface OfferedPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
  readonly targetPort: number;
}

/** One service of one member namespace: what a cluster brings to a host. */
export interface Offer {
  readonly label: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly service: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly OfferedPort[];
  readonly readyMtls: number;
  readonly total: number;
  readonly workloads: readonly string[];
  readonly serviceAccounts: readonly string[];
}

/** Everything that one member namespace brings. */
export interface NamespaceOffers {
  readonly offers: readonly Offer[];
  /** Member services, supported or not. */
  readonly services: number;
  readonly awaitingRestart: number;
  readonly conditions: readonly Condition[];
  /** What each offer was made from, to keep it while that is the same. */
  readonly sources: ReadonlyMap<Offer, OfferSource>;
}

interface OfferSource {
  readonly service: InventoryService;
  readonly workloads: readonly InventoryWorkload[];
}

/** Protocols that a ServiceEntry port may carry; the rest of TCP is TCP to it. */
const PROTOCOLS = new Set([
  'HTTP',
  'HTTP2',
  'HTTPS',
  'GRPC',
  'MONGO',
  'TCP',
  'TLS',
]);

function protocolOf(port: InventoryServicePort): string {
  const protocol = port.istioProtocol.toUpperCase();
  if (protocol === 'GRPC-WEB') return 'HTTP';
  return PROTOCOLS.has(protocol) ? protocol : 'TCP';
}

const ACCOUNT = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const PORT_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Why a service cannot be global yet; undefined when it can. */
function unsupported(service: InventoryService): string | undefined {
  if (service.type === 'ExternalName') return 'ExternalName services';
  if (service.headless) return 'headless services';
  if (!service.selector || Object.keys(service.selector).length === 0) {
    return 'services without a selector';
  }
  if (service.ports.every(port => port.protocol !== 'TCP')) {
    return 'services without a TCP port';
  }
  return undefined;
}

function targetOf(
  port: InventoryServicePort,
  workloads: readonly InventoryWorkload[],
): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort;
  const name = port.targetPort;
  const found = workloads.find(w => Object.hasOwn(w.namedPorts, name));
  return found?.namedPorts[name];
}

/**
 * What the namespace brings to its global namespace, sorted by host label and
 * service name. Offers of `before` whose service and workloads are the same
 * objects, or that come out equal, are kept.
 */
export function offersOf(
  definition: GlobalNamespace,
  chosen: ChosenNamespace,
  inventory: {
    services: readonly InventoryService[];
    workloads: readonly InventoryWorkload[];
  },
  before?: NamespaceOffers,
): NamespaceOffers {
  const { cluster, namespace } = chosen;
  const where = {
    gns: definition.metadata.name,
    cluster: cluster.name,
    namespace: namespace.name,
  };
  const services = inventory.services.filter(s =>
    chosen.services.some(matcher => matches(matcher, s)),
  );
  const conditions: Condition[] = [];
  const offers: Offer[] = [];
  const ambient = namespace.injection === 'ambient';
  if (ambient) {
    conditions.push(
      untrue(
        'Supported',
        'NotSupported',
        'warning',
        `Ambient namespaces are not supported yet: ${namespace.name} of ${cluster.name} serves and calls nothing. Use sidecar injection in it, or leave it out of the members.`,
        where,
      ),
    );
  } else if (namespace.injection === 'none') {
    conditions.push(
      untrue(
        'Injected',
        'NotInjected',
        'warning',
        `Pods of ${namespace.name} of ${cluster.name} get no sidecar, so they can neither serve nor call global services. Label the namespace istio-injection=enabled (or istio.io/rev) and restart its pods.`,
        where,
      ),
    );
  }
  const all = inventory.workloads;
  const kept = new Map(before?.offers.map(o => [o.service, o]));
  const sources = new Map<Offer, OfferSource>();
  const seen = new Set<string>();
  for (const service of ambient ? [] : services) {
    if (seen.has(service.name)) continue;
    seen.add(service.name);
    const label = hostLabel(
      definition.spec,
      cluster.name,
      namespace.name,
      service.name,
    );
    const at = { ...where, service: label };
    if (!SERVICE_LABEL.test(service.name) || !SERVICE_LABEL.test(label)) {
      conditions.push(
        untrue(
          'Supported',
          'InvalidName',
          'warning',
          `A service of ${namespace.name} of ${cluster.name} has a name that is no DNS label; it is left out. Rename it, or give it a host name in spec.hostnames.`,
          where,
        ),
      );
      continue;
    }
    const why = unsupported(service);
    if (why) {
      conditions.push(
        untrue(
          'Supported',
          'NotSupported',
          'warning',
          `${service.name} in ${namespace.name} of ${cluster.name} is left out: ${why} are not supported yet. Leave it out with a services matcher, or give it a selector and a cluster IP.`,
          at,
        ),
      );
      continue;
    }
    const selected = workloadsSelected(all, service.selector ?? {});
    const old = kept.get(service.name);
    const source = old && before?.sources.get(old);
    if (
      old?.label === label &&
      old.clusterName === cluster.name &&
      source?.service === service &&
      sameList(selected, source.workloads) &&
      // Else a condition about an unresolved port must be made again.
      old.ports.length === tcpPorts(service)
    ) {
      offers.push(old);
      sources.set(old, source);
      continue;
    }
    const ports: OfferedPort[] = [];
    const unresolved: string[] = [];
    for (const port of service.ports) {
      if (port.protocol !== 'TCP') continue;
      const protocol = protocolOf(port);
      const targetPort = targetOf(port, selected);
      if (targetPort === undefined) {
        unresolved.push(String(port.targetPort));
        continue;
      }
      ports.push({
        number: port.number,
        name: PORT_NAME.test(port.name)
          ? port.name
          : `${protocol.toLowerCase()}-${port.number}`,
        protocol,
        targetPort,
      });
    }
    if (unresolved.length > 0) {
      conditions.push(
        untrue(
          'Supported',
          'TargetPortUnknown',
          selected.length > 0 ? 'warning' : 'info',
          `${service.name} in ${namespace.name} of ${
            cluster.name
          } names the target port ${unresolved.join(
            ', ',
          )}, which no pod of it declares; these ports are left out. Name the container port so, or use its number.`,
          at,
        ),
      );
    }
    if (ports.length === 0) continue;
    ports.sort((a, b) => a.number - b.number);
    const made: Offer = {
      label,
      cluster: cluster.id,
      clusterName: cluster.name,
      namespace: namespace.name,
      service: service.name,
      selector: service.selector ?? {},
      ports,
      readyMtls: selected.reduce((sum, w) => sum + w.pods.readyMtls, 0),
      total: selected.reduce((sum, w) => sum + w.pods.total, 0),
      workloads: selected.map(w => w.name).sort(),
      serviceAccounts: [
        ...new Set(
          selected.map(w => w.serviceAccount).filter(a => ACCOUNT.test(a)),
        ),
      ].sort(),
    };
    const offer = old && equalParts(old, made) ? old : made;
    offers.push(offer);
    sources.set(offer, { service, workloads: selected });
  }
  offers.sort(by(o => `${o.label} ${o.service}`));
  return {
    offers: before && sameList(offers, before.offers) ? before.offers : offers,
    services: services.length,
    awaitingRestart: all.reduce((sum, w) => sum + w.pods.awaitingRestart, 0),
    conditions,
    sources,
  };
}

function tcpPorts(service: InventoryService): number {
  return service.ports.filter(port => port.protocol === 'TCP').length;
}
