import { randomBytes, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  type Name,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { fromPem, toPem } from './pem';
import type { CaSigner, SignatureAlgorithm } from './CaSigner';
import { checkCaCertificate } from './checkCaCertificate';
import { spkiOf } from './keyIds';
import { toAsnName, type DistinguishedName } from './names';

const ALGORITHMS: Record<SignatureAlgorithm, AlgorithmIdentifier> = {
  ES256: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
  ES384: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.3' }),
  RS256: new AlgorithmIdentifier({
    algorithm: '1.2.840.113549.1.1.11',
    parameters: null,
  }),
};

/** A CA certificate to be made: a root, a cross certificate, an issuer. */
export interface CaCertificateRequest {
  /** A name, or the PEM of a certificate whose name and key id it repeats (cross certificates). */
  readonly subject: DistinguishedName | string;
  readonly publicKey: KeyObject;
  readonly keyId: string;
  /** PEM of the CA that signs; absent: it signs itself. */
  readonly issuer?: string;
  /** CA certificates that may follow below this one. */
  readonly pathLength: number;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate that was signed and read again. */
export interface BuiltCertificate {
  readonly pem: string;
  /** Lower-case hex. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

function extension(id: string, critical: boolean, value: object): Extension {
  return new Extension({
    extnID: id,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

/** 159 random bits, positive, so that 20 bytes always suffice. */
function newSerial(): Buffer {
  const serial = randomBytes(20);
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return serial;
}

/** X.509 counts whole seconds. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

interface CaName {
  readonly name: Name;
  readonly keyId: ArrayBuffer | undefined;
}

/** Name and key id of a CA, as what it signs must repeat them. */
function nameOf(pem: string): CaName {
  const { tbsCertificate } = AsnConvert.parse(
    fromPem('CERTIFICATE', pem),
    Certificate,
  );
  const found = tbsCertificate.extensions?.find(
    e => e.extnID === id_ce_subjectKeyIdentifier,
  );
  return {
    name: tbsCertificate.subject,
    keyId:
      found && AsnConvert.parse(found.extnValue, SubjectKeyIdentifier).buffer,
  };
}

function bytesOf(hex: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(hex, 'hex')).buffer;
}

/**
 * Signs a CA certificate: CA:TRUE with a path length, key usage keyCertSign and
 * cRLSign only, no extended key usage (Envoy would check it along the chain),
 * subject and authority key ids. What was built is read again by Node's own parser before anyone
 * gets it.
 */
export async function buildCaCertificate(
  request: CaCertificateRequest,
  signer: CaSigner,
): Promise<BuiltCertificate> {
  const serial = newSerial();
  const notBefore = wholeSeconds(request.notBefore);
  const notAfter = wholeSeconds(request.notAfter);
  const algorithm = ALGORITHMS[signer.algorithm];
  const named: CaName =
    typeof request.subject === 'string'
      ? nameOf(request.subject)
      : { name: toAsnName(request.subject), keyId: undefined };
  const subject = { ...named, keyId: named.keyId ?? bytesOf(request.keyId) };
  const issuer = request.issuer ? nameOf(request.issuer) : subject;
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: new Uint8Array(serial).buffer,
    signature: algorithm,
    issuer: issuer.name,
    validity: new Validity({
      notBefore,
      notAfter,
    }),
    subject: subject.name,
    subjectPublicKeyInfo: AsnConvert.parse(
      spkiOf(request.publicKey),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([
      extension(
        id_ce_basicConstraints,
        true,
        new BasicConstraints({
          cA: true,
          pathLenConstraint: request.pathLength,
        }),
      ),
      extension(
        id_ce_keyUsage,
        true,
        new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign),
      ),
      extension(
        id_ce_subjectKeyIdentifier,
        false,
        new SubjectKeyIdentifier(subject.keyId),
      ),
      ...(issuer.keyId
        ? [
            extension(
              id_ce_authorityKeyIdentifier,
              false,
              new AuthorityKeyIdentifier({
                keyIdentifier: new KeyIdentifier(issuer.keyId),
              }),
            ),
          ]
        : []),
    ]),
  });
  const signed = new Uint8Array(AsnConvert.serialize(tbs));
  const signature = await signer.sign(signed);
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  });
  const built = {
    pem: toPem('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate))),
    serial: serial.toString('hex'),
    notBefore,
    notAfter,
  };
  checkCaCertificate(built, request, signer.publicKey);
  return built;
}
