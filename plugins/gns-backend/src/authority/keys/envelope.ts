import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson, PLUGIN_ID } from '@isthmus/plugin-gns-common';

/**
 * AES-256-GCM with a fresh data key per sealed text: one encryption per key, so
 * that random nonces can never meet. The associated data binds plugin,
 * purpose, global namespace, key id and version, so that a row copied
 * elsewhere does not open.
 */
export const ENVELOPE_VERSION = 1;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed text is, and of whom. */
export interface EnvelopeSubject {
  readonly purpose: 'root' | 'hub-signing-key';
  /** Empty for the hub's own key. */
  readonly gns: string;
  readonly keyId: string;
}

/** A text as it is stored, without its data key. */
export interface SealedBytes {
  readonly version: number;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The associated data, and the context of the wrapped data key. */
export function contextOf(subject: EnvelopeSubject, version: number): string {
  const { purpose, gns, keyId } = subject;
  return canonicalJson({ plugin: PLUGIN_ID, purpose, gns, keyId, version });
}

/** Encrypts with a data key of 32 bytes that is used for nothing else. */
export function encryptBytes(
  plaintext: Uint8Array,
  dataKey: Uint8Array,
  context: string,
): Omit<SealedBytes, 'version'> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, dataKey, nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { nonce, ciphertext, tag: cipher.getAuthTag() };
}

/** @throws Error when anything differs from what was sealed; the message holds none of it */
export function decryptBytes(
  sealed: Omit<SealedBytes, 'version'>,
  dataKey: Uint8Array,
  context: string,
): Buffer {
  // Node accepts shorter tags unless the length is fixed, and these can be guessed.
  if (sealed.nonce.length !== NONCE_BYTES || sealed.tag.length !== TAG_BYTES) {
    throw new Error('The sealed text is damaged: nonce or tag is cut');
  }
  const decipher = createDecipheriv(CIPHER, dataKey, sealed.nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.tag);
  const first = decipher.update(sealed.ciphertext);
  try {
    return Buffer.concat([first, decipher.final()]);
  } catch {
    throw new Error('The sealed text does not open with this key');
  } finally {
    first.fill(0);
  }
}
