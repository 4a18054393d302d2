import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { StoredCompositions } from '../../delivery/compositionRows';
import { Directory } from '../Directory';

interface ClusterNameRow {
  id: string;
  name: string;
  istio_cluster_id: string | null;
}

/** Reads who is who as any replica last composed it; made anew only when that changed. */
export class DirectorySource {
  readonly #compositions = new StoredCompositions();
  #directory: Directory | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Readings follow each other because they share what is parsed. */
  load(knex: Knex): Promise<Directory> {
    const next = this.#queue.then(
      () => this.#load(knex),
      () => this.#load(knex),
    );
    this.#queue = next;
    return next;
  }

  async #load(knex: Knex): Promise<Directory> {
    const stored = await this.#compositions.load(knex);
    const clusters: ClusterNameRow[] = await knex('gns_clusters as c')
      .leftJoin('gns_telemetry_sources as s', 's.cluster_id', 'c.id')
      .orderBy('c.name')
      .select('c.id', 'c.name', 's.istio_cluster_id');
    const version = createHash('sha256')
      .update(
        JSON.stringify([
          clusters.map(c => [c.id, c.name, c.istio_cluster_id]),
          [...stored.values()].map(s => [s.gns, s.hash]).sort(),
        ]),
      )
      .digest('hex');
    if (this.#directory?.version !== version) {
      this.#directory = new Directory({
        version,
        globalNamespaces: [...stored.values()].map(s => s.composed),
        clusters: clusters.map(({ id, name }) => ({ id, name })),
        istioIds: new Map(
          clusters.flatMap(c =>
            c.istio_cluster_id ? [[c.id, c.istio_cluster_id]] : [],
          ),
        ),
      });
    }
    return this.#directory;
  }
}
