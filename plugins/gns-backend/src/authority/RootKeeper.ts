import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GlobalNamespace } from '@isthmus/plugin-gns-common';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import { readHub } from '../delivery/hubState';
import {
  AuthorityUnavailableError,
  kindOfError,
  type UnavailableReason,
} from './AuthorityUnavailableError';
import type { KeyVault, VaultStatus } from './keys/KeyVault';
import { decideRotation } from './rotation/decideRotation';
import type { RotationMeasure } from './rotation/RotationMeasure';
import type { RootKeys } from './RootKeys';
import { BY_ITSELF, type RotationService } from './RotationService';
import type { AuthorityStore } from './store/AuthorityStore';
import {
  isCertified,
  isEnded,
  rootIn,
  type Authority,
} from './store/authorityRows';
import { pruneIssuances } from './store/issuanceRows';
import { IdentityReports } from './store/reportRows';
import { replaceSealed } from './store/writeAuthority';
import { leafTtlSecondsOf } from './transition/leafTtl';

/** Everything is looked at again this often, milliseconds. */
const PERIOD_MS = 30_000;

export type Availability =
  | { readonly state: 'signing' }
  | {
      readonly state: 'unavailable';
      readonly reason: UnavailableReason | 'ReadOnly';
      readonly message: string;
    };

/** How far sealing with the newest key is. */
export interface RewrapProgress {
  readonly state: 'done' | 'running' | 'waiting' | 'failed';
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly message?: string;
}

export interface RootKeeperOptions {
  store: AuthorityStore;
  vault: KeyVault;
  keys: RootKeys;
  rotations: RotationService;
  measure: RotationMeasure;
  definitions: Pick<DefinitionStore, 'list' | 'revisions'>;
  /** Milliseconds for which the keys of a deleted global namespace are kept. */
  keepDeletedMs: number;
  logger: LoggerService;
  now: () => number;
  /** An authority changed, so what is delivered does. */
  onChange: (gns: string) => void;
}

/**
 * Looks after roots: makes the first of each authority, finishes what a crash
 * interrupted, rotates, seals anew, destroys what was deleted long ago, and knows which authorities can sign.
 * Level-triggered; safe on several replicas, because every step is decided again under the lock of the hub.
 */
