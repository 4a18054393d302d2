import {
  type Condition,
  type GlobalService,
  type GnsStatus,
} from '@isthmus/plugin-gns-common';

/** What to type: the bare host where a port says nothing more. */
export function addressesOf(service: GlobalService): string[] {
  if (service.ports.length === 0) return [service.host];
  return service.ports.map(({ number, protocol }) =>
    /^(HTTP|HTTP2|GRPC)$/.test(protocol) && number === 80
      ? `http://${service.host}/`
      : `${service.host}:${number}`,
  );
}

/** Conditions of the service itself, and of the clusters in which it runs. */
export function conditionsOf(
  status: GnsStatus,
  service: GlobalService,
): Condition[] {
  const clusters = new Set(service.endpoints.map(e => e.cluster));
  const known = new Set(service.conditions.map(c => c.message));
  return [
    ...service.conditions,
    ...status.allConditions.filter(
      c =>
        !known.has(c.message) &&
        (c.service === undefined || c.service === service.name) &&
        c.cluster !== undefined &&
        clusters.has(c.cluster),
    ),
  ];
}

/** Callers, `<cluster>/<namespace>`, by cluster. */
export function callersByCluster(
  service: GlobalService,
): { cluster: string; namespaces: string[] }[] {
  const byCluster = new Map<string, string[]>();
  for (const caller of [...service.callers].sort()) {
    const [cluster, namespace = ''] = caller.split('/');
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), namespace]);
  }
  return [...byCluster].map(([cluster, namespaces]) => ({
    cluster,
    namespaces,
  }));
}
