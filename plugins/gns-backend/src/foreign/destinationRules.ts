import type { ForeignDestinationRule } from '@isthmus/plugin-gns-common';
import { isSelected, matchesHost, type At, type Pods } from './selection';

/* How callers begin by DestinationRules of others, as istiod decides it (pilot/pkg/model/push_context.go). Pure. */

/** How callers begin, by a rule of somebody else; undefined: none decides. */
export interface ForeignTls {
  readonly type: 'overridden' | 'mayBeOverridden';
  readonly by: At<ForeignDestinationRule>;
}

/** A rule of ours has this host, in this namespace. */
interface OwnRule {
  readonly namespace: string;
  readonly host: string;
}

/** Higher is nearer: the host itself, then the longer pattern. */
function nearness(pattern: string, host: string): number {
  if (!matchesHost(pattern, host)) return -1;
  return pattern === host ? Infinity : pattern.length;
}

function isExported(
  { exportTo }: ForeignDestinationRule,
  at: string,
  to: string,
): boolean {
  return (
    !exportTo ||
    exportTo.includes('*') ||
    exportTo.includes(to) ||
    (exportTo.includes('.') && at === to)
  );
}

/**
 * Whether a DestinationRule of somebody else makes callers speak something
 * else than the mesh's mTLS. istiod takes the rules with the nearest host of the caller's
 * namespace, else of the namespace of the host, else of the root namespace.
 */
export function foreignTls(
  rules: readonly At<ForeignDestinationRule>[],
  call: {
    readonly host: string;
    /** Of the host's entry. */
    readonly entryNamespace: string;
    readonly namespace: string;
    readonly pods: Pods;
    readonly own: readonly OwnRule[];
  },
): ForeignTls | undefined {
  const { host, namespace, own } = call;
  const places = [
    (r: At<ForeignDestinationRule>) => r.at === namespace,
    (r: At<ForeignDestinationRule>) =>
      r.at === call.entryNamespace && isExported(r.object, r.at, namespace),
    (r: At<ForeignDestinationRule>) =>
      r.object.meshWide && isExported(r.object, r.at, namespace),
  ];
  const ownPlaces = [namespace, call.entryNamespace];
  for (const [index, isThere] of places.entries()) {
    const there = rules.filter(
      r => isThere(r) && isSelected(r.object, call.pods) !== 'no',
    );
    const hasOwn = own.some(
      r => r.namespace === ownPlaces[index] && r.host === host,
    );
    const best = Math.max(
      hasOwn ? Infinity : -1,
      ...there.map(r => nearness(r.object.host, host)),
    );
    if (best < 0) continue;
    const nearest = there.filter(r => nearness(r.object.host, host) === best);
    return judge(nearest, hasOwn && best === Infinity, call.pods);
  }
  return undefined;
}

function judge(
  nearest: readonly At<ForeignDestinationRule>[],
  besideOurs: boolean,
  pods: Pods,
): ForeignTls | undefined {
  const other = nearest.find(
    ({ object: { opaque, tls, more } }) =>
      opaque || more || (tls !== undefined && tls !== 'ISTIO_MUTUAL'),
  );
  if (!other) return undefined;
  const { object } = other;
  // Of several rules for one host the older counts.
  const isSure =
    nearest.length === 1 &&
    !besideOurs &&
    !object.opaque &&
    object.tls !== undefined &&
    object.tls !== 'ISTIO_MUTUAL' &&
    !object.more &&
    isSelected(object, pods) === 'yes';
  return { type: isSure ? 'overridden' : 'mayBeOverridden', by: other };
}
