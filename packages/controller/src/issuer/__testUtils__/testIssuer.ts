import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { LeafTemplate } from '../core/LeafTemplate';
import { keyIdentifier } from '../core/keyIdentifier';
import { OID } from '../core/oids';
import { distinguishedName, signCertificate } from '../core/signCertificate';
import { TAG } from '../der/DerCursor';
import {
  element,
  extension,
  octetString,
  sequence,
  unsignedInteger,
} from '../der/encode';
import { toPem } from '../der/pem';

const DAY = 86_400_000;

export const commonName = (name: string) => distinguishedName([['CN', name]]);

export type TestAuthority = ReturnType<typeof makeAuthority>;

/** A P-256 certificate authority for tests: a root, or an intermediate of `parent`. */
export function makeAuthority(options: {
  name: string;
  parent?: TestAuthority;
  notBefore?: number;
  notAfter?: number;
  pathLength?: number;
  /** Certifies this key (SubjectPublicKeyInfo, DER) instead of one of its own. */
  publicKey?: Buffer;
  /** DER. */
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
  const der = signCertificate({
    signer: parent?.privateKey ?? privateKey,
    issuer: parent?.subject ?? subject,
    subject,
    publicKey: spki,
    notBefore: options.notBefore ?? now - DAY,
    notAfter: options.notAfter ?? now + 7 * DAY,
    extensions: [
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
      // keyCertSign and cRLSign
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
    ],
  });
  return {
    certificate: new X509Certificate(der),
    pem: toPem('CERTIFICATE', der),
    privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject,
    keyId,
    template: new LeafTemplate({
      key: privateKey,
      name: subject,
      keyIdentifier: keyId,
    }),
  };
}
