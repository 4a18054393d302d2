import { Clock } from './Clock';

/**
 * Runs `work` when asked, never more often than every `interval` milliseconds
 * and never twice at once; a request during a run leads to one more run. A
 * failure is told to `onError` and tried again after the interval.
 */
export class Throttled {
  #requested = false;
  #lastRun = -Infinity;
  #wake: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      interval: number;
      clock: Pick<Clock, 'now' | 'sleep'>;
      work(): Promise<void>;
      onError(error: unknown): void;
    },
  ) {}

  request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, interval } = this.options;
    const onAbort = () => this.#wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    while (!signal.aborted) {
      if (!this.#requested) {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
        continue;
      }
      await clock.sleep(
        Math.max(0, this.#lastRun + interval - clock.now()),
        signal,
      );
      if (!signal.aborted) await this.#once();
    }
  }

  /** Runs now when a request is open; for an orderly end. */
  async flush(): Promise<void> {
    await this.#running;
    if (this.#requested) await this.#once();
  }

  #once(): Promise<void> {
    this.#requested = false;
    this.#lastRun = this.options.clock.now();
    this.#running = this.options.work().catch(error => {
      this.#requested = true;
      this.options.onError(error);
    });
    return this.#running;
  }
}
