import type { Knex } from 'knex';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { SliceEdges } from '@isthmus/plugin-gns-common';
import { serviceAt, workloadAt } from '../merge/EdgeTable';

const deflate = promisify<string, Buffer>(deflateRaw);
const inflate = promisify<Buffer, Buffer>(inflateRaw);

/** An edge that once had traffic, under its labels, without its counts. */
export interface SeenEdge {
  readonly view: number;
  readonly protocol: number;
  readonly source: ReturnType<typeof workloadAt> | null;
  readonly destination: ReturnType<typeof workloadAt> | null;
  readonly service: ReturnType<typeof serviceAt> | null;
  /** End of the newest quarter of an hour that had traffic, Unix seconds. */
  readonly at: number;
}

/** Edges that are silent for longer are forgotten. */
export const SEEN_SECONDS = 7 * 86_400;
/** Most edges that are remembered of one global namespace and cluster, the newest. */
const MAX_SEEN = 50_000;

export async function decodeSeen(stored: Buffer): Promise<SeenEdge[]> {
  return JSON.parse((await inflate(stored)).toString());
}

/** Remembers which edges had traffic, so that those that fall silent are shown as idle. */
export async function noteSeen(
  trx: Knex,
  { gns, cluster }: { gns: string; cluster: string },
  edges: SliceEdges,
  at: number,
): Promise<void> {
  const where = { gns, cluster_id: cluster };
  const stored: { seen: Buffer; version: number | string } | undefined =
    await trx('gns_edges_seen').where(where).forUpdate().first();
  const seen = new Map<string, SeenEdge>();
  const put = (edge: SeenEdge) => {
    const { at: _, ...labels } = edge;
    const key = JSON.stringify(labels);
    const before = seen.get(key);
    if (!before || before.at < edge.at) seen.set(key, edge);
  };
  for (const edge of stored ? await decodeSeen(stored.seen) : []) put(edge);
  edges.view.forEach((view, i) => {
    const [source, destination, service] = [
      edges.source[i],
      edges.destination[i],
      edges.service[i],
    ];
    put({
      view,
      protocol: edges.protocol[i],
      source: source < 0 ? null : workloadAt(edges, source),
      destination: destination < 0 ? null : workloadAt(edges, destination),
      service: service < 0 ? null : serviceAt(edges, service),
      at,
    });
  });
  const kept = [...seen.values()]
    .filter(edge => edge.at > at - SEEN_SECONDS)
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_SEEN);
  const row = {
    seen: await deflate(JSON.stringify(kept)),
    version: Number(stored?.version ?? 0) + 1,
  };
  await trx('gns_edges_seen')
    .insert({ ...where, ...row })
    .onConflict(['gns', 'cluster_id'])
    .merge(row);
}
