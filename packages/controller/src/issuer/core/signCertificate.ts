import { KeyObject, randomBytes, sign } from 'node:crypto';
import { TAG } from '../der/DerCursor';
import {
  bitString,
  element,
  objectIdentifier,
  sequence,
  time,
} from '../der/encode';
import { OID } from './oids';

const NAMES = {
  O: OID.organization,
  OU: OID.organizationalUnit,
  CN: OID.commonName,
} as const;

/** A name of one attribute per level, UTF8String, most significant first; DER. */
export function distinguishedName(
  parts: ReadonlyArray<readonly [keyof typeof NAMES, string]>,
): Buffer {
  return sequence(
    ...parts.map(([type, value]) =>
      element(
        TAG.SET,
        sequence(
          objectIdentifier(NAMES[type]),
          element(TAG.UTF8_STRING, Buffer.from(value)),
        ),
      ),
    ),
  );
}

export const ECDSA_WITH_SHA256 = sequence(
  objectIdentifier(OID.ecdsaWithSha256),
);

/** A certificate signed by a P-256 key, DER. Names, key and extensions are DER; times milliseconds. */
export function signCertificate(options: {
  signer: KeyObject;
  issuer: Buffer;
  subject: Buffer;
  /** SubjectPublicKeyInfo. */
  publicKey: Buffer;
  notBefore: number;
  notAfter: number;
  extensions: readonly Buffer[];
}): Buffer {
  const serial = randomBytes(20);
  // Neither negative nor shorter than its length says.
  serial[0] = (serial[0] & 0x3f) | 0x40;
  const signed = sequence(
    element(TAG.CONTEXT_0, element(TAG.INTEGER, Buffer.from([2]))),
    element(TAG.INTEGER, serial),
    ECDSA_WITH_SHA256,
    options.issuer,
    sequence(time(options.notBefore), time(options.notAfter)),
    options.subject,
    options.publicKey,
    element(TAG.CONTEXT_3, sequence(...options.extensions)),
  );
  return sequence(
    signed,
    ECDSA_WITH_SHA256,
    bitString(sign('sha256', signed, options.signer)),
  );
}
