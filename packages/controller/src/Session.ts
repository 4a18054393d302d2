import {
  Condition,
  DesiredState,
  formatEpoch,
} from '@isthmus/plugin-gns-common';
import { isoTime } from './timing/Clock';
import { Throttled } from './timing/Throttled';
import { ClusterCollector } from './collector/ClusterCollector';
import { ControllerSettings } from './ControllerOptions';
import { DesiredPoller } from './hub/DesiredPoller';
import { HighestEpoch, Hub } from './hub/Hub';
import { HubContact } from './hub/HubContact';
import { KeyRotation } from './hub/KeyRotation';
import { ClockSkew } from './hub/ClockSkew';
import { Reporter } from './hub/Reporter';
import { Issuing } from './issuer/Issuing';
import { LeadingIssuer } from './issuer/LeadingIssuer';
import { InventoryWatcher } from './inventory/InventoryWatcher';
import { messageOf } from './logging';
import { GatewayProbes } from './probes/GatewayProbes';
import { Reconciler } from './reconciler/Reconciler';
import { Identity } from './state/Identity';
import { Sequence } from './state/Sequence';
import { StateStore } from './state/StateStore';
import { ControllerStatus, StatusConfigMap } from './status/StatusConfigMap';
import { ControllerMetrics } from './status/metrics';

export interface SessionOptions {
  settings: ControllerSettings;
  hub: Hub;
  contact: HubContact;
  skew: ClockSkew;
  metrics: ControllerMetrics;
  store: StateStore;
  identity: Identity;
  kept: { highest: HighestEpoch; state: DesiredState | undefined };
  /** The certificate service of this replica; absent: it serves none. */
  issuing?: Issuing;
  /** Name of this replica. */
  holder: string;
  mayWrite(): boolean;
  onIdentity(identity: Identity): void;
}

/** How long the first report waits for the first lists, milliseconds. */
const FIRST_LISTS = 3_000;

/** Everything that the leading replica does, from taking the lease to losing it. */
export class Session {
  readonly reconciler: Reconciler;
  readonly inventory: InventoryWatcher;
  readonly poller: DesiredPoller;
  readonly rotation: KeyRotation;
  readonly #options: SessionOptions;
  readonly #probes: GatewayProbes;
  readonly #reporter: Reporter;
  readonly #stateWrites: Throttled;
  readonly #statusWrites: Throttled;
  readonly #configMap: StatusConfigMap;
  readonly #issuer: LeadingIssuer | undefined;
  readonly #collector: ClusterCollector | undefined;
  #identity: Identity;
  #members: ReadonlySet<string> = new Set();

