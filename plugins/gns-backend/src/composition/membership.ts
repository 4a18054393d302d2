import {
  DNS_LABEL,
  isExact,
  matches,
  type GlobalNamespace,
  type InventoryNamespace,
  type Matcher,
} from '@isthmus/plugin-gns-common';
import { by } from './order';
import { RESERVED_NAMESPACES } from './reservedNamespaces';
import type { ClusterView } from './types';

/** A namespace of a cluster that the members of a global namespace choose. */
export interface ChosenNamespace {
  readonly cluster: { readonly id: string; readonly name: string };
  readonly namespace: InventoryNamespace;
  /** An entry names both the cluster and the namespace: no approval needed (rule 8). */
  readonly exact: boolean;
  /** Service matchers of the entries that choose it; the service belongs when one of them matches. */
  readonly services: readonly Matcher[];
}

/** The namespaces of one cluster that a definition chooses, sorted by name; a leaving cluster has none. */
export function chooseNamespaces(
  definition: GlobalNamespace,
  cluster: ClusterView,
): ChosenNamespace[] {
  if (cluster.leaving) return [];
  const entries = definition.spec.members.filter(member =>
    matches(member.clusters, cluster),
  );
  if (entries.length === 0) return [];
  const { id, name } = cluster;
  const chosen: ChosenNamespace[] = [];
  const seen = new Set<string>();
  for (const namespace of cluster.inventory.namespaces) {
    // Names are a cluster's word: what is no Kubernetes name, or comes twice, is dropped.
    if (!DNS_LABEL.test(namespace.name) || seen.has(namespace.name)) continue;
    if (RESERVED_NAMESPACES.has(namespace.name)) continue;
    seen.add(namespace.name);
    const own = entries.filter(entry => matches(entry.namespaces, namespace));
    if (own.length === 0) continue;
    chosen.push({
      cluster: { id, name },
      namespace,
      exact: own.some(e => isExact(e.clusters) && isExact(e.namespaces)),
      services: own.map(e => e.services),
    });
  }
  return chosen.sort(by(c => c.namespace.name));
}

/** True when the member entries take every service of the namespace. */
export function takesAllServices(chosen: ChosenNamespace): boolean {
  return chosen.services.some(m => 'prefix' in m && m.prefix === '');
}
