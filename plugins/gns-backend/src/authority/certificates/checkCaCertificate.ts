import { X509Certificate, type KeyObject } from 'node:crypto';
import type {
  BuiltCertificate,
  CaCertificateRequest,
} from './buildCertificate';
import { spkiOf } from './keyIds';
import type { DistinguishedName } from './names';

/** As Node writes names: one attribute per line. */
function textOf(name: DistinguishedName): string {
  return name.map(([type, value]) => `${type}=${value}`).join('\n');
}

/**
 * Reads a certificate that we just built with another parser (OpenSSL's,
 * through Node) and compares all that it tells with what was asked for.
 * @throws Error naming what differs: then nobody may get it
 */
export function checkCaCertificate(
  built: BuiltCertificate,
  request: CaCertificateRequest,
  signerKey: KeyObject,
): void {
  const read = new X509Certificate(built.pem);
  const issuer = request.issuer ? new X509Certificate(request.issuer) : read;
  const facts: Record<string, readonly [unknown, unknown]> = {
    subject: [
      read.subject,
      typeof request.subject === 'string'
        ? new X509Certificate(request.subject).subject
        : textOf(request.subject),
    ],
    issuer: [read.checkIssued(issuer), true],
    serial: [read.serialNumber.toLowerCase(), built.serial],
    'start of life': [Date.parse(read.validFrom), built.notBefore.getTime()],
    'end of life': [Date.parse(read.validTo), built.notAfter.getTime()],
    'being a CA': [read.ca, true],
    'alternative names': [read.subjectAltName, undefined],
    'extended key usages': [read.keyUsage, undefined],
    'public key': [
      spkiOf(read.publicKey).toString('hex'),
      spkiOf(request.publicKey).toString('hex'),
    ],
    signature: [read.verify(signerKey), true],
  };
  const wrong = Object.entries(facts).filter(([, [is, shall]]) => is !== shall);
  if (wrong.length > 0) {
    throw new Error(
      `The certificate that was made is not what was asked for: ${wrong
        .map(([what]) => what)
        .join(', ')}. It was thrown away`,
    );
  }
}
