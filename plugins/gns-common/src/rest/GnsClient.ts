import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import { TelemetryClient } from '../telemetry/TelemetryClient';
import * as s from './schemas';
import { serviceIndexSchema, type IndexedService } from './serviceIndex';
import type {
  Hold,
  JoinToken,
  Plan,
  WriteResult,
  createClusterRequestSchema,
  planRequestSchema,
} from './schemas';

/** What the client needs of a fetch: the portal's, a plugin's, or Node's own. */
export interface FetchLike {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}
export interface DiscoveryLike {
  getBaseUrl(pluginId: string): Promise<string>;
}

/** How a write is guarded and explained. */
export interface WriteOptions {
  /** The generation that was read; absent: create only. */
  ifMatch?: number;
  /** Hash of the confirmed plan. */
  plan?: string;
  /** Why, for the history. */
  message?: string;
}

/**
 * Client of the REST API, for pages, templates and other plugins.
 * @throws ResponseError for every answer that is not 2xx.
 */
export class GnsClient {
  readonly #discovery: DiscoveryLike;
  readonly #fetch: FetchLike;
  /** Traffic: who calls whom, and how well. */
  readonly telemetry = new TelemetryClient((schema, path, signal) =>
    this.#read(schema, path, signal),
  );

  constructor(options: { discoveryApi: DiscoveryLike; fetchApi: FetchLike }) {
    this.#discovery = options.discoveryApi;
    this.#fetch = options.fetchApi;
  }

