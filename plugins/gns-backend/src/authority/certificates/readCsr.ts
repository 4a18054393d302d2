import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { keyIdOf, spkiOf } from './keyIds';
import { toAsnName, type DistinguishedName } from './names';
import { fromPem } from './pem';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

/** Larger ones are not even parsed, bytes; ours have about 300. */
const MAX_DER = 4096;

function refuse(what: string): InputError {
  return new InputError(`csr: ${what}`);
}

function der(value: object): Buffer {
  return Buffer.from(AsnConvert.serialize(value));
}

/**
 * Reads an issuer's request: PKCS #10, P-256, the expected subject, nothing
 * else asked for, signed with its own key. It must be DER to the byte, so that nothing
 * hides beside what was checked.
 * @throws InputError (400) for anything else
 */
export function readIssuerCsr(
  pem: string,
  expectedSubject: (keyId: string) => DistinguishedName,
): { publicKey: KeyObject; keyId: string } {
  let bytes: Buffer;
  let csr: CertificationRequest;
  try {
    bytes = fromPem('CERTIFICATE REQUEST', pem);
    if (bytes.length > MAX_DER) throw new Error('too long');
    csr = AsnConvert.parse(bytes, CertificationRequest);
  } catch {
    throw refuse('is no PKCS #10 request. Send one, as PEM, of at most 4 KiB');
  }
  const info = csr.certificationRequestInfo;
  if (!der(csr).equals(bytes)) {
    throw refuse('is not encoded in DER, or something follows it');
  }
  if (info.version !== 0) throw refuse('has another version than 0');
  if ((info.attributes?.length ?? 0) > 0) {
    throw refuse(
      'asks for attributes or extensions. Send none: the hub sets them',
    );
  }
  const { signatureAlgorithm, signature } = csr;
  if (
    signatureAlgorithm.algorithm !== ECDSA_SHA256 ||
    signatureAlgorithm.parameters
  ) {
    throw refuse('is not signed by ECDSA with SHA-256');
  }
  const spki = der(info.subjectPKInfo);
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    throw refuse('has an unreadable public key');
  }
  if (
    publicKey.asymmetricKeyType !== 'ec' ||
    publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1' ||
    !spkiOf(publicKey).equals(spki)
  ) {
    throw refuse('has a key that is not EC P-256 in its usual form');
  }
  const keyId = keyIdOf(publicKey);
  if (!der(info.subject).equals(der(toAsnName(expectedSubject(keyId))))) {
    throw refuse(
      `has another subject than ${expectedSubject(keyId)
        .map(([type, value]) => `${type}=${value}`)
        .join(', ')} (UTF8String, one part per RDN)`,
    );
  }
  const proven = verify(
    'sha256',
    der(info),
    { key: publicKey, dsaEncoding: 'der' },
    new Uint8Array(signature),
  );
  if (!proven) throw refuse('is not signed with its own key');
  return { publicKey, keyId };
}
