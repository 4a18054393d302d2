import { type Ends, type Item } from './boxes';

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = Math.trunc(t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TIERS = 7;

/**
 * A mesh as tests and benchmarks want it: seven tiers from the web to the
 * data, a few hubs that many call, most calls within a cluster, some over
 * several tiers.
 */
export function seededMesh(options: {
  services: number;
  /** Calls per service. */
  calls?: number;
  clusters?: number;
  namespaces?: number;
  seed?: number;
}): { items: Item[]; edges: Ends[] } {
  const { services, calls = 2, clusters = 10, namespaces = 10 } = options;
  const random = seeded(options.seed ?? 1);
  const pick = (below: number) => Math.floor(random() * below);
  const nodes = Array.from({ length: services }, (_, i) => {
    const cluster = `cluster/c${i % clusters}`;
    const name = `n${Math.floor(i / clusters) % namespaces}`;
    return {
      id: `service/c${i % clusters}/${name}/s${i}`,
      cluster,
      namespace: `namespace/c${i % clusters}/${name}`,
      tier: pick(TIERS),
    };
  });
  const tiers = Array.from({ length: TIERS }, (_, tier) =>
    nodes.filter(node => node.tier === tier),
  );
  const edges = new Map<string, Ends>();
  for (let tries = 0; tries < services * calls * 20; tries += 1) {
    if (edges.size >= services * calls) break;
    const caller = nodes[pick(services)];
    if (caller.tier === TIERS - 1) continue;
    const far = Math.floor(random() * random() * (TIERS - 1 - caller.tier));
    const candidates = tiers[caller.tier + 1 + far];
    if (candidates.length === 0) continue;
    const isHub = random() < 0.15;
    let server =
      candidates[
        pick(isHub ? Math.min(3, candidates.length) : candidates.length)
      ];
    if (!isHub && random() < 0.85) {
      const near = candidates.filter(one => one.cluster === caller.cluster);
      if (near.length > 0) server = near[pick(near.length)];
    }
    edges.set(`${caller.id}\n${server.id}`, {
      source: caller.id,
      target: server.id,
    });
  }
  const box = (id: string, parent?: string): Item => ({
    id,
    ...(parent === undefined ? {} : { parent }),
    width: 0,
    height: 0,
    head: 40,
  });
  const items = new Map<string, Item>();
  for (const { cluster } of nodes) items.set(cluster, box(cluster));
  for (const { cluster, namespace } of nodes) {
    items.set(namespace, box(namespace, cluster));
  }
  for (const { id, namespace } of nodes) {
    items.set(id, { id, parent: namespace, width: 200, height: 64 });
  }
  return { items: [...items.values()], edges: [...edges.values()] };
}
