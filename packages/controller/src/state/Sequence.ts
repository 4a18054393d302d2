const BLOCK = 10_000;

/**
 * Numbers of reports, growing over restarts without a write per report: a
 * block is reserved in the kept identity before its first number is used.
 */
export class Sequence {
  #next: number;
  #reserved: number;

  /** `reserve`: keeps that all numbers up to the given one may be used. */
  constructor(
    reserved: number,
    private readonly reserve: (upTo: number) => Promise<void>,
  ) {
    this.#next = reserved + 1;
    this.#reserved = reserved;
  }

  async next(): Promise<number> {
    if (this.#next > this.#reserved) {
      const upTo = this.#next + BLOCK - 1;
      await this.reserve(upTo);
      this.#reserved = upTo;
    }
    const number = this.#next;
    this.#next += 1;
    return number;
  }

  /** Leaves a block out: the hub has seen numbers of it. */
  async skip(): Promise<void> {
    this.#next = this.#reserved + 1;
  }
}
