/** Work in pieces: each `yield` is a place where it may pause. */
export type Pieces<T> = Generator<void, T, void>;

/** All of it at once, for tests and small graphs. */
export function runNow<T>(pieces: Pieces<T>): T {
  for (;;) {
    const step = pieces.next();
    if (step.done) return step.value;
  }
}

/** What slices need of their surroundings. */
export interface SliceClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back once the page had time to draw. */
  later(run: () => void): void;
}

const browser: SliceClock = {
  now: () => performance.now(),
  later: run => {
    // A timer alone is held back to once a second in a hidden page, a frame is
    // never called there: whichever comes first.
    let done = false;
    const once = () => {
      if (done) return;
      done = true;
      run();
    };
    if (typeof requestAnimationFrame === 'function') {
      requestAnimationFrame(() => setTimeout(once, 0));
    }
    setTimeout(once, 50);
  },
};

/**
 * Runs pieces for at most `budgetMs` at a time and lets the page draw between.
 * Resolves with undefined once aborted.
 */
export function runInSlices<T>(
  pieces: Pieces<T>,
  options: { budgetMs?: number; signal?: AbortSignal; clock?: SliceClock } = {},
): Promise<T | undefined> {
  const { budgetMs = 6, signal, clock = browser } = options;
  return new Promise((resolve, reject) => {
    const slice = () => {
      try {
        const until = clock.now() + budgetMs;
        do {
          if (signal?.aborted) {
            resolve(undefined);
            return;
          }
          const step = pieces.next();
          if (step.done) {
            resolve(step.value);
            return;
          }
        } while (clock.now() < until);
        clock.later(slice);
      } catch (error) {
        reject(error);
      }
    };
    slice();
  });
}
