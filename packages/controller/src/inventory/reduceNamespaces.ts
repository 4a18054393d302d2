import { ForeignPolicy, InventoryNamespace } from '@isthmus/plugin-gns-common';
import { AuthorizationPolicyRecord } from './readAuthorizationPolicy';
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
  rootNamespace: string;
}): InventoryNamespace[] {
  const policiesIn = policiesByNamespace(input);
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
        ...policiesIn(namespace.name),
        ...(proxy
          ? { proxyConfig: { name: proxy.name, ours: proxy.ours } }
          : {}),
      };
    })
    .sort(byNamespaceAndName);
}

/** So many policies of one namespace are told of. */
const MOST_POLICIES = 100;

/** What is told of policies in each namespace. */
function policiesByNamespace(input: {
  authorizationPolicies: readonly AuthorizationPolicyRecord[] | undefined;
  rootNamespace: string;
}): (
  namespace: string,
) => Pick<InventoryNamespace, 'policies' | 'policiesLeftOut'> {
  const { authorizationPolicies, rootNamespace } = input;
  if (!authorizationPolicies) return () => ({});
  const all = new Map<string, ForeignPolicy[]>();
  for (const { namespace, policy } of authorizationPolicies) {
    const list = all.get(namespace) ?? [];
    list.push({ ...policy, meshWide: namespace === rootNamespace });
    all.set(namespace, list);
  }
  return namespace => {
    const own = all.get(namespace) ?? [];
    const leftOut = own.length - MOST_POLICIES;
    return {
      policies: own.sort(byNamespaceAndName).slice(0, MOST_POLICIES),
      ...(leftOut > 0 ? { policiesLeftOut: leftOut } : {}),
    };
  };
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
