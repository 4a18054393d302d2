import {
  Condition,
  DesiredState,
  Epoch,
  ObjectStatus,
  ZERO_EPOCH,
  compareEpochs,
} from '@isthmus/plugin-gns-common';
import { Clock } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import { KubeApi } from '../kube/KubeApi';
import { applyObject } from './applyObject';
import { deleteObject } from './deleteObject';
import { refusedTombstones } from './deletionGuard';
import { EndpointNames, LookUp } from './EndpointNames';
import { KeyQueue } from './KeyQueue';
import { LiveObjects } from './LiveObjects';
import { ObjectStatuses } from './ObjectStatuses';
import { Pauses } from './pauses';
import { RepairLimit } from './RepairLimit';

export interface ReconcilerOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Intervals;
  logger: Logger;
  clusterId: string;
  lookUp: LookUp;
  /** False while another replica may hold the lease. */
  mayWrite(): boolean;
  /** Values of the pause annotations. */
  pauseAnnotations(): readonly string[];
  /** A status changed. */
  onChange(): void;
  /** All objects of an epoch were tried. */
  onApplied(epoch: Epoch): void;
  /** One write to the cluster, for metrics. */
  onWrite?(verb: 'apply' | 'delete', ok: boolean): void;
}

const CONCURRENCY = 8;
/** How soon a write is tried again that was put off for want of the lease. */
const FENCED_RETRY = 1_000;

/** What became of one key: its status, and whether to come back to it. */
export interface Outcome {
  state: ObjectStatus['state'];
  message?: string;
  /** `later`: after back-off; a number: after so many milliseconds. */
  retry?: 'later' | number;
  /** Fields that others added to our object. */
  foreign?: string[];
}

/**
 * Brings the cluster to its desired state, key by key and level-triggered: each
 * run reads what is wanted and what is there, and writes only the difference.
 */
export class Reconciler {
  readonly live: LiveObjects;
  readonly statuses = new ObjectStatuses();
  readonly #options: ReconcilerOptions;
  readonly #queue: KeyQueue;
  readonly #names: EndpointNames;
  readonly #repairs: RepairLimit;
  readonly #namesOf = new Map<string, string[]>();
  readonly #foreign = new Map<string, string[]>();
  /** Fingerprint of an object right after our apply: servers may default or drop fields. */
  readonly #accepted = new Map<string, string>();
  readonly #untried = new Set<string>();
  #state: DesiredState | undefined;
  #refused: ReadonlyMap<string, string> = new Map();
  #pauses = new Pauses([], []);
  #appliedEpoch: Epoch = ZERO_EPOCH;
  #signal: AbortSignal | undefined;
  #started = false;

  static create(options: ReconcilerOptions): Reconciler {
    return new Reconciler(options);
  }

