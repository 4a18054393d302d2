import {
  GRPC_CODE,
  NO_RESPONSE,
  type EdgeHistogram,
  type EdgeRow,
  type EdgeService,
  type EdgeWorkload,
  type OutcomeClass,
  type TrafficProtocol,
  type TrafficView,
} from '@isthmus/plugin-gns-common';
import type { Series } from '../prometheus/Prometheus';
import { PrometheusError } from '../prometheus/Prometheus';
import { EDGE, EDGE_LABELS, GONE, OUTCOME, PART } from '../promql/queries';

type Labels = Readonly<Record<string, string>>;

const VIEWS: Readonly<Record<string, TrafficView>> = {
  source: 'client',
  destination: 'server',
  waypoint: 'waypoint',
};
const OUTCOMES: readonly string[] = ['ok', 'client', 'server'];
/** As the contract takes text. */
const VISIBLE = /^[!-~]{1,253}$/;

/** Sums of one edge in one slice. */
interface Sums {
  view: TrafficView;
  protocol: TrafficProtocol;
  source: EdgeWorkload | undefined;
  destination: EdgeWorkload | undefined;
  service: EdgeService | undefined;
  outcomes: Map<number, number>;
  /** Cumulative counts by numeric bound, by class. */
  buckets: Map<OutcomeClass, Map<number, number>>;
  counts: Partial<Record<Count, number>>;
}
type Count =
  | 'disconnected'
  | 'mtls'
  | 'plaintext'
  | 'durationSumMs'
  | 'bytesToServer'
  | 'bytesToClient'
  | 'connectionsOpened'
  | 'connectionsClosed';

/** Edges by evaluation time. */
export type EdgesByTime = ReadonlyMap<number, readonly EdgeRow[]>;

/** `unknown` is Istio's word for what it does not know. */
function known(value: string | undefined): string | undefined {
  return value && value !== 'unknown' && VISIBLE.test(value)
    ? value
    : undefined;
}

function workloadOf(
  labels: Labels,
  side: 'source' | 'destination',
): EdgeWorkload | undefined {
  const namespace = known(labels[`${side}_workload_namespace`]);
  const name = known(labels[`${side}_workload`]);
  if (!namespace || !name) return undefined;
  return {
    cluster: known(labels[`${side}_cluster`]),
    namespace,
    name,
    app: known(labels[`${side}_canonical_service`]),
    version: known(labels[`${side}_canonical_revision`]),
  };
}

function serviceOf(labels: Labels): EdgeService | undefined {
  const host = known(labels.destination_service);
  const name = known(labels.destination_service_name);
  const namespace = known(labels.destination_service_namespace);
  return host || name || namespace ? { host, name, namespace } : undefined;
}

const TCP_PARTS = new Set(['sent', 'received', 'opened', 'closed']);

function protocolOf({ request_protocol: protocol }: Labels): TrafficProtocol {
  return protocol === 'grpc' ? 'grpc' : 'http';
}

/** The number of a code in the contract: gRPC's status where there is one. */
export function codeOf(labels: Labels): number {
  const status = labels.grpc_response_status;
  if (/^(\d|1[0-6])$/.test(status ?? '')) return GRPC_CODE + Number(status);
  const code = Number(labels.response_code);
  if (!Number.isInteger(code) || code < 100) return NO_RESPONSE;
  return Math.min(code, 599);
}

/** The labels of an edge from its one label. @throws PrometheusError */
function edgeLabelsIn(text: string): Labels {
  const values = text.split('\n');
  if (values.length !== EDGE_LABELS.length) {
    throw new PrometheusError(
      'error',
      `The answer has an edge of ${values.length} parts instead of ${EDGE_LABELS.length}`,
    );
  }
  return Object.fromEntries(EDGE_LABELS.map((name, i) => [name, values[i]]));
}

/** What an edge is called, before anything is counted. */
type Ends = Pick<
  Sums,
  'view' | 'protocol' | 'source' | 'destination' | 'service'
>;

/** Gathers series into edges: equal names are one edge, whatever the security policy or code. */
class EdgeGatherer {
  readonly #byTime = new Map<number, Map<Ends, Sums>>();
  readonly #ends = new Map<string, Ends | undefined>();

  /** Undefined: nobody that counts tells of it. */
  endsOf(labels: Labels): Ends | undefined {
    const { [EDGE]: text = '', [PART]: part } = labels;
    const isTcp = TCP_PARTS.has(part);
    const key = isTcp ? `tcp\n${text}` : text;
    let ends = this.#ends.get(key);
    if (ends || this.#ends.has(key)) return ends;
    const names = edgeLabelsIn(text);
    const view = VIEWS[names.reporter];
    ends = view && {
      view,
      protocol: isTcp ? 'tcp' : protocolOf(names),
      source: workloadOf(names, 'source'),
      destination: workloadOf(names, 'destination'),
      service: serviceOf(names),
    };
    this.#ends.set(key, ends);
    return ends;
  }

  at(time: number, ends: Ends): Sums {
    let edges = this.#byTime.get(time);
    if (!edges) {
      edges = new Map();
      this.#byTime.set(time, edges);
    }
    let sums = edges.get(ends);
    if (!sums) {
      sums = { ...ends, outcomes: new Map(), buckets: new Map(), counts: {} };
      edges.set(ends, sums);
    }
    return sums;
  }

  rows(): EdgesByTime {
    return new Map(
      [...this.#byTime].map(([time, edges]) => [
        time,
        [...edges.values()].filter(isAlive).map(toRow),
      ]),
    );
  }
}

