import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject } from './objects';
import { applyJsonPatch, applyMergePatch } from './patches';
import type { ResourceRegistry, Target, WriteOptions } from './registry';
import type { ResourceType } from './resources';
import { invalid } from './statusErrors';

const SCALABLE = new Set(['Deployment', 'ReplicaSet', 'StatefulSet']);

/** True when the type has a `/scale` subresource. */
export function isScalable(type: ResourceType): boolean {
  return type.group === 'apps' && SCALABLE.has(type.kind);
}

/** `autoscaling/v1` Scale of a workload. */
export function scaleOf(workload: KubernetesObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    workload.metadata;
  const { replicas = 1, selector = {} } = workload.spec as {
    replicas?: number;
    selector?: { matchLabels?: Record<string, string> };
  };
  const { replicas: current = 0 } = (workload.status ?? {}) as {
    replicas?: number;
  };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
    spec: { replicas },
    status: {
      replicas: current,
      selector: Object.entries(selector.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  };
}

/** Writes a Scale, whole (PUT) or as a patch, and answers the new one. */
export function writeScale(
  registry: ResourceRegistry,
  target: Target,
  body: Json,
  contentType: string,
  options: WriteOptions,
): JsonObject {
  const before = scaleOf(registry.get(target));
  let sent: Json = body;
  if (contentType === 'application/json-patch+json') {
    sent = applyJsonPatch(before, body);
  } else if (contentType.endsWith('merge-patch+json')) {
    sent = applyMergePatch(before, body);
  }
  const scale = isJsonObject(sent) ? sent : {};
  const spec = isJsonObject(scale.spec) ? scale.spec : {};
  const metadata = isJsonObject(scale.metadata) ? scale.metadata : {};
  // As Go decodes it: what is not said is zero.
  const replicas = spec.replicas ?? 0;
  if (!Number.isInteger(replicas) || Number(replicas) < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, target.name, [
      {
        field: 'spec.replicas',
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(
          replicas,
        )}: must be greater than or equal to 0`,
      },
    ]);
  }
  const { resourceVersion } = metadata;
  const { object } = registry.patch(
    target,
    'application/merge-patch+json',
    {
      spec: { replicas },
      ...(resourceVersion ? { metadata: { resourceVersion } } : {}),
    },
    { ...options, subresource: 'scale' },
  );
  return scaleOf(object);
}
