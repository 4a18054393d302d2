/** At most so many at work at once; the others wait in order. */
export class Turns {
  #working = 0;
  readonly #waiting: Array<() => void> = [];

  constructor(
    private readonly atOnce: number,
    private readonly maxWaiting: number,
  ) {}

  /** No place is left to wait. */
  get isFull(): boolean {
    return (
      this.#working >= this.atOnce && this.#waiting.length >= this.maxWaiting
    );
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working >= this.atOnce) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    } else {
      this.#working += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes to the next in line without being free in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#working -= 1;
    }
  }
}
