import { createHash } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  packEdges,
  TRAFFIC_PROTOCOLS,
  TRAFFIC_VIEWS,
  type TelemetryCoverage,
  type Topology,
  type Traffic,
  type TrafficLevel,
} from '@isthmus/plugin-gns-common';
import type { Directory } from '../Directory';
import { EdgeResolver } from '../ingest/resolveEdges';
import { Interner } from '../merge/Interner';
import type { Retention } from '../retention';
import type { SeenEdge } from '../rollup/seenEdges';
import type { DirectorySource } from '../store/DirectorySource';
import { settledEnd } from '../store/newestSettled';
import { floorTo, isoOf, MINUTE, QUARTER, toSeconds } from '../time';
import { PartyResolver, type Party } from './parties';
import type { IdleEdge, KnownWorkload } from './picture';
import type { NodeContext } from './nodes';
import { coverageOf, readSourceStates, type SourceState } from './readCoverage';
import { MadeOnce } from './Recent';
import { trafficOf } from './trafficOf';
import { TrafficStore } from './TrafficStore';
import { KnownTimes, type StoredSlice, type Stretch } from './window';
import { windowOf } from './windowEnd';
import { WindowFold, type WindowEdge } from './WindowFold';

/** What the picture draws beside traffic, as the hub last composed it. */
export interface Scenery {
  readonly topology: Topology;
  readonly workloads: readonly KnownWorkload[];
  readonly context: NodeContext;
}

/** How the hub tells what it composed. */
export interface SceneryReader {
  /** Changes whenever {@link SceneryReader.read} would answer something else. */
  version(): Promise<string>;
  /** Undefined: the global namespace was never composed. */
  read(gns: string): Promise<Scenery | undefined>;
  /** Ids of simulated clusters. */
  simulated(): Promise<ReadonlySet<string>>;
}

export interface TrafficRequest {
  readonly at?: string;
  /** Seconds. */
  readonly window: number;
  readonly level: TrafficLevel;
  readonly service?: string;
  readonly limit: number;
  readonly buckets: boolean;
}

/** A window with all that is known of it. */
export interface LoadedWindow {
  readonly window: Stretch & { readonly live: boolean };
  readonly directory: Directory;
  readonly slices: readonly StoredSlice[];
  readonly known: KnownTimes;
  readonly coverage: TelemetryCoverage[];
  readonly edges: readonly WindowEdge[];
  /** Changes whenever `edges` would be others. */
  readonly version: string;
}

/** Pictures that are remembered: those that open pages look at. */
const PICTURES = 40;
const WINDOWS = 12;

function digestOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** Who calls whom in a global namespace, from the store. */
export class TrafficView {
  readonly #knex: Knex;
  readonly #directory: DirectorySource;
  readonly #scenery: SceneryReader;
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly store: TrafficStore;
  readonly #windows = new MadeOnce<readonly WindowEdge[]>(WINDOWS);
  readonly #pictures = new MadeOnce<Traffic>(PICTURES);

