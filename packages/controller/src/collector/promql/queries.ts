import type { SliceInput } from '@isthmus/plugin-gns-common';
import { heartbeats, risen, type Heartbeat } from './increments';
import {
  anyOf,
  joined,
  labelName,
  markedWhere,
  metricName,
  selector,
  tagged,
  type Matcher,
} from './text';

/** How series are found in this Prometheus; all parts have a default. */
export interface SeriesSelection {
  /** Added to every selector: in a store of several clusters, those of this one. */
  match?: Readonly<Record<string, string>>;
  /** Label of scraped targets with their namespace. Default `namespace`. */
  namespaceLabel?: string;
  /** Label that tells scraped targets apart. Default `instance`. */
  instanceLabel?: string;
  /**
   * Names of metrics of which every scraped proxy has at least one.
   * Default: `istio_build` of proxies, and `envoy_server_live`.
   */
  heartbeat?: readonly string[];
  /** Labels that tell copies of one series apart: of copies the largest counts. */
  replicaLabels?: readonly string[];
}

/** What one round asks for. */
export interface Question {
  /** Length of the slices. */
  readonly seconds: SliceInput['seconds'];
  readonly namespaces: readonly string[];
  /** Upper bounds of latency buckets, milliseconds. */
  readonly latencyEdgesMs: readonly number[];
  readonly selection: SeriesSelection;
  /** Ask for CPU and memory, too. */
  readonly resources: boolean;
}

/** The label that tells the parts of one query apart. */
export const PART = 'isthmus_part';
/** The label with the class of a request's outcome. */
export const OUTCOME = 'isthmus_outcome';
/** The label that says "yes" where the caller went away. */
export const GONE = 'isthmus_gone';

/**
 * The label with all that names an edge, a line for each of
 * {@link EDGE_LABELS}: as labels of their own their names would be most of the answer.
 */
export const EDGE = 'isthmus_edge';

/** What Istio labels an edge with. */
export const EDGE_LABELS = [
  'reporter',
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
  'destination_cluster',
  'destination_workload_namespace',
  'destination_workload',
  'destination_canonical_service',
  'destination_canonical_revision',
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
  'request_protocol',
] as const;

/** Response flag "downstream connection terminated", alone or among others. */
const CALLER_GONE = '(?:.*,)?DC(?:,.*)?';

/** TCP counters and the part that each is. */
const TCP = {
  sent: 'istio_tcp_sent_bytes_total',
  received: 'istio_tcp_received_bytes_total',
  opened: 'istio_tcp_connections_opened_total',
  closed: 'istio_tcp_connections_closed_total',
} as const;

function matchersOf({ match }: SeriesSelection): Matcher[] {
  return Object.entries(match ?? {}).map(([label, value]) => [
    label,
    '=',
    value,
  ]);
}

export function heartbeatOf(selection: SeriesSelection): Heartbeat {
  const shared = matchersOf(selection);
  const selectors = selection.heartbeat?.length
    ? selection.heartbeat.map(metric => selector(metricName(metric), shared))
    : [
        selector('istio_build', [['component', '=', 'proxy'], ...shared]),
        selector('envoy_server_live', shared),
      ];
  return {
    selectors,
    instanceLabel: labelName(selection.instanceLabel ?? 'instance'),
  };
}

/**
 * The rise of a counter over all series that touch one of the namespaces: of
 * the caller, of the server, or of the service that was called. The three do not overlap.
 */
function touching(
  metric: string,
  question: Question,
  further: readonly Matcher[] = [],
): string {
  const { seconds, namespaces, selection } = question;
  const members = anyOf(namespaces);
  const slice = { seconds, heartbeat: heartbeatOf(selection) };
  const isMember = (label: string): Matcher => [label, '=~', members];
  const isNone = (label: string): Matcher => [label, '!~', members];
  const source = 'source_workload_namespace';
  const destination = 'destination_workload_namespace';
  const service = 'destination_service_namespace';
  const ways: Matcher[][] = [
    [isMember(source)],
    [isNone(source), isMember(destination)],
    [isNone(source), isNone(destination), isMember(service)],
  ];
  const all = risen(
    metric,
    ways.map(way => [...way, ...further, ...matchersOf(selection)]),
    slice,
  );
  const replicas = selection.replicaLabels ?? [];
  const once =
    replicas.length > 0
      ? `max without(${replicas.map(labelName).join(',')})(${all})`
      : all;
  return joined(once, EDGE, '\n', EDGE_LABELS);
}

function summed(labels: readonly string[], vector: string): string {
  return `sum by(${labels.join(',')})(${vector})`;
}