  static create(options: SessionOptions): Session {
    return new Session(options);
  }

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#identity = options.identity;
    const { settings, store, contact, hub, skew, metrics } = options;
    const { kube, clock, intervals, logger, namespace } = settings;
    const common = { kube, clock, intervals, logger };
    const changed = () => this.#changed();
    this.#configMap = new StatusConfigMap(kube, namespace);
    this.inventory = InventoryWatcher.create({
      ...common,
      namespace,
      istioNamespace: settings.istioNamespace,
      isMember: name => this.#members.has(name),
      onChange: () => {
        this.reconciler?.refreshPauses();
        this.#issuer?.inventoryChanged();
        this.#reporter?.changed();
      },
    });
    this.#probes = GatewayProbes.create({
      ...common,
      dial: settings.dial,
      onChange: changed,
    });
    this.reconciler = Reconciler.create({
      ...common,
      clusterId: options.identity.clusterId,
      lookUp: settings.lookUp,
      mayWrite: options.mayWrite,
      pauseAnnotations: () => this.inventory.pauseAnnotations(),
      onChange: changed,
      onApplied: epoch => {
        settings.onApplied?.(epoch);
        changed();
      },
      onWrite: (verb, ok) =>
        metrics.writes.inc({ verb, outcome: ok ? 'ok' : 'error' }),
    });
    this.poller = DesiredPoller.create({
      hub,
      clock,
      intervals,
      logger,
      contact,
      identity: () => this.#identity,
      initial: options.kept.state,
      highest: options.kept.highest,
      onState: (state, keys) => this.#take(state, keys),
      onRefusal: reason => metrics.refusals.inc({ reason }),
    });
    this.#issuer =
      options.issuing &&
      LeadingIssuer.create({
        settings,
        issuing: options.issuing,
        hub,
        holder: options.holder,
        metrics,
        inventory: this.inventory,
        desired: () => this.poller.current,
        isPaused: gns => this.reconciler.isPaused(gns),
        isApplied: key =>
          this.reconciler.statuses.get(key)?.state === 'applied',
        mayWrite: options.mayWrite,
        onChange: changed,
      });
    this.#collector =
      settings.collecting &&
      ClusterCollector.create({
        settings: settings.collecting,
        inventory: this.inventory,
        clock,
        hubNow: () => skew.now(),
        logger,
        backoff: intervals.hubBackoff,
        metrics,
        sink: (observations, signal) => hub.observe(observations, signal),
        onChange: changed,
      });
    const sequence = new Sequence(
      this.#identity.sequenceReserved,
      sequenceReserved => this.#saveIdentity({ sequenceReserved }),
    );
    this.#reporter = Reporter.create({
      hub,
      clock,
      intervals,
      logger,
      contact,
      startedAt: settings.startedAt,
      sources: {
        appliedEpoch: () => this.reconciler.appliedEpoch,
        highestEpoch: () => this.poller.highest,
        part: kind => this.inventory.part(kind),
        isReady: kind => this.inventory.isReady(kind),
        version: kind => this.inventory.version(kind),
        statuses: this.reconciler.statuses,
        conditions: () => this.conditions(),
        owned: () =>
          this.reconciler.live.isSynced()
            ? this.reconciler.live.owned()
            : undefined,
        reachability: () => this.#probes.results(),
        pausedLocally: () => this.reconciler.pausedLocally,
        identity: () => this.#issuer?.report(),
        issueRecords: () =>
          this.#issuer?.issueRecords() ?? {
            records: [],
            dropped: 0,
            acknowledge: () => {},
          },
        nextSequence: () => sequence.next(),
        skipSequences: () => sequence.skip(),
      },
    });
    this.rotation = KeyRotation.create({
      hub,
      clock,
      intervals,
      logger,
      identity: () => this.#identity,
      save: change => this.#saveIdentity(change),
    });
    this.#stateWrites = new Throttled({
      interval: intervals.stateWrite,
      clock,
      work: () => store.saveState(this.poller.current, this.poller.highest),
      onError: error => logger.error(`state: ${messageOf(error)}`),
    });
    this.#statusWrites = new Throttled({
      interval: intervals.statusWrite,
      clock,
      work: async () => {
        if (options.mayWrite()) await this.#configMap.write(this.status());
      },
      onError: error => logger.warn(`status: ${messageOf(error)}`),
    });
    if (options.kept.state) this.#follow(options.kept.state);
    if (skew.tooLarge)
      logger.warn('The clock differs from the hub’s by more than 5 minutes');
  }

  /** Works until aborted, then flushes what must be kept; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.inventory.run(signal),
      this.reconciler.run(signal),
      this.poller.run(signal),
      this.#report(signal),
      this.#probes.run(signal),
      this.rotation.run(signal),
      this.#issuer?.run(signal),
      this.#collector?.run(signal),
      this.#stateWrites.run(signal),
      this.#statusWrites.run(signal),
    ]);
    await this.#stateWrites.flush();
    await this.#statusWrites.flush();
  }

  /** What the controller found itself. */
  conditions(): Condition[] {
    const { contact, skew, kept } = this.#options;
    const conditions = [
      ...this.reconciler.conditions(),
      ...(this.#issuer?.conditions() ?? []),
      ...(this.#collector?.conditions() ?? []),
    ];
    const add = (
      type: string,
      reason: string,
      message: string,
      severity: Condition['severity'] = 'warning',
    ) =>
      conditions.push({
        type,
        status: 'False',
        severity,
        reason,
        message: message.slice(0, 4000),
      });
    const { refusal } = this.poller;
    if (refusal) {
      add('DesiredStateTaken', refusal.reason, refusal.message, 'error');
    }
    for (const { kind, reason } of this.inventory.partialReasons()) {
      add('InventoryComplete', 'Partial', `${kind}: ${reason}`);
    }
    if (skew.tooLarge) {
      add(
        'ClockInStep',
        'ClockSkew',
        `This cluster's clock differs from the hub's by ${Math.round(
          Math.abs(skew.measured) / 1000,
        )} s; set it by NTP`,
      );
    }
    if (contact.reachable === false && !kept.state && !this.poller.current) {
      add(
        'HubReachable',
        'NoAnswer',
        contact.error ?? 'The hub does not answer',
      );
    }
    return conditions;
  }

  status(): ControllerStatus {
    const { contact } = this.#options;
    return {
      cluster: `${this.#identity.clusterName} (${this.#identity.clusterId})`,
      appliedEpoch: this.reconciler.appliedEpoch,
      hub: {
        reachable: contact.reachable,
        since: contact.since,
        error: contact.error,
      },
      paused: [
        ...new Set([
          ...(this.poller.current?.settings.paused ?? []),
          ...this.reconciler.pausedLocally,
        ]),
      ].sort(),
      objects: this.reconciler.statuses.counts(),
      conditions: this.conditions(),
    };
  }

  /** Brings the gauges up to date before they are read. */
  measure(): void {
    const { metrics, contact } = this.#options;
    for (const [state, count] of Object.entries(
      this.reconciler.statuses.counts(),
    )) {
      metrics.objects.set({ state }, count);
    }
    metrics.hubReachable.set(contact.reachable ? 1 : 0);
    metrics.hubLastAnswer.set((contact.lastAnswer ?? 0) / 1000);
    metrics.appliedEpoch.set(
      { part: 'term' },
      this.reconciler.appliedEpoch.term,
    );
    metrics.appliedEpoch.set({ part: 'n' }, this.reconciler.appliedEpoch.n);
    metrics.watched.set(this.inventory.size);
    metrics.partial.set(this.inventory.partialReasons().length);
    metrics.queued.set(this.reconciler.queued);
    this.#issuer?.measure();
    this.#collector?.measure();
    const reachable = this.#probes.results().filter(r => r.reachable).length;
    metrics.gateways.set({ reachable: 'true' }, reachable);
    metrics.gateways.set(
      { reachable: 'false' },
      this.#probes.results().length - reachable,
    );
  }

  /** The hub's contact or refusal changed. */
  contactChanged(): void {
    this.#statusWrites.request();
  }

  #take(state: DesiredState, keys: Set<string> | undefined): void {
    this.#options.settings.logger.info(
      `desired state ${formatEpoch(state.epoch)} at ${isoTime(
        this.#options.settings.clock.now(),
      )}: ${state.objects.size} objects, ${state.tombstones.length} tombstones`,
    );
    this.#follow(state, keys);
    this.#stateWrites.request();
  }

  #follow(state: DesiredState, keys?: Set<string>): void {
    const members = new Set(Object.values(state.settings.members).flat());
    const same =
      members.size === this.#members.size &&
      [...members].every(name => this.#members.has(name));
    this.#members = members;
    if (!same) this.inventory.membersChanged();
    this.#probes.set(state.settings.probes);
    this.reconciler.setDesired(state, keys);
    this.#issuer?.refresh();
    this.#collector?.follow(state);
  }

  #changed(): void {
    // A pause may have begun or ended.
    this.#issuer?.inventoryChanged();
    this.#reporter?.changed();
    this.#statusWrites?.request();
  }

  async #saveIdentity(change: Partial<Identity>): Promise<void> {
    const identity = { ...this.#identity, ...change };
    await this.#options.store.saveIdentity(identity);
    this.#identity = identity;
    this.#options.onIdentity(identity);
  }

  async #report(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.settings;
    const until = clock.now() + FIRST_LISTS;
    // A first report before the first lists would only say "partial".
    while (
      !signal.aborted &&
      !this.inventory.isSettled &&
      clock.now() < until
    ) {
      await clock.sleep(50, signal);
    }
    await this.#reporter.run(signal);
  }
}
