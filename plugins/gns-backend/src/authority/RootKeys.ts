import {
  createPrivateKey,
  createPublicKey,
  X509Certificate,
} from 'node:crypto';
import { AuthorityUnavailableError } from './AuthorityUnavailableError';
import type { BuiltCertificate } from './certificates/buildCertificate';
import {
  localSigner,
  remoteSigner,
  type CaSigner,
} from './certificates/CaSigner';
import { keyIdOf } from './certificates/keyIds';
import {
  buildCross,
  buildRoot,
  newLocalKey,
  readRemoteKey,
  type SigningRoot,
} from './certificates/roots';
import type { KeyVault } from './keys/KeyVault';
import type { CertifiedRoot, CrossRecord } from './store/authorityRows';
import type { NewRoot } from './store/writeAuthority';

/** A root that was just made, as it will stand in the database. */
export type MadeRoot = Omit<NewRoot, 'state' | 'createdBy' | 'byHand'>;

/** Makes, opens and uses the keys of roots; keys in the clear live for one signature. */
export class RootKeys {
  readonly #vault: KeyVault;
  readonly #now: () => number;
  readonly #lifeMs: number;

  constructor(options: {
    vault: KeyVault;
    now: () => number;
    /** Life of a root, milliseconds. */
    lifeMs: number;
  }) {
    this.#vault = options.vault;
    this.#now = options.now;
    this.#lifeMs = options.lifeMs;
  }

  /** Where keys are made that never leave it; undefined: here. */
  get remote(): string | undefined {
    return this.#vault.remoteSigner?.protector;
  }

  /** A root with its key in this database. @throws AuthorityUnavailableError */
  async makeSealed(gns: string): Promise<MadeRoot> {
    await this.#vault.assertUsable();
    const { privateKey, publicKey } = newLocalKey();
    const built = await this.#build(gns, localSigner(privateKey, publicKey));
    const bytes = privateKey.export({ type: 'pkcs8', format: 'der' });
    try {
      const sealed = await this.#vault.seal(bytes, {
        purpose: 'root',
        gns,
        keyId: built.keyId,
      });
      return {
        ...factsOf(built),
        keyId: built.keyId,
        origin: 'made',
        protector: sealed.protector,
        sealed,
        keyReference: undefined,
      };
    } finally {
      bytes.fill(0);
    }
  }

  /** A root whose key is held by a protector under this name; made there if it is not. */
  async makeRemote(
    gns: string,
    protector: string,
    reference: string,
  ): Promise<MadeRoot> {
    const signer = this.#vault.signerOf(protector);
    const publicKey = readRemoteKey(await signer.createKey(reference));
    const built = await this.#build(
      gns,
      remoteSigner(signer, reference, publicKey),
    );
    return {
      ...factsOf(built),
      keyId: built.keyId,
      origin: 'made',
      protector,
      sealed: undefined,
      keyReference: reference,
    };
  }

  async #build(gns: string, signer: CaSigner) {
    return buildRoot({ gns, signer, now: this.#now(), lifeMs: this.#lifeMs });
  }

  /**
   * Lends the key of a root for the time that `work` takes.
   * @throws AuthorityUnavailableError when it does not open
   */
  async sign<T>(
    gns: string,
    root: CertifiedRoot,
    work: (root: SigningRoot) => Promise<T>,
  ): Promise<T> {
    const { publicKey } = new X509Certificate(root.certificate);
    const as = (signer: CaSigner): SigningRoot => ({
      pem: root.certificate,
      notAfter: new Date(root.notAfter),
      signer,
    });
    if (root.keyReference !== undefined) {
      const signer = this.#vault.signerOf(root.protector);
      return work(as(remoteSigner(signer, root.keyReference, publicKey)));
    }
    if (!root.sealed) {
      throw new AuthorityUnavailableError(
        'RootLost',
        `The key of the root ${root.keyId} of ${gns} was destroyed. Activate another root.`,
      );
    }
    const bytes = await this.#vault.open(root.sealed, {
      purpose: 'root',
      gns,
      keyId: root.keyId,
    });
    try {
      const privateKey = createPrivateKey({
        key: bytes,
        format: 'der',
        type: 'pkcs8',
      });
      // What opens must also be the key of this certificate.
      if (keyIdOf(createPublicKey(privateKey)) !== root.keyId) {
        throw new AuthorityUnavailableError(
          'KeyWrong',
          `The stored key of the root ${root.keyId} of ${gns} belongs to another certificate. Restore the row from a backup.`,
        );
      }
      return await work(as(localSigner(privateKey, publicKey)));
    } finally {
      bytes.fill(0);
    }
  }

  /** The fresh root, signed by an older one. */
  async cross(
    gns: string,
    fresh: Pick<MadeRoot, 'certificate' | 'keyId'>,
    older: CertifiedRoot,
  ): Promise<CrossRecord> {
    const read = new X509Certificate(fresh.certificate);
    const built = await this.sign(gns, older, signing =>
      buildCross(
        {
          pem: fresh.certificate,
          keyId: fresh.keyId,
          publicKey: read.publicKey,
          notBefore: read.validFromDate,
          notAfter: read.validToDate,
        },
        signing,
      ),
    );
    return {
      keyId: fresh.keyId,
      signerKeyId: older.keyId,
      certificate: built.pem,
      notAfter: built.notAfter.toISOString(),
    };
  }

  /** Of a key that is held remotely; a sealed one ends with its row. */
  async destroyRemote(protector: string, reference: string): Promise<void> {
    await this.#vault.signerOf(protector).destroyKey(reference);
  }
}

function factsOf(built: BuiltCertificate) {
  return {
    certificate: built.pem,
    serial: built.serial,
    notBefore: built.notBefore.toISOString(),
    notAfter: built.notAfter.toISOString(),
  };
}
