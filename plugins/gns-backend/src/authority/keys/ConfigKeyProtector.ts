import { createHmac, createHash, hkdfSync } from 'node:crypto';
import type {
  KeyProtector,
  KeyProtectorStatus,
  WrappedKey,
} from '@isthmus/plugin-gns-node';
import { decryptBytes, encryptBytes } from './envelope';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Known to everybody: for development only. */
const DEVELOPMENT_KEY = createHash('sha256')
  .update('isthmus development key: protects nothing')
  .digest();
const DEVELOPMENT_ID = 'development';

interface NamedKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Tells keys apart in rows and answers without giving anything away. */
function idOf(key: Buffer): string {
  return createHmac('sha256', key)
    .update('isthmus key-encryption key id')
    .digest('hex')
    .slice(0, 16);
}

/** @returns the key, or why the text is none; never the text */
function readKey(text: string): Buffer | string {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) {
    return 'is not base64 of 32 bytes. Make one with: openssl rand -base64 32';
  }
  const key = Buffer.from(trimmed, 'base64');
  if (key.length !== KEY_BYTES) {
    return 'is not base64 of 32 bytes. Make one with: openssl rand -base64 32';
  }
  if (new Set(key).size < 8) {
    return 'is not random. Make one with: openssl rand -base64 32';
  }
  return key;
}

/**
 * Key-encryption keys from app-config, `gns.authority.keys`, as an ordered
 * list: the first wraps, all unwrap. A list with a bad entry does not stop the
 * backend: the good keys still unwrap, and nothing new is wrapped until it is mended.
 */
export class ConfigKeyProtector implements KeyProtector {
  readonly id = 'config';
  readonly #keys: readonly NamedKey[];
  readonly #problem: string | undefined;
  readonly #development: boolean;

  /** @param secrets - base64 of 32 bytes each. None: the well-known development key. */
  static create(secrets: readonly string[]): ConfigKeyProtector {
    const keys: NamedKey[] = [];
    const problems: string[] = [];
    secrets.forEach((secret, index) => {
      const key = readKey(secret);
      if (typeof key === 'string') {
        problems.push(`gns.authority.keys[${index}].secret ${key}`);
        return;
      }
      if (!keys.some(k => k.key.equals(key))) keys.push({ id: idOf(key), key });
    });
    const development =
      secrets.length === 0 || keys.some(k => k.key.equals(DEVELOPMENT_KEY));
    return new ConfigKeyProtector(
      secrets.length === 0
        ? [{ id: DEVELOPMENT_ID, key: DEVELOPMENT_KEY }]
        : keys,
      problems[0],
      development,
    );
  }

  private constructor(
    keys: readonly NamedKey[],
    problem: string | undefined,
    development: boolean,
  ) {
    this.#keys = keys;
    this.#problem = problem;
    this.#development = development;
  }

  async status(): Promise<KeyProtectorStatus> {
    return {
      healthy: this.#problem === undefined && this.#keys.length > 0,
      ...(this.#keys[0] ? { keyId: this.#keys[0].id } : {}),
      keyIds: this.#keys.map(k => k.id),
      development: this.#development,
      ...(this.#problem ? { message: this.#problem } : {}),
    };
  }

  async wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey> {
    const [first] = this.#keys;
    if (!first || this.#problem) {
      throw new Error(this.#problem ?? 'gns.authority.keys is empty');
    }
    const { nonce, ciphertext, tag } = encryptBytes(
      dataKey,
      this.#wrappingKey(first),
      context,
    );
    return {
      keyId: first.id,
      wrapped: Buffer.concat([nonce, ciphertext, tag]),
    };
  }

  async unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array> {
    const key = this.#keys.find(k => k.id === wrapped.keyId);
    if (!key) {
      throw new Error(
        `The key ${wrapped.keyId} is not in gns.authority.keys. Put it back, behind the first`,
      );
    }
    const bytes = Buffer.from(wrapped.wrapped);
    return decryptBytes(
      {
        nonce: bytes.subarray(0, NONCE_BYTES),
        ciphertext: bytes.subarray(NONCE_BYTES, -TAG_BYTES),
        tag: bytes.subarray(-TAG_BYTES),
      },
      this.#wrappingKey(key),
      context,
    );
  }

  /** Another key than the one of the config, so that its id and its use never meet. */
  #wrappingKey({ key }: NamedKey): Buffer {
    return Buffer.from(
      hkdfSync('sha256', key, '', 'isthmus key-encryption key', KEY_BYTES),
    );
  }
}
