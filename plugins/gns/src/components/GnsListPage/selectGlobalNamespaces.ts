import { type GnsSummary, type Health } from '@isthmus/plugin-gns-common';

export type GnsOrder = 'name' | 'health' | 'updated';

const RANK: Record<Health, number> = {
  failing: 0,
  degraded: 1,
  unknown: 2,
  healthy: 3,
};

/** Filters by name, title, domain, owner and clusters, and orders. */
export function selectGlobalNamespaces(
  items: readonly GnsSummary[],
  text: string,
  order: GnsOrder,
): GnsSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = (a: GnsSummary, b: GnsSummary) =>
    (a.title ?? a.name).localeCompare(b.title ?? b.name);
  return items
    .filter(item => {
      const searched = [
        item.name,
        item.title,
        item.description,
        item.domain,
        item.owner,
        ...item.clusters.map(one => one.cluster),
      ]
        .join('\n')
        .toLowerCase();
      return words.every(word => searched.includes(word));
    })
    .sort((a, b) => {
      if (order === 'health') {
        return RANK[a.health] - RANK[b.health] || byName(a, b);
      }
      if (order === 'updated') {
        return b.updatedAt.localeCompare(a.updatedAt) || byName(a, b);
      }
      return byName(a, b);
    });
}
