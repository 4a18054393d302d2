import { InventoryNamespace } from '@isthmus/plugin-gns-common';
import { AuthorizationPolicyRecord } from './readAuthorizationPolicy';
import { DestinationRuleRecord } from './readDestinationRule';
import { SidecarRecord } from './readSidecar';
import { NamespaceRecord, PolicyRecord } from './records';

/** How pods of a namespace get a proxy (Istio, "Sidecar injection" and "Ambient"). */
export function injectionOf(
  labels: Readonly<Record<string, string>>,
): InventoryNamespace['injection'] {
  if (labels['istio-injection'] === 'enabled') return 'sidecar';
  if (labels['istio-injection'] === 'disabled') {
    return labels['istio.io/dataplane-mode'] === 'ambient' ? 'ambient' : 'none';
  }
  if (labels['istio.io/rev']) return 'sidecar';
  return labels['istio.io/dataplane-mode'] === 'ambient' ? 'ambient' : 'none';
}

/** The oldest policy without a selector: the one that Istio takes. */
export function oldestPolicy(
  policies: Iterable<PolicyRecord>,
  namespace: string,
): PolicyRecord | undefined {
  return [...policies]
    .filter(p => p.namespace === namespace && !p.selective)
    .sort(
      (a, b) =>
        a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name),
    )[0];
}

function modeOf(policy: PolicyRecord | undefined): string | undefined {
  const mode = policy?.mode;
  return mode && mode !== 'UNSET' ? mode : undefined;
}

export function reduceNamespaces(input: {
  namespaces: Iterable<NamespaceRecord>;
  peerAuthentications: readonly PolicyRecord[];
  proxyConfigs: readonly PolicyRecord[];
  /** Undefined: they cannot be read. */
  authorizationPolicies: readonly AuthorizationPolicyRecord[] | undefined;
  sidecars: readonly SidecarRecord[] | undefined;
  destinationRules: readonly DestinationRuleRecord[] | undefined;
  rootNamespace: string;
}): InventoryNamespace[] {
  const foreignIn = foreignByNamespace(input);
  const meshWide = oldestPolicy(input.peerAuthentications, input.rootNamespace);
  return [...input.namespaces]
    .map(namespace => {
      const own = oldestPolicy(input.peerAuthentications, namespace.name);
      // UNSET inherits, so the mesh-wide one is the effective one then.
      const peer = modeOf(own) ? own : meshWide;
      const proxy = oldestPolicy(input.proxyConfigs, namespace.name);
      const mode = modeOf(peer);
      return {
        name: namespace.name,
        labels: boundedLabels(namespace.labels),
        injection: injectionOf(namespace.labels),
        ...(peer && mode
          ? {
              peerAuthentication: {
                mode,
                name: peer.name,
                namespace: peer.namespace,
                ours: peer.ours,
              },
            }
          : {}),
        ...foreignIn(namespace.name),
        ...(proxy
          ? { proxyConfig: { name: proxy.name, ours: proxy.ours } }
          : {}),
      };
    })
    .sort(byNamespaceAndName);
}

/** So many objects of others of one kind and namespace are told of. */
const MOST = 100;

/** What is told of the objects of others in each namespace, by kind: nothing of a kind that cannot be read. */
function foreignByNamespace(input: {
  authorizationPolicies: readonly AuthorizationPolicyRecord[] | undefined;
  sidecars: readonly SidecarRecord[] | undefined;
  destinationRules: readonly DestinationRuleRecord[] | undefined;
  rootNamespace: string;
}): (namespace: string) => Partial<InventoryNamespace> {
  const { rootNamespace } = input;
  const policies = byNamespace(input.authorizationPolicies, (a, b) =>
    byNamespaceAndName(a.policy, b.policy),
  );
  const sidecars = byNamespace(input.sidecars, inIstioOrder);
  const rules = byNamespace(input.destinationRules, (a, b) =>
    byNamespaceAndName(a.rule, b.rule),
  );
  return namespace => {
    const meshWide = namespace === rootNamespace;
    const ownPolicies = policies?.(namespace);
    const ownSidecars = sidecars?.(namespace);
    const ownRules = rules?.(namespace);
    return {
      ...(ownPolicies && {
        policies: ownPolicies.told.map(r => ({ ...r.policy, meshWide })),
        ...(ownPolicies.leftOut && { policiesLeftOut: ownPolicies.leftOut }),
      }),
      ...(ownSidecars && {
        sidecars: ownSidecars.told.map(r => ({ ...r.sidecar, meshWide })),
        ...(ownSidecars.leftOut && { sidecarsLeftOut: ownSidecars.leftOut }),
      }),
      ...(ownRules && {
        destinationRules: ownRules.told.map(r => ({ ...r.rule, meshWide })),
        ...(ownRules.leftOut && { destinationRulesLeftOut: ownRules.leftOut }),
      }),
    };
  };
}

function byNamespace<T extends { namespace: string }>(
  records: readonly T[] | undefined,
  order: (a: T, b: T) => number,
) {
  if (!records) return undefined;
  const all = new Map<string, T[]>();
  for (const record of records) {
    const list = all.get(record.namespace);
    if (list) list.push(record);
    else all.set(record.namespace, [record]);
  }
  return (namespace: string) => {
    const own = (all.get(namespace) ?? []).sort(order);
    return {
      told: own.slice(0, MOST),
      leftOut: Math.max(0, own.length - MOST),
    };
  };
}

/** Of several Sidecars the first that is for a pod counts. */
function inIstioOrder(a: SidecarRecord, b: SidecarRecord): number {
  const all = (record: SidecarRecord) => (record.sidecar.selector ? 0 : 1);
  return (
    all(a) - all(b) ||
    a.createdAt.localeCompare(b.createdAt) ||
    byNamespaceAndName(a.sidecar, b.sidecar)
  );
}

/** Labels within the contract's bounds: Kubernetes' own are the same. */
export function boundedLabels(
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key, value]) => key.length <= 317 && value.length <= 63,
    ),
  );
}

export function byNamespaceAndName(
  a: { namespace?: string; name: string },
  b: { namespace?: string; name: string },
): number {
  const left = `${a.namespace ?? ''}/${a.name}`;
  const right = `${b.namespace ?? ''}/${b.name}`;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
