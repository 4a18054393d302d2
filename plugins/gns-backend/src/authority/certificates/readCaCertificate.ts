import {
  createPrivateKey,
  createPublicKey,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { InputError } from '@backstage/errors';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  id_ce_basicConstraints,
} from '@peculiar/asn1-x509';
import { signatureAlgorithmOf } from './CaSigner';
import { keyIdOf } from './keyIds';
import { fromPem, toPem } from './pem';

/** A root that somebody brings. */
export interface BroughtRoot {
  /** PEM in our form. */
  readonly certificate: string;
  readonly keyId: string;
  /** Lower-case hex. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: string;
}

function refuse(path: string, what: string): InputError {
  return new InputError(`${path}: ${what}`);
}

/**
 * Reads a self-signed CA certificate that may stand above issuers and cross
 * certificates.
 * @throws InputError naming what is wrong
 */
export function readCaCertificate(
  pem: string,
  path: string,
  now: number,
): BroughtRoot {
  let der: Buffer;
  let read: X509Certificate;
  let parsed: Certificate;
  try {
    der = fromPem('CERTIFICATE', pem);
    read = new X509Certificate(der);
    parsed = AsnConvert.parse(der, Certificate);
  } catch {
    throw refuse(path, 'is no certificate. Send one, as PEM');
  }
  try {
    signatureAlgorithmOf(read.publicKey);
  } catch (error) {
    throw refuse(path, (error as Error).message);
  }
  if (!read.ca) throw refuse(path, 'is not the certificate of a CA');
  if (!read.checkIssued(read) || !read.verify(read.publicKey)) {
    throw refuse(
      path,
      'is not self-signed. Bring the root itself: workloads trust roots only',
    );
  }
  const constraints = parsed.tbsCertificate.extensions?.find(
    e => e.extnID === id_ce_basicConstraints,
  );
  const pathLength =
    constraints &&
    AsnConvert.parse(constraints.extnValue, BasicConstraints).pathLenConstraint;
  if (pathLength !== undefined && pathLength < 2) {
    throw refuse(
      path,
      `allows ${pathLength} CAs below it; issuers and cross certificates need 2`,
    );
  }
  if (read.keyUsage && read.keyUsage.length > 0) {
    throw refuse(
      path,
      'has an extended key usage, which Envoy checks along the whole chain. Bring a root without',
    );
  }
  const notAfter = read.validToDate;
  if (notAfter.getTime() <= now || read.validFromDate.getTime() > now) {
    throw refuse(path, 'is not valid now');
  }
  return {
    certificate: toPem('CERTIFICATE', der),
    keyId: keyIdOf(read.publicKey),
    serial: read.serialNumber.toLowerCase(),
    notBefore: read.validFromDate,
    notAfter,
    subject: read.subject,
  };
}

/** @throws InputError; the message holds nothing of the key */
export function readCaKey(
  pem: string,
  path: string,
  certificate: Pick<BroughtRoot, 'keyId'>,
): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    throw refuse(
      path,
      'is no private key that can be read. Send PKCS #8, PEM, without a passphrase',
    );
  }
  if (keyIdOf(createPublicKey(key)) !== certificate.keyId) {
    throw refuse(path, 'is not the key of the certificate');
  }
  return key;
}
