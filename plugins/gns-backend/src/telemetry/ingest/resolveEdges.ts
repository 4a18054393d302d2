import {
  TRAFFIC_VIEWS,
  type EdgeService,
  type SliceEdges,
} from '@isthmus/plugin-gns-common';
import type { Directory, ServiceName } from '../Directory';
import { serviceAt, workloadAt } from '../merge/EdgeTable';

/** A workload with our id of its cluster. */
export interface ResolvedWorkload {
  /** Undefined: none of ours. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly app: string | undefined;
}

const CLIENT = TRAFFIC_VIEWS.indexOf('client');

/**
 * Reads the labels of one cluster's rows with the eyes of the directory, each
 * workload and service once. Whatever a row says of the reporting side's
 * cluster, it is the reporter.
 */
export class EdgeResolver {
  readonly #near: (ResolvedWorkload | undefined)[] = [];
  readonly #far: (ResolvedWorkload | undefined)[] = [];
  readonly #services: (EdgeService | undefined)[] = [];
  readonly #called = new Map<string, ServiceName | undefined>();

  constructor(
    readonly edges: SliceEdges,
    readonly reporter: string,
    readonly directory: Directory,
  ) {}

  #workload(i: number, near: boolean): ResolvedWorkload | undefined {
    if (i < 0) return undefined;
    const known = near ? this.#near : this.#far;
    known[i] ??= this.#resolve(i, near);
    return known[i];
  }

  #resolve(i: number, near: boolean): ResolvedWorkload {
    const w = workloadAt(this.edges, i);
    return {
      cluster: near
        ? this.reporter
        : this.directory.peerCluster(w, this.reporter),
      namespace: w.namespace,
      name: w.name,
      version: w.version,
      app: w.app,
    };
  }

  isClientView(row: number): boolean {
    return this.edges.view[row] === CLIENT;
  }

  /** Undefined: a caller without a proxy. */
  source(row: number): ResolvedWorkload | undefined {
    return this.#workload(this.edges.source[row], this.isClientView(row));
  }

  /** Undefined: no server was reached, or one without a proxy. */
  destination(row: number): ResolvedWorkload | undefined {
    return this.#workload(this.edges.destination[row], !this.isClientView(row));
  }

  service(row: number): EdgeService | undefined {
    const i = this.edges.service[row];
    if (i < 0) return undefined;
    this.#services[i] ??= serviceAt(this.edges, i);
    return this.#services[i];
  }

  /** The global service that was called, of whatever global namespace. */
  called(row: number): ServiceName | undefined {
    const { edges } = this;
    const key = `${edges.service[row]} ${
      edges.destination[row]
    } ${this.isClientView(row)}`;
    if (this.#called.has(key)) return this.#called.get(key);
    const server = this.destination(row);
    const called = this.directory.calledService(
      this.service(row),
      server?.cluster === undefined
        ? undefined
        : { ...server, cluster: server.cluster },
      // A server speaks for the services that it has, and for no other.
      { reporter: this.reporter, isServer: !this.isClientView(row) },
    );
    this.#called.set(key, called);
    return called;
  }

  /** The global namespace of the caller. */
  gnsOfSource(row: number): string | undefined {
    const source = this.source(row);
    return source?.cluster === undefined
      ? undefined
      : this.directory.gnsOf(source.cluster, source.namespace);
  }

  /** The global namespace of what was called. */
  gnsOfTarget(row: number): string | undefined {
    const server = this.destination(row);
    if (server?.cluster !== undefined) {
      const byPlace = this.directory.gnsOf(server.cluster, server.namespace);
      if (byPlace !== undefined || !this.isClientView(row)) return byPlace;
    }
    return this.called(row)?.gns;
  }
}
