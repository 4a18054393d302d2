import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GnsClient, IndexedService } from '@isthmus/plugin-gns-common';

/** How long one reading serves, and how soon a failed one is tried again, milliseconds. */
const FRESH_MS = 60_000;
const RETRY_MS = 15_000;

/**
 * The global services of the hub, read at most once a minute however many
 * entities are processed. A hub that does not answer leaves the last reading.
 */
export class ServiceIndex {
  readonly #hub: Pick<GnsClient, 'allServices'>;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #services: readonly IndexedService[] | undefined;
  #nextAt = 0;
  #reading: Promise<void> | undefined;

  static create(options: {
    hub: Pick<GnsClient, 'allServices'>;
    logger: LoggerService;
    now?: () => number;
  }) {
    return new ServiceIndex(options);
  }

  private constructor(options: {
    hub: Pick<GnsClient, 'allServices'>;
    logger: LoggerService;
    now?: () => number;
  }) {
    this.#hub = options.hub;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
  }

  /** @returns undefined while the hub never answered: unknown, not none */
  async services(): Promise<readonly IndexedService[] | undefined> {
    if (this.#now() >= this.#nextAt) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#services;
  }

  async #read(): Promise<void> {
    try {
      this.#services = await this.#hub.allServices();
      this.#nextAt = this.#now() + FRESH_MS;
    } catch (error) {
      this.#nextAt = this.#now() + RETRY_MS;
      this.#logger.warn(
        `The hub did not tell its services; entities keep what was found for them: ${error}`,
      );
    }
  }
}
