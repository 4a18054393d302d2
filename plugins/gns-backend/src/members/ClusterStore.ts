import { randomUUID } from 'node:crypto';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Audit } from './enrolment';
import { mintJoinToken } from './joinTokens';
import {
  CLUSTER_COLUMNS,
  readClusterRow,
  type ClusterRecord,
  type ClusterRow,
} from './clusterRows';

/** A join token as it is shown, once. */
export interface MintedToken {
  readonly cluster: ClusterRecord;
  readonly token: string;
  readonly expiresAt: string;
}

/** Notes, in the transaction of an action, that its consequences were confirmed. */
export type Confirm = (trx: Knex) => Promise<void>;

/** The member clusters: registered, enrolled, disconnected. */
export class ClusterStore {
  readonly #knex: Knex;
  readonly #audit: Audit;
  readonly #now: () => number;
  readonly #tokenTtlMs: number;

  static create(options: {
    knex: Knex;
    audit: Audit;
    now: () => number;
    tokenTtlMs: number;
  }) {
    return new ClusterStore(options);
  }

  private constructor(options: {
    knex: Knex;
    audit: Audit;
    now: () => number;
    tokenTtlMs: number;
  }) {
    this.#knex = options.knex;
    this.#audit = options.audit;
    this.#now = options.now;
    this.#tokenTtlMs = options.tokenTtlMs;
  }

  async list(trx: Knex = this.#knex): Promise<ClusterRecord[]> {
    const rows: ClusterRow[] = await trx('gns_clusters')
      .select([...CLUSTER_COLUMNS])
      .orderBy('name');
    return rows.map(readClusterRow);
  }

  /** @throws NotFoundError */
  async get(name: string, trx: Knex = this.#knex): Promise<ClusterRecord> {
    const row: ClusterRow | undefined = await trx('gns_clusters')
      .where({ name })
      .first([...CLUSTER_COLUMNS]);
    if (!row) {
      throw new NotFoundError(`There is no member cluster "${name}"`);
    }
    return readClusterRow(row);
  }

