import { hash } from 'node:crypto';

/**
 * Key identifier of a SubjectPublicKeyInfo (DER): the leftmost 160 bits of its
 * SHA-256 (RFC 7093, method 4), as hub and controller name all CA keys.
 */
export function keyIdentifier(publicKey: Buffer): Buffer {
  return hash('sha256', publicKey, 'buffer').subarray(0, 20);
}
