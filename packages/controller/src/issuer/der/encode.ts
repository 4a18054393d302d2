import { TAG } from './DerCursor';

/** One element: tag, shortest length, the contents one after another. */
export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const length = contents.reduce((sum, c) => sum + c.length, 0);
  return Buffer.concat([header(tag, length), ...contents]);
}

export const sequence = (...contents: Uint8Array[]) =>
  element(TAG.SEQUENCE, ...contents);

/** Tag and length in its shortest form. */
export function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Buffer.from([tag, 0x80 | bytes.length, ...bytes]);
}

/** `1.2.840.10045.2.1` as an element. */
export function objectIdentifier(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(arc => {
    const groups = [arc % 128];
    for (let high = Math.floor(arc / 128); high > 0; ) {
      groups.unshift(0x80 | high % 128);
      high = Math.floor(high / 128);
    }
    return groups;
  });
  return element(TAG.OBJECT_IDENTIFIER, Buffer.from(bytes));
}

export const octetString = (content: Uint8Array) =>
  element(TAG.OCTET_STRING, content);

/** A BIT STRING of whole bytes. */
export const bitString = (content: Uint8Array) =>
  element(TAG.BIT_STRING, Buffer.from([0]), content);

/** A non-negative INTEGER of these bytes, most significant first. */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const short = bytes.subarray(start);
  return short[0] & 0x80
    ? element(TAG.INTEGER, Buffer.from([0]), short)
    : element(TAG.INTEGER, short);
}

/** X.509 time of whole seconds: UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(ms: number): Buffer {
  const text = new Date(ms)
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  return Number(text.slice(0, 4)) < 2050
    ? element(TAG.UTC_TIME, Buffer.from(text.slice(2), 'latin1'))
    : element(TAG.GENERALIZED_TIME, Buffer.from(text, 'latin1'));
}

/** One extension of a certificate or request. */
export function extension(
  oid: string,
  critical: boolean,
  value: Uint8Array,
): Buffer {
  return sequence(
    objectIdentifier(oid),
    ...(critical ? [element(TAG.BOOLEAN, Buffer.from([0xff]))] : []),
    octetString(value),
  );
}
