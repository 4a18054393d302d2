import { NotFoundError } from '@backstage/errors';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ErrorReading, Traffic } from '@isthmus/plugin-gns-common';
import type { IncrementReader } from '../telemetry/increments/types';
import type { TrafficView } from '../telemetry/topology/TrafficView';
import type { CallRate, TrafficReader, TrafficReading } from './TrafficReader';

/** Seconds of traffic that a plan looks at. */
const WINDOW = 300;
/** Less than this share of the window known in one cluster: the whole is not. */
const LEAST_KNOWN = 0.5;
const MINUTE = 60;

/** What the hub's telemetry knows, for plans and rollouts. */
export class TelemetryTraffic implements TrafficReader {
  readonly #view: Pick<TrafficView, 'traffic'>;
  readonly #increments: Pick<IncrementReader, 'read' | 'newest'>;
  readonly #logger: LoggerService;

  constructor(options: {
    view: Pick<TrafficView, 'traffic'>;
    increments: Pick<IncrementReader, 'read' | 'newest'>;
    logger: LoggerService;
  }) {
    this.#view = options.view;
    this.#increments = options.increments;
    this.#logger = options.logger;
  }

  async callsWithin(gns: string): Promise<TrafficReading> {
    try {
      return readingOf(
        await this.#view.traffic(gns, {
          window: WINDOW,
          level: 'workload',
          limit: 20_000,
          buckets: false,
        }),
      );
    } catch (error) {
      // It was never composed: it has no traffic of which anybody could know.
      if (!(error instanceof NotFoundError)) this.#warn(gns, error);
      return { state: 'unknown', why: 'notMeasured' };
    }
  }

  async errorsSince(
    gns: string,
    hosts: readonly string[],
    since: Date,
  ): Promise<ErrorReading> {
    try {
      return await this.#errorsSince(gns, hosts, since);
    } catch (error) {
      this.#warn(gns, error);
      return {
        state: 'unknown',
        reason: 'What was measured could not be read.',
      };
    }
  }

  async #errorsSince(
    gns: string,
    hosts: readonly string[],
    since: Date,
  ): Promise<ErrorReading> {
    const from = Math.ceil(since.getTime() / 1000 / MINUTE) * MINUTE;
    const newest = await this.#increments.newest();
    const to = Math.floor(newest / MINUTE) * MINUTE;
    if (to <= from) {
      return {
        state: 'unknown',
        reason: 'No whole minute was measured since then.',
      };
    }
    const read = await this.#increments.read(
      hosts.map(host => ({
        gns,
        // A host label has no dot.
        service: host.split('.')[0],
        view: 'client',
        latencyEdgesMs: [],
      })),
      { from, to, step: MINUTE },
    );
    const slices = read
      .flatMap(service => service.clusters)
      .flatMap(cluster =>
        [...cluster.knownSeconds].map((seconds, i) => ({
          known: cluster.expected[i] === 0 ? 0 : seconds,
          calls: cluster.total[i],
          errors: cluster.serverErrors[i] + cluster.noResponse[i],
        })),
      )
      .filter(slice => slice.known > 0);
    return slices.length > 0
      ? {
          state: 'known',
          calls: slices.reduce((sum, slice) => sum + slice.calls, 0),
          errors: slices.reduce((sum, slice) => sum + slice.errors, 0),
          dataAt: new Date(to * 1000).toISOString(),
        }
      : {
          state: 'unknown',
          reason: 'No cluster has measured these services since then.',
        };
  }

  #warn(gns: string, error: unknown): void {
    this.#logger.warn(
      `The traffic of ${gns} could not be read; it counts as unknown`,
      error instanceof Error ? error : { error: String(error) },
    );
  }
}

/** Pure. */
export function readingOf(traffic: Traffic): TrafficReading {
  const { coverage, nodes, edges } = traffic;
  if (coverage.every(c => c.dataAt === undefined)) {
    return { state: 'unknown', why: 'notMeasured' };
  }
  if (coverage.every(c => c.known < LEAST_KNOWN)) {
    return { state: 'unknown', why: 'stale' };
  }
  if (coverage.some(c => c.known < LEAST_KNOWN)) {
    return { state: 'unknown', why: 'partial' };
  }
  const nodeOf = new Map(nodes.map(n => [n.id, n]));
  const hostOf = new Map(
    nodes.flatMap(n =>
      n.service !== undefined && n.host !== undefined
        ? [[n.service, n.host] as const]
        : [],
    ),
  );
  const calls = edges.flatMap((edge): CallRate[] => {
    const host = edge.service && hostOf.get(edge.service);
    const { cluster, namespace } = nodeOf.get(edge.source) ?? {};
    const { requests } = edge.figures;
    if (!host || !cluster || !namespace || !requests) return [];
    return [{ host, cluster, namespace, callsPerSecond: requests }];
  });
  const dataAt = coverage.flatMap(c => c.dataAt ?? []).sort()[0];
  return { state: 'known', calls, dataAt };
}
