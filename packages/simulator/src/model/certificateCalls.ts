/*
 * The two messages of `istio.v1.auth.IstioCertificateService` in protobuf's wire format, as far as the simulator
 * needs them: fields 1 (texts) and 3 (a number) of small messages.
 */

/** Path of the one method. */
export const CREATE_CERTIFICATE =
  '/istio.v1.auth.IstioCertificateService/CreateCertificate';

const [TEXT, NUMBER] = [0x0a, 0x18];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push(rest % 0x80 | 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

function writeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([TEXT]), varint(bytes.length), bytes]);
}

/** `IstioCertificateRequest`. */
export function writeRequest(csr: string, seconds: number): Buffer {
  return Buffer.concat([
    writeText(csr),
    Buffer.from([NUMBER]),
    varint(seconds),
  ]);
}

/** `IstioCertificateResponse`: PEM, the leaf first. */
export function writeResponse(chain: readonly string[]): Buffer {
  return Buffer.concat(chain.map(writeText));
}

/** The texts of field 1. @throws Error for what is cut short */
export function readTexts(message: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 1) {
      if (at >= message.length) throw new Error('the message is cut short');
      const byte = message[at];
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = number();
    const isBytes = key % 8 === 2;
    const value = number();
    if (!isBytes) continue;
    if (value > message.length - at)
      throw new Error('the message is cut short');
    if (key === TEXT) texts.push(message.toString('utf8', at, at + value));
    at += value;
  }
  return texts;
}
