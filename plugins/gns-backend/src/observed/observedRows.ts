import { randomUUID } from 'node:crypto';
import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Audit } from '../members/enrolment';
import type { ObservedCluster } from './readObservedConfig';

/**
 * Makes a cluster known that app-config says to observe, or takes over its
 * title and labels.
 * @returns its id
 * @throws ConflictError when a member cluster of another kind has the name
 */
export async function registerObserved(
  knex: Knex,
  cluster: ObservedCluster,
  context: { audit: Audit; now: number },
): Promise<{ id: string; isNew: boolean }> {
  return knex.transaction(async trx => {
    const id = randomUUID();
    const own = {
      title: cluster.title ?? null,
      labels: JSON.stringify(cluster.labels),
    };
    const inserted = await trx('gns_clusters')
      .insert({
        id,
        name: cluster.name,
        ...own,
        // There is nobody to wait for.
        state: 'enrolled',
        observed: 1,
        created_at: new Date(context.now).toISOString(),
      })
      .onConflict('name')
      .ignore()
      .returning('id');
    if (inserted.length > 0) {
      await trx('gns_observations').insert({ cluster_id: id });
      await context.audit(
        {
          actor: 'service:app-config',
          action: 'observe',
          subject: `cluster:${cluster.name}`,
          message: '',
          details: { labels: cluster.labels },
        },
        trx,
      );
      return { id, isNew: true };
    }
    const known: { id: string; observed: number; state: string } = await trx(
      'gns_clusters',
    )
      .where({ name: cluster.name })
      .first('id', 'observed', 'state');
    if (!known.observed) {
      throw new ConflictError(
        `${cluster.name}: a member cluster with a controller of its own has this name. Choose another name in gns.observedClusters, or disconnect that cluster first`,
      );
    }
    await trx('gns_clusters').where({ id: known.id }).update(own);
    return { id: known.id, isNew: false };
  });
}

/** Ids of the clusters that the hub reads itself. */
export async function observedIds(knex: Knex): Promise<Set<string>> {
  const rows: { id: string }[] = await knex('gns_clusters')
    .where({ observed: 1 })
    .select('id');
  return new Set(rows.map(r => r.id));
}

/**
 * Takes or renews the right to observe a cluster: one replica at a time.
 * @returns whether we have it; false also when the cluster is gone
 */
export async function holdLease(
  knex: Knex,
  clusterId: string,
  lease: { holder: string; now: number; until: number },
): Promise<boolean> {
  const changed = await knex('gns_clusters')
    .where({ id: clusterId, observed: 1 })
    .andWhere(free =>
      free
        .whereNull('observer')
        .orWhere('observer', lease.holder)
        .orWhere('observer_until', '<', lease.now),
    )
    .update({ observer: lease.holder, observer_until: lease.until });
  return changed > 0;
}

export async function releaseLease(
  knex: Knex,
  clusterId: string,
  holder: string,
): Promise<void> {
  await knex('gns_clusters')
    .where({ id: clusterId, observer: holder })
    .update({ observer: null, observer_until: null });
}
