import { ConflictError, InputError } from '@backstage/errors';
import { z } from 'zod';
import type {
  AuthorityBackup,
  AuthorityImportRequest,
} from '@isthmus/plugin-gns-common';
import type { Audit } from '../members/enrolment';
import { readCaCertificate, readCaKey } from './certificates/readCaCertificate';
import type { KeyVault, SealedSecret } from './keys/KeyVault';
import type { RootKeys } from './RootKeys';
import { notFound, type Act, type RotationService } from './RotationService';
import type { AuthorityStore } from './store/AuthorityStore';
import { isCertified, rootIn, type CertifiedRoot } from './store/authorityRows';
import {
  insertAuthority,
  insertRoot,
  type AuthoritySpec,
  type NewRoot,
} from './store/writeAuthority';

const base64 = z
  .string()
  .max(16_384)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);
const sealedSchema: z.ZodType<SealedSecret> = z.strictObject({
  version: z.number().int().positive(),
  protector: z.string().max(63),
  keyId: z.string().max(255),
  wrappedKey: base64,
  nonce: base64,
  ciphertext: base64,
  tag: base64,
});

/** Takes roots out, sealed, and brings roots in. */
export class BackupService {
  readonly #store: AuthorityStore;
  readonly #vault: KeyVault;
  readonly #keys: RootKeys;
  readonly #rotations: RotationService;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: {
    store: AuthorityStore;
    vault: KeyVault;
    keys: RootKeys;
    rotations: RotationService;
    audit: Audit;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#keys = options.keys;
    this.#rotations = options.rotations;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /** Roots with their keys as they are sealed: useless without the key-encryption key. */
  async export(gns: string, act: Act): Promise<AuthorityBackup> {
    const authority = await this.#store.read(gns);
    if (!authority) throw notFound(gns);
    const roots = authority.roots.filter(isCertified).flatMap(root =>
      root.state === 'active' ||
      root.state === 'prepared' ||
      root.state === 'old'
        ? [
            {
              keyId: root.keyId,
              state: root.state,
              certificate: root.certificate,
              protector: root.protector,
              ...(root.sealed ? { sealed: { ...root.sealed } } : {}),
              ...(root.keyReference === undefined
                ? {}
                : { keyReference: root.keyReference }),
            },
          ]
        : [],
    );
    if (roots.length === 0) {
      throw new ConflictError(`${gns} has no root that could be taken out.`);
    }
    await this.#audit({
      actor: act.actor,
      action: 'authority-export',
      subject: `authority:${gns}`,
      message: act.message,
      details: { keyIds: roots.map(r => r.keyId) },
    });
    return {
      apiVersion: 'gns.isthmus.dev/authority-backup/v1',
      gns,
      exportedAt: new Date(this.#now()).toISOString(),
      roots,
    };
  }

  /** @param spec - of the definition: a lost authority is made anew with it */
  async import(
    gns: string,
    request: AuthorityImportRequest,
    spec: AuthoritySpec,
    act: Act,
  ): Promise<void> {
    if (request.type === 'root') await this.#bring(gns, request, act);
    else await this.#restore(gns, request.backup, spec, act);
  }

  async #bring(
    gns: string,
    request: { certificate: string; privateKey: string },
    act: Act,
  ): Promise<void> {
    const authority = await this.#store.read(gns);
    if (!authority) throw notFound(gns);
    const root = readCaCertificate(
      request.certificate,
      'body.certificate',
      this.#now(),
    );
    const key = readCaKey(request.privateKey, 'body.privateKey', root);
    if (authority.roots.some(r => r.keyId === root.keyId)) {
      throw new ConflictError('This key is or was a root of it already.');
    }
    const bytes = key.export({ type: 'pkcs8', format: 'der' });
    try {
      const sealed = await this.#vault.seal(bytes, {
        purpose: 'root',
        gns,
        keyId: root.keyId,
      });
      await this.#rotations.addPrepared(
        authority,
        {
          keyId: root.keyId,
          certificate: root.certificate,
          serial: root.serial,
          notBefore: root.notBefore.toISOString(),
          notAfter: root.notAfter.toISOString(),
          origin: 'imported',
          protector: sealed.protector,
          sealed,
          keyReference: undefined,
        },
        'authority-import',
        act,
      );
    } finally {
      bytes.fill(0);
    }
  }

  async #restore(
    gns: string,
    backup: AuthorityBackup,
    spec: AuthoritySpec,
    act: Act,
  ): Promise<void> {
    if (backup.gns !== gns) {
      throw new InputError(
        `body.backup.gns: the backup is of ${backup.gns}. Import it there`,
      );
    }
    const roots = backup.roots.map((r, i) => this.#readBackedUp(r, i));
    for (const [i, root] of roots.entries()) {
      // Opened once, so that what comes in is known to work.
      await this.#keys.sign(gns, asCertified(gns, root), async () => undefined);
      if (root.keyId !== backup.roots[i].keyId) {
        throw new InputError(
          `body.backup.roots[${i}].keyId: is not that of its certificate`,
        );
      }
    }
    if (roots.filter(r => r.state === 'active').length !== 1) {
      throw new InputError('body.backup.roots: exactly one of them is active');
    }
    await this.#store.change(gns, async (trx, authority) => {
      const at = new Date(this.#now()).toISOString();
      if (authority && rootIn(authority.roots, 'active')) {
        throw new ConflictError(
          `${gns} has a root that signs: nothing is lost. A single root comes in as the next one: send its certificate and key (type: root).`,
        );
      }
      if (!authority) await insertAuthority(trx, gns, spec, at);
      const known = new Set(authority?.roots.map(r => r.keyId));
      for (const root of roots.filter(r => !known.has(r.keyId))) {
        await insertRoot(trx, gns, { ...root, createdBy: act.actor }, at);
      }
      await this.#audit(
        {
          actor: act.actor,
          action: 'authority-restore',
          subject: `authority:${gns}`,
          message: act.message,
          details: { keyIds: roots.map(r => r.keyId) },
        },
        trx,
      );
    });
  }

  #readBackedUp(
    root: AuthorityBackup['roots'][number],
    index: number,
  ): Omit<NewRoot, 'createdBy'> {
    const path = `body.backup.roots[${index}]`;
    const read = readCaCertificate(
      root.certificate,
      `${path}.certificate`,
      this.#now(),
    );
    const sealed = root.sealed && sealedSchema.safeParse(root.sealed);
    if (sealed && !sealed.success) {
      throw new InputError(`${path}.sealed: is no sealed key`);
    }
    if (!sealed && root.keyReference === undefined) {
      throw new InputError(`${path}: has no key`);
    }
    return {
      keyId: read.keyId,
      state: root.state,
      certificate: read.certificate,
      serial: read.serial,
      notBefore: read.notBefore.toISOString(),
      notAfter: read.notAfter.toISOString(),
      origin: 'imported',
      byHand: false,
      protector: root.protector,
      sealed: sealed?.data,
      keyReference: root.keyReference,
    };
  }
}

function asCertified(
  gns: string,
  root: Omit<NewRoot, 'createdBy'>,
): CertifiedRoot {
  return { ...root, gns, createdAt: '', createdBy: '', stateSince: '' };
}
