import { type Ends, type Item, routeKey } from './boxes';

/** Items by the box around them; '' is the map. */
export interface Tree {
  children: ReadonlyMap<string, Item[]>;
  byId: ReadonlyMap<string, Item>;
  /** Boxes, the innermost first; '' last. */
  inwards: string[];
  /**
   * What flows between the children of each box, each pair once: an edge
   * counts where the ways to its two ends part.
   */
  edges: ReadonlyMap<string, Lifted[]>;
}

/** What flows between two children of a box. */
export interface Lifted extends Ends {
  /** Edges that it stands for. */
  weight: number;
}

/** Items whose parent is missing, or which lie within themselves, lie on the map. */
export function treeOf(items: readonly Item[], edges: readonly Ends[]): Tree {
  const byId = new Map(items.map(item => [item.id, item]));
  const parentOf = new Map<string, string>();
  for (const item of byId.values()) {
    const seen = new Set([item.id]);
    let above = item.parent;
    while (above !== undefined && byId.has(above) && !seen.has(above)) {
      seen.add(above);
      above = byId.get(above)?.parent;
    }
    const isLoop = above !== undefined && seen.has(above);
    const parent =
      item.parent !== undefined && byId.has(item.parent) && !isLoop
        ? item.parent
        : '';
    parentOf.set(item.id, parent);
  }
  const children = new Map<string, Item[]>([['', []]]);
  for (const item of byId.values()) {
    const parent = parentOf.get(item.id) ?? '';
    const known = children.get(parent);
    if (known) known.push(item);
    else children.set(parent, [item]);
  }
  const inwards: string[] = [];
  const visit = (id: string) => {
    for (const child of children.get(id) ?? []) {
      if (children.has(child.id)) visit(child.id);
    }
    inwards.push(id);
  };
  visit('');
  return { children, byId, inwards, edges: lift(parentOf, edges) };
}

function lift(
  parentOf: ReadonlyMap<string, string>,
  edges: readonly Ends[],
): Map<string, Lifted[]> {
  /** From the map inwards, the item itself last. */
  const ways = new Map<string, string[]>();
  const wayTo = (id: string): string[] => {
    const known = ways.get(id);
    if (known) return known;
    const parent = parentOf.get(id) ?? '';
    const way = parent === '' ? [id] : [...wayTo(parent), id];
    ways.set(id, way);
    return way;
  };
  const lifted = new Map<string, Map<string, Lifted>>();
  for (const { source, target } of edges) {
    if (!parentOf.has(source) || !parentOf.has(target)) continue;
    const from = wayTo(source);
    const to = wayTo(target);
    let depth = 0;
    while (from[depth] === to[depth] && depth < from.length) depth += 1;
    // One lies within the other.
    if (depth >= from.length || depth >= to.length) continue;
    const within = depth === 0 ? '' : from[depth - 1];
    const ends = { source: from[depth], target: to[depth] };
    const key = routeKey(ends);
    const known = lifted.get(within) ?? new Map<string, Lifted>();
    known.set(key, { ...ends, weight: (known.get(key)?.weight ?? 0) + 1 });
    lifted.set(within, known);
  }
  return new Map(
    [...lifted].map(([within, pairs]) => [within, [...pairs.values()]]),
  );
}
