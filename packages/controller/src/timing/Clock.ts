/** Time and randomness, injected so that tests and benchmarks own them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const aborting = new AbortController();
      const timer = setTimeout(() => {
        aborting.abort();
        resolve();
      }, ms);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true, signal: aborting.signal },
      );
    }),
};

/** RFC 3339 text of a time in milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
