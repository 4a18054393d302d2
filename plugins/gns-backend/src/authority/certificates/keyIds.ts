import { createHash, type KeyObject } from 'node:crypto';

/** SubjectPublicKeyInfo, DER. */
export function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** The first 160 bits of SHA-256 of the SubjectPublicKeyInfo, hex (RFC 7093, method 1). */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(spkiOf(publicKey))
    .digest('hex')
    .slice(0, 40);
}
