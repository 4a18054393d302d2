import { AuthoritySettings, Condition } from '@isthmus/plugin-gns-common';
import { Hub, HubError } from '../../hub/Hub';
import { KubeApi, KubeObject, isKubeStatus } from '../../kube/KubeApi';
import { OWN_RESOURCES } from '../../kube/resources';
import { Logger, messageOf } from '../../logging';
import { KeyQueue } from '../../reconciler/KeyQueue';
import { SecretRole, SecretStore, contentOf } from '../../state/SecretStore';
import { Backoff } from '../../timing/Backoff';
import { Clock, isoTime } from '../../timing/Clock';
import { Intervals } from '../../timing/Intervals';
import { IssuingView } from '../kept/IssuingView';
import { loadAuthority } from '../kept/LoadedAuthority';
import {
  ISSUING_SECRET,
  IssuerRecord,
  IssuingRecord,
  SERVING_SECRET,
  issuerRecordSchema,
  issuerSecretName,
  issuingRecordSchema,
  pack,
  servingRecordSchema,
  unpack,
} from '../kept/issuerRecord';
import { ServingLives, nextServing } from '../serving/nextServing';
import { checkResponse } from './checkResponse';
import { issuerCsr, makeIssuerKey } from './issuerCsr';
import { lifeOf } from './issuerLife';
import { IssuerStep, lifeOfRecord, nextIssuerStep } from './nextIssuerStep';

export interface AuthorityKeeperOptions {
  kube: KubeApi;
  secrets: SecretStore;
  view: IssuingView;
  hub: Pick<Hub, 'issuer'>;
  clock: Clock;
  intervals: Pick<Intervals, 'hubBackoff' | 'objectBackoff'>;
  logger: Logger;
  namespace: string;
  /** DNS names of the certificate service. */
  names: readonly string[];
  lives: ServingLives;
  /** The last verified desired state's; undefined: there is none, so nothing is known to be wanted or not. */
  desired():
    | { cluster: string; authorities: Record<string, AuthoritySettings> }
    | undefined;
  /** Istio's trust domain and roots; undefined: not known now. */
  mesh(): Omit<IssuingRecord, 'version'> | undefined;
  isPaused(gns: string): boolean;
  /** False while another replica may hold the lease. */
  mayWrite(): boolean;
  onChange(): void;
}

const SERVING = 'serving';
const ISSUING = 'issuing';
const GNS = 'gns/';
/** How soon a write is tried again that was put off for want of the lease. */
const FENCED_RETRY = 1_000;

/** Why there is no issuer, or no newer one. */
interface Problem {
  reason: string;
  message: string;
}

/**
 * Keeps what all replicas issue with: one Secret for each global namespace
 * (settings, key, certificate), one for the mesh, one for serving TLS. Each
 * change is one write, over the very version that was read.
 */
export class AuthorityKeeper {
  readonly #options: AuthorityKeeperOptions;
  readonly #queue: KeyQueue;
  readonly #problems = new Map<string, Problem>();
  readonly #backoffs = new Map<string, Backoff>();
  #signal: AbortSignal | undefined;

  static create(options: AuthorityKeeperOptions): AuthorityKeeper {
    return new AuthorityKeeper(options);
  }

