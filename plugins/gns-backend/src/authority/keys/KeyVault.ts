import { randomBytes } from 'node:crypto';
import type {
  KeyProtector,
  KeyProtectorStatus,
  RemoteSigner,
} from '@isthmus/plugin-gns-node';
import {
  AuthorityUnavailableError,
  kindOfError,
} from '../AuthorityUnavailableError';
import {
  contextOf,
  decryptBytes,
  encryptBytes,
  ENVELOPE_VERSION,
  type EnvelopeSubject,
} from './envelope';

const KEY_BYTES = 32;
/** A protector that takes longer counts as gone, milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** A secret as it is stored: useless without the protector's key. */
export interface SealedSecret {
  readonly version: number;
  /** Id of the protector. */
  readonly protector: string;
  /** Id of its key-encryption key. */
  readonly keyId: string;
  /** Base64. */
  readonly wrappedKey: string;
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/** Whether the hub can seal and sign, for conditions, banner and metric. */
export type VaultStatus =
  | {
      readonly usable: true;
      readonly protector: string;
      readonly keyId: string;
      readonly keyIds: readonly string[] | undefined;
      readonly development: boolean;
    }
  | {
      readonly usable: false;
      readonly reason: 'KeyMissing' | 'DevelopmentKey' | 'KeyUnavailable';
      readonly message: string;
      readonly protector: string;
      readonly keyIds: readonly string[] | undefined;
    };

class LateError extends Error {
  name = 'Timeout';
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError()), ANSWER_WITHIN_MS);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(protector: string, error: unknown) {
  return new AuthorityUnavailableError(
    'KeyUnavailable',
    `The key protector ${protector} does not work now (${kindOfError(
      error,
    )}). Look at its service and at its module's configuration.`,
  );
}

/** A signer whose errors, which others wrote, reach nobody, and who may not take for ever. */
function guarded(protector: string, signer: RemoteSigner): RemoteSigner {
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await within(work());
    } catch (error) {
      throw unavailable(protector, error);
    }
  };
  return {
    createKey: reference => guard(() => signer.createKey(reference)),
    sign: (reference, bytes) => guard(() => signer.sign(reference, bytes)),
    destroyKey: reference => guard(() => signer.destroyKey(reference)),
  };
}

/**
 * Seals and opens the keys of authorities. In production it refuses
 * development keys, for sealing and for opening. Nothing that it throws holds a key.
 */
export class KeyVault {
  readonly #protectors: readonly KeyProtector[];
  readonly #production: boolean;

  /** The first protector seals; all open what they sealed. */
  static create(options: {
    protectors: readonly [KeyProtector, ...KeyProtector[]];
    production: boolean;
  }): KeyVault {
    return new KeyVault(options.protectors, options.production);
  }

  private constructor(
    protectors: readonly KeyProtector[],
    production: boolean,
  ) {
    this.#protectors = protectors;
    this.#production = production;
  }

