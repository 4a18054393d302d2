import {
  OUTCOME_CLASSES,
  TRAFFIC_PROTOCOLS,
  TRAFFIC_VIEWS,
  type OutcomeClass,
  type SliceEdges,
  type TrafficProtocol,
  type TrafficView,
} from '../contract/telemetry';

/** The columns of a slice with one count per edge. */
export const EDGE_COUNTS = [
  'disconnected',
  'mtls',
  'plaintext',
  'durationSumMs',
  'bytesToServer',
  'bytesToClient',
  'connectionsOpened',
  'connectionsClosed',
] as const;

/** A workload as labels of Istio's metrics name it; absent parts are not known. */
export interface EdgeWorkload {
  readonly cluster?: string;
  readonly namespace: string;
  readonly name: string;
  readonly app?: string;
  readonly version?: string;
}

/** What was called, as labels name it. */
export interface EdgeService {
  readonly host?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Requests in each bucket of durations, not cumulative; one more count than edges: the last is above all. */
export interface EdgeHistogram {
  readonly outcome: OutcomeClass;
  /** Ascending, milliseconds. */
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
}

/** One row of a slice, before it is packed. Counts that are left out are 0. */
export interface EdgeRow {
  readonly view: TrafficView;
  readonly protocol: TrafficProtocol;
  /** Absent: a caller without a proxy. */
  readonly source?: EdgeWorkload;
  /** Absent: no server was reached, or one without a proxy. */
  readonly destination?: EdgeWorkload;
  readonly service?: EdgeService;
  /** `[code, requests]`, see `sliceEdgesSchema`. */
  readonly outcomes?: readonly (readonly [code: number, requests: number])[];
  readonly durations?: readonly EdgeHistogram[];
  readonly disconnected?: number;
  readonly mtls?: number;
  readonly plaintext?: number;
  readonly durationSumMs?: number;
  readonly bytesToServer?: number;
  readonly bytesToClient?: number;
  readonly connectionsOpened?: number;
  readonly connectionsClosed?: number;
}

/** Numbers rows by their content, in the order of their first appearance. */
class Numbering<T> {
  readonly #numbers = new Map<string, number>();
  constructor(readonly add: (row: T) => void) {}

  of(key: string, row: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(key, number);
    this.add(row);
    return number;
  }
}

/** Packs rows into the columns of a slice: each text, workload, service and bucket layout stands once. */
export function packEdges(rows: Iterable<EdgeRow>): SliceEdges {
  const edges: SliceEdges = {
    text: [],
    workloads: { cluster: [], namespace: [], name: [], app: [], version: [] },
    services: { host: [], name: [], namespace: [] },
    view: [],
    protocol: [],
    source: [],
    destination: [],
    service: [],
    disconnected: [],
    mtls: [],
    plaintext: [],
    durationSumMs: [],
    bytesToServer: [],
    bytesToClient: [],
    connectionsOpened: [],
    connectionsClosed: [],
    outcomes: { edge: [], code: [], count: [] },
    durations: { layouts: [], edge: [], outcome: [], layout: [], counts: [] },
  };
  const texts = new Numbering<string>(text => edges.text.push(text));
  const text = (value: string | undefined) =>
    value ? texts.of(value, value) : -1;
  const workloads = new Numbering<EdgeWorkload>(w => {
    edges.workloads.cluster.push(text(w.cluster));
    edges.workloads.namespace.push(text(w.namespace));
    edges.workloads.name.push(text(w.name));
    edges.workloads.app.push(text(w.app));
    edges.workloads.version.push(text(w.version));
  });
  const workload = (w: EdgeWorkload | undefined) =>
    w
      ? workloads.of(
          [w.cluster, w.namespace, w.name, w.app, w.version].join('\n'),
          w,
        )
      : -1;
  const services = new Numbering<EdgeService>(s => {
    edges.services.host.push(text(s.host));
    edges.services.name.push(text(s.name));
    edges.services.namespace.push(text(s.namespace));
  });
  const layouts = new Numbering<readonly number[]>(layout =>
    edges.durations.layouts.push([...layout]),
  );
  for (const row of rows) {
    const number = edges.view.length;
    edges.view.push(TRAFFIC_VIEWS.indexOf(row.view));
    edges.protocol.push(TRAFFIC_PROTOCOLS.indexOf(row.protocol));
    edges.source.push(workload(row.source));
    edges.destination.push(workload(row.destination));
    const s = row.service;
    edges.service.push(
      s ? services.of([s.host, s.name, s.namespace].join('\n'), s) : -1,
    );
    for (const column of EDGE_COUNTS) edges[column].push(row[column] ?? 0);
    for (const [code, requests] of row.outcomes ?? []) {
      edges.outcomes.edge.push(number);
      edges.outcomes.code.push(code);
      edges.outcomes.count.push(requests);
    }
    for (const { outcome, edgesMs, counts } of row.durations ?? []) {
      edges.durations.edge.push(number);
      edges.durations.outcome.push(OUTCOME_CLASSES.indexOf(outcome));
      edges.durations.layout.push(layouts.of(edgesMs.join(), edgesMs));
      edges.durations.counts.push(...counts);
    }
  }
  return edges;
}
