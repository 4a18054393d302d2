import type { SliceEdges } from '@isthmus/plugin-gns-common';
import type { Directory } from '../Directory';
import { EdgeResolver } from '../ingest/resolveEdges';
import { ClientEvidence, isCounted } from '../merge/countOnce';
import { addRows, COUNT, EdgeSums } from '../merge/EdgeSums';
import { Interner } from '../merge/Interner';
import { PartyResolver, type Party } from './parties';
import type { KnownTimes, StoredSlice } from './window';

/** A slice with its edges; undefined: it has none. */
export interface LoadedSlice extends StoredSlice {
  readonly edges: SliceEdges | undefined;
}

/** Whose word a count is. */
export type Reporter = 'client' | 'server' | 'serverFallback';

/** Calls between two parties over a window, each counted once. */
export interface WindowEdge {
  readonly source: Party;
  readonly target: Party;
  /** Number of `TRAFFIC_PROTOCOLS`. */
  readonly protocol: number;
  /** The calls, each once. */
  readonly counted: EdgeSums;
  /** What the receiving side saw of them: only it can tell mutual TLS. */
  readonly received: EdgeSums;
  readonly reporters: Set<Reporter>;
  /** Seconds that `counted` is over. */
  seconds: number;
}

/**
 * Merges the slices of all clusters into edges between parties. A call is
 * counted once ({@link isCounted}); counts add, and nothing else does.
 */
export class WindowFold {
  readonly #gns: string;
  readonly #directory: Directory;
  readonly #known: KnownTimes;
  readonly #parties = new Interner<Party>();
  readonly #edges = new Map<number, Map<number, WindowEdge>>();
  readonly #evidence = new ClientEvidence();
  /** Seconds in which a silent cluster's calls were told by the servers of another: `<caller> <server>`. */
  readonly #fallbackSeconds = new Map<string, Map<number, number>>();
  readonly #wanted: (edge: Pick<WindowEdge, 'source' | 'target'>) => boolean;

  constructor(options: {
    gns: string;
    directory: Directory;
    known: KnownTimes;
    /** Edges to keep; absent: all. */
    wanted?: (edge: Pick<WindowEdge, 'source' | 'target'>) => boolean;
  }) {
    this.#gns = options.gns;
    this.#directory = options.directory;
    this.#known = options.known;
    this.#wanted = options.wanted ?? (() => true);
  }

  /** Adds slices; all that belong together at once, because clients are believed before servers. */
  add(slices: readonly LoadedSlice[]): void {
    const resolvers = slices.flatMap(slice =>
      slice.edges
        ? [
            {
              slice,
              resolver: new EdgeResolver(
                slice.edges,
                slice.cluster,
                this.#directory,
              ),
            },
          ]
        : [],
    );
    for (const { resolver } of resolvers) this.#evidence.gather(resolver);
    for (const { slice, resolver } of resolvers)
      this.#addSlice(slice, resolver);
  }

  #addSlice(slice: LoadedSlice, resolver: EdgeResolver): void {
    const { edges } = resolver;
    const parties = new PartyResolver(resolver, this.#gns, this.#parties);
    const stretch = { from: slice.start, to: slice.start + slice.seconds };
    const knownOf = new Map<string, boolean>();
    const clientKnown = (cluster: string, namespace: string) => {
      const key = `${cluster}/${namespace}`;
      let known = knownOf.get(key);
      if (known === undefined) {
        known = this.#known.isKnown(cluster, namespace, stretch);
        knownOf.set(key, known);
      }
      return known;
    };
    const counting = {
      gns: this.#gns,
      evidence: this.#evidence,
      clientKnown,
    };
    const counted: (EdgeSums | undefined)[] = [];
    const received: (EdgeSums | undefined)[] = [];
    for (let row = 0; row < edges.view.length; row += 1) {
      const edge = this.#edgeOf(
        parties.source(row),
        parties.target(row),
        edges.protocol[row],
      );
      if (!edge) continue;
      const isClient = resolver.isClientView(row);
      if (!isClient) received[row] = edge.received;
      if (!isCounted(resolver, row, counting)) continue;
      counted[row] = edge.counted;
      const reporter = this.#reporterOf(resolver, row);
      edge.reporters.add(reporter);
      if (reporter === 'serverFallback') {
        this.#noteFallback(
          `${resolver.source(row)!.cluster} ${slice.cluster}`,
          slice,
        );
      }
    }
    addRows(edges, counted);
    addRows(edges, received);
  }

  #reporterOf(resolver: EdgeResolver, row: number): Reporter {
    if (resolver.isClientView(row)) return 'client';
    const source = resolver.source(row);
    return source?.cluster !== undefined &&
      this.#directory.isMember(this.#gns, source.cluster, source.namespace) &&
      source.cluster !== resolver.reporter
      ? 'serverFallback'
      : 'server';
  }

  #noteFallback(pair: string, slice: LoadedSlice): void {
    const slices = this.#fallbackSeconds.get(pair) ?? new Map<number, number>();
    slices.set(slice.start, slice.known);
    this.#fallbackSeconds.set(pair, slices);
  }

  #edgeOf(from: number, to: number, protocol: number): WindowEdge | undefined {
    const first = from * 4 + protocol;
    let edges = this.#edges.get(first);
    if (!edges) {
      edges = new Map();
      this.#edges.set(first, edges);
    }
    let edge = edges.get(to);
    if (!edge) {
      const source = this.#parties.items[from];
      const target = this.#parties.items[to];
      if (!this.#wanted({ source, target })) return undefined;
      edge = {
        source,
        target,
        protocol,
        counted: new EdgeSums(),
        received: new EdgeSums(),
        reporters: new Set(),
        seconds: 0,
      };
      edges.set(to, edge);
    }
    return edge;
  }

  /** The edges that had traffic, with the time that their counts are over. */
  edges(): WindowEdge[] {
    const found: WindowEdge[] = [];
    for (const edges of this.#edges.values()) {
      for (const edge of edges.values()) {
        if (!edge.counted.busy) continue;
        edge.seconds = this.#secondsOf(edge);
        found.push(edge);
      }
    }
    return found;
  }

  /** Seconds in which whoever counted an edge was known. */
  #secondsOf({ source, target, reporters }: WindowEdge): number {
    const own = source.cluster;
    const told = target.cluster;
    let seconds = 0;
    if (reporters.has('client') && own !== undefined) {
      seconds += this.#known.seconds(own, source.namespace);
    } else if (reporters.has('server') && told !== undefined) {
      seconds += this.#known.seconds(told);
    }
    if (reporters.has('serverFallback')) {
      const slices = this.#fallbackSeconds.get(`${own} ${told}`);
      for (const known of slices?.values() ?? []) seconds += known;
      // The caller's cluster may be known at other times, in which it called nobody.
      if (!reporters.has('client') && own !== undefined) {
        seconds += this.#known.seconds(own, source.namespace);
      }
    }
    return seconds;
  }
}

/** Share of calls that came over mutual TLS, as the receiving side saw it; null: it saw none. */
export function mtlsShareOf(received: EdgeSums): number | null {
  const mtls = received.counts[COUNT.mtls];
  const all = mtls + received.counts[COUNT.plaintext];
  return all > 0 ? mtls / all : null;
}