  private constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#names = new EndpointNames(options.lookUp);
    this.#repairs = new RepairLimit(options.clock);
    this.#queue = new KeyQueue({
      concurrency: CONCURRENCY,
      backoff: options.intervals.objectBackoff,
      clock: options.clock,
      work: key => this.#work(key),
    });
    this.live = LiveObjects.create({
      ...options,
      onChange: key => {
        // Before the first lists are complete every object would look changed.
        if (this.#started) this.#queue.add(key);
      },
    });
  }

  /** The newest epoch whose objects have all been tried. */
  get appliedEpoch(): Epoch {
    return this.#appliedEpoch;
  }

  /** Whether nothing of a global namespace shall change now. */
  isPaused(gns: string): boolean {
    return this.#pauses.isPaused(gns);
  }

  /** Names of what is paused in the cluster itself. */
  get pausedLocally(): string[] {
    return this.#pauses.local;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** Runs until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const watching = this.live.run(signal);
    await Promise.race([this.live.settled, aborted(signal)]);
    this.#started = true;
    this.#judgeTombstones();
    this.refreshPauses();
    this.#enqueue(this.#allKeys());
    await Promise.all([watching, this.#followNames(signal)]);
    await this.#queue.stop();
  }

  /** A verified desired state; `changed`: keys that may need work, absent: all. */
  setDesired(state: DesiredState, changed?: Iterable<string>): void {
    const keys = new Set(changed ?? [...(this.#state?.objects.keys() ?? [])]);
    this.#state = state;
    if (!changed) for (const key of state.objects.keys()) keys.add(key);
    for (const { key } of state.tombstones) {
      if (this.statuses.get(key)?.state !== 'deleted') keys.add(key);
    }
    for (const key of keys) this.#untried.add(key);
    if (!this.#started) return;
    this.#judgeTombstones();
    this.refreshPauses();
    this.#enqueue(keys);
    this.#finishEpoch();
  }

  /** The settings or annotations may say something else now. */
  refreshPauses(): void {
    const pauses = new Pauses(
      this.#state?.settings.paused ?? [],
      this.#options.pauseAnnotations(),
    );
    if (pauses.fingerprint === this.#pauses.fingerprint) return;
    this.#pauses = pauses;
    this.#options.onChange();
    if (this.#started) this.#enqueue(this.#allKeys());
  }

  /** What the controller itself found: names that do not resolve, fields of others. */
  conditions(): Condition[] {
    const names = this.#names.failures().map(
      ({ hostname, error, kept }): Condition => ({
        type: 'GatewayNameResolves',
        status: 'False',
        severity: kept > 0 ? 'warning' : 'error',
        reason: kept > 0 ? 'LastAnswerKept' : 'NoAddress',
        message: `${hostname} could not be looked up (${error}); ${
          kept > 0
            ? 'its last addresses stay in use'
            : 'its endpoints are left out until it resolves'
        }. Check the gateway's host name and this cluster's DNS.`.slice(
          0,
          4000,
        ),
        object: hostname,
      }),
    );
    const fields = [...this.#foreign].map(
      ([key, paths]): Condition => ({
        type: 'OnlyOurFields',
        status: 'False',
        severity: 'warning',
        reason: 'ForeignFields',
        message: `${key} has fields that someone else added: ${paths.join(
          ', ',
        )}. Remove them, or delete the object and it is made anew.`.slice(
          0,
          4000,
        ),
        object: key,
      }),
    );
    return [...names, ...fields];
  }

  #allKeys(): Set<string> {
    return new Set([
      ...(this.#state?.objects.keys() ?? []),
      ...(this.#state?.tombstones ?? []).map(t => t.key),
    ]);
  }

  #enqueue(keys: Iterable<string>): void {
    for (const key of keys) this.#queue.add(key);
  }

  #judgeTombstones(): void {
    this.#refused = refusedTombstones({
      tombstones: this.#state?.tombstones ?? [],
      owned: this.live.owned().length,
      exists: key => this.live.mayExist(key),
    });
  }

  async #work(key: string): Promise<void> {
    if (this.#signal?.aborted) return;
    const desired = this.#state?.objects.get(key);
    const tombstone = desired
      ? undefined
      : this.#state?.tombstones.find(t => t.key === key);
    if (!desired) {
      this.#namesOf.delete(key);
      this.#foreign.delete(key);
      this.#accepted.delete(key);
    }
    if (!desired && !tombstone) {
      this.statuses.forget(key);
      this.#tried(key);
      return;
    }
    const gns = (desired ?? tombstone)!.gns;
    let outcome: Outcome;
    try {
      outcome = desired
        ? await applyObject(desired, {
            ...this.#surroundings(gns),
            names: this.#names,
            namesInUse: this.#namesOf,
            accepted: this.#accepted,
            repairs: this.#repairs,
          })
        : await deleteObject(
            tombstone!,
            this.#refused.get(key),
            this.#surroundings(gns),
          );
    } catch (error) {
      if (this.#signal?.aborted) return;
      outcome = { state: 'failed', message: messageOf(error), retry: 'later' };
    }
    this.#conclude(key, gns, outcome);
  }

  #surroundings(gns: string) {
    return {
      kube: this.#options.kube,
      live: this.live,
      clusterId: this.#options.clusterId,
      paused: this.#pauses.isPaused(gns),
      mayWrite: this.#options.mayWrite,
      fencedRetry: FENCED_RETRY,
      onWrite: this.#options.onWrite,
      signal: this.#signal,
    };
  }

  #conclude(key: string, gns: string, outcome: Outcome): void {
    const { state, message, retry, foreign } = outcome;
    const changed = this.statuses.set({
      key,
      gns,
      state,
      ...(message ? { message: message.slice(0, 4000) } : {}),
    });
    const before = this.#foreign.get(key)?.join() ?? '';
    if (foreign?.length) this.#foreign.set(key, foreign);
    else this.#foreign.delete(key);
    if (before !== (foreign?.join() ?? '')) this.#options.onChange();
    if (changed) {
      const text = `${key}: ${state}${message ? `: ${message}` : ''}`;
      if (state === 'applied' || state === 'deleted') {
        this.#options.logger.debug(text);
      } else this.#options.logger.warn(text);
      this.#options.onChange();
    }
    if (retry === undefined) this.#queue.succeeded(key);
    else this.#queue.addLater(key, retry === 'later' ? undefined : retry);
    if (!this.#queue.isPending(key)) this.#tried(key);
  }

  #tried(key: string): void {
    if (this.#untried.delete(key)) this.#finishEpoch();
  }

  #finishEpoch(): void {
    const epoch = this.#state?.epoch;
    if (!epoch || this.#untried.size > 0) return;
    if (compareEpochs(epoch, this.#appliedEpoch) === 0) return;
    this.#appliedEpoch = epoch;
    this.#options.onApplied(epoch);
  }

  async #followNames(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(this.#options.intervals.dns, signal);
      if (signal.aborted) return;
      const inUse = new Set([...this.#namesOf.values()].flat());
      const failing = JSON.stringify(this.#names.failures());
      const changed = await this.#names.refreshAll(inUse);
      if (JSON.stringify(this.#names.failures()) !== failing) {
        this.#options.onChange();
      }
      for (const [key, names] of this.#namesOf) {
        if (names.some(name => changed.has(name))) this.#queue.add(key);
      }
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
