import { hash } from 'node:crypto';
import { DerCursor, TAG } from '../der/DerCursor';

/**
 * Key identifier of a SubjectPublicKeyInfo: the leftmost 160 bits of the
 * SHA-256 of its key bits (RFC 7093, method 1).
 */
export function keyIdentifier(publicKey: Buffer): Buffer {
  const info = new DerCursor(publicKey).enter(TAG.SEQUENCE, 'the public key');
  info.whole(TAG.SEQUENCE, 'the algorithm of the public key');
  const bits = info.content(TAG.BIT_STRING, 'the bits of the public key');
  return hash('sha256', bits.subarray(1), 'buffer').subarray(0, 20);
}
