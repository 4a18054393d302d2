import PQueue from 'p-queue';
import { Backoff, BackoffLimits } from '../timing/Backoff';
import { Clock } from '../timing/Clock';

/**
 * Work by key, in the way of Kubernetes controllers: a key that is queued
 * twice runs once, one that changes while it runs runs again, one that failed
 * comes back after its own back-off.
 */
export class KeyQueue {
  readonly #queue: PQueue;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(
    private readonly options: {
      concurrency: number;
      backoff: BackoffLimits;
      clock: Pick<Clock, 'random'>;
      work(key: string): Promise<void>;
    },
  ) {
    this.#queue = new PQueue({ concurrency: options.concurrency });
  }

  add(key: string): void {
    if (this.#stopped || this.#waiting.has(key)) return;
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#clearTimer(key);
    this.#waiting.add(key);
    this.#queue
      .add(() => this.#run(key))
      .catch(() => {
        // `work` never rejects; the queue itself has nothing to fail with.
      });
  }

  /** Again after this key's back-off, or after `wait` milliseconds. */
  addLater(key: string, wait?: number): void {
    if (this.#stopped) return;
    let backoff = this.#backoffs.get(key);
    if (!backoff) {
      backoff = new Backoff(this.options.backoff, this.options.clock);
      this.#backoffs.set(key, backoff);
    }
    const delay = wait ?? backoff.next();
    this.#clearTimer(key);
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.add(key);
      }, delay),
    );
  }

  /** The key succeeded: its next failure starts small again. */
  succeeded(key: string): void {
    this.#backoffs.delete(key);
    this.#clearTimer(key);
  }

  /** Whether this key will run again by itself soon. */
  isPending(key: string): boolean {
    return this.#waiting.has(key) || this.#again.has(key);
  }

  get size(): number {
    return this.#waiting.size + this.#running.size;
  }

  /** Lets running work end, and takes no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#queue.clear();
    this.#waiting.clear();
    await this.#queue.onIdle();
  }

  async #run(key: string): Promise<void> {
    this.#waiting.delete(key);
    this.#running.add(key);
    try {
      await this.options.work(key);
    } finally {
      this.#running.delete(key);
      if (this.#again.delete(key)) this.add(key);
    }
  }

  #clearTimer(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}
