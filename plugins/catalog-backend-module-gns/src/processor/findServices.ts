import type { Entity } from '@backstage/catalog-model';
import type {
  IndexedService,
  ServicePlace,
  ServiceReference,
} from '@isthmus/plugin-gns-common';
import { parseLabelSelector, selects } from './labelSelector';

/* Annotations of the Backstage Kubernetes plugin, which many entities carry already. */
const KUBERNETES_ID = 'backstage.io/kubernetes-id';
const LABEL_SELECTOR = 'backstage.io/kubernetes-label-selector';
const KUBERNETES_NAMESPACE = 'backstage.io/kubernetes-namespace';
const KUBERNETES_CLUSTER = 'backstage.io/kubernetes-cluster';

/**
 * The global services whose Kubernetes objects an entity points at with the
 * annotations of the Kubernetes plugin; none where it has no such annotation.
 */
export function findServices(
  entity: Entity,
  services: readonly IndexedService[],
): ServiceReference[] {
  const matches = placeMatcher(entity.metadata.annotations ?? {});
  if (!matches) return [];
  return services
    .filter(service => service.places.some(matches))
    .map(({ gns, name }) => ({ gns, service: name }));
}

function placeMatcher(
  annotations: Readonly<Record<string, string>>,
): ((place: ServicePlace) => boolean) | undefined {
  const selector = annotations[LABEL_SELECTOR];
  const id = annotations[KUBERNETES_ID];
  // As in the Kubernetes plugin, a selector counts before an id.
  const wanted = selector ?? (id ? `${KUBERNETES_ID}=${id}` : undefined);
  const requirements =
    wanted === undefined ? undefined : parseLabelSelector(wanted);
  if (!requirements) return undefined;
  const namespace = annotations[KUBERNETES_NAMESPACE];
  const cluster = annotations[KUBERNETES_CLUSTER];
  return place =>
    (namespace ?? place.namespace) === place.namespace &&
    (cluster ?? place.cluster) === place.cluster &&
    selects(requirements, place.labels);
}
