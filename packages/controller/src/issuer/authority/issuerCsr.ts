import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { issuerSubject } from '@isthmus/plugin-gns-common';
import { keyIdentifier } from '../core/keyIdentifier';
import { ECDSA_WITH_SHA256, distinguishedName } from '../core/signCertificate';
import { TAG } from '../der/DerCursor';
import { bitString, element, sequence } from '../der/encode';
import { toPem } from '../der/pem';

/** A fresh P-256 key, PKCS #8 PEM. It never leaves the cluster. */
export function makeIssuerKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Key id of a private key, lower-case hex. */
export function keyIdOf(key: string): string {
  return keyIdentifier(publicKeyOf(key)).toString('hex');
}

/** Subject that the issuer of this key must have, DER. */
export function issuerName(options: {
  gns: string;
  cluster: string;
  keyId: string;
}): Buffer {
  return distinguishedName(issuerSubject(options));
}

/** The request for an issuer's certificate, PEM: a subject, a key, nothing else. */
export function issuerCsr(options: {
  gns: string;
  /** The cluster's name at the hub. */
  cluster: string;
  key: string;
}): string {
  const { gns, cluster, key } = options;
  const signed = sequence(
    element(TAG.INTEGER, Buffer.from([0])),
    issuerName({ gns, cluster, keyId: keyIdOf(key) }),
    publicKeyOf(key),
    element(TAG.CONTEXT_0),
  );
  return toPem(
    'CERTIFICATE REQUEST',
    sequence(
      signed,
      ECDSA_WITH_SHA256,
      bitString(sign('sha256', signed, createPrivateKey(key))),
    ),
  );
}

function publicKeyOf(key: string): Buffer {
  return createPublicKey(createPrivateKey(key)).export({
    type: 'spki',
    format: 'der',
  });
}
