import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  CollectingSettings,
  KubeConnection,
  Intervals,
  Logger,
} from '@isthmus/controller';
import type { Audit } from '../members/enrolment';
import { HubForObserver, type HubForObserverOptions } from './HubForObserver';
import { holdLease, registerObserved, releaseLease } from './observedRows';
import type { ObservedCluster, ObservedConfig } from './readObservedConfig';
import { checkResolved } from './targets';

type ControllerLibrary = typeof import('@isthmus/controller');

export interface ObservedClustersOptions extends HubForObserverOptions {
  readonly config: ObservedConfig;
  readonly audit: Audit;
  readonly logger: LoggerService;
  /** A cluster is known that was not before. */
  readonly onClustersChanged: () => void;
  /** For tests: shorter intervals of what observes. */
  readonly intervals?: Partial<Intervals>;
  /** For tests, which cannot import it when it is needed. */
  readonly load?: () => Promise<ControllerLibrary>;
  /** For tests; milliseconds. */
  readonly leaseMs?: number;
}

const LEASE_MS = 30_000;
/** Wait before a cluster that could not be observed is tried again, milliseconds. */
const RETRY_MS = 10_000;

/**
 * Runs the reading half of the controller for clusters of app-config, each on
 * one replica at a time. Trouble of one cluster stays its own.
 */
export class ObservedClusters {
  readonly #options: ObservedClustersOptions;
  readonly #load: () => Promise<ControllerLibrary>;
  readonly #holder = randomUUID();
  readonly #end = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ObservedClustersOptions) {
    this.#options = options;
    this.#load = options.load ?? (() => import('@isthmus/controller'));
  }

  start(): void {
    const { config, logger } = this.#options;
    for (const problem of config.problems) {
      logger.error(`A cluster is not observed: ${problem}`);
    }
    this.#running = Promise.all(config.clusters.map(c => this.#keep(c)));
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #keep(cluster: ObservedCluster): Promise<void> {
    const { signal } = this.#end;
    const { knex, audit, now, logger, onClustersChanged } = this.#options;
    const { leaseMs = LEASE_MS } = this.#options;
    let told = '';
    while (!signal.aborted) {
      try {
        const { id, isNew } = await registerObserved(knex, cluster, {
          audit,
          now: now(),
        });
        if (isNew) onClustersChanged();
        while (!signal.aborted && !(await this.#hold(id))) {
          await sleep(leaseMs / 3, signal);
        }
        if (signal.aborted) return;
        await this.#observe(cluster, id);
        told = '';
      } catch (error) {
        if (signal.aborted) return;
        if (String(error) !== told) {
          told = String(error);
          logger.error(
            `The cluster ${cluster.name} is not observed, and is tried again: ${error}`,
          );
        }
      }
      await sleep(Math.min(RETRY_MS, leaseMs), signal);
    }
  }

  #hold(id: string): Promise<boolean> {
    const { knex, leaseMs = LEASE_MS } = this.#options;
    // The machine's clock: leases are of now, whatever time a test plays.
    const now = Date.now();
    return holdLease(knex, id, {
      holder: this.#holder,
      now,
      until: now + leaseMs,
    });
  }

  /** Observes until the lease is lost, or the hub stops. */
  async #observe(cluster: ObservedCluster, id: string): Promise<void> {
    const { knex, logger, intervals, leaseMs = LEASE_MS } = this.#options;
    // Loaded where it is needed: it brings much that a hub without such clusters has no use for.
    const library = await this.#load();
    const { HttpKubeApi, HttpPrometheus, Observer } = library;
    await checkResolved(
      new URL(cluster.kubernetes.url),
      `The API server of ${cluster.name}`,
    );
    for (const url of cluster.prometheus?.urls ?? []) {
      await checkResolved(new URL(url), `The Prometheus of ${cluster.name}`);
    }
    const kube = HttpKubeApi.create(await connectionOf(cluster, library));
    const collecting = collectingOf(cluster, connection =>
      HttpPrometheus.create(connection),
    );
    const turn = new AbortController();
    const either = AbortSignal.any([this.#end.signal, turn.signal]);
    const keeping = this.#keepLease(id, either, leaseMs).finally(() =>
      turn.abort(),
    );
    try {
      await Observer.create({
        kube,
        collecting,
        hub: new HubForObserver(this.#options, { id, name: cluster.name }),
        istioNamespace: cluster.istioNamespace,
        logger: loggerOf(logger, cluster.name),
        intervals,
      }).run(either);
    } finally {
      turn.abort();
      await keeping;
      await kube.close();
      await Promise.all(collecting?.prometheus.map(p => p.close()) ?? []);
      await releaseLease(knex, id, this.#holder);
    }
  }

  async #keepLease(
    id: string,
    signal: AbortSignal,
    leaseMs: number,
  ): Promise<void> {
    let until = Date.now() + leaseMs;
    while (!signal.aborted) {
      await sleep(leaseMs / 3, signal);
      if (signal.aborted) return;
      try {
        if (!(await this.#hold(id))) return;
        until = Date.now() + leaseMs;
      } catch (error) {
        this.#options.logger.warn(
          `The lease of an observed cluster could not be renewed: ${error}`,
        );
        // Another replica may have it by now.
        if (Date.now() > until) return;
      }
    }
  }
}

/** What the library says, said of which cluster. */
function loggerOf(logger: LoggerService, cluster: string): Logger {
  const own = logger.child({ cluster });
  return {
    debug: message => own.debug(message),
    info: message => own.info(message),
    warn: message => own.warn(message),
    error: message => own.error(message),
  };
}

/** Ends early when aborted; never rejects. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>(resolve => {
    const ended = new AbortController();
    const timer = setTimeout(() => {
      ended.abort();
      resolve();
    }, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true, signal: ended.signal },
    );
  });
}

async function connectionOf(
  { name, kubernetes }: ObservedCluster,
  { loadConnection }: ControllerLibrary,
): Promise<KubeConnection> {
  const { url, token, ca, caFile, verify } = kubernetes;
  const own = {
    server: url,
    ...(ca ? { ca } : {}),
    ...(caFile ? { ca: await readFile(caFile, 'utf8') } : {}),
    verify,
  };
  if (token !== undefined) {
    return { ...own, authorization: async () => `Bearer ${token}` };
  }
  try {
    return { ...(await loadConnection()), ...own };
  } catch (error) {
    throw new Error(
      `${name} has no serviceAccountToken in the kubernetes section, and the portal runs in no pod whose account could be used: add one`,
      { cause: error },
    );
  }
}

function collectingOf(
  { prometheus }: ObservedCluster,
  create: (
    connection: import('@isthmus/controller').PrometheusConnection,
  ) => CollectingSettings['prometheus'][number],
): CollectingSettings | undefined {
  if (!prometheus) return undefined;
  const { urls, authentication, headers, tls, match } = prometheus;
  return {
    prometheus: urls.map(url => create({ url, authentication, headers, tls })),
    selection: { match: { ...match } },
    historySeconds: prometheus.historySeconds,
  };
}
