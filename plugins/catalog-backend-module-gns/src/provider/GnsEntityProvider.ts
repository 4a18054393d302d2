import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type {
  DeferredEntity,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { GnsClient } from '@isthmus/plugin-gns-common';
import type { CatalogConfig } from '../readCatalogConfig';
import { toClusterEntity, toGnsEntity } from './entities';
import {
  entityChanges,
  knownEntities,
  type KnownEntities,
} from './entityChanges';

/** A whole reading is handed over this often, so that what a lost replica added does not stay. */
const WHOLE_EVERY_MS = 60 * 60 * 1000;

/**
 * Emits each global namespace and each member cluster. Incremental: the first
 * reading is handed over whole, later ones as what changed. While the hub does
 * not answer nothing changes.
 */
export class GnsEntityProvider implements EntityProvider {
  readonly #hub: Pick<GnsClient, 'listGlobalNamespaces' | 'listClusters'>;
  readonly #config: CatalogConfig;
  readonly #logger: LoggerService;
  readonly #runner: SchedulerServiceTaskRunner;
  readonly #now: () => number;
  #known: KnownEntities | undefined;
  #wholeAt = 0;

  static create(options: {
    hub: Pick<GnsClient, 'listGlobalNamespaces' | 'listClusters'>;
    config: CatalogConfig;
    logger: LoggerService;
    /** Runs on every replica: each knows what it handed over itself. */
    runner: SchedulerServiceTaskRunner;
    now?: () => number;
  }) {
    return new GnsEntityProvider(options);
  }

  private constructor(options: {
    hub: Pick<GnsClient, 'listGlobalNamespaces' | 'listClusters'>;
    config: CatalogConfig;
    logger: LoggerService;
    runner: SchedulerServiceTaskRunner;
    now?: () => number;
  }) {
    this.#hub = options.hub;
    this.#config = options.config;
    this.#logger = options.logger;
    this.#runner = options.runner;
    this.#now = options.now ?? Date.now;
  }

  getProviderName(): string {
    return 'GnsEntityProvider';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    await this.#runner.run({
      id: 'gns-entities',
      fn: async signal => {
        try {
          await this.refresh(connection, signal);
        } catch (error) {
          this.#logger.warn(
            `The hub did not tell its global namespaces and clusters; the catalog keeps what it has: ${error}`,
          );
        }
      },
    });
  }

  /** Reads the hub once and hands over what changed. */
  async refresh(
    connection: Pick<EntityProviderConnection, 'applyMutation'>,
    signal?: AbortSignal,
  ): Promise<void> {
    const [namespaces, clusters] = await Promise.all([
      this.#hub.listGlobalNamespaces(signal),
      this.#hub.listClusters(signal),
    ]);
    const after = knownEntities([
      ...namespaces.items.map(gns => toGnsEntity(gns, this.#config)),
      ...clusters.items.map(c => toClusterEntity(c, this.#config)),
    ]);
    const now = this.#now();
    if (!this.#known || now - this.#wholeAt >= WHOLE_EVERY_MS) {
      await connection.applyMutation({
        type: 'full',
        entities: [...after.values()].map(({ entity }) => deferred(entity)),
      });
      this.#wholeAt = now;
    } else {
      const { added, removed } = entityChanges(this.#known, after);
      if (added.length > 0 || removed.length > 0) {
        await connection.applyMutation({
          type: 'delta',
          added: added.map(deferred),
          removed: removed.map(deferred),
        });
      }
    }
    this.#known = after;
  }
}

function deferred(entity: Entity): DeferredEntity {
  return { entity, locationKey: 'gns' };
}