function add(sums: Sums, count: Count, value: number): void {
  sums.counts[count] = (sums.counts[count] ?? 0) + value;
}

/** Which of the two securities a server or waypoint saw; undefined: neither is known. */
function securityOf(sums: Sums, labels: Labels): Count | undefined {
  if (sums.view === 'client') return undefined;
  const policy = labels.connection_security_policy;
  if (policy === 'mutual_tls') return 'mtls';
  return policy === 'none' ? 'plaintext' : undefined;
}

function addCount(sums: Sums, labels: Labels, value: number): void {
  const security = securityOf(sums, labels);
  switch (labels[PART]) {
    case 'requests': {
      if (labels[GONE] === 'yes') {
        add(sums, 'disconnected', value);
        return;
      }
      const code = codeOf(labels);
      sums.outcomes.set(code, (sums.outcomes.get(code) ?? 0) + value);
      if (security) add(sums, security, value);
      return;
    }
    case 'sent':
    case 'received':
      add(
        sums,
        labels[PART] === 'sent' ? 'bytesToClient' : 'bytesToServer',
        value,
      );
      if (security) add(sums, security, value);
      return;
    case 'opened':
      add(sums, 'connectionsOpened', value);
      return;
    case 'closed':
      add(sums, 'connectionsClosed', value);
      return;
    default:
      throw new PrometheusError(
        'error',
        `The answer has a part that was not asked for: ${String(
          labels[PART],
        ).slice(0, 40)}`,
      );
  }
}

function addDuration(sums: Sums, labels: Labels, value: number): void {
  if (labels[PART] === 'sum') {
    add(sums, 'durationSumMs', value);
    return;
  }
  const outcome = labels[OUTCOME] as OutcomeClass;
  const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
  const readable =
    labels[PART] === 'buckets' &&
    OUTCOMES.includes(outcome) &&
    (bound === Infinity || (bound > 0 && Number.isFinite(bound)));
  if (!readable) {
    throw new PrometheusError(
      'error',
      `The answer has a bucket that was not asked for: le=${String(
        labels.le,
      ).slice(0, 40)}`,
    );
  }
  let buckets = sums.buckets.get(outcome);
  if (!buckets) {
    buckets = new Map();
    sums.buckets.set(outcome, buckets);
  }
  // "100" of one proxy and "100.0" of another are one bound.
  buckets.set(bound, (buckets.get(bound) ?? 0) + value);
}

/** Reads the answers to the two queries for traffic. @throws PrometheusError */
export function readEdges(
  counts: readonly Series[],
  durations: readonly Series[],
): EdgesByTime {
  const gatherer = new EdgeGatherer();
  const gather = (
    all: readonly Series[],
    take: (sums: Sums, labels: Labels, value: number) => void,
  ) => {
    for (const { labels, times, values } of all) {
      const ends = gatherer.endsOf(labels);
      if (!ends) continue;
      for (let i = 0; i < times.length; i += 1) {
        take(gatherer.at(times[i], ends), labels, values[i]);
      }
    }
  };
  gather(counts, addCount);
  gather(durations, addDuration);
  return gatherer.rows();
}

/** A series that did not rise is no traffic; one that is no number is not known, which is something else. */
function isAlive(sums: Sums): boolean {
  const moved = (value: number | undefined) =>
    value !== undefined && value !== 0;
  return (
    [...sums.outcomes.values()].some(moved) ||
    Object.values(sums.counts).some(moved)
  );
}

function toRow(sums: Sums): EdgeRow {
  const outcomes = [...sums.outcomes].filter(([, value]) => value !== 0);
  const durations = [...sums.buckets].flatMap(([outcome, buckets]) =>
    histogramOf(outcome, buckets),
  );
  return {
    view: sums.view,
    protocol: sums.protocol,
    ...(sums.source ? { source: sums.source } : {}),
    ...(sums.destination ? { destination: sums.destination } : {}),
    ...(sums.service ? { service: sums.service } : {}),
    ...sums.counts,
    outcomes,
    durations,
  };
}

/** Requests in each bucket from cumulative counts; none when there were none, or no total. */
function histogramOf(
  outcome: OutcomeClass,
  buckets: ReadonlyMap<number, number>,
): EdgeHistogram[] {
  const total = buckets.get(Infinity);
  if (total === undefined || total === 0) return [];
  const edgesMs = [...buckets.keys()]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const counts: number[] = [];
  let below = 0;
  for (const bound of [...edgesMs, Infinity]) {
    // Proxies with other bounds than their peers make the sum fall: it cannot.
    const upTo = Math.max(below, buckets.get(bound)!);
    counts.push(upTo - below);
    below = upTo;
  }
  return [{ outcome, edgesMs, counts }];
}

/** What Istio calls this cluster: most callers that tell of themselves say so. */
export function istioClusterIdOf(edges: EdgesByTime): string | undefined {
  const votes = new Map<string, number>();
  for (const rows of edges.values()) {
    for (const { view, source, destination } of rows) {
      const id = (view === 'client' ? source : destination)?.cluster;
      if (id) votes.set(id, (votes.get(id) ?? 0) + 1);
    }
  }
  const [first] = [...votes].sort((a, b) => b[1] - a[1]);
  return first?.[0];
}