  constructor(options: {
    knex: Knex;
    directory: DirectorySource;
    scenery: SceneryReader;
    retention: Retention;
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#directory = options.directory;
    this.#scenery = options.scenery;
    this.#retention = options.retention;
    this.#now = options.now;
    this.store = new TrafficStore(options.knex);
  }

  get now(): number {
    return toSeconds(this.#now());
  }

  /** End of what the member clusters have delivered, Unix seconds. */
  #settled(
    directory: Directory,
    gns: string,
    states: ReadonlyMap<string, SourceState>,
  ): number {
    const ends = [...directory.membersOf(gns).keys()].flatMap(id => {
      const end = states.get(id)?.dataAt;
      return end !== undefined && end > this.now - 3600 ? [end] : [];
    });
    return settledEnd(ends, floorTo(this.now - 2 * MINUTE, MINUTE));
  }

  /** Reads a window; without its edges where only its frame is wanted. @throws InputError when `at` is not kept */
  async window(
    gns: string,
    request: { at?: string; window: number },
    options: { edges: boolean } = { edges: true },
  ): Promise<LoadedWindow> {
    const directory = await this.#directory.load(this.#knex);
    const states = await readSourceStates(this.#knex, this.now);
    const window = windowOf(
      { at: request.at, seconds: request.window },
      {
        settled: this.#settled(directory, gns, states),
        now: this.#now(),
        retention: this.#retention,
      },
    );
    const slices = await this.store.choose(gns, window);
    const known = new KnownTimes(slices);
    const version = digestOf(
      gns,
      window,
      directory.version,
      slices.map(s => s.version),
    );
    const fold = async () => {
      const made = new WindowFold({ gns, directory, known });
      made.add(await this.store.load(gns, slices));
      return made.edges();
    };
    const edges = options.edges ? await this.#windows.of(version, fold) : [];
    const coverage = coverageOf({
      gns,
      directory,
      simulated: await this.#scenery.simulated(),
      states,
      slices,
      window,
      live: window.live,
      now: this.now,
    });
    return { window, directory, slices, known, coverage, edges, version };
  }

  /** @throws NotFoundError when it was never composed, InputError when `at` is not kept */
  async traffic(gns: string, request: TrafficRequest): Promise<Traffic> {
    const loaded = await this.window(gns, request);
    const seen = await this.store.seen(gns);
    const key = digestOf(
      loaded.version,
      loaded.coverage,
      seen.version,
      await this.#scenery.version(),
      { ...request, at: undefined },
    );
    return this.#pictures.of(key, async () => {
      const scenery = await this.scenery(gns);
      const { window, directory, slices } = loaded;
      return trafficOf({
        gns,
        level: request.level,
        from: isoOf(window.from),
        to: isoOf(window.to),
        windowSeconds: window.to - window.from,
        stepSeconds: slices.some(s => s.step === MINUTE) ? MINUTE : QUARTER,
        live: window.live,
        edges: loaded.edges,
        idle: idleEdges(gns, loaded, seen.byCluster),
        ...scenery,
        coverage: loaded.coverage,
        gnsOf: (cluster, namespace) => {
          const id = directory.clusterNamed(cluster);
          return id === undefined ? undefined : directory.gnsOf(id, namespace);
        },
        ...(request.service === undefined ? {} : { service: request.service }),
        limit: request.limit,
        buckets: request.buckets,
        generatedAt: new Date(this.#now()).toISOString(),
      });
    });
  }

  /** @throws NotFoundError when it was never composed */
  async scenery(gns: string): Promise<Scenery> {
    const scenery = await this.#scenery.read(gns);
    if (!scenery) {
      throw new NotFoundError(
        `There is no picture of the global namespace "${gns}": it could not be composed`,
      );
    }
    return scenery;
  }
}

/** Edges that had traffic once, as far as they count: calls by the client's word, others by the server's. */
function idleEdges(
  gns: string,
  { directory, known, window }: LoadedWindow,
  seen: ReadonlyMap<string, readonly SeenEdge[]>,
): IdleEdge[] {
  const length = window.to - window.from;
  const found: IdleEdge[] = [];
  for (const [cluster, edges] of seen) {
    const columns = packEdges(
      edges.map(edge => ({
        view: TRAFFIC_VIEWS[edge.view],
        protocol: TRAFFIC_PROTOCOLS[edge.protocol],
        ...(edge.source ? { source: edge.source } : {}),
        ...(edge.destination ? { destination: edge.destination } : {}),
        ...(edge.service ? { service: edge.service } : {}),
      })),
    );
    const resolver = new EdgeResolver(columns, cluster, directory);
    const parties = new Interner<Party>();
    const ends = new PartyResolver(resolver, gns, parties);
    edges.forEach((edge, row) => {
      const source = resolver.source(row);
      const isMember =
        source?.cluster !== undefined &&
        directory.isMember(gns, source.cluster, source.namespace);
      if (!resolver.isClientView(row) && isMember) return;
      found.push({
        source: parties.items[ends.source(row)],
        target: parties.items[ends.target(row)],
        protocol: edge.protocol,
        lastSeenAt: isoOf(edge.at),
        known: known.seconds(cluster) / length,
      });
    });
  }
  return found;
}