  get #first(): KeyProtector {
    return this.#protectors[0];
  }

  /** Never rejects. */
  async status(): Promise<VaultStatus> {
    const { id } = this.#first;
    let status: KeyProtectorStatus;
    try {
      status = await within(this.#first.status());
    } catch (error) {
      return {
        usable: false,
        reason: 'KeyUnavailable',
        message: unavailable(id, error).message,
        protector: id,
        keyIds: undefined,
      };
    }
    const { keyIds, keyId, healthy, message, development = false } = status;
    if (development && this.#production) {
      return {
        usable: false,
        reason: 'DevelopmentKey',
        message:
          'No key of your own protects the authorities, and the one for development is known to everybody. Set gns.authority.keys in app-config (openssl rand -base64 32).',
        protector: id,
        keyIds,
      };
    }
    if (!healthy || keyId === undefined) {
      return {
        usable: false,
        reason: id === 'config' ? 'KeyMissing' : 'KeyUnavailable',
        message: message ?? `The key protector ${id} has no key to seal with.`,
        protector: id,
        keyIds,
      };
    }
    return { usable: true, protector: id, keyId, keyIds, development };
  }

  /** Keys that can open now, by protector; of one that does not answer none is known. */
  async presentKeys(): Promise<{ protector: string; keyIds: string[] }[]> {
    const present = [];
    for (const protector of this.#protectors) {
      let keyIds: string[] = [];
      try {
        const status = await within(protector.status());
        keyIds = status.keyIds ?? (status.keyId ? [status.keyId] : []);
        if (status.development && this.#production) keyIds = [];
      } catch {
        // Shown as not present: the status of the vault tells why.
      }
      present.push({ protector: protector.id, keyIds });
    }
    return present;
  }

  /** Where new roots are made, when the protector keeps keys itself. */
  get remoteSigner(): { protector: string; signer: RemoteSigner } | undefined {
    const { id, signer } = this.#first;
    return signer && { protector: id, signer: guarded(id, signer) };
  }

  /** @throws AuthorityUnavailableError when that protector is not there or keeps no keys */
  signerOf(protector: string): RemoteSigner {
    const found = this.#protectors.find(p => p.id === protector)?.signer;
    if (!found) {
      throw new AuthorityUnavailableError(
        'KeyMissing',
        `The key is held by the key protector ${protector}, which is not installed or cannot sign. Install its module again.`,
      );
    }
    return guarded(protector, found);
  }

  /** @throws AuthorityUnavailableError */
  async assertUsable(): Promise<void> {
    const status = await this.status();
    if (status.usable) return;
    throw new AuthorityUnavailableError(status.reason, status.message);
  }

  /** @throws AuthorityUnavailableError */
  async seal(
    secret: Uint8Array,
    subject: EnvelopeSubject,
  ): Promise<SealedSecret> {
    await this.assertUsable();
    const dataKey = randomBytes(KEY_BYTES);
    try {
      const context = contextOf(subject, ENVELOPE_VERSION);
      const sealed = encryptBytes(secret, dataKey, context);
      return {
        version: ENVELOPE_VERSION,
        ...(await this.#wrap(dataKey, context)),
        nonce: sealed.nonce.toString('base64'),
        ciphertext: sealed.ciphertext.toString('base64'),
        tag: sealed.tag.toString('base64'),
      };
    } finally {
      dataKey.fill(0);
    }
  }

  /**
   * The caller overwrites what it gets when it is done.
   * @throws AuthorityUnavailableError
   */
  async open(sealed: SealedSecret, subject: EnvelopeSubject): Promise<Buffer> {
    const context = contextOf(subject, sealed.version);
    const dataKey = await this.#unwrap(sealed, context);
    try {
      return decryptBytes(
        {
          nonce: Buffer.from(sealed.nonce, 'base64'),
          ciphertext: Buffer.from(sealed.ciphertext, 'base64'),
          tag: Buffer.from(sealed.tag, 'base64'),
        },
        dataKey,
        context,
      );
    } catch {
      throw new AuthorityUnavailableError(
        'KeyWrong',
        `The stored key of ${nameOf(
          subject,
        )} does not open: the row was changed or belongs elsewhere. Restore it from a backup.`,
      );
    } finally {
      dataKey.fill(0);
    }
  }

  /** True when what was sealed this way should be sealed with the newest key. */
  isOutdated(sealed: SealedSecret, status: VaultStatus): boolean {
    return (
      status.usable &&
      (sealed.protector !== status.protector || sealed.keyId !== status.keyId)
    );
  }

  /**
   * The same ciphertext under the newest key-encryption key: only the wrapped
   * data key changes.
   * @throws AuthorityUnavailableError
   */
  async rewrap(
    sealed: SealedSecret,
    subject: EnvelopeSubject,
  ): Promise<SealedSecret> {
    await this.assertUsable();
    const context = contextOf(subject, sealed.version);
    const dataKey = await this.#unwrap(sealed, context);
    try {
      return { ...sealed, ...(await this.#wrap(dataKey, context)) };
    } finally {
      dataKey.fill(0);
    }
  }

  async #wrap(dataKey: Buffer, context: string) {
    const { id } = this.#first;
    try {
      const { keyId, wrapped } = await within(
        this.#first.wrap(dataKey, context),
      );
      return {
        protector: id,
        keyId,
        wrappedKey: Buffer.from(wrapped).toString('base64'),
      };
    } catch (error) {
      throw unavailable(id, error);
    }
  }

  async #unwrap(sealed: SealedSecret, context: string): Promise<Buffer> {
    const protector = this.#protectors.find(p => p.id === sealed.protector);
    if (!protector) {
      throw new AuthorityUnavailableError(
        'KeyMissing',
        `The stored key was sealed by the key protector ${sealed.protector}, which is not installed. Install its module again.`,
      );
    }
    let keyIds: readonly string[] | undefined;
    let development = false;
    try {
      ({ keyIds, development = false } = await within(protector.status()));
    } catch (error) {
      throw unavailable(protector.id, error);
    }
    if (development && this.#production) {
      throw new AuthorityUnavailableError(
        'DevelopmentKey',
        'The stored key was sealed with a key that is known to everybody, and this is production. Set gns.authority.keys in app-config.',
      );
    }
    if (keyIds && !keyIds.includes(sealed.keyId)) {
      throw new AuthorityUnavailableError(
        'KeyMissing',
        `The stored key was sealed with the key ${sealed.keyId}, which is not there any more. Put it back into gns.authority.keys, behind the first.`,
      );
    }
    try {
      return Buffer.from(
        await within(
          protector.unwrap(
            {
              keyId: sealed.keyId,
              wrapped: Buffer.from(sealed.wrappedKey, 'base64'),
            },
            context,
          ),
        ),
      );
    } catch (error) {
      if (error instanceof LateError) throw unavailable(protector.id, error);
      throw new AuthorityUnavailableError(
        'KeyWrong',
        `The key ${sealed.keyId} of the key protector ${
          protector.id
        } does not open what is stored (${kindOfError(
          error,
        )}). Configure the key with which it was sealed.`,
      );
    }
  }
}

function nameOf({ purpose, gns }: EnvelopeSubject): string {
  return purpose === 'root' ? `the authority of ${gns}` : 'the hub';
}
