import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The controller's metrics, in a registry of its own so that many controllers fit in one process. */
export interface ControllerMetrics {
  registry: Registry;
  /** Writes to the cluster by verb (`apply`, `delete`) and outcome (`ok`, `error`). */
  writes: Counter<'verb' | 'outcome'>;
  /** Answers of the hub by operation and status code. */
  hubAnswers: Counter<'operation' | 'status'>;
  /** Time until the hub answered a report, seconds. */
  reportSeconds: Histogram;
  /** Objects by state. */
  objects: Gauge<'state'>;
  /** 1 while the hub answers. */
  hubReachable: Gauge;
  /** Time of the hub's last answer, seconds since the epoch. */
  hubLastAnswer: Gauge;
  /** Term and number of the applied epoch. */
  appliedEpoch: Gauge<'part'>;
  /** 1 on the replica that reconciles. */
  leading: Gauge;
  /** Kubernetes objects followed for inventory. */
  watched: Gauge;
  /** Kinds of inventory that are partial now. */
  partial: Gauge;
  /** Objects waiting to be reconciled. */
  queued: Gauge;
  /** Desired states refused, by reason. */
  refusals: Counter<'reason'>;
  /** Gateways probed, by whether they answer. */
  gateways: Gauge<'reachable'>;
  /** Certificates given to workloads, by global namespace and by who signed (`own`, `istiod`). */
  certificates: Counter<'gns' | 'source'>;
  /** Calls of the certificate service that got none, by reason. */
  certificateRefusals: Counter<'reason'>;
  /** Time until a call of the certificate service was answered, by gRPC code, seconds. */
  certificateSeconds: Histogram<'code'>;
  /** End of the issuer of each global namespace, seconds since the epoch. */
  issuerEnd: Gauge<'gns'>;
  /** Issue records that the hub does not have yet. */
  issueRecordsWaiting: Gauge;
  /** Rounds of the collector by kind (`live`, `backfill`) and outcome (`ok`, or why all is unknown). */
  telemetryRounds: Counter<'kind' | 'outcome'>;
  /** Queries to Prometheus. */
  telemetryQueries: Counter;
  /** Time of a round, seconds. */
  telemetrySeconds: Histogram;
  /** End of the newest slice that was known, seconds since the epoch. */
  telemetryKnownUntil: Gauge;
  /** Slices that the hub does not have yet. */
  telemetryWaiting: Gauge;
}

export function createMetrics(): ControllerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string = string>(
    name: string,
    help: string,
    labelNames: L[] = [],
  ) => new Gauge<L>({ name, help, labelNames, registers });
  const counter = <L extends string = string>(
    name: string,
    help: string,
    labelNames: L[] = [],
  ) => new Counter<L>({ name, help, labelNames, registers });
  return {
    registry,
    writes: counter('isthmus_kube_writes_total', 'Writes to the API server', [
      'verb',
      'outcome',
    ]),
    hubAnswers: counter('isthmus_hub_answers_total', 'Answers of the hub', [
      'operation',
      'status',
    ]),
    reportSeconds: new Histogram({
      name: 'isthmus_report_duration_seconds',
      help: 'Time until the hub answered a report',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    objects: gauge(
      'isthmus_objects',
      'Desired objects and tombstones by state',
      ['state'],
    ),
    hubReachable: gauge('isthmus_hub_reachable', '1 while the hub answers'),
    hubLastAnswer: gauge(
      'isthmus_hub_last_answer_timestamp_seconds',
      'Time of the last answer of the hub',
    ),
    appliedEpoch: gauge(
      'isthmus_applied_epoch',
      'The epoch whose objects were all tried',
      ['part'],
    ),
    leading: gauge('isthmus_leading', '1 on the replica that reconciles'),
    watched: gauge(
      'isthmus_watched_objects',
      'Kubernetes objects followed for the inventory',
    ),
    partial: gauge(
      'isthmus_inventory_partial_kinds',
      'Kinds of inventory that are partial',
    ),
    queued: gauge('isthmus_queued_objects', 'Objects waiting to be reconciled'),
    refusals: counter(
      'isthmus_desired_refused_total',
      'Desired states refused',
      ['reason'],
    ),
    gateways: gauge(
      'isthmus_gateways',
      'Gateways of other clusters by reachability',
      ['reachable'],
    ),
    certificates: counter(
      'isthmus_certificates_total',
      'Certificates given to workloads',
      ['gns', 'source'],
    ),
    certificateRefusals: counter(
      'isthmus_certificates_refused_total',
      'Calls of the certificate service that got no certificate',
      ['reason'],
    ),
    certificateSeconds: new Histogram({
      name: 'isthmus_certificate_duration_seconds',
      help: 'Time until a call of the certificate service was answered',
      labelNames: ['code'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    issuerEnd: gauge(
      'isthmus_issuer_not_after_timestamp_seconds',
      'End of the issuer of a global namespace',
      ['gns'],
    ),
    issueRecordsWaiting: gauge(
      'isthmus_issue_records_waiting',
      'Issue records that the hub does not have yet',
    ),
    telemetryRounds: counter(
      'isthmus_telemetry_rounds_total',
      'Rounds of the collector',
      ['kind', 'outcome'],
    ),
    telemetryQueries: counter(
      'isthmus_telemetry_queries_total',
      'Queries that each Prometheus was asked',
    ),
    telemetrySeconds: new Histogram({
      name: 'isthmus_telemetry_round_duration_seconds',
      help: 'Time until Prometheus answered all queries of a round and they were read',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40],
      registers,
    }),
    telemetryKnownUntil: gauge(
      'isthmus_telemetry_known_until_timestamp_seconds',
      'End of the newest slice of traffic that was known',
    ),
    telemetryWaiting: gauge(
      'isthmus_telemetry_slices_waiting',
      'Slices of traffic that the hub does not have yet',
    ),
  };
}
