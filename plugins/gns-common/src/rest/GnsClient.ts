import type { z } from 'zod';
import {
  consequencesSchema,
  type ClusterAction,
} from '../changes/consequences';
import { matchesSchema, type matchesRequestSchema } from '../changes/matches';
import { connectionSchema } from '../connecting/schemas';
import { diagnosisSchema } from '../diagnosis/schemas';
import { AuthorityClient } from '../authority/AuthorityClient';
import { RolloutsClient } from '../rollouts/RolloutsClient';
import {
  queryOf,
  RestTransport,
  type DiscoveryLike,
  type FetchLike,
} from './RestTransport';
import { SloClient } from '../slo/SloClient';
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
  readonly #rest: RestTransport;
  /** Certificate authorities of global namespaces. */
  readonly authority: AuthorityClient;
  /** Rollouts: a change on its way to the clusters. */
  readonly rollouts: RolloutsClient;
  /** Objectives with compliance. */
  readonly slo: SloClient;
  /** Traffic: who calls whom, and how well. */
  readonly telemetry: TelemetryClient;

  constructor(options: { discoveryApi: DiscoveryLike; fetchApi: FetchLike }) {
    this.#rest = new RestTransport(options);
    this.authority = new AuthorityClient(this.#rest);
    this.rollouts = new RolloutsClient(this.#rest);
    this.slo = new SloClient(this.#rest);
    this.telemetry = new TelemetryClient(this.#rest);
  }

  listGlobalNamespaces(signal?: AbortSignal) {
    return this.#rest.read(
      s.gnsSummaryListSchema,
      '/global-namespaces',
      signal,
    );
  }
  getGlobalNamespace(name: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.gnsStatusSchema,
      `/global-namespaces/${encodeURIComponent(name)}`,
      signal,
    );
  }
  getTopology(name: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.topologySchema,
      `/global-namespaces/${encodeURIComponent(name)}/topology`,
      signal,
    );
  }
  listServices(
    options: { gns?: string; cursor?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      serviceIndexSchema,
      `/services${queryOf(options)}`,
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
    return this.#rest.read(s.clusterListSchema, '/clusters', signal);
  }
  getCluster(name: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.clusterSchema,
      `/clusters/${encodeURIComponent(name)}`,
      signal,
    );
  }
  listHolds(options: { state?: 'open' | 'all' } = {}, signal?: AbortSignal) {
    return this.#rest.read(
      s.holdListSchema,
      `/holds?state=${options.state ?? 'open'}`,
      signal,
    );
  }
  getHub(signal?: AbortSignal) {
    return this.#rest.read(s.hubStatusSchema, '/hub', signal);
  }
  listDefinitions(
    options: { kind?: string; gns?: string; cursor?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      s.definitionListSchema,
      `/definitions${queryOf(options)}`,
      signal,
    );
  }
  getDefinition(
    ref: { kind: string; gns?: string; name: string },
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      s.storedDefinitionSchema,
      definitionPath(ref),
      signal,
    );
  }
  listRevisions(
    ref: { kind: string; gns?: string; name: string },
    signal?: AbortSignal,
    options: { cursor?: string } = {},
  ) {
    const query = options.cursor
      ? `?${new URLSearchParams({ cursor: options.cursor })}`
      : '';
    return this.#rest.read(
      s.revisionListSchema,
      `${definitionPath(ref)}/revisions${query}`,
      signal,
    );
  }
  plan(
    request: z.input<typeof planRequestSchema>,
    signal?: AbortSignal,
  ): Promise<Plan> {
    return this.#rest.post(s.planSchema, '/plan', request, signal);
  }
  async putDefinition(
    definition: { kind: string; metadata: { name: string; gns?: string } },
    options: WriteOptions,
  ): Promise<WriteResult> {
    const response = await this.#rest.send(
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
    const response = await this.#rest.send('DELETE', definitionPath(ref), {
      headers: writeHeaders(options),
    });
    return s.writeResultSchema.parse(await response.json());
  }
  async createCluster(
    request: z.input<typeof createClusterRequestSchema>,
  ): Promise<JoinToken> {
    return s.joinTokenSchema.parse(
      await (
        await this.#rest.send('POST', '/clusters', { body: request })
      ).json(),
    );
  }
  async renewToken(
    cluster: string,
    options: { prometheusUrl?: string; restartWorkloads?: boolean } = {},
  ): Promise<JoinToken> {
    return s.joinTokenSchema.parse(
      await (
        await this.#rest.send(
          'POST',
          `/clusters/${encodeURIComponent(cluster)}/token${queryOf(options)}`,
        )
      ).json(),
    );
  }
  /** `plan`: hash of the consequences that were confirmed. */
  async deleteCluster(
    name: string,
    options: { force?: boolean; plan?: string } = {},
  ): Promise<void> {
    await this.#rest.send(
      'DELETE',
      `/clusters/${encodeURIComponent(name)}${
        options.force ? '?force=true' : ''
      }`,
      { headers: planHeader(options.plan) },
    );
  }
  /** Takes the cluster out of what other clusters call, or puts it back. */
  async setDrained(
    cluster: string,
    drained: boolean,
    options: { plan?: string } = {},
  ): Promise<void> {
    await this.#rest.send(
      'POST',
      `/clusters/${encodeURIComponent(cluster)}/${
        drained ? 'drain' : 'undrain'
      }`,
      { headers: planHeader(options.plan) },
    );
  }
  /** What an action on a cluster would cost. */
  getConsequences(
    cluster: string,
    action: ClusterAction,
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      consequencesSchema,
      `/clusters/${encodeURIComponent(cluster)}/consequences${queryOf({
        action,
      })}`,
      signal,
    );
  }
  /** How far a cluster is connected, what was checked, and why it is stuck. */
  getConnection(cluster: string, signal?: AbortSignal) {
    return this.#rest.read(
      connectionSchema,
      `/clusters/${encodeURIComponent(cluster)}/connection`,
      signal,
    );
  }
  /**
   * Why a call fails. `from` and `to`: `<cluster>/<namespace>[/<workload>]`,
   * `<gns>/<service>` for a host, or the reference of a catalog entity.
   */
  diagnose(
    question: { from: string; to: string; port?: number },
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      diagnosisSchema,
      `/diagnose${queryOf(question)}`,
      signal,
    );
  }
  /** What the members of a draft choose. */
  matches(request: z.input<typeof matchesRequestSchema>, signal?: AbortSignal) {
    return this.#rest.post(matchesSchema, '/matches', request, signal);
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
    await this.#rest.send('POST', `${path}/${paused ? 'pause' : 'resume'}`);
  }
  async decideHold(
    id: string,
    decision: 'release' | 'refuse',
    reason = '',
  ): Promise<Hold> {
    return s.holdSchema.parse(
      await (
        await this.#rest.send(
          'POST',
          `/holds/${encodeURIComponent(id)}/${decision}`,
          { body: { reason } },
        )
      ).json(),
    );
  }
  /** One decision on several; one that fails stops no other. */
  decideHolds(ids: string[], decision: 'release' | 'refuse', reason = '') {
    return this.#rest.post(s.holdsDecidedSchema, '/holds/decide', {
      ids,
      decision,
      reason,
    });
  }
}

function planHeader(plan: string | undefined): Record<string, string> {
  return plan ? { 'gns-plan': plan } : {};
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
    ...planHeader(options.plan),
    // Header values are Latin-1; the message is any language.
    ...(options.message
      ? { 'gns-message': encodeURIComponent(options.message) }
      : {}),
  };
}
