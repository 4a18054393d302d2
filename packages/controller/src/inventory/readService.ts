import { z } from 'zod';
import { API_DOMAIN } from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isPort, labelMap, text } from './shapes';

/** Annotation on a gateway's Service: its address, where the cluster cannot tell. */
export const GATEWAY_ADDRESS_ANNOTATION = `${API_DOMAIN}/gateway-address`;

const serviceShape = z.looseObject({
  spec: z
    .looseObject({
      type: z
        .enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])
        .default('ClusterIP'),
      clusterIP: z.string().nullish(),
      selector: labelMap,
      externalIPs: z.array(text).nullish(),
      ports: z
        .array(
          z.looseObject({
            name: z.string().max(63).default(''),
            port: z.number().int(),
            protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
            appProtocol: z.string().nullish(),
            targetPort: z.union([z.number().int(), z.string()]).nullish(),
            nodePort: z.number().int().nullish(),
          }),
        )
        .nullish(),
    })
    .default({ type: 'ClusterIP' }),
  status: z
    .looseObject({
      loadBalancer: z
        .looseObject({
          ingress: z
            .array(
              z.looseObject({ ip: text.nullish(), hostname: text.nullish() }),
            )
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

export interface ServicePortRecord {
  name: string;
  port: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  appProtocol?: string;
  targetPort: number | string;
}

export interface ServiceRecord {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  headless: boolean;
  selector?: Record<string, string>;
  ports: ServicePortRecord[];
  externalIPs: string[];
  ingress: Array<{ ip?: string; hostname?: string }>;
}

export function readService(object: KubeObject): ServiceRecord | undefined {
  const parsed = serviceShape.safeParse(object);
  if (!parsed.success) return undefined;
  const { spec, status } = parsed.data;
  const selector = spec.selector ?? {};
  const gatewayAddress =
    object.metadata.annotations?.[GATEWAY_ADDRESS_ANNOTATION];
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    labels: object.metadata.labels ?? {},
    annotations: gatewayAddress
      ? { [GATEWAY_ADDRESS_ANNOTATION]: gatewayAddress }
      : {},
    type: spec.type,
    headless: spec.clusterIP === 'None',
    selector: Object.keys(selector).length > 0 ? selector : undefined,
    ports: (spec.ports ?? [])
      .filter(p => isPort(p.port))
      .map(p => ({
        name: p.name,
        port: p.port,
        protocol: p.protocol,
        appProtocol: p.appProtocol ?? undefined,
        targetPort: p.targetPort || p.port,
      })),
    externalIPs: spec.externalIPs ?? [],
    ingress: (status?.loadBalancer?.ingress ?? []).map(i => ({
      ip: i.ip ?? undefined,
      hostname: i.hostname ?? undefined,
    })),
  };
}
