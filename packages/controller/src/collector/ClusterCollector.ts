import type {
  Condition,
  DesiredState,
  ObservationsInput,
  ObservationsResponse,
} from '@isthmus/plugin-gns-common';
import type { InventoryWatcher } from '../inventory/InventoryWatcher';
import type { Logger } from '../logging';
import type { ControllerMetrics } from '../status/metrics';
import type { BackoffLimits } from '../timing/Backoff';
import type { Clock } from '../timing/Clock';
import { Collector, type CollectorRound } from './Collector';
import type { Prometheus } from './prometheus/Prometheus';
import type { SeriesSelection } from './promql/queries';

const REASONS = {
  unreachable: 'PrometheusUnreachable',
  unauthorized: 'PrometheusRefusesUs',
  timeout: 'PrometheusTooSlow',
  error: 'PrometheusAnswersWrong',
  partial: 'PrometheusAnswersPartly',
  notScraped: 'ProxiesNotScraped',
  stale: 'SamplesTooOld',
  noData: 'NoSamples',
} as const;

/** Where the controller measures traffic. */
export interface CollectingSettings {
  /** One Prometheus, or the copies of one: the first that is healthy is believed. */
  prometheus: readonly Prometheus[];
  selection?: SeriesSelection;
  /** How far back the hub first hears of traffic, seconds. Default 3 hours. */
  historySeconds?: number;
}

/** What the collector goes by of a desired state. */
interface Followed {
  settings: Pick<DesiredState['settings'], 'members' | 'telemetry'>;
}

/** A collector for the cluster that the controller runs in: plan and members come with the desired state. */
export class ClusterCollector {
  readonly #collector: Collector;
  readonly #inventory: InventoryWatcher;
  readonly #metrics: ControllerMetrics;
  readonly #onChange: () => void;
  #state: Followed | undefined;
  #members: readonly string[] = [];
  #failure: string | undefined;

  static create(options: {
    settings: CollectingSettings;
    inventory: InventoryWatcher;
    clock: Clock;
    hubNow(): number;
    logger: Logger;
    backoff: BackoffLimits;
    metrics: ControllerMetrics;
    sink(
      observations: ObservationsInput,
      signal: AbortSignal,
    ): Promise<ObservationsResponse>;
    /** The conditions may be others now. */
    onChange(): void;
  }): ClusterCollector {
    return new ClusterCollector(options);
  }

  private constructor(options: Parameters<typeof ClusterCollector.create>[0]) {
    this.#inventory = options.inventory;
    this.#metrics = options.metrics;
    this.#onChange = options.onChange;
    this.#collector = Collector.create({
      ...options.settings,
      clock: options.clock,
      hubNow: options.hubNow,
      logger: options.logger,
      backoff: options.backoff,
      sink: options.sink,
      plan: () => this.#state?.settings.telemetry,
      members: () => this.#members,
      proxied: () => this.#proxied(),
      workloadOf: (namespace, pod) =>
        this.#inventory.podOf(namespace, pod)?.template.workload.name,
      onRound: round => this.#note(round),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#collector.run(signal);
  }

  /** A desired state was taken. */
  follow(state: Followed): void {
    this.#state = state;
    this.#members = [
      ...new Set(Object.values(state.settings.members).flat()),
    ].sort();
    this.#collector.changed();
  }

  conditions(): Condition[] {
    const failure = this.#collector.status().lastRound?.failure;
    if (!failure) return [];
    return [
      {
        type: 'TelemetryCollected',
        status: 'False',
        severity: 'warning',
        reason: REASONS[failure.reason],
        message: failure.message.slice(0, 4000),
      },
    ];
  }

  /** Brings the gauges up to date before they are read. */
  measure(): void {
    const { knownUntil, waiting } = this.#collector.status();
    this.#metrics.telemetryKnownUntil.set(knownUntil ?? 0);
    this.#metrics.telemetryWaiting.set(waiting);
  }

  #note(round: CollectorRound): void {
    const { kind, failure, took, queries } = round;
    this.#metrics.telemetryRounds.inc({
      kind,
      outcome: failure?.reason ?? 'ok',
    });
    this.#metrics.telemetryQueries.inc(queries);
    this.#metrics.telemetrySeconds.observe(took / 1000);
    if (failure?.message !== this.#failure && kind === 'live') {
      this.#failure = failure?.message;
      this.#onChange();
    }
  }

  /** Member namespaces whose pods have proxies: once pods are listed. */
  #proxied(): ReadonlySet<string> | undefined {
    if (!this.#inventory.isReady('workloads')) return undefined;
    const proxied = this.#members.filter(namespace => {
      for (const pod of this.#inventory.podsOf(namespace)) {
        if (pod.ready && pod.template.sidecar) return true;
      }
      return false;
    });
    return new Set(proxied);
  }
}
