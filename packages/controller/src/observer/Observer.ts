import {
  CONTROLLER_NAMESPACE,
  type Condition,
  type DesiredSettings,
  type Epoch,
  type ObservationsInput,
  type ObservationsResponse,
  type Report,
  type ReportResponse,
} from '@isthmus/plugin-gns-common';
import {
  ClusterCollector,
  type CollectingSettings,
} from '../collector/ClusterCollector';
import { HubContact } from '../hub/HubContact';
import { Reporter } from '../hub/Reporter';
import { InventoryWatcher } from '../inventory/InventoryWatcher';
import { KubeError, type KubeApi } from '../kube/KubeApi';
import { messageOf, silentLogger, type Logger } from '../logging';
import { ObjectStatuses } from '../reconciler/ObjectStatuses';
import { createMetrics } from '../status/metrics';
import { systemClock, type Clock } from '../timing/Clock';
import { DEFAULT_INTERVALS, type Intervals } from '../timing/Intervals';
import { readOnly } from './readOnly';

/** Where an observer brings what it saw: the hub, in the same process. */
export interface ObserverHub {
  /** What the hub wants of this cluster now. */
  wishes(): Promise<{
    settings: Pick<DesiredSettings, 'members' | 'telemetry'>;
    /** The newest: there is nothing to apply, so it is applied. */
    epoch: Epoch;
  }>;
  /** The number of the next report. */
  nextSequence(): Promise<number>;
  report(report: Report): Promise<ReportResponse>;
  observe(
    observations: ObservationsInput,
    signal?: AbortSignal,
  ): Promise<ObservationsResponse>;
  /** The API server refuses our credentials. */
  refused(): Promise<void>;
}

export interface ObserverOptions {
  kube: KubeApi;
  /** Where traffic is measured; absent: it is not. */
  collecting?: CollectingSettings;
  hub: ObserverHub;
  /** Where istiod runs. Default `istio-system`. */
  istioNamespace?: string;
  /** Default: the machine's. */
  clock?: Clock;
  /** Default: says nothing. */
  logger?: Logger;
  /** Shorter (or longer) intervals, milliseconds. */
  intervals?: Partial<Intervals>;
}

/** How often the hub's wishes are looked at, milliseconds. */
const WISHES = 5_000;

/**
 * The reading half of the local controller, run from outside: inventory and
 * traffic of a cluster in which nothing is installed. It writes nothing to it.
 */
export class Observer {
  readonly #kube: KubeApi;
  readonly #hub: ObserverHub;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #inventory: InventoryWatcher;
  readonly #collector: ClusterCollector | undefined;
  readonly #reporter: Reporter;
  readonly #contact: HubContact;
  #epoch: Epoch = { term: 0, n: 0 };
  #wishes = '';

  static create(options: ObserverOptions): Observer {
    return new Observer(options);
  }

  private constructor(options: ObserverOptions) {
    const { hub, clock = systemClock, logger = silentLogger } = options;
    const intervals = { ...DEFAULT_INTERVALS, ...options.intervals };
    this.#kube = readOnly(options.kube);
    this.#hub = hub;
    this.#clock = clock;
    this.#logger = logger;
    this.#contact = new HubContact(clock);
    this.#inventory = InventoryWatcher.create({
      kube: this.#kube,
      clock,
      intervals,
      logger,
      istioNamespace: options.istioNamespace ?? 'istio-system',
      namespace: CONTROLLER_NAMESPACE,
      // Nothing captures DNS here, so no pod waits for a restart.
      isMember: () => false,
      onChange: () => this.#reporter?.changed(),
    });
    this.#collector =
      options.collecting &&
      ClusterCollector.create({
        settings: options.collecting,
        inventory: this.#inventory,
        clock,
        hubNow: () => clock.now(),
        logger,
        backoff: intervals.hubBackoff,
        metrics: createMetrics(),
        sink: (observations, signal) => hub.observe(observations, signal),
        onChange: () => this.#reporter.changed(),
      });
    this.#reporter = Reporter.create({
      hub: {
        report: (report, _highest, signal) => this.#report(report, signal),
      },
      clock,
      intervals,
      logger,
      contact: this.#contact,
      startedAt: clock.now(),
      sources: {
        appliedEpoch: () => this.#epoch,
        highestEpoch: () => ({ epoch: this.#epoch }),
        part: kind => this.#inventory.part(kind),
        isReady: kind => this.#inventory.isReady(kind),
        version: kind => this.#inventory.version(kind),
        statuses: new ObjectStatuses(),
        conditions: () => this.#conditions(),
        owned: () => [],
        reachability: () => [],
        pausedLocally: () => [],
        identity: () => undefined,
        issueRecords: () => ({
          records: [],
          dropped: 0,
          acknowledge: () => {},
        }),
        nextSequence: () => hub.nextSequence(),
        skipSequences: async () => {},
      },
    });
  }

  /** Why the newest report could not be made; undefined: it was. */
  get failure(): string | undefined {
    return this.#contact.error;
  }

  /** Observes until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#followWishes();
    await Promise.all([
      this.#inventory.run(signal),
      this.#collector?.run(signal),
      this.#reporter.run(signal),
      this.#keepWishes(signal),
    ]);
  }

  async #keepWishes(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(WISHES, signal);
      if (!signal.aborted) await this.#followWishes();
    }
  }

  async #followWishes(): Promise<void> {
    try {
      const { settings, epoch } = await this.#hub.wishes();
      if (epoch.term !== this.#epoch.term || epoch.n !== this.#epoch.n) {
        this.#epoch = epoch;
        this.#reporter.changed();
      }
      const { members, telemetry } = settings;
      const text = JSON.stringify([members, telemetry]);
      if (text === this.#wishes) return;
      this.#wishes = text;
      this.#collector?.follow({ settings: { members, telemetry } });
    } catch (error) {
      this.#logger.warn(`wishes of the hub: ${messageOf(error)}`);
    }
  }

  /** A cluster that cannot be read is not reported: what was known of it grows old, as it should. */
  async #report(report: Report, signal?: AbortSignal): Promise<ReportResponse> {
    try {
      await this.#kube.version(signal);
    } catch (error) {
      const refused =
        error instanceof KubeError && [401, 403].includes(error.status);
      if (refused) await this.#hub.refused();
      throw error;
    }
    return this.#hub.report(report);
  }

  #conditions(): Condition[] {
    return [
      ...(this.#collector?.conditions() ?? []),
      ...this.#inventory.partialReasons().map(
        ({ kind, reason }): Condition => ({
          type: 'InventoryComplete',
          status: 'False',
          severity: 'warning',
          reason: 'Partial',
          message: `${kind}: ${reason}`.slice(0, 4000),
        }),
      ),
    ];
  }
}
