import type { LoggerService } from '@backstage/backend-plugin-api';

/** How often the revision is read while somebody waits, milliseconds. */
const FALLBACK_MS = 2_000;

interface Waiter {
  readonly clusterId: string;
  readonly end: () => void;
}

/**
 * Wakes held polls: at once for changes of this replica and for those that
 * other replicas announce, and by reading the revision every 2 s in case an
 * announcement is lost.
 */
export class Wakeups {
  readonly #waiters = new Set<Waiter>();
  readonly #readRevision: () => Promise<number>;
  readonly #logger: LoggerService;
  #revision: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: {
    readRevision: () => Promise<number>;
    logger: LoggerService;
  }) {
    this.#readRevision = options.readRevision;
    this.#logger = options.logger;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when this cluster may have news, when the time is over, or when `signal` ends the wait. */
  wait(clusterId: string, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted || ms <= 0) return Promise.resolve();
    this.#watch();
    return new Promise(resolve => {
      const ended = new AbortController();
      const waiter: Waiter = {
        clusterId,
        end: () => {
          ended.abort();
          signal.removeEventListener('abort', waiter.end);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.end, ms);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
      signal.addEventListener('abort', waiter.end);
      this.#waiters.add(waiter);
    });
  }

  /** Wakes the polls of these clusters; without a list, all. */
  wake(clusterIds?: ReadonlySet<string>): void {
    for (const waiter of [...this.#waiters]) {
      if (!clusterIds || clusterIds.has(waiter.clusterId)) waiter.end();
    }
  }

  /** Ends all held polls, and every later one at once: the plugin stops. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.wake();
  }

  #watch(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => {
      if (this.#waiters.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
        this.#revision = undefined;
        return;
      }
      this.#readRevision().then(
        revision => {
          const before = this.#revision;
          this.#revision = revision;
          // The first reading may already be newer than what the polls saw.
          if (before !== revision) this.wake();
        },
        error => {
          this.#logger.warn(
            `The revision could not be read; held polls wait for an announcement or their end: ${error}`,
          );
        },
      );
    }, FALLBACK_MS);
    this.#timer.unref();
  }
}
