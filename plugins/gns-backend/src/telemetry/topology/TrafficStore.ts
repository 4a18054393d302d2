import type { Knex } from 'knex';
import type { SliceEdges } from '@isthmus/plugin-gns-common';
import { decodeEdges } from '../codec/edges';
import { decodeSeen, type SeenEdge } from '../rollup/seenEdges';
import type { TrafficRow } from '../store/rows';
import { ceilTo, floorTo, QUARTER } from '../time';
import { Recent } from './Recent';
import { chooseSlices, type StoredSlice, type Stretch } from './window';
import type { LoadedSlice } from './WindowFold';

/** Stored bytes of decoded slices that are remembered; in memory they are about ten times as many. */
const REMEMBERED_BYTES = 6 * 1024 * 1024;

type Head = Omit<TrafficRow, 'edges' | 'increments'>;

/** Reads edges of the store; slices that were decoded are remembered by their version. */
export class TrafficStore {
  readonly #knex: Knex;
  readonly #decoded = new Recent<SliceEdges>(REMEMBERED_BYTES);
  readonly #seen = new Recent<SeenEdge[]>(200);

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The slices that a window is made of, without their edges. */
  async choose(gns: string, window: Stretch): Promise<StoredSlice[]> {
    return chooseSlices(await this.heads(gns, window), window);
  }

  /** All slices that may touch a stretch, without their edges: minutes and quarters of an hour alike. */
  async heads(gns: string, window: Stretch): Promise<StoredSlice[]> {
    const rows: Head[] = await this.#knex('gns_traffic')
      .where({ gns })
      .andWhere('start', '>', floorTo(window.from, QUARTER) - QUARTER)
      .andWhere('start', '<', ceilTo(window.to, QUARTER))
      .orderBy(['cluster_id', 'step', 'start'])
      .select(
        'cluster_id',
        'step',
        'start',
        'seconds',
        'revision',
        'known',
        'unscraped',
        'edges_bytes',
        'received_at',
      );
    return rows.map(row => ({
      cluster: row.cluster_id,
      step: row.step,
      start: Number(row.start),
      seconds: row.seconds,
      revision: row.revision,
      known: row.known,
      unscraped: JSON.parse(row.unscraped),
      bytes: row.edges_bytes,
      version: `${gns} ${row.cluster_id} ${row.step} ${row.start} ${row.revision} ${row.received_at} ${row.known} ${row.edges_bytes}`,
    }));
  }

  /** The same slices with their edges. */
  async load(
    gns: string,
    slices: readonly StoredSlice[],
  ): Promise<LoadedSlice[]> {
    const missing = slices.filter(
      s => s.bytes > 0 && !this.#decoded.get(s.version),
    );
    const fresh = new Map<string, SliceEdges>();
    const groups = new Map<string, StoredSlice[]>();
    for (const slice of missing) {
      const key = `${slice.cluster} ${slice.step}`;
      const group = groups.get(key);
      if (group) group.push(slice);
      else groups.set(key, [slice]);
    }
    for (const group of groups.values()) {
      const rows: Pick<TrafficRow, 'start' | 'edges'>[] = await this.#knex(
        'gns_traffic',
      )
        .where({ gns, cluster_id: group[0].cluster, step: group[0].step })
        .whereIn(
          'start',
          group.map(s => s.start),
        )
        .select('start', 'edges');
      await Promise.all(
        rows.map(async row => {
          const slice = group.find(s => s.start === Number(row.start));
          if (!slice || !row.edges) return;
          const edges = await decodeEdges(row.edges);
          fresh.set(slice.version, edges);
          this.#decoded.set(slice.version, edges, slice.bytes);
        }),
      );
    }
    return slices.map(slice => ({
      ...slice,
      edges: fresh.get(slice.version) ?? this.#decoded.get(slice.version),
    }));
  }

  /** Edges that once had traffic, by reporting cluster. */
  async seen(gns: string): Promise<{
    version: string;
    byCluster: ReadonlyMap<string, readonly SeenEdge[]>;
  }> {
    const heads: { cluster_id: string; version: number | string }[] =
      await this.#knex('gns_edges_seen')
        .where({ gns })
        .orderBy('cluster_id')
        .select('cluster_id', 'version');
    const byCluster = new Map<string, readonly SeenEdge[]>();
    for (const { cluster_id, version } of heads) {
      const key = `${gns} ${cluster_id} ${version}`;
      let edges = this.#seen.get(key);
      if (!edges) {
        const row: { seen: Buffer } | undefined = await this.#knex(
          'gns_edges_seen',
        )
          .where({ gns, cluster_id })
          .first('seen');
        edges = row ? await decodeSeen(row.seen) : [];
        this.#seen.set(key, edges);
      }
      byCluster.set(cluster_id, edges);
    }
    return {
      version: heads.map(h => `${h.cluster_id} ${h.version}`).join(),
      byCluster,
    };
  }
}
