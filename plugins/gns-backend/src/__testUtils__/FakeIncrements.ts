import type {
  ClusterIncrements,
  IncrementChange,
  IncrementQuery,
  IncrementRange,
  IncrementReader,
} from '../telemetry/increments/types';

/** Requests of one service in one cluster in one minute. */
export interface FakeMinute {
  ok: number;
  client?: number;
  server?: number;
  noResponse?: number;
  disconnected?: number;
  /** Milliseconds that every request takes; 10 by default. */
  durationMs?: number;
  /** Share that takes `slowMs` instead, 0–1. */
  slow?: number;
  slowMs?: number;
}

/** What a minute is: requests, nothing known, or nobody there. */
export type FakeCell = FakeMinute | 'unknown' | 'absent';

/**
 * A telemetry store whose past is a function of time: it answers any range
 * without keeping it.
 */
export class FakeIncrements implements IncrementReader {
  /** What every cell was; replace it, and say {@link changed}. */
  minute: (
    cell: { gns: string; service: string; cluster: string },
    minute: number,
  ) => FakeCell;
  clusters: readonly string[];
  now: number;
  /** Of all steps. */
  start: number;
  /** Bucket edges that the proxies have, milliseconds. */
  edgesMs: readonly number[] = [1, 10, 50, 100, 250, 500, 1000];
  readonly reads: { queries: number; range: IncrementRange }[] = [];
  #changes: IncrementChange[] = [];

  constructor(options: {
    clusters: readonly string[];
    /** Unix seconds. */
    now: number;
    start: number;
    minute: FakeIncrements['minute'];
  }) {
    this.clusters = options.clusters;
    this.now = options.now;
    this.start = options.start;
    this.minute = options.minute;
  }

  /** Time goes on: the minutes between become known. */
  advance(seconds: number, gns: readonly string[]): void {
    for (const name of gns) {
      this.changed({ gns: name, from: this.now, to: this.now + seconds });
    }
    this.now += seconds;
  }

  changed(change: IncrementChange): void {
    this.#changes.push(change);
  }

  async newest(): Promise<number> {
    return this.now;
  }

  async oldest(): Promise<number> {
    return this.start;
  }

  async changesSince(cursor: string | undefined) {
    return {
      changes: this.#changes.slice(Number(cursor ?? this.#changes.length)),
      cursor: String(this.#changes.length),
    };
  }

  async read(queries: readonly IncrementQuery[], range: IncrementRange) {
    this.reads.push({ queries: queries.length, range });
    return queries.map(query => ({
      query,
      clusters: this.clusters.map(cluster => this.#cell(query, cluster, range)),
    }));
  }

  #cell(
    query: IncrementQuery,
    cluster: string,
    { from, to, step }: IncrementRange,
  ): ClusterIncrements {
    const length = (to - from) / step;
    const column = () => new Float64Array(length);
    const classes = () => ({
      ok: column(),
      client: column(),
      server: column(),
    });
    const answer = {
      cluster,
      expected: new Uint8Array(length),
      knownSeconds: column(),
      total: column(),
      clientErrors: column(),
      serverErrors: column(),
      noResponse: column(),
      disconnected: column(),
      grpc: new Map<number, Float64Array>(),
      durations: classes(),
      within: query.latencyEdgesMs.map(edgeMs => {
        const lowMs = Math.max(0, ...this.edgesMs.filter(e => e <= edgeMs));
        const highMs = Math.min(
          Infinity,
          ...this.edgesMs.filter(e => e >= edgeMs),
        );
        return {
          edgeMs,
          low: classes(),
          high: classes(),
          exact: lowMs === highMs,
          lowMs,
          highMs,
        };
      }),
    };
    for (let i = 0; i < length; i += 1) {
      for (let at = from + i * step; at < from + (i + 1) * step; at += 60) {
        if (at >= this.start && at < this.now) this.#add(answer, i, query, at);
      }
    }
    return answer;
  }

  #add(
    answer: ClusterIncrements,
    i: number,
    query: IncrementQuery,
    at: number,
  ): void {
    const { cluster } = answer;
    const { gns, service } = query;
    const found = this.minute({ gns, service, cluster }, at);
    if (found === 'absent') return;
    answer.expected[i] = 1;
    if (found === 'unknown') return;
    answer.knownSeconds[i] += 60;
    const { ok, client = 0, server = 0, noResponse = 0 } = found;
    answer.total[i] += ok + client + server + noResponse;
    answer.clientErrors[i] += client;
    answer.serverErrors[i] += server;
    answer.noResponse[i] += noResponse;
    answer.disconnected[i] += found.disconnected ?? 0;
    const counts = { ok, client, server: server + noResponse };
    const { slow = 0, slowMs = 10_000, durationMs = 10 } = found;
    for (const outcome of ['ok', 'client', 'server'] as const) {
      answer.durations[outcome][i] += counts[outcome];
      for (const edge of answer.within) {
        const upTo = (limit: number) =>
          counts[outcome] *
          ((durationMs <= limit ? 1 - slow : 0) + (slowMs <= limit ? slow : 0));
        edge.low[outcome][i] += upTo(edge.lowMs);
        edge.high[outcome][i] += upTo(edge.highMs);
      }
    }
  }
}
