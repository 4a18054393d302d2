/**
 * The two messages of `istio.v1.auth.IstioCertificateService` in protobuf's
 * wire format (istio/api security/v1alpha1/ca.proto), by hand: they are small,
 * and a request must be bounded and refused with a reason.
 */

/** Path of the one method. */
export const CREATE_CERTIFICATE_PATH =
  '/istio.v1.auth.IstioCertificateService/CreateCertificate';

/** `IstioCertificateRequest`, as far as it counts. */
export interface CertificateCall {
  /** PEM. */
  csr: string;
  /** Seconds; 0: not asked. */
  validitySeconds: number;
  /** Names in `metadata` whose value is a text that is not empty. */
  metadata: ReadonlyMap<string, string>;
}

/** Bytes that are no such message. */
export class WireError extends Error {
  readonly name = 'WireError';
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

export function readCertificateCall(message: Buffer): CertificateCall {
  let csr = '';
  let validitySeconds = 0;
  const metadata = new Map<string, string>();
  for (const field of fieldsOf(message)) {
    if (field.number === 1 && field.bytes) csr = field.bytes.toString('utf8');
    else if (field.number === 3) validitySeconds = field.value ?? 0;
    else if (field.number === 4 && field.bytes) {
      readStruct(field.bytes, metadata);
    }
  }
  return { csr, validitySeconds, metadata };
}

/** `IstioCertificateResponse`: PEM, the leaf first, all roots last as one. */
export function writeCertificateAnswer(chain: readonly string[]): Buffer {
  return Buffer.concat(
    chain.flatMap(pem => {
      const bytes = Buffer.from(pem, 'latin1');
      return [tag(1, BYTES), varint(bytes.length), bytes];
    }),
  );
}

export function readCertificateAnswer(message: Buffer): string[] {
  return fieldsOf(message).flatMap(({ number, bytes }) =>
    number === 1 && bytes ? [bytes.toString('utf8')] : [],
  );
}

/** A request, as pilot-agent writes it. */
export function writeCertificateCall(
  call: Pick<CertificateCall, 'csr' | 'validitySeconds'> & {
    metadata?: Record<string, string>;
  },
): Buffer {
  const text = (number: number, bytes: Buffer) =>
    Buffer.concat([tag(number, BYTES), varint(bytes.length), bytes]);
  return Buffer.concat([
    text(1, Buffer.from(call.csr)),
    ...(call.validitySeconds > 0
      ? [tag(3, VARINT), varint(call.validitySeconds)]
      : []),
    ...(call.metadata
      ? [
          text(
            4,
            Buffer.concat(
              Object.entries(call.metadata).map(([name, value]) =>
                text(
                  1,
                  Buffer.concat([
                    text(1, Buffer.from(name)),
                    text(2, text(3, Buffer.from(value))),
                  ]),
                ),
              ),
            ),
          ),
        ]
      : []),
  ]);
}

/** `google.protobuf.Struct`: only values that are texts matter here. */
function readStruct(message: Buffer, into: Map<string, string>): void {
  for (const entry of fieldsOf(message)) {
    if (entry.number !== 1 || !entry.bytes) continue;
    let name = '';
    let value = '';
    for (const part of fieldsOf(entry.bytes)) {
      if (part.number === 1 && part.bytes) name = part.bytes.toString('utf8');
      if (part.number === 2 && part.bytes) {
        for (const kind of fieldsOf(part.bytes)) {
          if (kind.number === 3 && kind.bytes) {
            value = kind.bytes.toString('utf8');
          }
        }
      }
    }
    if (value) into.set(name, value);
  }
}

interface Field {
  number: number;
  /** Of a varint. */
  value?: number;
  /** Of a length-delimited field. */
  bytes?: Buffer;
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let shift = 0; shift < 10; shift += 1) {
      if (at >= message.length) throw new WireError('a number is cut short');
      const byte = message[at];
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw new WireError('a number is too long');
  };
  const skip = (length: number) => {
    if (length > message.length - at) {
      throw new WireError('a field is cut short');
    }
    const bytes = message.subarray(at, at + length);
    at += length;
    return bytes;
  };
  while (at < message.length) {
    const key = readVarint();
    const number = Math.floor(key / 8);
    if (number === 0) throw new WireError('a field has no number');
    switch (key % 8) {
      case VARINT: {
        const value = readVarint();
        // int64: what is above is negative, or nonsense.
        fields.push({ number, value: value < 2 ** 53 ? value : 0 });
        break;
      }
      case FIXED64:
        skip(8);
        break;
      case BYTES:
        fields.push({ number, bytes: skip(readVarint()) });
        break;
      case FIXED32:
        skip(4);
        break;
      default:
        throw new WireError('a field has an unknown type');
    }
  }
  return fields;
}

function tag(number: number, type: number): Buffer {
  return varint(number * 8 + type);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push(rest % 0x80 | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
