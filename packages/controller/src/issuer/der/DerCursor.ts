/** Tags of the ASN.1 types that certificates and requests are made of. */
export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  PRINTABLE_STRING: 0x13,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** `[0]` constructed: the attributes of a request, the version of a certificate. */
  CONTEXT_0: 0xa0,
  CONTEXT_3: 0xa3,
} as const;

/** Bytes that are no DER, or not the DER that is expected here. */
export class DerError extends Error {
  readonly name = 'DerError';
}

/**
 * Walks over one level of DER. Every element is checked against the bounds of
 * its parent, lengths must be definite and in their shortest form, and nothing
 * recurses: the depth is that of the code that reads.
 */
export class DerCursor {
  #at: number;

  constructor(
    private readonly bytes: Buffer,
    start = 0,
    private readonly end = bytes.length,
  ) {
    this.#at = start;
  }

  get atEnd(): boolean {
    return this.#at === this.end;
  }

  /** Tag of the next element; undefined at the end. */
  get nextTag(): number | undefined {
    return this.atEnd ? undefined : this.bytes[this.#at];
  }

  /** Steps into the next element, which must have this tag. */
  enter(tag: number, what: string): DerCursor {
    const { start, end } = this.#next(tag, what);
    return new DerCursor(this.bytes, start, end);
  }

  /** The content of the next element, which must have this tag; a view. */
  content(tag: number, what: string): Buffer {
    const { start, end } = this.#next(tag, what);
    return this.bytes.subarray(start, end);
  }

  /** The next element whole, with tag and length; a view. */
  whole(tag: number, what: string): Buffer {
    const from = this.#at;
    const { end } = this.#next(tag, what);
    return this.bytes.subarray(from, end);
  }

  /** Throws when something follows. */
  finish(what: string): void {
    if (!this.atEnd) throw new DerError(`there is more after ${what}`);
  }

  #next(tag: number, what: string): { start: number; end: number } {
    const { bytes, end: limit } = this;
    let at = this.#at;
    if (limit - at < 2) throw new DerError(`${what} is missing or cut short`);
    if (bytes[at] !== tag) {
      throw new DerError(
        `${what} has tag 0x${bytes[at].toString(16)}, not 0x${tag.toString(
          16,
        )}`,
      );
    }
    let length = bytes[at + 1];
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      // 3 bytes reach 16 MiB; no input is that large. 0 would be the indefinite form.
      if (count === 0 || count > 3 || limit - at < count) {
        throw new DerError(`the length of ${what} is malformed`);
      }
      length = 0;
      for (let i = 0; i < count; i += 1) length = length * 256 + bytes[at + i];
      if (length < 0x80 || (count > 1 && bytes[at] === 0)) {
        throw new DerError(`the length of ${what} is not in its shortest form`);
      }
      at += count;
    }
    if (length > limit - at) throw new DerError(`${what} is cut short`);
    this.#at = at + length;
    return { start: at, end: at + length };
  }
}
