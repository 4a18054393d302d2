import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { lookup } from 'node:dns/promises';
import { type Registry } from 'prom-client';
import {
  CONTROLLER_NAMESPACE,
  Condition,
  Epoch,
  ObjectStatus,
  ZERO_EPOCH,
} from '@isthmus/plugin-gns-common';
import { Backoff } from './timing/Backoff';
import { systemClock } from './timing/Clock';
import { DEFAULT_INTERVALS } from './timing/Intervals';
import { ControllerOptions, ControllerSettings } from './ControllerOptions';
import { enrol, hashOfToken } from './enrol';
import { ClockSkew } from './hub/ClockSkew';
import { HttpHub } from './hub/HttpHub';
import { Hub } from './hub/Hub';
import { HubContact } from './hub/HubContact';
import { Issuing } from './issuer/Issuing';
import { Leadership } from './lease/Leadership';
import { messageOf, silentLogger } from './logging';
import { dialTcp } from './probes/GatewayProbes';
import { Session } from './Session';
import { Identity } from './state/Identity';
import { StateStore } from './state/StateStore';
import { StatusServer } from './status/StatusServer';
import { createMetrics } from './status/metrics';

/** A running local controller. */
export interface Controller {
  /** The epoch whose objects have all been tried. */
  readonly appliedEpoch: Epoch;
  /** The highest epoch ever taken. */
  readonly highestEpoch: Epoch;
  /** Undefined until enrolled. */
  readonly clusterId: string | undefined;
  readonly isLeading: boolean;
  readonly hubReachable: boolean | undefined;
  /** What became of each desired object and tombstone. */
  objects(): ObjectStatus[];
  conditions(): Condition[];
  readonly metrics: Registry;
  /** Port of the status server, when there is one. */
  readonly statusPort: number | undefined;
  /** Port of the certificate service; undefined: it does not take calls. */
  readonly issuingPort: number | undefined;
  /** Replaces the key at the hub now. */
  rekey(): Promise<void>;
  /** Ends in order: state is kept, the lease is released. Idempotent. */
  stop(): Promise<void>;
  /** Resolves when it has stopped. */
  readonly stopped: Promise<void>;
}

class LocalController implements Controller {
  readonly stopped: Promise<void>;
  readonly #options: ControllerOptions;
  readonly #settings: ControllerSettings;
  readonly #metrics = createMetrics();
  readonly #contact: HubContact;
  readonly #skew: ClockSkew;
  readonly #hub: Hub;
  readonly #ownsHub: boolean;
  readonly #store: StateStore;
  readonly #leadership: Leadership | undefined;
  readonly #holder: string;
  readonly #issuing: Issuing | undefined;
  readonly #end = new AbortController();
  #statusServer: StatusServer | undefined;
  #identity: Identity | undefined;
  #session: Session | undefined;
  #failure: string | undefined;
  #leading = false;

  static async start(options: ControllerOptions): Promise<LocalController> {
    const statusServer: { controller?: LocalController } = {};
    const server = options.statusListen
      ? await StatusServer.start({
          listen: options.statusListen,
          healthy: () => true,
          notReady: () =>
            statusServer.controller
              ? statusServer.controller.#notReady()
              : 'starting',
          metrics: async () => statusServer.controller?.metricsText() ?? '',
        })
      : undefined;
    const controller = new LocalController(options, server);
    statusServer.controller = controller;
    return controller;
  }

