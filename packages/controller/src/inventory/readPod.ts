import { z } from 'zod';
import { CA_ADDRESS, CA_ROOT_PATH } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { containerShape, isPort } from './shapes';

const podShape = z.looseObject({
  metadata: z.looseObject({
    ownerReferences: z
      .array(
        z.looseObject({
          kind: z.string(),
          name: z.string(),
          controller: z.boolean().nullish(),
        }),
      )
      .nullish(),
    deletionTimestamp: z.string().nullish(),
    uid: z.string().nullish(),
  }),
  spec: z.looseObject({
    nodeName: z.string().nullish(),
    serviceAccountName: z.string().nullish(),
    containers: z.array(containerShape),
    initContainers: z.array(containerShape).nullish(),
  }),
  status: z
    .looseObject({
      phase: z.string().nullish(),
      startTime: z.string().nullish(),
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string() }))
        .nullish(),
    })
    .nullish(),
});

/** What the pods of one template share: kept once for all of them. */
export interface PodTemplate {
  workload: { kind: string; name: string };
  labels: Record<string, string>;
  serviceAccount: string;
  namedPorts: Record<string, number>;
  /** Has an Istio proxy. */
  sidecar: boolean;
  /** `security.istio.io/tlsMode: istio` on the pod. */
  mtls: boolean;
  /** Its proxy started with ISTIO_META_DNS_CAPTURE=true. */
  dnsCapture: boolean;
  /** ISTIO_META_REQUESTED_NETWORK_VIEW of its proxy. */
  networkView?: string;
  /** Its proxy asks the controller for certificates. */
  ourCa: boolean;
}

export interface PodRecord {
  namespace: string;
  name: string;
  node: string;
  uid: string;
  /** Milliseconds since the epoch; 0: not started. */
  startedAt: number;
  /** Running or pending, not finished. */
  active: boolean;
  running: boolean;
  ready: boolean;
  template: PodTemplate;
}

/** Labels that differ from pod to pod, or from roll-out to roll-out. */
const VOLATILE_LABELS = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
]);

export function readPod(object: KubeObject): PodRecord | undefined {
  const parsed = podShape.safeParse(object);
  if (!parsed.success) return undefined;
  const { metadata, spec, status } = parsed.data;
  const labels = object.metadata.labels ?? {};
  const proxy = [...spec.containers, ...(spec.initContainers ?? [])].find(
    c => c.name === 'istio-proxy',
  );
  // Their ports resolve names as those of containers do (Kubernetes 1.29).
  const nativeSidecars = (spec.initContainers ?? []).filter(
    c => c.restartPolicy === 'Always',
  );
  const env = new Map((proxy?.env ?? []).map(e => [e.name, e.value ?? '']));
  const running = status?.phase === 'Running' && !metadata.deletionTimestamp;
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    node: spec.nodeName ?? '',
    uid: metadata.uid ?? '',
    startedAt: Date.parse(status?.startTime ?? '') || 0,
    active: status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    running,
    ready:
      running &&
      (status?.conditions ?? []).some(
        c => c.type === 'Ready' && c.status === 'True',
      ),
    template: {
      workload: workloadOf(
        object.metadata.name,
        labels['pod-template-hash'],
        metadata.ownerReferences ?? [],
      ),
      labels: Object.fromEntries(
        Object.entries(labels).filter(([key]) => !VOLATILE_LABELS.has(key)),
      ),
      serviceAccount: spec.serviceAccountName || 'default',
      namedPorts: Object.fromEntries(
        [...spec.containers, ...nativeSidecars].flatMap(c =>
          (c.ports ?? []).flatMap(p =>
            p.name && isPort(p.containerPort)
              ? [[p.name.slice(0, 63), p.containerPort] as const]
              : [],
          ),
        ),
      ),
      sidecar: proxy !== undefined,
      mtls: labels['security.istio.io/tlsMode'] === 'istio',
      dnsCapture: env.get('ISTIO_META_DNS_CAPTURE') === 'true',
      networkView: env.get('ISTIO_META_REQUESTED_NETWORK_VIEW') || undefined,
      ourCa:
        env.get('CA_ADDR') === CA_ADDRESS &&
        env.get('CA_ROOT_CA') === CA_ROOT_PATH,
    },
  };
}

/** A ReplicaSet made by a Deployment carries the template's hash at its end. */
function workloadOf(
  pod: string,
  templateHash: string | undefined,
  owners: ReadonlyArray<{
    kind: string;
    name: string;
    controller?: boolean | null;
  }>,
): PodTemplate['workload'] {
  const owner = owners.find(o => o.controller) ?? owners[0];
  if (!owner) return { kind: 'Pod', name: pod };
  const suffix = `-${templateHash}`;
  if (
    owner.kind === 'ReplicaSet' &&
    templateHash &&
    owner.name.endsWith(suffix)
  ) {
    return {
      kind: 'Deployment',
      name: owner.name.slice(0, -suffix.length),
    };
  }
  return { kind: owner.kind.slice(0, 63), name: owner.name };
}
