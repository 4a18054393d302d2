import { randomBytes } from 'node:crypto';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Audit } from '../members/enrolment';
import {
  AuthorityUnavailableError,
  kindOfError,
} from './AuthorityUnavailableError';
import type { RootKeys, MadeRoot } from './RootKeys';
import type { RotationMove } from './rotation/decideRotation';
import { reversible, type RotationAction } from './rotation/rotationSteps';
import type { AuthorityStore } from './store/AuthorityStore';
import {
  isCertified,
  isEnded,
  rootIn,
  type Authority,
  type RootRecord,
} from './store/authorityRows';
import {
  insertAuthority,
  insertCross,
  insertPending,
  insertRoot,
  setRootState,
  takePending,
  writeSpec,
  type AuthoritySpec,
} from './store/writeAuthority';

/** Who acts, and why. */
export interface Act {
  readonly actor: string;
  readonly message: string;
  /** A person: what they begin, they end. */
  readonly byHand: boolean;
}

/** The hub itself. */
export const BY_ITSELF: Omit<Act, 'message'> = {
  actor: 'service:gns-authority',
  byHand: false,
};

/** Takes the steps of roots; each is one write, so that a crash leaves either the step before or the one after. */
export class RotationService {
  readonly #store: AuthorityStore;
  readonly #keys: RootKeys;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: {
    store: AuthorityStore;
    keys: RootKeys;
    audit: Audit;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#keys = options.keys;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }

