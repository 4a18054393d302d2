import { ResponseError } from '@backstage/errors';
import type {
  Definition,
  GnsStatus,
  Plan,
  StoredDefinition,
  WriteOptions,
  WriteResult,
} from '@isthmus/plugin-gns-common';
import type { Hub } from '../hub/Hub';

const EMPTY_PLAN: Plan = {
  hash: 'plan-1',
  problems: [],
  summary: {
    servicesJoin: ['checkout'],
    servicesLeave: [],
    namespacesJoin: [],
    namespacesLeave: [],
  },
  clusters: [],
  text: '1 service joins',
  totals: {
    servicesJoin: 1,
    servicesLeave: 0,
    callersGain: 0,
    callersLose: 0,
    podsToRestart: 0,
    objectsCreate: 0,
    objectsUpdate: 0,
    objectsDelete: 0,
    crossClusterShare: null,
  },
  statements: [],
  waves: [],
};

/** An answer of the hub that refuses. */
export async function refusal(
  statusCode: number,
  error: Record<string, unknown> = { name: 'Error', message: `${statusCode}` },
): Promise<Error> {
  return ResponseError.fromResponse(
    new Response(JSON.stringify({ error, response: { statusCode } }), {
      status: statusCode,
      headers: { 'content-type': 'application/json' },
    }) as never,
  );
}

/** A status in which nothing is known yet. */
export function emptyStatus(name: string): GnsStatus {
  return {
    name,
    domain: `${name}.gns.internal`,
    generation: 1,
    paused: false,
    health: 'healthy',
    services: 0,
    clusters: [{ cluster: 'eu-1', state: 'ok', simulated: false }],
    conditions: { error: 0, warning: 0, info: 0 },
    holds: 0,
    updatedAt: '2026-11-25T09:00:00.000Z',
    mtls: 'strict',
    authority: { mode: 'mesh', trustDomain: 'mesh' },
    members: [],
    globalServices: [],
    allConditions: [],
    rollout: [],
  };
}

/** A service with one endpoint that all can call. */
export function served(
  status: GnsStatus,
  service: string,
  endpoint: Partial<
    GnsStatus['globalServices'][number]['endpoints'][number]
  > = {},
): GnsStatus {
  return {
    ...status,
    globalServices: [
      {
        name: service,
        host: `${service}.${status.domain}`,
        ports: [],
        endpoints: [
          {
            cluster: 'eu-1',
            namespace: 'shop-api',
            service,
            ready: 2,
            total: 2,
            published: true,
            awaitingApproval: false,
            workloads: [service],
            ...endpoint,
          },
        ],
        callers: [],
        conditions: [],
      },
    ],
  };
}

/** Keeps definitions as the hub does, with generations; everything else is set by the test. */
export class FakeHub implements Hub {
  readonly definitions = new Map<string, StoredDefinition>();
  readonly writes: { definition: unknown; options: WriteOptions }[] = [];
  readonly plans: unknown[] = [];
  plan_: Plan = EMPTY_PLAN;
  /** Called before each write: somebody else may be faster. */
  beforeWrite: () => void | Promise<void> = () => {};
  status: () => GnsStatus = () => emptyStatus('shop');

  store(definition: object): void {
    const found = definition as StoredDefinition['definition'];
    const { name } = found.metadata;
    const before = this.definitions.get(name);
    this.definitions.set(name, {
      generation: (before?.generation ?? 0) + 1,
      createdAt: '2026-11-25T09:00:00.000Z',
      updatedAt: '2026-11-25T09:00:00.000Z',
      updatedBy: 'user:default/ada',
      definition: found,
    });
  }

  async getDefinition(ref: { name: string }): Promise<StoredDefinition> {
    const found = this.definitions.get(ref.name);
    if (!found) throw await refusal(404);
    return found;
  }

  async plan(request: unknown): Promise<Plan> {
    this.plans.push(request);
    return this.plan_;
  }

  async putDefinition(
    definition: { kind: string; metadata: { name: string } },
    options: WriteOptions,
  ): Promise<WriteResult> {
    await this.beforeWrite();
    const before = this.definitions.get(definition.metadata.name);
    if (before?.generation !== options.ifMatch) throw await refusal(412);
    this.writes.push({ definition, options });
    this.store(definition as unknown as Definition);
    return { result: before ? 'updated' : 'created', warnings: [] };
  }

  async deleteDefinition(
    ref: { name: string },
    options: WriteOptions & { ifMatch: number },
  ): Promise<WriteResult> {
    const before = this.definitions.get(ref.name);
    if (before?.generation !== options.ifMatch) throw await refusal(412);
    this.definitions.delete(ref.name);
    return { result: 'deleted', warnings: [] };
  }

  async getGlobalNamespace(): Promise<GnsStatus> {
    return this.status();
  }
}