  /**
   * Registers a cluster and mints its join token.
   * @throws ConflictError when the name is taken
   */
  async register(
    request: { name: string; title?: string; labels: Record<string, string> },
    actor: string,
  ): Promise<MintedToken> {
    return this.#knex.transaction(async trx => {
      const id = randomUUID();
      const inserted = await trx('gns_clusters')
        .insert({
          id,
          name: request.name,
          title: request.title ?? null,
          labels: JSON.stringify(request.labels),
          state: 'waiting',
          created_at: new Date(this.#now()).toISOString(),
        })
        .onConflict('name')
        .ignore()
        .returning('id');
      if (inserted.length === 0) {
        throw new ConflictError(
          `name "${request.name}": a member cluster has this name already. Choose another, or mint a new token for it (POST clusters/${request.name}/token)`,
        );
      }
      await trx('gns_observations').insert({ cluster_id: id });
      await this.#audit(
        {
          actor,
          action: 'register',
          subject: `cluster:${request.name}`,
          message: '',
          details: { labels: request.labels },
        },
        trx,
      );
      return this.#mint(trx, await this.get(request.name, trx));
    });
  }

  /** Mints a new token for a known cluster; the one before ends. */
  async renewToken(name: string, actor: string): Promise<MintedToken> {
    return this.#knex.transaction(async trx => {
      const cluster = await this.get(name, trx);
      if (cluster.observed) {
        throw new ConflictError(
          `The cluster ${name} is observed by the hub: a controller cannot enrol as it. Take it out of gns.observedClusters, disconnect it, then register it anew`,
        );
      }
      if (cluster.state === 'disconnecting') {
        throw new ConflictError(
          `The cluster ${name} is being disconnected: it gets no new token. Wait until it is gone, then register it again`,
        );
      }
      await this.#audit(
        {
          actor,
          action: 'renew-token',
          subject: `cluster:${name}`,
          message: '',
        },
        trx,
      );
      return this.#mint(trx, cluster);
    });
  }

  async #mint(trx: Knex, cluster: ClusterRecord): Promise<MintedToken> {
    const { token, expiresAt } = await mintJoinToken(trx, {
      clusterId: cluster.id,
      now: this.#now(),
      ttlMs: this.#tokenTtlMs,
    });
    return { cluster, token, expiresAt };
  }

  /** When the open tokens run out, by cluster id. */
  async openTokens(): Promise<Map<string, string>> {
    const rows: { cluster_id: string; expires_at: string }[] = await this.#knex(
      'gns_join_tokens',
    )
      .whereNull('used_at')
      .whereNull('replaced_at')
      .andWhere('expires_at', '>', new Date(this.#now()).toISOString())
      .select('cluster_id', 'expires_at');
    return new Map(rows.map(r => [r.cluster_id, r.expires_at]));
  }

  /**
   * A drained cluster serves its own callers, and is offered to no other.
   * @throws ConflictError while it is being disconnected
   */
  async setDrained(
    name: string,
    drained: boolean,
    options: { actor: string; confirm?: Confirm },
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const cluster = await this.get(name, trx);
      if (cluster.state === 'disconnecting') {
        throw new ConflictError(
          `The cluster ${name} is being disconnected: it is offered to nobody any more`,
        );
      }
      await options.confirm?.(trx);
      await trx('gns_clusters')
        .where({ id: cluster.id })
        .update({ drained: drained ? 1 : 0 });
      await this.#audit(
        {
          actor: options.actor,
          action: drained ? 'drain' : 'undrain',
          subject: `cluster:${name}`,
          message: '',
        },
        trx,
      );
    });
  }

  /** Nothing in a paused cluster changes until it is resumed. */
  async setPaused(name: string, paused: boolean, actor: string): Promise<void> {
    await this.#knex.transaction(async trx => {
      const cluster = await this.get(name, trx);
      await trx('gns_clusters')
        .where({ id: cluster.id })
        .update({ paused: paused ? 1 : 0 });
      await this.#audit(
        {
          actor,
          action: paused ? 'pause' : 'resume',
          subject: `cluster:${name}`,
          message: '',
        },
        trx,
      );
    });
  }

  /**
   * Begins to disconnect: delivery takes its objects away first. A cluster that
   * never enrolled, and one that is forced, is forgotten at once.
   */
  async disconnect(
    name: string,
    options: { force: boolean; actor: string; confirm?: Confirm },
  ): Promise<'disconnecting' | 'forgotten'> {
    return this.#knex.transaction(async trx => {
      const cluster = await this.get(name, trx);
      await options.confirm?.(trx);
      const forget = options.force || cluster.state === 'waiting';
      await this.#audit(
        {
          actor: options.actor,
          action: forget ? 'forget' : 'disconnect',
          subject: `cluster:${name}`,
          message: '',
          details: { clusterId: cluster.id, force: options.force },
        },
        trx,
      );
      if (forget) {
        await forgetCluster(trx, cluster.id);
        return 'forgotten';
      }
      await trx('gns_clusters')
        .where({ id: cluster.id })
        .update({ state: 'disconnecting' });
      return 'disconnecting';
    });
  }
}

const TABLES_OF_CLUSTER = [
  'gns_join_tokens',
  'gns_observations',
  'gns_inventory',
  'gns_desired_objects',
  'gns_tombstones',
  'gns_authority_members',
  'gns_authority_reports',
] as const;

/** Forgets a cluster and all that it had; SQLite does not cascade by default. */
export async function forgetCluster(
  trx: Knex,
  clusterId: string,
): Promise<void> {
  for (const table of TABLES_OF_CLUSTER) {
    await trx(table).where({ cluster_id: clusterId }).delete();
  }
  await trx('gns_holds')
    .where({ cluster_id: clusterId, state: 'open' })
    .update({ state: 'obsolete', consumed: 1 });
  await trx('gns_clusters').where({ id: clusterId }).delete();
}
