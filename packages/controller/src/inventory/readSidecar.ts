import { z } from 'zod';
import {
  ForeignSidecar,
  foreignSidecarSchema,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isOurs } from '../reconciler/ownership';
import { labelMap } from './shapes';

/** A Sidecar of somebody else, in its namespace. */
export interface SidecarRecord {
  namespace: string;
  createdAt: string;
  sidecar: Omit<ForeignSidecar, 'meshWide'>;
}

const shape = z.looseObject({
  spec: z
    .looseObject({
      workloadSelector: z.looseObject({ labels: labelMap }).nullish(),
      egress: z
        .array(
          z.looseObject({
            port: z.looseObject({ number: z.number().nullish() }).nullish(),
            hosts: z.array(z.string()).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

const sidecarSchema = foreignSidecarSchema.omit({ meshWide: true });

/**
 * Undefined: it is ours. What is not understood, or is larger than the contract
 * has room for, is told of as opaque, never left out.
 */
export function readSidecar(object: KubeObject): SidecarRecord | undefined {
  if (isOurs(object)) return undefined;
  const { name, namespace = '', creationTimestamp } = object.metadata;
  const parsed = shape.safeParse(object);
  const { workloadSelector, egress } = parsed.data?.spec ?? {};
  const selector = workloadSelector?.labels ?? {};
  const sidecar = {
    name,
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
    opaque: false,
    egress: (egress ?? []).map(({ port, hosts }) => ({
      ...(port?.number ? { port: port.number } : {}),
      hosts: hosts ?? [],
    })),
  };
  const isUnderstood =
    parsed.success && sidecarSchema.safeParse(sidecar).success;
  return {
    namespace,
    createdAt: String(creationTimestamp ?? ''),
    sidecar: isUnderstood ? sidecar : { name, opaque: true, egress: [] },
  };
}