  private constructor(options: AuthorityKeeperOptions) {
    this.#options = options;
    this.#queue = new KeyQueue({
      concurrency: 4,
      backoff: options.intervals.objectBackoff,
      clock: options.clock,
      work: key => this.#work(key),
    });
  }

  /** Keeps until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.refresh();
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await this.#queue.stop();
  }

  /** What is wanted or known may have changed. */
  refresh(): void {
    if (!this.#signal) return;
    for (const key of this.#keys()) this.#queue.add(key);
  }

  /** Whether anything is issued here, or shall be. */
  get isNeeded(): boolean {
    const { desired, view } = this.#options;
    return (
      Object.keys(desired()?.authorities ?? {}).length > 0 ||
      [...view.authorities()].length > 0
    );
  }

  conditions(): Condition[] {
    const { desired, view, clock } = this.#options;
    const names = new Set([
      ...Object.keys(desired()?.authorities ?? {}),
      ...this.#problems.keys(),
    ]);
    return [...names].flatMap(gns => {
      const record = view.record(gns);
      return [
        ...this.#readiness(gns, record),
        ...(record && !record.endedAt
          ? lifetime(gns, record, clock.now())
          : []),
      ];
    });
  }

  #readiness(gns: string, record: IssuerRecord | undefined): Condition[] {
    const problem = this.#problems.get(gns);
    const authority = this.#options.view.authority(gns);
    const usable =
      authority?.issuer &&
      authority.issuer.notAfter > this.#options.clock.now();
    if (usable && !problem) return [];
    // An issuer that still signs makes the failure of its renewal a matter of days.
    return [
      {
        type: 'IssuerReady',
        status: usable ? 'True' : 'False',
        severity: usable ? 'warning' : 'error',
        reason: problem?.reason ?? 'NoIssuerYet',
        message: (
          problem?.message ??
          authority?.issuerFault ??
          (record
            ? `The issuer of ${gns} has expired`
            : `The issuer of ${gns} is being made`)
        ).slice(0, 4000),
        gns,
      },
    ];
  }

  #keys(): string[] {
    const { desired, view } = this.#options;
    if (!this.isNeeded) return [];
    const names = new Set([
      ...Object.keys(desired()?.authorities ?? {}),
      ...[...view.authorities()].map(a => a.gns),
    ]);
    return [ISSUING, SERVING, ...[...names].map(name => GNS + name)];
  }

  async #work(key: string): Promise<void> {
    if (this.#signal?.aborted) return;
    try {
      const wait = await this.#step(key);
      this.#queue.succeeded(key);
      if (wait <= 0) this.#queue.add(key);
      else this.#queue.addLater(key, Math.min(wait, 2 ** 31 - 1));
    } catch (error) {
      if (this.#signal?.aborted) return;
      this.#options.logger.warn(`${key}: ${messageOf(error)}`);
      this.#queue.addLater(key);
    }
  }

  /** One step; milliseconds until the next. Throws what the API server answered. */
  async #step(key: string): Promise<number> {
    if (key === SERVING) return this.#keepServing();
    if (key === ISSUING) return this.#keepIssuing();
    return this.#keepIssuer(key.slice(GNS.length));
  }

  async #keepServing(): Promise<number> {
    const { view, names, lives, clock, mayWrite } = this.#options;
    const isRight = nextServing(view.serving, names, lives, clock.now());
    if (!isRight.record) return isRight.lookAgain - clock.now();
    if (!mayWrite()) return FENCED_RETRY;
    const secret = await this.#read(SERVING_SECRET);
    const kept = secret && unpackSecret(secret, servingRecordSchema);
    const next = nextServing(kept, names, lives, clock.now());
    if (next.record) {
      await this.#write(SERVING_SECRET, 'serving', next.record, secret);
    } else this.#see(secret!);
    return next.lookAgain - clock.now();
  }

  async #keepIssuing(): Promise<number> {
    const { view, mesh, mayWrite } = this.#options;
    const now = mesh();
    const isSame = (kept: IssuingRecord | undefined) =>
      !now ||
      (kept?.meshTrustDomain === now.meshTrustDomain &&
        kept.meshRoots.join() === now.meshRoots.join());
    // What is not known now stays as it was.
    if (!now || isSame(view.mesh)) return 3_600_000;
    if (!mayWrite()) return FENCED_RETRY;
    const secret = await this.#read(ISSUING_SECRET);
    if (secret && isSame(unpackSecret(secret, issuingRecordSchema))) {
      this.#see(secret);
    } else {
      const record: IssuingRecord = { version: 1, ...now };
      await this.#write(ISSUING_SECRET, 'issuing', record, secret);
    }
    return 3_600_000;
  }

  async #keepIssuer(gns: string): Promise<number> {
    const { view, clock, mayWrite, logger } = this.#options;
    const seen = this.#decide(
      gns,
      view.record(gns),
      view.authority(gns)?.issuer !== undefined,
    );
    if (seen.do === 'wait') return seen.until - clock.now();
    if (!mayWrite()) return FENCED_RETRY;
    const name = issuerSecretName(gns);
    const secret = await this.#read(name);
    let record: IssuerRecord | undefined;
    try {
      record = secret && unpackSecret(secret, issuerRecordSchema);
    } catch (error) {
      // Never written over: a newer version, or a person, may have use for it.
      throw this.#problem(
        gns,
        'SecretUnreadable',
        `The Secret ${name} cannot be read (${messageOf(error).slice(
          0,
          300,
        )}). Restore it, or delete it and a new issuer is made.`,
      );
    }
    const step = this.#decide(
      gns,
      record,
      record !== undefined &&
        loadAuthority(record, undefined).issuer !== undefined,
    );
    if (step.do !== 'wait') logger.debug(`issuer of ${gns}: ${step.do}`);
    switch (step.do) {
      case 'wait':
        if (secret) this.#see(secret);
        return step.until - clock.now();
      case 'keep-settings': {
        const { endedAt: _, ...kept } = record ?? { version: 1 as const, gns };
        await this.#write(
          name,
          'issuer',
          { ...kept, settings: step.settings },
          secret,
        );
        return 0;
      }
      case 'keep-key':
        await this.#write(
          name,
          'issuer',
          { ...record!, next: { key: makeIssuerKey() } },
          secret,
        );
        return 0;
      case 'end':
        await this.#write(
          name,
          'issuer',
          { ...record!, endedAt: isoTime(clock.now()) },
          secret,
        );
        logger.info(`Nothing is issued for ${gns} any more`);
        return 0;
      case 'remove':
        await this.#options.secrets.remove(secret!, this.#signal);
        view.remove(name);
        this.#problems.delete(gns);
        return 0;
      default:
        return this.#ask(gns, step, record!, secret!);
    }
  }

  #decide(
    gns: string,
    record: IssuerRecord | undefined,
    usable: boolean,
  ): IssuerStep {
    const { desired, isPaused, clock } = this.#options;
    const now = clock.now();
    const state = desired();
    // Without a verified desired state nothing is known not to be wanted.
    const settings = state ? state.authorities[gns] : record?.settings;
    return nextIssuerStep({
      record,
      settings,
      usable,
      paused: isPaused(gns),
      now,
    });
  }

  async #ask(
    gns: string,
    step: Extract<IssuerStep, { do: 'ask' }>,
    record: IssuerRecord,
    secret: KubeObject,
  ): Promise<number> {
    const { hub, desired, clock, logger, onChange } = this.#options;
    const cluster = desired()?.cluster;
    if (cluster === undefined) return FENCED_RETRY;
    const csr = issuerCsr({ gns, cluster, key: step.key });
    try {
      const response = await hub.issuer({ gns, csr }, this.#signal);
      const issuer = checkResponse(response, {
        gns,
        cluster,
        key: step.key,
        bundle: record.settings.bundle,
        now: clock.now(),
      });
      const { next: _, ...kept } = record;
      await this.#write(
        issuerSecretName(gns),
        'issuer',
        { ...kept, issuer },
        secret,
      );
      this.#backoffs.delete(gns);
      if (this.#problems.delete(gns)) onChange();
      logger.info(
        `${gns} has a new issuer (${step.why}) until ${issuer.notAfter}`,
      );
      return 0;
    } catch (error) {
      if (this.#signal?.aborted || isKubeStatus(error, 409)) return 0;
      const { reason, message } = problemOf(error);
      this.#problem(gns, reason, message);
      return this.#hubWait(gns, error);
    }
  }

  /** Full jitter: a hub that comes back meets its clusters one after another. */
  #hubWait(gns: string, error: unknown): number {
    const { intervals, clock } = this.#options;
    let backoff = this.#backoffs.get(gns);
    if (!backoff) {
      backoff = new Backoff(intervals.hubBackoff, clock);
      this.#backoffs.set(gns, backoff);
    }
    return Math.max(
      backoff.next(),
      error instanceof HubError ? error.retryAfter ?? 0 : 0,
    );
  }

  #problem(gns: string, reason: string, message: string): Error {
    const before = this.#problems.get(gns);
    this.#problems.set(gns, { reason, message });
    if (before?.reason !== reason || before.message !== message) {
      this.#options.logger.warn(`issuer of ${gns}: ${message}`);
      this.#options.onChange();
    }
    return new Error(message);
  }

  #read(name: string): Promise<KubeObject | undefined> {
    return this.#options.kube.get(
      OWN_RESOURCES.secrets,
      { name, namespace: this.#options.namespace },
      this.#signal,
    );
  }

  /** Over the version that was read; what the server made of it is seen at once. */
  async #write(
    name: string,
    role: SecretRole,
    record: unknown,
    over: KubeObject | undefined,
  ): Promise<void> {
    this.#see(
      await this.#options.secrets.write(name, role, pack(record), {
        resourceVersion: over?.metadata.resourceVersion,
        signal: this.#signal,
      }),
    );
  }

  #see(secret: KubeObject): void {
    this.#options.view.upsert(secret);
  }
}

