import { join } from 'node:path';
import { MeshAuthority } from './MeshAuthority';
import type { SimulatedClusterOptions } from './SimulatedCluster';
import { SimulatedCluster } from './SimulatedCluster';
import type { ShopCluster } from './shop';
import { SHOP_CLUSTERS } from './shop';
import { openIncidents } from './SimulatedTraffic';
import { lockState } from './stateLock';
import type { Incidents } from '../traffic/incidents';

/** How the demo's world is started. */
export interface ShopWorldOptions {
  /** Keeps the world over restarts; without, all is new. */
  stateFolder?: string;
  /** Time between small changes, milliseconds; 0: nothing happens by itself. */
  tickMs?: number;
  /** How long a new pod takes to become ready, milliseconds. */
  startupMs?: number;
  /** Which clusters; all three of the shop by default. */
  clusters?: readonly ShopCluster[];
  /** From 0 up to, not including, 1. */
  random?: () => number;
}

const TICK_MS = 20_000;

/** The demo's clusters, alive. */
export class ShopWorld {
  readonly #timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly clusters: readonly SimulatedCluster[],
    private readonly random: () => number,
    tickMs: number,
    private readonly unlock: () => Promise<void>,
    /** What goes wrong, to be switched. */
    readonly incidents: Incidents,
  ) {
    if (tickMs > 0) {
      this.#timer = setInterval(() => this.tick(), tickMs);
      this.#timer.unref();
    }
  }

  static async start(options: ShopWorldOptions = {}): Promise<ShopWorld> {
    const { stateFolder, clusters = SHOP_CLUSTERS } = options;
    const unlock = stateFolder
      ? await lockState(stateFolder)
      : async () => undefined;
    const authority = await MeshAuthority.open(stateFolder);
    const incidents = await openIncidents(stateFolder);
    const started: SimulatedCluster[] = [];
    try {
      for (const definition of clusters) {
        const clusterOptions: SimulatedClusterOptions = {
          definition,
          authority,
          startupMs: options.startupMs,
          incidents,
          ...(stateFolder
            ? { stateFolder: join(stateFolder, definition.name) }
            : {}),
        };
        started.push(await SimulatedCluster.start(clusterOptions));
      }
    } catch (error) {
      await Promise.all(started.map(cluster => cluster.stop()));
      await unlock();
      throw error;
    }
    return new ShopWorld(
      started,
      options.random ?? Math.random,
      options.tickMs ?? TICK_MS,
      unlock,
      incidents,
    );
  }

  /** One cluster by its name. */
  cluster(name: string): SimulatedCluster {
    const found = this.clusters.find(cluster => cluster.name === name);
    if (!found) {
      throw new Error(
        `there is no cluster "${name}": the world has ${this.clusters
          .map(cluster => cluster.name)
          .join(', ')}`,
      );
    }
    return found;
  }

  /** One small change somewhere: a pod of a replicated service restarts. */
  tick() {
    const pick = <T>(list: readonly T[]): T =>
      list[Math.floor(this.random() * list.length)];
    const cluster = pick(this.clusters);
    const replicated = cluster.definition.placements.filter(
      placement => placement.replicas > 1,
    );
    if (replicated.length === 0) return;
    const { namespace, service } = pick(replicated);
    cluster.restartOnePod(namespace, service);
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.clusters.map(cluster => cluster.stop()));
    await this.unlock();
  }
}

/** Starts the demo's world: three clusters with a web shop over them. */
export function createShopWorld(
  options: ShopWorldOptions = {},
): Promise<ShopWorld> {
  return ShopWorld.start(options);
}
