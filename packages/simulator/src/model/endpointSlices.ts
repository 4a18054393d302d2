import type { KubernetesObject, SeedObject } from '../apiserver/objects';

interface ServicePort {
  name?: string;
  protocol?: string;
  targetPort?: number | string;
  port: number;
}

interface PodView {
  spec: {
    nodeName?: string;
    containers: Array<{
      ports?: Array<{ name?: string; containerPort: number }>;
    }>;
  };
  status: {
    podIP?: string;
    conditions?: Array<{ type: string; status: string }>;
  };
}

function view(pod: KubernetesObject): PodView {
  return pod as unknown as PodView;
}

/** True when the pod's Ready condition says so. */
export function isReady(pod: KubernetesObject): boolean {
  return (
    view(pod).status.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ) ?? false
  );
}

function portNumber(port: ServicePort, pods: readonly KubernetesObject[]) {
  const { targetPort = port.port } = port;
  if (typeof targetPort === 'number') return targetPort;
  for (const pod of pods) {
    for (const { ports = [] } of view(pod).spec.containers) {
      const named = ports.find(({ name }) => name === targetPort);
      if (named) return named.containerPort;
    }
  }
  return port.port;
}

/** The EndpointSlice of a service, as its controller would write it. */
export function endpointSlice(
  service: KubernetesObject,
  pods: readonly KubernetesObject[],
  zoneOf: (node: string) => string | undefined,
): SeedObject {
  const { name, namespace, uid = '' } = service.metadata;
  const { ports = [] } = service.spec as { ports?: ServicePort[] };
  const ordered = [...pods].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-slice`,
      namespace,
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by':
          'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    addressType: 'IPv4',
    ports: ports.map(port => ({
      name: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      port: portNumber(port, pods),
    })),
    endpoints: ordered.map(pod => {
      const ready = isReady(pod);
      const { nodeName = '' } = view(pod).spec;
      const zone = zoneOf(nodeName);
      return {
        addresses: [view(pod).status.podIP ?? ''],
        conditions: { ready, serving: ready, terminating: false },
        nodeName,
        ...(zone ? { zone } : {}),
        targetRef: {
          kind: 'Pod',
          name: pod.metadata.name,
          namespace,
          uid: pod.metadata.uid,
        },
      };
    }),
  };
}