  async #send(
    method: string,
    path: string,
    init: {
      body?: unknown;
      headers?: Record<string, string>;
      signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    const base = await this.#discovery.getBaseUrl('gns');
    const response = await this.#fetch.fetch(`${base}${s.REST_PATH}${path}`, {
      method,
      signal: init.signal,
      headers: {
        accept: 'application/json',
        ...(init.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      body: init.body === undefined ? undefined : JSON.stringify(init.body),
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }

  async #read<T extends z.ZodType>(
    schema: T,
    path: string,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    return schema.parse(
      await (await this.#send('GET', path, { signal })).json(),
    );
  }

  listGlobalNamespaces(signal?: AbortSignal) {
    return this.#read(s.gnsSummaryListSchema, '/global-namespaces', signal);
  }
  getGlobalNamespace(name: string, signal?: AbortSignal) {
    return this.#read(
      s.gnsStatusSchema,
      `/global-namespaces/${encodeURIComponent(name)}`,
      signal,
    );
  }
  getTopology(name: string, signal?: AbortSignal) {
    return this.#read(
      s.topologySchema,
      `/global-namespaces/${encodeURIComponent(name)}/topology`,
      signal,
    );
  }
  listServices(
    options: { gns?: string; cursor?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#read(
      serviceIndexSchema,
      `/services?${queryOf(options)}`,
      signal,
    );
  }
  /** All pages of {@link GnsClient.listServices}. */
  async allServices(signal?: AbortSignal): Promise<IndexedService[]> {
    const items: IndexedService[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.listServices({ cursor }, signal);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return items;
  }
  listClusters(signal?: AbortSignal) {
    return this.#read(s.clusterListSchema, '/clusters', signal);
  }
  getCluster(name: string, signal?: AbortSignal) {
    return this.#read(
      s.clusterSchema,
      `/clusters/${encodeURIComponent(name)}`,
      signal,
    );
  }
  listHolds(options: { state?: 'open' | 'all' } = {}, signal?: AbortSignal) {
    return this.#read(
      s.holdListSchema,
      `/holds?state=${options.state ?? 'open'}`,
      signal,
    );
  }
  getHub(signal?: AbortSignal) {
    return this.#read(s.hubStatusSchema, '/hub', signal);
  }
  listDefinitions(
    options: { kind?: string; gns?: string; cursor?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#read(
      s.definitionListSchema,
      `/definitions?${queryOf(options)}`,
      signal,
    );
  }
  getDefinition(
    ref: { kind: string; gns?: string; name: string },
    signal?: AbortSignal,
  ) {
    return this.#read(s.storedDefinitionSchema, definitionPath(ref), signal);
  }
  listRevisions(
    ref: { kind: string; gns?: string; name: string },
    signal?: AbortSignal,
    options: { cursor?: string } = {},
  ) {
    const query = options.cursor
      ? `?${new URLSearchParams({ cursor: options.cursor })}`
      : '';
    return this.#read(
      s.revisionListSchema,
      `${definitionPath(ref)}/revisions${query}`,
      signal,
    );
  }
  async plan(request: z.input<typeof planRequestSchema>): Promise<Plan> {
    return s.planSchema.parse(
      await (await this.#send('POST', '/plan', { body: request })).json(),
    );
  }
  async putDefinition(
    definition: { kind: string; metadata: { name: string; gns?: string } },
    options: WriteOptions,
  ): Promise<WriteResult> {
    const response = await this.#send(
      'PUT',
      definitionPath({ kind: definition.kind, ...definition.metadata }),
      {
        body: definition,
        headers: writeHeaders(options),
      },
    );
    return s.writeResultSchema.parse(await response.json());
  }
  async deleteDefinition(
    ref: { kind: string; gns?: string; name: string },
    options: WriteOptions & { ifMatch: number },
  ): Promise<WriteResult> {
    const response = await this.#send('DELETE', definitionPath(ref), {
      headers: writeHeaders(options),
    });
    return s.writeResultSchema.parse(await response.json());
  }
  async createCluster(
    request: z.input<typeof createClusterRequestSchema>,
  ): Promise<JoinToken> {
    return s.joinTokenSchema.parse(
      await (await this.#send('POST', '/clusters', { body: request })).json(),
    );
  }
  async renewToken(cluster: string): Promise<JoinToken> {
    return s.joinTokenSchema.parse(
      await (
        await this.#send(
          'POST',
          `/clusters/${encodeURIComponent(cluster)}/token`,
        )
      ).json(),
    );
  }
  async deleteCluster(
    name: string,
    options: { force?: boolean } = {},
  ): Promise<void> {
    await this.#send(
      'DELETE',
      `/clusters/${encodeURIComponent(name)}${
        options.force ? '?force=true' : ''
      }`,
    );
  }
  /** Pauses or resumes a cluster or a global namespace. */
  async setPaused(
    subject: { cluster: string } | { gns: string },
    paused: boolean,
  ): Promise<void> {
    const path =
      'cluster' in subject
        ? `/clusters/${encodeURIComponent(subject.cluster)}`
        : `/global-namespaces/${encodeURIComponent(subject.gns)}`;
    await this.#send('POST', `${path}/${paused ? 'pause' : 'resume'}`);
  }
  async decideHold(
    id: string,
    decision: 'release' | 'refuse',
    reason = '',
  ): Promise<Hold> {
    return s.holdSchema.parse(
      await (
        await this.#send(
          'POST',
          `/holds/${encodeURIComponent(id)}/${decision}`,
          { body: { reason } },
        )
      ).json(),
    );
  }
}

function queryOf(options: Record<string, string | undefined>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(options).filter(
      (e): e is [string, string] => e[1] !== undefined,
    ),
  );
}

function definitionPath(ref: {
  kind: string;
  gns?: string;
  name: string;
}): string {
  return ['/definitions', ref.kind, ...(ref.gns ? [ref.gns] : []), ref.name]
    .map((part, i) => (i === 0 ? part : encodeURIComponent(part)))
    .join('/');
}

function writeHeaders(options: WriteOptions): Record<string, string> {
  return {
    ...(options.ifMatch === undefined
      ? { 'if-none-match': '*' }
      : { 'if-match': `"${options.ifMatch}"` }),
    ...(options.plan ? { 'gns-plan': options.plan } : {}),
    // Header values are Latin-1; the message is any language.
    ...(options.message
      ? { 'gns-message': encodeURIComponent(options.message) }
      : {}),
  };
}