  private constructor(
    options: ControllerOptions,
    statusServer: StatusServer | undefined,
  ) {
    this.#options = options;
    this.#statusServer = statusServer;
    const clock = options.clock ?? systemClock;
    const intervals = { ...DEFAULT_INTERVALS, ...options.intervals };
    const logger = options.logger ?? silentLogger;
    const namespace = options.namespace ?? CONTROLLER_NAMESPACE;
    this.#settings = {
      kube: options.kube,
      namespace,
      istioNamespace: options.istioNamespace ?? 'istio-system',
      logger,
      clock,
      intervals,
      lookUp: options.lookUp ?? lookUpAll,
      dial: options.dial ?? dialTcp,
      startedAt: clock.now(),
      servingLives: options.servingLives,
      collecting: options.collecting,
      onApplied: options.onApplied,
    };
    this.#contact = new HubContact(clock, () =>
      this.#session?.contactChanged(),
    );
    this.#skew = new ClockSkew(clock);
    this.#ownsHub = 'url' in options.hub;
    this.#hub =
      'url' in options.hub
        ? HttpHub.create({
            url: options.hub.url,
            ca: options.hub.ca,
            clock,
            poll: intervals.poll,
            skew: this.#skew,
            credentials: () => this.#identity,
            onAnswer: (operation, status, took) => {
              this.#metrics.hubAnswers.inc({
                operation,
                status: String(status),
              });
              if (operation === 'report') {
                this.#metrics.reportSeconds.observe(took / 1000);
              }
            },
          })
        : options.hub;
    this.#store = StateStore.create({ kube: options.kube, namespace, logger });
    this.#holder =
      options.holder ?? `${hostname()}-${randomUUID().slice(0, 8)}`;
    this.#issuing =
      options.issuing &&
      Issuing.create({
        ...this.#settings,
        settings: options.issuing,
        metrics: this.#metrics,
        holder: this.#holder,
      });
    this.#leadership =
      options.lease === false
        ? undefined
        : Leadership.create({
            kube: options.kube,
            clock,
            intervals,
            logger,
            namespace,
            holder: this.#holder,
          });
    this.stopped = this.#run();
  }

  get appliedEpoch() {
    return this.#session?.reconciler.appliedEpoch ?? ZERO_EPOCH;
  }

  get highestEpoch() {
    return this.#session?.poller.highest.epoch ?? ZERO_EPOCH;
  }

  get clusterId() {
    return this.#identity?.clusterId;
  }

  get isLeading() {
    return this.#leading;
  }

  get hubReachable() {
    return this.#contact.reachable;
  }

  get metrics() {
    return this.#metrics.registry;
  }

  get statusPort() {
    return this.#statusServer?.port;
  }

  get issuingPort() {
    return this.#issuing?.port;
  }

  objects(): ObjectStatus[] {
    return this.#session?.reconciler.statuses.all() ?? [];
  }

  conditions(): Condition[] {
    return this.#session?.conditions() ?? [];
  }

  async rekey(): Promise<void> {
    await this.#session?.rotation.rekey();
  }

  async metricsText(): Promise<string> {
    this.#metrics.leading.set(this.#leading ? 1 : 0);
    this.#session?.measure();
    return this.#metrics.registry.metrics();
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.stopped;
  }

  #notReady(): string | undefined {
    if (this.#end.signal.aborted) return 'stopping';
    if (this.#failure) return this.#failure;
    const issuing = this.#issuing?.notReady();
    if (issuing) return issuing;
    // A standby is ready: it takes over when the leader goes.
    if (!this.#leading) return undefined;
    if (!this.#identity) return 'not enrolled yet';
    if (!this.#session?.reconciler.live.isSynced()) {
      return 'not all kinds of our objects are listed yet';
    }
    return undefined;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    const { clock, intervals, logger } = this.#settings;
    const backoff = new Backoff(intervals.kubeBackoff, clock);
    // It serves whether this replica leads or not.
    const issuing = this.#issuing?.run(signal);
    while (!signal.aborted) {
      try {
        await this.#lead(signal);
        this.#failure = undefined;
        backoff.reset();
      } catch (error) {
        if (signal.aborted) break;
        this.#failure = messageOf(error);
        logger.error(this.#failure);
        await clock.sleep(backoff.next(), signal);
      }
    }
    await issuing;
    await this.#statusServer?.stop();
    if (this.#ownsHub) await this.#hub.close();
  }

  /** One turn as leader: from taking the lease until losing it. */
  async #lead(signal: AbortSignal): Promise<void> {
    await this.#store.ensureNamespace(signal);
    this.#failure = undefined;
    if (this.#leadership && !(await this.#leadership.acquire(signal))) return;
    this.#leading = true;
    const turn = new AbortController();
    const stopTurn = () => turn.abort();
    signal.addEventListener('abort', stopTurn, { once: true });
    const keeping = this.#leadership
      ?.keep(turn.signal)
      .finally(() => turn.abort());
    try {
      await this.#work(turn.signal);
    } finally {
      turn.abort();
      await keeping;
      signal.removeEventListener('abort', stopTurn);
      this.#leading = false;
      await this.#leadership?.release();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { logger } = this.#settings;
    const known = await this.#store.loadIdentity(signal);
    this.#identity = known;
    const { token } = this.#options;
    if (token && known?.tokenHash !== hashOfToken(token)) {
      this.#identity = await enrol(
        {
          ...this.#settings,
          hub: this.#hub,
          token,
          previous: known,
          onFailure: error => {
            this.#contact.failed(error);
            this.#failure = `not enrolled: ${messageOf(error)}`;
          },
          save: identity => this.#store.saveIdentity(identity, signal),
        },
        signal,
      );
      this.#failure = undefined;
    }
    const identity = this.#identity;
    if (!identity) {
      if (signal.aborted) return;
      throw new Error(
        'This cluster is not enrolled; give a join token from the portal',
      );
    }
    const kept = await this.#store.loadState(signal);
    // Epochs count per hub: another hub starts anew, and deletes nothing by that.
    const sameHub =
      !known ||
      (known.hubId === identity.hubId &&
        known.clusterId === identity.clusterId);
    if (!sameHub)
      logger.warn('Enrolled with another hub: its epochs start anew');
    const session = Session.create({
      settings: this.#settings,
      hub: this.#hub,
      contact: this.#contact,
      skew: this.#skew,
      metrics: this.#metrics,
      store: this.#store,
      identity,
      kept: sameHub
        ? kept
        : { highest: { epoch: ZERO_EPOCH }, state: undefined },
      issuing: this.#issuing,
      holder: this.#holder,
      mayWrite: () => this.#leadership?.isHeld ?? true,
      onIdentity: changed => {
        this.#identity = changed;
      },
    });
    this.#session = session;
    await session.run(signal);
  }
}

/** Starts a controller; resolves once it runs, before it has enrolled. */
export async function createController(
  options: ControllerOptions,
): Promise<Controller> {
  return LocalController.start(options);
}

async function lookUpAll(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}