function unpackSecret<T>(
  secret: KubeObject,
  schema: Parameters<typeof unpack<T>>[0],
): T {
  return unpack(schema, contentOf(secret) ?? Buffer.alloc(0));
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof HubError)) {
    const isAnswer = error instanceof Error && error.name === 'IssuerMismatch';
    return {
      reason: isAnswer ? 'AnswerRefused' : 'HubUnreachable',
      message: isAnswer
        ? `The hub's issuer certificate is not taken: ${messageOf(error)}`
        : `The hub could not be asked for an issuer: ${messageOf(error)}`,
    };
  }
  const reason =
    { 403: 'HubRefused', 429: 'HubBusy', 503: 'AuthorityUnavailable' }[
      error.status
    ] ?? 'HubFailed';
  return { reason, message: error.message };
}

function lifetime(gns: string, record: IssuerRecord, now: number): Condition[] {
  const life = lifeOfRecord(record);
  if (!life) return [];
  const state = lifeOf(life, record.settings.leafTtlSeconds * 1000, now);
  if (state === 'good' || state === 'due') return [];
  const end = isoTime(life.notAfter);
  return [
    {
      type: 'IssuerLifetime',
      status: 'False',
      severity: state === 'warning' ? 'warning' : 'error',
      reason: { warning: 'HalfGone', critical: 'Critical', expired: 'Expired' }[
        state
      ],
      message:
        state === 'expired'
          ? `The issuer of ${gns} in this cluster ended at ${end}: no certificate is issued until the hub renews it. Bring the hub back, or look at IssuerReady.`
          : `The issuer of ${gns} in this cluster ends at ${end} and could not be renewed; after that no certificate is issued here. Bring the hub back, or look at IssuerReady.`,
      gns,
    },
  ];
}
