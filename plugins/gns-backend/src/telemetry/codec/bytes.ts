/** Counts above this are written as doubles, so that thousandths still fit in 2^53. */
const LARGEST_EXACT = 2 ** 42;

/** Writes numbers and text one after the other; grows as needed. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(
      Math.max(this.#buffer.length * 2, this.#length + bytes),
    );
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  /** A whole number from 0 to 2^53 - 1, 7 bits a byte. */
  uint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length] = rest;
    this.#length += 1;
  }

  /** A count to the thousandth; whole numbers stay exact. */
  count(value: number): void {
    if (value < LARGEST_EXACT) {
      this.uint(Math.round(value * 1000) * 2);
      return;
    }
    this.uint(1);
    this.double(value);
  }

  double(value: number): void {
    this.#room(8);
    this.#buffer.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  text(value: string): void {
    // What is stored was refused unless it is ASCII.
    this.uint(value.length);
    this.#room(value.length);
    this.#buffer.write(value, this.#length, 'latin1');
    this.#length += value.length;
  }

  done(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/**
 * Reads what {@link ByteWriter} wrote.
 * @throws RangeError past the end
 */
export class ByteReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get atEnd(): boolean {
    return this.#at >= this.#buffer.length;
  }

  uint(): number {
    const buffer = this.#buffer;
    let at = this.#at;
    let byte = buffer[at];
    at += 1;
    let value = byte % 128;
    let unit = 128;
    while (byte >= 128) {
      byte = buffer[at];
      at += 1;
      value += (byte % 128) * unit;
      unit *= 128;
    }
    if (byte === undefined) {
      throw new RangeError('A stored column ends too early');
    }
    this.#at = at;
    return value;
  }

  count(): number {
    const value = this.uint();
    return value === 1 ? this.double() : value / 2000;
  }

  double(): number {
    const value = this.#buffer.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    const bytes = this.uint();
    if (this.#at + bytes > this.#buffer.length) {
      throw new RangeError('A stored text ends too early');
    }
    const value = this.#buffer.toString('latin1', this.#at, this.#at + bytes);
    this.#at += bytes;
    return value;
  }
}

/** Reads `length` things one after the other. */
export function times<T>(length: number, read: () => T): T[] {
  const values: T[] = new Array(length);
  for (let i = 0; i < length; i += 1) values[i] = read();
  return values;
}
