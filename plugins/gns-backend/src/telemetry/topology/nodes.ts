import type { TrafficLevel, TrafficNodeKind } from '@isthmus/plugin-gns-common';
import type { Party } from './parties';

/** Which node of the picture an end of an edge is. */
export interface NodeRef {
  readonly id: string;
  readonly kind: TrafficNodeKind;
  readonly label: string;
  /** Name of the cluster. */
  readonly cluster?: string;
  readonly namespace?: string;
  readonly workload?: string;
  readonly service?: string;
}

/** Stands for a cluster that is none of ours, or not known. */
const NO_CLUSTER = '-';

/** `<kind>/<part>/<part>…`, as `topologyOf` names what it draws. */
export function nodeId(kind: TrafficNodeKind, ...parts: string[]): string {
  return [kind, ...parts].join('/');
}

/** What the picture knows beside traffic. */
export interface NodeContext {
  clusterName(id: string): string | undefined;
  /** The Kubernetes service of a global service in a cluster. */
  endpointOf(
    service: string,
    cluster: string,
  ): { namespace: string; service: string } | undefined;
  /** Clusters that serve a global service. */
  clustersOf(service: string): readonly string[];
  /** Global services that a workload serves, sorted. */
  servicesOf(
    cluster: string,
    namespace: string,
    workload: string,
  ): readonly string[];
  isGateway(cluster: string, party: Party): boolean;
}

function serviceNode(
  service: string,
  cluster: string,
  context: NodeContext,
): NodeRef | undefined {
  const endpoint = context.endpointOf(service, cluster);
  const name = context.clusterName(cluster);
  if (!endpoint || name === undefined) return undefined;
  return {
    id: nodeId('service', name, endpoint.namespace, endpoint.service),
    kind: 'service',
    label: endpoint.service,
    cluster: name,
    namespace: endpoint.namespace,
    service,
  };
}

/** The service where a call that reached nobody was meant to go: near the caller, else the one place that has it. */
function unreached(
  service: string,
  near: string,
  context: NodeContext,
): NodeRef {
  const clusters = context.clustersOf(service);
  const found =
    serviceNode(service, near, context) ??
    (clusters.length === 1
      ? serviceNode(service, clusters[0], context)
      : undefined);
  return (
    found ?? {
      id: nodeId('service', NO_CLUSTER, service),
      kind: 'service',
      label: service,
      service,
    }
  );
}

function workloadNode(party: Party, cluster: string): NodeRef {
  const { namespace = '', name = '' } = party;
  return {
    id: nodeId('workload', cluster, namespace, name),
    kind: 'workload',
    label: name,
    cluster,
    namespace,
    workload: name,
  };
}

function foreignNode(
  party: Party,
  level: TrafficLevel,
  context: NodeContext,
): NodeRef {
  const { namespace = '', name = '' } = party;
  const cluster =
    party.cluster === undefined
      ? undefined
      : context.clusterName(party.cluster);
  const place = cluster === undefined ? {} : { cluster };
  if (party.cluster !== undefined && context.isGateway(party.cluster, party)) {
    return level === 'cluster'
      ? {
          id: nodeId('cluster', cluster ?? NO_CLUSTER),
          kind: 'cluster',
          label: cluster ?? '',
          ...place,
        }
      : {
          id: nodeId('gateway', cluster ?? NO_CLUSTER, namespace, name),
          kind: 'gateway',
          label: name,
          ...place,
          namespace,
          workload: name,
        };
  }
  const parts = [cluster ?? NO_CLUSTER, namespace, name];
  const kept = { cluster: 1, namespace: 2, service: 3, workload: 3 }[level];
  return {
    id: nodeId('foreign', ...parts.slice(0, kept)),
    kind: 'foreign',
    label: parts[kept - 1],
    ...place,
    ...(kept > 1 ? { namespace } : {}),
    ...(kept > 2 ? { workload: name } : {}),
  };
}

/** The node of an end of an edge at a level; `isTarget`: what was called, so the service that was meant counts. */
export function nodeOf(
  party: Party,
  level: TrafficLevel,
  context: NodeContext,
  isTarget: boolean,
): NodeRef {
  if (party.kind === 'external') {
    const host = party.name ?? 'unknown';
    return { id: nodeId('external', host), kind: 'external', label: host };
  }
  const cluster =
    party.cluster === undefined
      ? undefined
      : context.clusterName(party.cluster);
  if (party.kind === 'outside') {
    return {
      id: nodeId('outside', cluster ?? NO_CLUSTER),
      kind: 'outside',
      label: cluster ?? '',
      ...(cluster === undefined ? {} : { cluster }),
    };
  }
  if (party.kind === 'foreign' || party.cluster === undefined || !cluster) {
    return foreignNode(party, level, context);
  }
  const box = (
    id: string,
    kind: 'cluster' | 'namespace',
    label: string,
  ): NodeRef => ({
    id,
    kind,
    label,
    cluster,
    ...(kind === 'namespace' ? { namespace: label } : {}),
  });
  if (party.kind === 'service') {
    const node = unreached(party.service ?? '', party.cluster, context);
    if (level === 'cluster' && node.cluster !== undefined) {
      return box(nodeId('cluster', node.cluster), 'cluster', node.cluster);
    }
    return level === 'namespace' &&
      node.cluster !== undefined &&
      node.namespace !== undefined
      ? {
          ...box(
            nodeId('namespace', node.cluster, node.namespace),
            'namespace',
            node.namespace,
          ),
          cluster: node.cluster,
        }
      : node;
  }
  const { namespace = '', name = '' } = party;
  switch (level) {
    case 'cluster':
      return box(nodeId('cluster', cluster), 'cluster', cluster);
    case 'namespace':
      return box(
        nodeId('namespace', cluster, namespace),
        'namespace',
        namespace,
      );
    case 'workload':
      return workloadNode(party, cluster);
    default: {
      const service = isTarget
        ? party.service
        : context.servicesOf(party.cluster, namespace, name)[0];
      return (
        (service === undefined
          ? undefined
          : serviceNode(service, party.cluster, context)) ??
        workloadNode(party, cluster)
      );
    }
  }
}
