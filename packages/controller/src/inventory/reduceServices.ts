import { InventoryService } from '@isthmus/plugin-gns-common';
import { istioProtocol } from './istioProtocol';
import { ServiceRecord } from './readService';
import { boundedLabels, byNamespaceAndName } from './reduceNamespaces';

export function reduceServices(
  services: Iterable<ServiceRecord>,
): InventoryService[] {
  return [...services]
    .map(service => ({
      namespace: service.namespace,
      name: service.name,
      labels: boundedLabels(service.labels),
      type: service.type,
      headless: service.headless,
      ...(service.selector
        ? { selector: boundedLabels(service.selector) }
        : {}),
      ports: service.ports.slice(0, 200).map(port => ({
        name: port.name,
        number: port.port,
        protocol: port.protocol,
        istioProtocol: istioProtocol(port),
        targetPort: port.targetPort,
      })),
    }))
    .sort(byNamespaceAndName);
}
