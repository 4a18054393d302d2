import { z } from 'zod';
import { ANNOTATION_PAUSE } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isOurs } from '../reconciler/ownership';
import { containerShape, labelMap } from './shapes';

/*
 * Small records of Kubernetes objects, made on receipt: a cluster's 20,000 pods
 * must not stay in memory whole. Each reader returns undefined for an object
 * that it cannot understand; the rest of the cluster is not affected.
 */

export interface NamespaceRecord {
  name: string;
  uid: string;
  labels: Record<string, string>;
  createdAt: string;
  /** Value of the pause annotation. */
  paused?: string;
}

export function readNamespace(object: KubeObject): NamespaceRecord {
  return {
    name: object.metadata.name,
    uid: object.metadata.uid ?? '',
    labels: object.metadata.labels ?? {},
    createdAt: String(object.metadata.creationTimestamp ?? ''),
    paused: object.metadata.annotations?.[ANNOTATION_PAUSE],
  };
}

export interface NodeRecord {
  name: string;
  /** `region/zone`, or only the region; '' when unknown. */
  locality: string;
}

export function readNode(object: KubeObject): NodeRecord {
  const labels = object.metadata.labels ?? {};
  const region = labels['topology.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? '';
  return {
    name: object.metadata.name,
    locality: (zone ? `${region}/${zone}` : region).slice(0, 200),
  };
}

/** A PeerAuthentication or ProxyConfig, as far as precedence needs it. */
export interface PolicyRecord {
  namespace: string;
  name: string;
  createdAt: string;
  /** Applies to some workloads only. */
  selective: boolean;
  ours: boolean;
  /** PeerAuthentication: its mode. */
  mode?: string;
}

const policyShape = z.looseObject({
  spec: z
    .looseObject({
      selector: z.looseObject({ matchLabels: labelMap }).nullish(),
      mtls: z.looseObject({ mode: z.string().nullish() }).nullish(),
    })
    .nullish(),
});

export function readPolicy(object: KubeObject): PolicyRecord | undefined {
  const parsed = policyShape.safeParse(object);
  if (!parsed.success) return undefined;
  const spec = parsed.data.spec ?? {};
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    createdAt: String(object.metadata.creationTimestamp ?? ''),
    selective: Object.keys(spec.selector?.matchLabels ?? {}).length > 0,
    ours: isOurs(object),
    mode: spec.mtls?.mode?.slice(0, 40),
  };
}

/** Image tags of a Deployment's containers: istiod's version. */
export function readImageTags(object: KubeObject): string[] {
  const parsed = z
    .looseObject({
      spec: z.looseObject({
        template: z.looseObject({
          spec: z.looseObject({ containers: z.array(containerShape) }),
        }),
      }),
    })
    .safeParse(object);
  if (!parsed.success) return [];
  return parsed.data.spec.template.spec.containers.flatMap(c => {
    const tag = /:([\w][\w.-]{0,63})(@|$)/.exec(c.image ?? '')?.[1];
    return tag ? [tag] : [];
  });
}

/** The string data of a ConfigMap. */
export function readConfigMap(object: KubeObject): Record<string, string> {
  const parsed = z.record(z.string(), z.string()).safeParse(object.data ?? {});
  return parsed.success ? parsed.data : {};
}
