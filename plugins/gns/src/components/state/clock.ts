const TICK_MS = 10_000;

/** One clock for all ages on a page, so that they move together. */
class Clock {
  #now = Date.now();
  #timer?: ReturnType<typeof setInterval>;
  readonly #listeners = new Set<() => void>();

  /** Milliseconds since 1970, as of the last tick. */
  readonly now = (): number => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#now = Date.now();
      this.#timer = setInterval(() => {
        this.#now = Date.now();
        this.#listeners.forEach(tell => tell());
      }, TICK_MS);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  };
}

export const clock = new Clock();