/** Requests by code, and TCP: what was counted. */
export function countsQuery(question: Question): string {
  const byEdge = [EDGE, 'connection_security_policy'];
  const requests = summed(
    [...byEdge, 'response_code', 'grpc_response_status', GONE],
    markedWhere(touching('istio_requests_total', question), {
      label: GONE,
      value: 'yes',
      where: 'response_flags',
      matches: CALLER_GONE,
    }),
  );
  return [
    tagged(requests, PART, 'requests'),
    ...Object.entries(TCP).map(([part, metric]) =>
      tagged(summed(byEdge, touching(metric, question)), PART, part),
    ),
  ].join(' or ');
}

/** A vector whose series say the class of their outcome; as `outcomeClassOf` in the contract. */
function withOutcome(vector: string): string {
  const rules: readonly [value: string, where: string, matches: string][] = [
    ['client', 'response_code', '4..'],
    ['server', 'response_code', '[5-9]..|0'],
    ['ok', 'grpc_response_status', '0'],
    ['client', 'grpc_response_status', '[1-9]|1[0-6]'],
    ['server', 'grpc_response_status', '2|4|13|14|15'],
  ];
  return rules.reduce(
    (inner, [value, where, matches]) =>
      markedWhere(inner, { label: OUTCOME, value, where, matches }),
    tagged(vector, OUTCOME, 'ok'),
  );
}

/** A bound as Prometheus 2 and 3 write it in `le`. */
function spellings(edge: number): string[] {
  return Number.isInteger(edge) ? [`${edge}`, `${edge}.0`] : [`${edge}`];
}

/** How long requests took: cumulative buckets by class of outcome, and the sum. */
export function durationsQuery(question: Question): string {
  const metric = 'istio_request_duration_milliseconds';
  const edges = question.latencyEdgesMs.flatMap(spellings);
  const stayed: Matcher = ['response_flags', '!~', CALLER_GONE];
  const byEdge = [EDGE];
  const buckets = summed(
    [...byEdge, OUTCOME, 'le'],
    withOutcome(
      touching(`${metric}_bucket`, question, [
        ['le', '=~', anyOf([...edges, '+Inf'])],
        stayed,
      ]),
    ),
  );
  return [
    tagged(buckets, PART, 'buckets'),
    tagged(
      summed(byEdge, touching(`${metric}_sum`, question, [stayed])),
      PART,
      'sum',
    ),
  ].join(' or ');
}

/** Which proxies were scraped, how often, when last; CPU and memory when asked for. */
export function heartbeatQuery(question: Question): string {
  const { seconds, selection } = question;
  const heartbeat = heartbeatOf(selection);
  const namespace = labelName(selection.namespaceLabel ?? 'namespace');
  const window = `${seconds}s`;
  const each = (of: (s: string) => string) =>
    heartbeat.selectors.map(of).join(' or ');
  return [
    tagged(
      `label_replace(count by(${namespace})(${heartbeats(
        heartbeat,
        window,
      )}),"isthmus_namespace","$1","${namespace}","(.*)")`,
      PART,
      'scraped',
    ),
    tagged(
      `max(${each(s => `count_over_time(${s}[${window}])`)})`,
      PART,
      'scrapes',
    ),
    tagged(`max(${each(s => `timestamp(${s})`)})`, PART, 'newest'),
    ...(question.resources ? resourceParts(question) : []),
  ].join(' or ');
}

/** Usage by the kubelets' cAdvisor, capacity by kube-state-metrics. */
function resourceParts({ namespaces, selection }: Question): string[] {
  const shared = matchersOf(selection);
  const pods: Matcher[] = [
    ['container', '!=', ''],
    ['container', '!=', 'POD'],
    ['namespace', '=~', anyOf(namespaces)],
    ...shared,
  ];
  const node: Matcher[] = [['id', '=', '/'], ...shared];
  const cpu = 'container_cpu_usage_seconds_total';
  const memory = 'container_memory_working_set_bytes';
  const capacity = (resource: string) =>
    selector('kube_node_status_capacity', [
      ['resource', '=', resource],
      ...shared,
    ]);
  // Copies of a container's series (a restart, two scrapers) are one container.
  const byPod = (vector: string) =>
    `sum by(namespace,pod)(max by(namespace,pod,container)(${vector}))`;
  const byNode = (vector: string) => `max by(node)(${vector})`;
  return [
    tagged(byPod(`rate(${selector(cpu, pods)}[5m])`), PART, 'podCpu'),
    tagged(byPod(selector(memory, pods)), PART, 'podMemory'),
    tagged(byNode(`rate(${selector(cpu, node)}[5m])`), PART, 'nodeCpu'),
    tagged(byNode(selector(memory, node)), PART, 'nodeMemory'),
    tagged(byNode(capacity('cpu')), PART, 'nodeCpuCapacity'),
    tagged(byNode(capacity('memory')), PART, 'nodeMemoryCapacity'),
  ];
}