export class RootKeeper {
  readonly #options: RootKeeperOptions;
  readonly #reports = new IdentityReports();
  readonly #availability = new Map<string, Availability>();
  #status: VaultStatus | undefined;
  #rewrap: RewrapProgress = { state: 'done', total: 0, done: 0, failed: 0 };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: RootKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.trigger(), PERIOD_MS);
    this.#timer.unref();
    this.trigger();
  }

  trigger(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when everything that was triggered before is done. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** As last seen; undefined: it was not looked at yet. */
  availabilityOf(gns: string): Availability | undefined {
    return this.#availability.get(gns);
  }

  /** By global namespace. */
  get availabilities(): ReadonlyMap<string, Availability> {
    return this.#availability;
  }

  get vaultStatus(): VaultStatus | undefined {
    return this.#status;
  }

  get rewrap(): RewrapProgress {
    return this.#rewrap;
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#look();
      } catch (error) {
        this.#options.logger.error(
          'The authorities could not be looked after; they are tried again',
          error instanceof Error ? error : { error: String(error) },
        );
      }
    }
  }

  async #look(): Promise<void> {
    const { store, vault, now } = this.#options;
    this.#status = await vault.status();
    const { readOnly } = await readHub(store.knex);
    if (!readOnly) {
      const records = await this.#options.definitions.list({
        kind: 'GlobalNamespace',
      });
      const defined = records.map(
        r => r.definition as unknown as GlobalNamespace,
      );
      await this.#createMissing(defined);
      await this.#endDeleted(new Set(defined.map(d => d.metadata.name)));
    }
    for (const authority of await store.list()) {
      if (this.#stopped) return;
      if (isEnded(authority)) {
        this.#availability.delete(authority.gns);
        continue;
      }
      if (!readOnly) await this.#lookAfter(authority);
      const current = await store.read(authority.gns);
      if (current) await this.#check(current, readOnly);
    }
    if (!readOnly) await this.#rewrapAll();
    await pruneIssuances(store.knex, now());
  }

  /** The first root of every dedicated global namespace that never had one. */
  async #createMissing(defined: readonly GlobalNamespace[]): Promise<void> {
    const { store, rotations } = this.#options;
    const known = new Set(
      (await store.list()).filter(a => !isEnded(a)).map(a => a.gns),
    );
    const wanted = defined.filter(d => d.spec.authority.mode === 'dedicated');
    const names = new Set(wanted.map(d => d.metadata.name));
    for (const gns of this.#availability.keys()) {
      if (!known.has(gns) && !names.has(gns)) this.#availability.delete(gns);
    }
    const missing = wanted.filter(d => !known.has(d.metadata.name));
    if (missing.length === 0) return;
    const reported = await this.#reports.load(store.knex);
    for (const { metadata, spec } of missing) {
      const gns = metadata.name;
      // A hub that forgot an authority must not put another one in its place.
      const holders = [...reported.values()].filter(
        r => (r.report.authorities[gns]?.bundleRoots.length ?? 0) > 0,
      );
      if (holders.length > 0) {
        this.#note(gns, {
          state: 'unavailable',
          reason: 'KnownElsewhere',
          message: `${holders.length} clusters hold an authority of ${gns} that this hub does not know: it was probably restored from an older backup. Import the backup of the authority (POST …/authority/import), or choose another name.`,
        });
        continue;
      }
      await this.#try(gns, 'made', async () => {
        const made = await rotations.create(
          gns,
          {
            trustDomain:
              spec.authority.trustDomain === 'own' ? spec.domain : undefined,
            leafTtlSeconds: leafTtlSecondsOf(spec.authority.leafTtl),
            restart: spec.authority.restart ?? 'manual',
          },
          { ...BY_ITSELF, message: 'The global namespace is new' },
        );
        if (made) this.#options.onChange(gns);
      });
    }
  }

  /** Destroys the keys of global namespaces that people deleted long ago, when nobody holds anything of theirs. */
  async #endDeleted(defined: ReadonlySet<string>): Promise<void> {
    const { store, definitions, rotations, keepDeletedMs, now } = this.#options;
    const gone = (await store.list()).filter(
      a => !defined.has(a.gns) && !isEnded(a) && a.members.length === 0,
    );
    if (gone.length === 0) return;
    const reported = await this.#reports.load(store.knex);
    for (const { gns } of gone) {
      const { items, intact } = await definitions.revisions(
        { kind: 'GlobalNamespace', name: gns },
        { limit: 1 },
      );
      // A table that was emptied destroys no key.
      const deletedAt =
        intact && items[0]?.action === 'delete'
          ? Date.parse(items[0].at)
          : undefined;
      if (deletedAt === undefined || now() - deletedAt < keepDeletedMs)
        continue;
      const held = [...reported.values()].some(({ report }) => {
        const authority = report.authorities[gns];
        return authority?.issuer || (authority?.bundleRoots.length ?? 0) > 0;
      });
      if (held) continue;
      await this.#try(gns, 'ended', async () => {
        await rotations.end(gns, {
          ...BY_ITSELF,
          message: `The global namespace was deleted at ${items[0].at}`,
        });
      });
    }
  }

  /** Finishes, rotates. */
  async #lookAfter(authority: Authority): Promise<void> {
    const { rotations, measure, now, onChange } = this.#options;
    const { gns } = authority;
    for (const pending of authority.roots.filter(r => r.state === 'pending')) {
      await this.#try(gns, 'finished', async () => {
        await rotations.completePending(gns, pending);
        onChange(gns);
      });
    }
    const move = decideRotation({
      roots: authority.roots,
      proof: await measure.of(authority),
      paused: authority.rotationPaused,
      now: now(),
    });
    if (!move) return;
    await this.#try(gns, 'rotated', async () => {
      await rotations.move(gns, move);
      onChange(gns);
    });
  }

  async #try(
    gns: string,
    what: string,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof AuthorityUnavailableError) {
        this.#note(gns, {
          state: 'unavailable',
          reason: error.reason,
          message: error.message,
        });
        return;
      }
      // Messages of others may hold anything: only what kind of error it was is told.
      this.#options.logger.error(
        `The authority of ${gns} could not be ${what} (${kindOfError(
          error,
        )}); it is tried again`,
      );
    }
  }

  #note(gns: string, next: Availability): void {
    const before = this.#availability.get(gns);
    this.#availability.set(gns, next);
    if (JSON.stringify(before) === JSON.stringify(next)) return;
    if (next.state === 'unavailable') {
      this.#options.logger.warn(
        `The authority of ${gns} does not sign now (${next.reason}): ${next.message}`,
      );
    }
    this.#options.onChange(gns);
  }

  /** Whether it could sign now: the key is opened, and nothing is signed. */
  async #check(authority: Authority, readOnly: boolean): Promise<void> {
    const { gns } = authority;
    this.#note(
      gns,
      readOnly
        ? {
            state: 'unavailable',
            reason: 'ReadOnly',
            message:
              'The hub is read-only until a person confirms that it goes on from this state.',
          }
        : await this.availabilityNow(authority),
    );
  }

  async availabilityNow(authority: Authority): Promise<Availability> {
    const { keys, now } = this.#options;
    const { gns } = authority;
    const active = rootIn(authority.roots, 'active');
    const refuse = (
      reason: UnavailableReason,
      message: string,
    ): Availability => ({ state: 'unavailable', reason, message });
    if (!active) {
      return authority.roots.some(r => r.state === 'pending')
        ? refuse(
            'NotCreated',
            `The key of the root of ${gns} is being made by the key protector ${
              authority.roots.find(r => r.state === 'pending')?.protector
            }.`,
          )
        : refuse(
            'RootLost',
            `The root of ${gns} is not in the database any more. Restore it: import the backup of the authority.`,
          );
    }
    if (Date.parse(active.notAfter) <= now()) {
      return refuse(
        'RootExpired',
        `The root of ${gns} has expired. Prepare and activate another one.`,
      );
    }
    try {
      await keys.sign(gns, active, async () => undefined);
    } catch (error) {
      return error instanceof AuthorityUnavailableError
        ? refuse(error.reason, error.message)
        : refuse(
            'KeyWrong',
            `The key of the root of ${gns} cannot be read (${kindOfError(
              error,
            )}). Restore the row from a backup.`,
          );
    }
    return { state: 'signing' };
  }

  /** Seals with the newest key-encryption key what an older one sealed. */
  async #rewrapAll(): Promise<void> {
    const { store, vault, logger } = this.#options;
    const status = this.#status!;
    const sealed = (await store.list()).flatMap(authority =>
      authority.roots
        .filter(isCertified)
        .flatMap(root => (root.sealed ? [{ root, before: root.sealed }] : [])),
    );
    const outdated = sealed.filter(s => vault.isOutdated(s.before, status));
    const total = sealed.length;
    if (outdated.length === 0) {
      this.#rewrap = { state: 'done', total, done: total, failed: 0 };
      return;
    }
    if (!status.usable) {
      this.#rewrap = {
        state: 'waiting',
        total,
        done: total - outdated.length,
        failed: 0,
        message: status.message,
      };
      return;
    }
    let failed = 0;
    let message: string | undefined;
    for (const [index, { root, before }] of outdated.entries()) {
      if (this.#stopped) return;
      try {
        const after = await vault.rewrap(before, {
          purpose: 'root',
          gns: root.gns,
          keyId: root.keyId,
        });
        await replaceSealed(store.knex, root.keyId, before, after);
      } catch (error) {
        failed += 1;
        message =
          error instanceof AuthorityUnavailableError
            ? error.message
            : `A key could not be sealed anew (${kindOfError(error)}).`;
      }
      const rest = outdated.length - index - 1;
      const ended = failed > 0 ? 'failed' : 'done';
      this.#rewrap = {
        state: rest > 0 ? 'running' : ended,
        total,
        done: total - rest - failed,
        failed,
        ...(message === undefined ? {} : { message }),
      };
    }
    logger.info(
      `${outdated.length - failed} of ${
        outdated.length
      } keys of authorities were sealed with the key ${status.keyId}`,
    );
  }
}
