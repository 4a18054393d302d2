import {
  KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
} from 'node:crypto';
import { isoTime } from '../../timing/Clock';
import { keyIdentifier } from '../core/keyIdentifier';
import { OID } from '../core/oids';
import { distinguishedName, signCertificate } from '../core/signCertificate';
import { TAG } from '../der/DerCursor';
import {
  element,
  extension,
  objectIdentifier,
  octetString,
  sequence,
} from '../der/encode';
import { toPem } from '../der/pem';

/** A certificate with its key, PEM. */
export interface CertifiedKey {
  certificate: string;
  key: string;
  notBefore: string;
  notAfter: string;
}

/** When a certificate is valid, milliseconds. */
export interface Validity {
  notBefore: number;
  notAfter: number;
}

/** A self-signed root for TLS of the controller alone. */
export function makeServingRoot(validity: Validity): CertifiedKey {
  const { privateKey, publicKey } = makeKey();
  const keyId = keyIdentifier(publicKey);
  const name = rootName(keyId);
  const der = signCertificate({
    ...validity,
    signer: privateKey,
    issuer: name,
    subject: name,
    publicKey,
    extensions: [
      extension(
        OID.basicConstraints,
        true,
        sequence(
          element(TAG.BOOLEAN, Buffer.from([0xff])),
          element(TAG.INTEGER, Buffer.from([0])),
        ),
      ),
      // keyCertSign
      extension(
        OID.keyUsage,
        true,
        element(TAG.BIT_STRING, Buffer.from([2, 0b0000_0100])),
      ),
      extension(OID.subjectKeyIdentifier, false, octetString(keyId)),
    ],
  });
  return certified(der, privateKey, validity);
}

/** A serving certificate for these DNS names; it ends no later than its root. */
export function makeServingCertificate(
  root: CertifiedKey,
  names: readonly string[],
  wanted: Validity,
): CertifiedKey {
  const { privateKey, publicKey } = makeKey();
  const signer = createPrivateKey(root.key);
  const rootId = keyIdentifier(
    createPublicKey(signer).export({ type: 'spki', format: 'der' }),
  );
  const validity = {
    notBefore: wanted.notBefore,
    notAfter: Math.min(wanted.notAfter, Date.parse(root.notAfter)),
  };
  const der = signCertificate({
    ...validity,
    signer,
    issuer: rootName(rootId),
    subject: distinguishedName([['CN', 'isthmus-controller']]),
    publicKey,
    extensions: [
      extension(OID.basicConstraints, true, sequence()),
      // digitalSignature
      extension(
        OID.keyUsage,
        true,
        element(TAG.BIT_STRING, Buffer.from([7, 0b1000_0000])),
      ),
      extension(
        OID.extendedKeyUsage,
        false,
        sequence(objectIdentifier(OID.serverAuth)),
      ),
      extension(
        OID.authorityKeyIdentifier,
        false,
        sequence(element(0x80, rootId)),
      ),
      extension(
        OID.subjectAltName,
        false,
        sequence(...names.map(name => element(0x82, Buffer.from(name)))),
      ),
    ],
  });
  return certified(der, privateKey, validity);
}

/** Distinct for each key: a name that two roots share confuses those who verify. */
function rootName(keyId: Buffer): Buffer {
  return distinguishedName([
    ['CN', `isthmus-controller serving root ${keyId.toString('hex')}`],
  ]);
}

function makeKey(): { privateKey: KeyObject; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  };
}

function certified(
  der: Buffer,
  key: KeyObject,
  { notBefore, notAfter }: Validity,
): CertifiedKey {
  return {
    certificate: toPem('CERTIFICATE', der),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    notBefore: isoTime(notBefore),
    notAfter: isoTime(notAfter),
  };
}
