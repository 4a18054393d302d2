import { z } from 'zod';
import {
  ForeignDestinationRule,
  foreignDestinationRuleSchema,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { isOurs } from '../reconciler/ownership';
import { labelMap } from './shapes';

/** A DestinationRule of somebody else, in its namespace. */
export interface DestinationRuleRecord {
  namespace: string;
  rule: Omit<ForeignDestinationRule, 'meshWide'>;
}

const TLS = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'] as const;
const tls = z.looseObject({ mode: z.string().nullish() }).nullish();
const shape = z.looseObject({
  spec: z.looseObject({
    host: z.string(),
    exportTo: z.array(z.string()).nullish(),
    workloadSelector: z.looseObject({ matchLabels: labelMap }).nullish(),
    trafficPolicy: z
      .looseObject({
        tls,
        portLevelSettings: z.array(z.looseObject({ tls })).nullish(),
      })
      .nullish(),
  }),
});

const ruleSchema = foreignDestinationRuleSchema.omit({ meshWide: true });

/**
 * Whether a rule may be for a host of a global namespace: hosts of Kubernetes
 * and names that are completed to one are not.
 */
function mayBeGlobal(host: string): boolean {
  if (host === '*') return true;
  return host.includes('.') && !host.endsWith('.svc.cluster.local');
}

/**
 * Undefined: it is ours, or for a host of Kubernetes. What is not understood,
 * or is larger than the contract has room for, is told of as opaque.
 */
export function readDestinationRule(
  object: KubeObject,
): DestinationRuleRecord | undefined {
  if (isOurs(object)) return undefined;
  const { name, namespace = '' } = object.metadata;
  const parsed = shape.safeParse(object);
  // istiod takes none without a host.
  if (!parsed.success) return undefined;
  const { host, exportTo, workloadSelector, trafficPolicy } = parsed.data.spec;
  if (!mayBeGlobal(host)) return undefined;
  const selector = workloadSelector?.matchLabels ?? {};
  const written = trafficPolicy?.tls?.mode;
  // Without a mode it is DISABLE, as protocol buffers have it.
  const mode = trafficPolicy?.tls
    ? TLS.find(one => one === (written ?? 'DISABLE'))
    : undefined;
  const rule = {
    name,
    host,
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
    ...(exportTo && exportTo.length > 0 ? { exportTo } : {}),
    opaque: false,
    ...(mode ? { tls: mode } : {}),
    more: (trafficPolicy?.portLevelSettings ?? []).some(one => one.tls),
  };
  const isUnderstood =
    (mode !== undefined || !trafficPolicy?.tls) &&
    ruleSchema.safeParse(rule).success;
  return {
    namespace,
    rule: isUnderstood
      ? rule
      : { name, host: host.slice(0, 320), opaque: true, more: false },
  };
}
