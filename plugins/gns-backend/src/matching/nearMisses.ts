import {
  isExact,
  matches,
  type GlobalNamespaceMember,
  type Matcher,
  type NearMiss,
} from '@isthmus/plugin-gns-common';
import type { ClusterView } from '../composition';
import { similarBeginnings, similarNames } from './similar';

/** So many are told per entry. */
const MOST = 10;
/** And so many for each thing that was written. */
const MOST_EACH = 3;

interface Candidate {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cluster?: string;
  readonly namespace?: string;
}

type Subject = NearMiss['subject'];

/** What a matcher says that chooses nothing, and what it almost chooses. */
function almost(
  subject: Subject,
  matcher: Matcher,
  candidates: readonly Candidate[],
): NearMiss[] {
  const names = candidates.map(c => c.name);
  const miss = (name: string, written: string): NearMiss => {
    const found = candidates.find(c => c.name === name);
    return {
      subject,
      name,
      ...(found?.cluster ? { cluster: found.cluster } : {}),
      ...(found?.namespace ? { namespace: found.namespace } : {}),
      why: 'spelling',
      written,
      text: `There is no ${subject} ${written}; did you mean ${name}?`,
    };
  };
  if ('names' in matcher) {
    return matcher.names
      .filter(written => !names.includes(written))
      .flatMap(written =>
        similarNames(written, names, MOST_EACH).map(n => miss(n, written)),
      );
  }
  if (candidates.some(c => matches(matcher, c))) return [];
  if ('prefix' in matcher) {
    return similarBeginnings(matcher.prefix, names, MOST_EACH).map(n => ({
      ...miss(n, matcher.prefix),
      text: `No ${subject} begins with ${matcher.prefix}; did you mean ${n}?`,
    }));
  }
  return Object.entries(matcher.labels).flatMap(([key, value]) =>
    candidates
      .filter(c => {
        const own = c.labels?.[key];
        return own !== undefined && own !== value;
      })
      .slice(0, MOST_EACH)
      .map(
        (c): NearMiss => ({
          subject,
          name: c.name,
          ...(c.cluster ? { cluster: c.cluster } : {}),
          ...(c.namespace ? { namespace: c.namespace } : {}),
          why: 'label',
          written: `${key}=${value}`,
          text: `The ${subject} ${c.name} has ${key}=${c.labels?.[key]}, not ${key}=${value}.`,
        }),
      ),
  );
}

/** Namespaces that the entry would choose, were their cluster among its clusters. */
function elsewhere(
  { clusters: matcher, namespaces }: GlobalNamespaceMember,
  chosen: readonly ClusterView[],
  clusters: readonly ClusterView[],
): NearMiss[] {
  const has = (name: string) =>
    chosen.some(c => c.inventory.namespaces.some(n => n.name === name));
  return clusters
    .filter(c => !matches(matcher, c))
    .flatMap(cluster =>
      cluster.inventory.namespaces
        .filter(n => matches(namespaces, n) && !has(n.name))
        .slice(0, MOST_EACH)
        .map(
          (n): NearMiss => ({
            subject: 'namespace',
            name: n.name,
            cluster: cluster.name,
            why: 'otherCluster',
            written: n.name,
            text: `${n.name} exists in ${cluster.name}, which the entry does not choose.`,
          }),
        ),
    );
}

/** What an entry almost chooses: misspelt names, the same in other clusters, labels of another value. Pure. */
export function nearMisses(
  entry: GlobalNamespaceMember,
  chosen: readonly ClusterView[],
  clusters: readonly ClusterView[],
): NearMiss[] {
  const namespaces = chosen.flatMap(c =>
    c.inventory.namespaces.map(n => ({ ...n, cluster: c.name })),
  );
  const inside = namespaces.filter(n => matches(entry.namespaces, n));
  const services = chosen.flatMap(c =>
    c.inventory.services
      .filter(s =>
        inside.some(n => n.cluster === c.name && n.name === s.namespace),
      )
      .map(s => ({ ...s, cluster: c.name })),
  );
  const none = inside.length === 0 || isExact(entry.namespaces);
  return [
    ...almost('cluster', entry.clusters, clusters),
    ...(chosen.length > 0
      ? almost('namespace', entry.namespaces, namespaces)
      : []),
    ...(none ? elsewhere(entry, chosen, clusters) : []),
    ...(inside.length > 0 ? almost('service', entry.services, services) : []),
  ].slice(0, MOST);
}
