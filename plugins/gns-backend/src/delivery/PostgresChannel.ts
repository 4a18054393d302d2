import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { Client } from 'pg';

const CHANNEL = 'gns_wake';
/** PostgreSQL takes 8,000 bytes; a longer list means "all". */
const MAX_PAYLOAD = 7_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/**
 * Announces changes among hub replicas by LISTEN and NOTIFY, on a connection of
 * its own that is opened again whenever it breaks.
 */
export class PostgresChannel {
  readonly #options: {
    knex: Knex;
    hubId: string;
    logger: LoggerService;
    onWake: (clusterIds: ReadonlySet<string> | undefined) => void;
  };
  #client: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #failures = 0;

  constructor(options: {
    knex: Knex;
    hubId: string;
    logger: LoggerService;
    /** Ids of clusters with news; undefined: any. */
    onWake: (clusterIds: ReadonlySet<string> | undefined) => void;
  }) {
    this.#options = options;
  }

  /** Sends in the caller's transaction: listeners hear of it when it commits. */
  static async announce(
    trx: Knex,
    hubId: string,
    clusterIds: readonly string[],
  ): Promise<void> {
    const all = JSON.stringify({ hubId, clusters: clusterIds });
    await trx.raw('select pg_notify(?, ?)', [
      CHANNEL,
      all.length <= MAX_PAYLOAD ? all : JSON.stringify({ hubId }),
    ]);
  }

  /** Begins to listen. Never rejects: while it cannot, polling is the fallback. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    // Knex resolves settings that are given by a function into this.
    const client = new Client(this.#options.knex.client.connectionSettings);
    let lost = false;
    const reconnect = (error?: Error) => {
      if (lost) return;
      lost = true;
      client.removeAllListeners('notification');
      // A broken connection may refuse to end; it is given up either way.
      client.end().catch(() => undefined);
      if (this.#stopped) return;
      const wait = Math.min(
        LAST_RETRY_MS,
        FIRST_RETRY_MS * 2 ** this.#failures,
      );
      this.#failures += 1;
      this.#options.logger.warn(
        `The connection that listens for other replicas is lost; trying again in ${wait} ms${
          error ? `: ${error.message}` : ''
        }`,
      );
      this.#retry = setTimeout(() => this.start(), wait);
      this.#retry.unref();
    };
    client.on('error', reconnect);
    client.on('end', () => reconnect());
    client.on('notification', message => this.#hear(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.#client = client;
      this.#failures = 0;
      // Announcements were missed while nobody listened.
      this.#options.onWake(undefined);
    } catch (error) {
      reconnect(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #hear(payload: string): void {
    let hubId: unknown;
    let clusters: unknown;
    try {
      ({ hubId, clusters } = Object(JSON.parse(payload)));
    } catch {
      this.#options.logger.debug('An announcement was no JSON; ignored');
      return;
    }
    if (hubId !== this.#options.hubId) return;
    this.#options.onWake(
      Array.isArray(clusters) ? new Set(clusters.map(String)) : undefined,
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }
}
