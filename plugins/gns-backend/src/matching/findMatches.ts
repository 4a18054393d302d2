import {
  isExact,
  matches,
  parseMember,
  type Coverage,
  type GlobalNamespaceMember,
  type MatchedNamespace,
  type Matches,
} from '@isthmus/plugin-gns-common';
import type { ClusterView, ComposedGlobalNamespace } from '../composition';
import { byNamespace } from '../composition/inventoryIndex';
import { by } from '../composition/order';
import { RESERVED_NAMESPACES } from '../composition/reservedNamespaces';
import { count } from '../consequences/statementText';
import { nearMisses } from './nearMisses';

const MOST_NAMESPACES = 500;
const MOST_SERVICES = 50;

export interface MatchContext {
  /** The global namespace that is edited. */
  readonly gns: string | undefined;
  readonly clusters: readonly ClusterView[];
  /** As they were composed last. */
  readonly globalNamespaces: readonly ComposedGlobalNamespace[];
  readonly coverage: readonly Coverage[];
  /** Whether the caller may hear the name of a global namespace. */
  readonly mayRead: (gns: string) => boolean;
}

/** Members by `<cluster id>/<namespace>`. */
function ownersOf(
  globalNamespaces: readonly ComposedGlobalNamespace[],
): ReadonlyMap<string, string> {
  return new Map(
    globalNamespaces.flatMap(g =>
      g.members
        .filter(m => m.state === 'member')
        .map(m => [`${m.cluster}/${m.namespace}`, g.name] as const),
    ),
  );
}

function stateOf(
  namespace: string,
  owner: string | undefined,
  gns: string | undefined,
): MatchedNamespace['state'] {
  if (RESERVED_NAMESPACES.has(namespace)) return 'reserved';
  if (owner === undefined) return 'free';
  return owner === gns ? 'own' : 'taken';
}

/** What the entries of a draft choose, who has it already, and what they almost choose. Pure. */
export function findMatches(
  entries: readonly unknown[],
  context: MatchContext,
): Matches {
  const clusters = context.clusters
    .filter(c => !c.leaving)
    .sort(by(c => c.name));
  const owners = ownersOf(context.globalNamespaces);
  const mine = context.globalNamespaces.find(g => g.name === context.gns);
  const served = new Map(
    mine?.services.map(s => [
      s.name,
      new Set(s.endpoints.map(e => e.cluster)),
    ]) ?? [],
  );
  const all = new Map<string, MatchedNamespace>();
  const services = new Set<string>();

  const choose = (entry: GlobalNamespaceMember, cluster: ClusterView) =>
    cluster.inventory.namespaces
      .filter(n => matches(entry.namespaces, n))
      .map((namespace): MatchedNamespace => {
        const { name, injection } = namespace;
        const own = byNamespace(cluster.inventory.services).get(name) ?? [];
        const chosen = own.filter(s => matches(entry.services, s));
        const owner = owners.get(`${cluster.id}/${name}`);
        const state = stateOf(name, owner, context.gns);
        const exact = isExact(entry.clusters) && isExact(entry.namespaces);
        chosen.forEach(s => services.add(`${cluster.id}/${name}/${s.name}`));
        return {
          cluster: cluster.name,
          namespace: name,
          state,
          ...(state === 'taken' && owner !== undefined
            ? { owner: context.mayRead(owner) ? owner : null }
            : {}),
          services: chosen.slice(0, MOST_SERVICES).map(s => s.name),
          servicesTotal: chosen.length,
          injection,
          newcomer:
            state === 'free' &&
            !exact &&
            chosen.some(s =>
              [...(served.get(s.name) ?? [])].some(id => id !== cluster.id),
            ),
        };
      });

  const answered = entries.map((value): Matches['entries'][number] => {
    const parsed = parseMember(value);
    if (!parsed.ok) {
      return {
        problems: parsed.problems,
        clusters: [],
        namespaces: [],
        namespacesTotal: 0,
        nearMisses: [],
        text: 'This entry cannot be read yet.',
      };
    }
    const { member } = parsed;
    const chosen = clusters.filter(c => matches(member.clusters, c));
    const namespaces = chosen
      .flatMap(c => choose(member, c))
      .sort(by(n => `${n.cluster} ${n.namespace}`));
    for (const n of namespaces) all.set(`${n.cluster}/${n.namespace}`, n);
    const inClusters = new Set(namespaces.map(n => n.cluster)).size;
    return {
      problems: [],
      clusters: chosen.map(c => c.name),
      namespaces: namespaces.slice(0, MOST_NAMESPACES),
      namespacesTotal: namespaces.length,
      nearMisses: nearMisses(member, chosen, clusters),
      text:
        namespaces.length === 0
          ? `matches no namespace in ${count(chosen.length, 'cluster')}`
          : `matches ${count(namespaces.length, 'namespace')} in ${count(
              inClusters,
              'cluster',
            )}`,
    };
  });

  const found = [...all.values()];
  return {
    entries: answered,
    totals: {
      clusters: new Set(found.map(n => n.cluster)).size,
      namespaces: found.length,
      services: services.size,
      taken: found.filter(n => n.state === 'taken').length,
    },
    uncertain: uncertain(clusters, context.coverage),
  };
}

function whyUncertain(
  mark: 'complete' | 'partial' | 'never',
  fresh: boolean,
): Matches['uncertain'][number]['why'] | undefined {
  if (mark === 'never') return 'neverReported';
  if (mark === 'partial') return 'partial';
  return fresh ? undefined : 'silent';
}

/** Clusters that may have more than is listed. */
function uncertain(
  clusters: readonly ClusterView[],
  coverage: readonly Coverage[],
): Matches['uncertain'] {
  const marks = new Map(
    clusters.map(c => [c.name, c.inventory.marks.namespaces]),
  );
  return coverage.flatMap(({ cluster, state, dataAt }) => {
    const mark = marks.get(cluster) ?? 'never';
    const why = whyUncertain(mark, state === 'ok');
    return why ? [{ cluster, why, dataAt: dataAt ?? null }] : [];
  });
}
