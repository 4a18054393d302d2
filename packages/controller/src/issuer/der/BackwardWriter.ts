/**
 * Writes DER from its end to its beginning: what an element holds is written
 * before its length is needed, so that one buffer and one pass are enough.
 */
export class BackwardWriter {
  readonly #buffer: Buffer;
  #at: number;

  /** `capacity`: bytes that are enough for all that is put. */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#at = capacity;
  }

  /** Where the next bytes end: give it to {@link wrap}. */
  get position(): number {
    return this.#at;
  }

  /** Puts bytes before all that was written. */
  put(bytes: Buffer): void {
    this.#at -= bytes.length;
    bytes.copy(this.#buffer, this.#at);
  }

  /** Makes all that was written since `end` the content of one element. */
  wrap(tag: number, end: number): void {
    let length = end - this.#at;
    if (length < 0x80) {
      this.#byte(length);
    } else {
      let count = 0;
      for (; length > 0; length >>>= 8, count += 1) this.#byte(length & 0xff);
      this.#byte(0x80 | count);
    }
    this.#byte(tag);
  }

  /** What was written; a view. */
  written(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #byte(value: number): void {
    this.#at -= 1;
    this.#buffer[this.#at] = value;
  }
}
