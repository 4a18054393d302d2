import { X509Certificate, generateKeyPairSync, sign } from 'node:crypto';
import { TAG } from '../der/DerCursor';
import {
  bitString,
  element,
  extension,
  objectIdentifier,
  octetString,
  sequence,
  time,
  unsignedInteger,
} from '../der/encode';
import { toPem } from '../der/pem';
import { LeafTemplate } from '../core/LeafTemplate';
import { keyIdentifier } from '../core/keyIdentifier';
import { OID } from '../core/oids';

const DAY = 86_400_000;
let serial = 1;

export type TestAuthority = ReturnType<typeof makeAuthority>;

/**
 * A P-256 certificate authority for tests: a root, or an intermediate of
 * `parent`.
 */
export function makeAuthority(options: {
  name: string;
  parent?: TestAuthority;
  notBefore?: number;
  notAfter?: number;
  pathLength?: number;
  /** Certifies this key (SubjectPublicKeyInfo, DER) instead of its own. */
  publicKey?: Buffer;
  /** RDNSequence, DER. */
  subject?: Buffer;
  ca?: boolean;
}) {
  const { parent } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const spki =
    options.publicKey ?? publicKey.export({ type: 'spki', format: 'der' });
  const subject = options.subject ?? commonName(options.name);
  const keyId = keyIdentifier(spki);
  const now = Date.now();
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  serial += 1;
  const signed = sequence(
    element(TAG.CONTEXT_0, element(TAG.INTEGER, Buffer.from([2]))),
    unsignedInteger(Buffer.from([serial >> 8, serial & 0xff])),
    algorithm,
    parent?.subject ?? subject,
    sequence(
      time(options.notBefore ?? now - DAY),
      time(options.notAfter ?? now + 7 * DAY),
    ),
    subject,
    spki,
    element(
      TAG.CONTEXT_3,
      sequence(
        extension(
          OID.basicConstraints,
          true,
          options.ca === false
            ? sequence()
            : sequence(
                element(TAG.BOOLEAN, Buffer.from([0xff])),
                unsignedInteger(Buffer.from([options.pathLength ?? 0])),
              ),
        ),
        extension(
          OID.keyUsage,
          true,
          element(TAG.BIT_STRING, Buffer.from([1, 0b0000_0110])),
        ),
        extension(OID.subjectKeyIdentifier, false, octetString(keyId)),
        extension(
          OID.authorityKeyIdentifier,
          false,
          sequence(element(0x80, parent?.keyId ?? keyId)),
        ),
      ),
    ),
  );
  const der = sequence(
    signed,
    algorithm,
    bitString(sign('sha256', signed, parent?.privateKey ?? privateKey)),
  );
  return {
    certificate: new X509Certificate(der),
    pem: toPem('CERTIFICATE', der),
    privateKey,
    subject,
    keyId,
    template: new LeafTemplate({
      key: privateKey,
      name: subject,
      keyIdentifier: keyId,
    }),
  };
}

export function commonName(name: string): Buffer {
  return sequence(
    element(
      TAG.SET,
      sequence(
        objectIdentifier(OID.commonName),
        element(TAG.UTF8_STRING, Buffer.from(name)),
      ),
    ),
  );
}