  async #note(
    trx: Knex,
    gns: string,
    action: string,
    act: Act,
    details: Record<string, unknown>,
  ): Promise<void> {
    await this.#audit(
      {
        actor: act.actor,
        action,
        subject: `authority:${gns}`,
        message: act.message,
        details,
      },
      trx,
    );
  }

  /**
   * The first root of a global namespace, also of one that ended and begins
   * anew. Does nothing where there is an authority already, whatever its state: a root that does
   * not open, or is lost, is never replaced by itself.
   */
  async create(gns: string, spec: AuthoritySpec, act: Act): Promise<boolean> {
    const { remote } = this.#keys;
    const made = remote ? undefined : await this.#keys.makeSealed(gns);
    return this.#store.change(gns, async (trx, authority, hub) => {
      if (hub.readOnly || (authority && !isEnded(authority))) return false;
      const at = this.#at();
      // What ended keeps its numbers: they never fall.
      if (authority) await writeSpec(trx, gns, spec);
      else await insertAuthority(trx, gns, spec, at);
      if (made) {
        await insertRoot(trx, gns, newRoot(made, 'active', act), at);
      } else {
        await insertPending(trx, gns, pendingOf(gns, remote!, act), at);
      }
      await this.#note(trx, gns, 'authority-create', act, {
        keyId: made?.keyId ?? null,
      });
      return true;
    });
  }

  /** Makes the key of a pending root, or finds it, and goes on. */
  async completePending(gns: string, pending: RootRecord): Promise<void> {
    if (pending.keyReference === undefined) return;
    const made = await this.#keys.makeRemote(
      gns,
      pending.protector,
      pending.keyReference,
    );
    const authority = await this.#store.read(gns);
    if (!authority) return;
    const crosses = await this.#crosses(authority, made);
    await this.#store.change(gns, async (trx, now) => {
      if (!now || !(await takePending(trx, pending.keyId))) return;
      const state = rootIn(now.roots, 'active') ? 'prepared' : 'active';
      const act = {
        actor: pending.createdBy,
        byHand: pending.byHand,
        message: '',
      };
      await insertRoot(trx, gns, newRoot(made, state, act), this.#at());
      for (const cross of crosses) await insertCross(trx, cross);
      await this.#note(trx, gns, 'authority-root-made', act, {
        keyId: made.keyId,
        state,
      });
    });
  }

  /** Signatures of all older roots that may still be trusted somewhere; those that do not open are left out. */
  async #crosses(authority: Authority, fresh: MadeRoot) {
    const olders = authority.roots
      .filter(isCertified)
      .filter(r => r.state === 'active' || r.state === 'old')
      .filter(r => Date.parse(r.notAfter) > this.#now());
    const crosses = [];
    for (const older of olders) {
      try {
        crosses.push(await this.#keys.cross(authority.gns, fresh, older));
      } catch (error) {
        // The active one must sign: without it, who is cut off verifies nothing.
        if (older.state === 'active') throw error;
      }
    }
    return crosses;
  }

  /** The next root, trusted from now on. @throws ConflictError, AuthorityUnavailableError */
  async prepare(gns: string, act: Act): Promise<void> {
    const authority = await this.#require(gns);
    const { remote } = this.#keys;
    if (remote) {
      await this.#store.change(gns, async (trx, now) => {
        refuseSecond(now);
        await insertPending(trx, gns, pendingOf(gns, remote, act), this.#at());
      });
      const [pending] =
        (await this.#store.read(gns))?.roots.filter(
          r => r.state === 'pending',
        ) ?? [];
      if (pending) await this.completePending(gns, pending);
      return;
    }
    await this.addPrepared(
      authority,
      await this.#keys.makeSealed(gns),
      'authority-prepare',
      act,
    );
  }

  /** Adds a root, made here or brought by somebody, as the next one. */
  async addPrepared(
    authority: Authority,
    made: MadeRoot,
    action: string,
    act: Act,
  ): Promise<void> {
    const { gns } = authority;
    const crosses = await this.#crosses(authority, made);
    await this.#store.change(gns, async (trx, now) => {
      refuseSecond(now);
      if (
        rootIn(now!.roots, 'active')?.keyId !==
        rootIn(authority.roots, 'active')?.keyId
      ) {
        throw new ConflictError(
          'Another root was activated meanwhile. Look again, then repeat.',
        );
      }
      await insertRoot(trx, gns, newRoot(made, 'prepared', act), this.#at());
      for (const cross of crosses) await insertCross(trx, cross);
      await this.#note(trx, gns, action, act, { keyId: made.keyId });
    });
  }

  /** The prepared root signs; the former active one stays trusted. */
  activate(gns: string, act: Act, expected?: string): Promise<void> {
    return this.#store.change(gns, async (trx, authority) => {
      const prepared = authority && rootIn(authority.roots, 'prepared');
      if (!prepared || (expected && prepared.keyId !== expected)) {
        throw new ConflictError('No next root is prepared. Prepare one first.');
      }
      const at = this.#at();
      const active = rootIn(authority.roots, 'active');
      if (active) await setRootState(trx, active.keyId, 'old', at);
      await setRootState(trx, prepared.keyId, 'active', at, act.byHand);
      await this.#note(trx, gns, 'authority-activate', act, {
        keyId: prepared.keyId,
        former: active?.keyId ?? null,
      });
    });
  }

  /** Trusts an old root no more, and destroys its key. */
  async retire(gns: string, act: Act, expected?: string): Promise<void> {
    const authority = await this.#require(gns);
    const oldest = authority.roots.find(
      r => r.state === 'old' && (!expected || r.keyId === expected),
    );
    if (!oldest) throw new ConflictError('No old root is left to retire.');
    await this.#end(gns, oldest, 'authority-retire', act);
  }

  /** Back by one step. */
  async reverse(gns: string, act: Act): Promise<void> {
    const authority = await this.#require(gns);
    const prepared = rootIn(authority.roots, 'prepared');
    if (prepared) {
      await this.#end(gns, prepared, 'authority-reverse', act);
      return;
    }
    const former = reversible(authority.roots, this.#now());
    if (!former) {
      throw new ConflictError(
        'Nothing can be reversed: no root is prepared, and no old root is left that could sign again.',
      );
    }
    await this.#store.change(gns, async (trx, now) => {
      const active = now && rootIn(now.roots, 'active');
      const still = now?.roots.find(r => r.keyId === former.keyId);
      if (!active || still?.state !== 'old' || rootIn(now.roots, 'prepared')) {
        throw new ConflictError('The roots changed meanwhile. Look again.');
      }
      const at = this.#at();
      await setRootState(trx, active.keyId, 'prepared', at, true);
      await setRootState(trx, former.keyId, 'active', at, true);
      await this.#note(trx, gns, 'authority-reverse', act, {
        keyId: former.keyId,
        former: active.keyId,
      });
    });
  }

  async #end(
    gns: string,
    root: RootRecord,
    action: string,
    act: Act,
  ): Promise<void> {
    await this.#store.change(gns, async (trx, now) => {
      const still = now?.roots.find(r => r.keyId === root.keyId);
      if (still?.state !== root.state) {
        throw new ConflictError('The roots changed meanwhile. Look again.');
      }
      await setRootState(trx, root.keyId, 'revoked', this.#at());
      await this.#note(trx, gns, action, act, { keyId: root.keyId });
    });
    await this.#destroyRemote(root);
  }

  /**
   * Trusts a root no more, at once. When it is the active one, a new root (or
   * the prepared one) takes its place in the same write: there is never none.
   */
  async revoke(gns: string, keyId: string, act: Act): Promise<void> {
    const authority = await this.#require(gns);
    const root = authority.roots.find(r => r.keyId === keyId);
    if (!root || root.state === 'revoked') {
      throw new NotFoundError(`${gns} trusts no root ${keyId}.`);
    }
    const prepared = rootIn(authority.roots, 'prepared');
    const successor =
      root.state === 'active' && !prepared
        ? await this.#makeSuccessor(gns)
        : undefined;
    await this.#store.change(gns, async (trx, now) => {
      const still = now?.roots.find(r => r.keyId === keyId);
      const next = now && rootIn(now.roots, 'prepared');
      if (still?.state !== root.state || next?.keyId !== prepared?.keyId) {
        throw new ConflictError('The roots changed meanwhile. Look again.');
      }
      const at = this.#at();
      await setRootState(trx, keyId, 'revoked', at);
      if (root.state === 'active') {
        if (next) await setRootState(trx, next.keyId, 'active', at, true);
        else await insertRoot(trx, gns, newRoot(successor!, 'active', act), at);
      }
      await this.#note(trx, gns, 'authority-revoke', act, {
        keyId,
        state: root.state,
        successor: next?.keyId ?? successor?.keyId ?? null,
      });
    });
    await this.#destroyRemote(root);
  }

  async #makeSuccessor(gns: string): Promise<MadeRoot> {
    const { remote } = this.#keys;
    return remote
      ? this.#keys.makeRemote(gns, remote, referenceOf(gns))
      : this.#keys.makeSealed(gns);
  }

  async #destroyRemote(root: RootRecord): Promise<void> {
    if (root.keyReference === undefined) return;
    try {
      await this.#keys.destroyRemote(root.protector, root.keyReference);
    } catch (error) {
      throw new AuthorityUnavailableError(
        'KeyUnavailable',
        `The root is trusted no more, but the key protector ${
          root.protector
        } did not destroy its key ${root.keyReference} (${kindOfError(
          error,
        )}). Destroy it there.`,
      );
    }
  }

  /**
   * Destroys the keys of an authority that nobody uses any more, and keeps
   * the record. The next definition of that name gets another root.
   * @returns false when it ended already, or somebody is a member again
   */
  async end(gns: string, act: Act): Promise<boolean> {
    const ended = await this.#store.change(gns, async (trx, now, hub) => {
      if (!now || hub.readOnly || now.members.length > 0) return [];
      const at = this.#at();
      const roots = now.roots.filter(r => r.state !== 'revoked');
      for (const root of roots) {
        // One that was never made leaves nothing behind.
        if (root.state === 'pending') await takePending(trx, root.keyId);
        else await setRootState(trx, root.keyId, 'revoked', at);
      }
      if (now.roots.every(r => r.state === 'pending')) {
        await trx('gns_authorities').where({ gns }).delete();
      }
      if (roots.length > 0) {
        await this.#note(trx, gns, 'authority-end', act, {
          keyIds: roots.map(r => r.keyId),
        });
      }
      return roots;
    });
    for (const root of ended) await this.#destroyRemote(root);
    return ended.length > 0;
  }

  async setPaused(gns: string, paused: boolean, act: Act): Promise<void> {
    await this.#store.change(gns, async (trx, authority) => {
      if (!authority) throw notFound(gns);
      await trx('gns_authorities')
        .where({ gns })
        .update({ rotation_paused: paused ? 1 : 0 });
      const action = paused ? 'authority-pause' : 'authority-resume';
      await this.#note(trx, gns, action, act, {});
    });
  }

  /** What a person asked for. */
  take(gns: string, action: RotationAction, act: Act): Promise<void> {
    switch (action) {
      case 'prepare':
        return this.prepare(gns, act);
      case 'activate':
        return this.activate(gns, act);
      case 'retire':
        return this.retire(gns, act);
      case 'reverse':
        return this.reverse(gns, act);
      case 'pause':
        return this.setPaused(gns, true, act);
      default:
        return this.setPaused(gns, false, act);
    }
  }

  /** What the automatic rotation decided. */
  move(gns: string, move: RotationMove): Promise<void> {
    switch (move.type) {
      case 'prepare':
        return this.prepare(gns, {
          ...BY_ITSELF,
          message: 'The active root nears its end',
        });
      case 'activate':
        return this.activate(
          gns,
          {
            ...BY_ITSELF,
            message: move.forced
              ? 'The active root ends soon; not everybody confirmed the new bundle, the cross certificate carries it'
              : 'Everybody holds the new bundle',
          },
          move.keyId,
        );
      default:
        return this.retire(
          gns,
          {
            ...BY_ITSELF,
            message:
              move.reason === 'expired'
                ? 'The root has expired'
                : 'Nobody uses the root any more',
          },
          move.keyId,
        );
    }
  }

  async #require(gns: string): Promise<Authority> {
    const authority = await this.#store.read(gns);
    if (!authority) throw notFound(gns);
    return authority;
  }
}

export function notFound(gns: string): NotFoundError {
  return new NotFoundError(
    `The global namespace ${gns} has no certificate authority. Set authority.mode: dedicated to give it one.`,
  );
}

function newRoot(
  made: MadeRoot,
  state: 'active' | 'prepared',
  act: Pick<Act, 'actor' | 'byHand'>,
) {
  return { ...made, state, createdBy: act.actor, byHand: act.byHand };
}

function referenceOf(gns: string): string {
  return `isthmus-${gns}-${randomBytes(8).toString('hex')}`;
}

function pendingOf(gns: string, protector: string, act: Act) {
  return {
    placeholder: randomBytes(20).toString('hex'),
    protector,
    keyReference: referenceOf(gns),
    createdBy: act.actor,
    byHand: act.byHand,
  };
}

function refuseSecond(authority: Authority | undefined): void {
  if (!authority) throw new ConflictError('The authority is gone. Look again.');
  if (
    authority.roots.some(r => r.state === 'prepared' || r.state === 'pending')
  ) {
    throw new ConflictError(
      'The next root is prepared already. Activate it, or reverse.',
    );
  }
}
