import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  type ChangeTotals,
  type GlobalNamespaceMember,
  isExact,
  type MatchedNamespace,
  matches,
  type Matches,
  findKind,
  parseDefinition,
  type Plan,
  type Problem,
  type Rollout,
  type RolloutAction,
  type Statement,
  type StoredDefinition,
} from '@isthmus/plugin-gns-common';
import { ago } from './fixtures';

export const shopDefinition = {
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'GlobalNamespace',
  metadata: {
    name: 'shop',
    title: 'Web shop',
    description:
      'Storefront, orders and payments over two clouds and the stores',
    owner: 'group:default/shop',
    labels: {},
  },
  spec: {
    domain: 'shop.gns.example',
    members: [
      {
        clusters: { prefix: 'cloud-' },
        namespaces: { names: ['shop-web', 'shop-api', 'shop-backend'] },
      },
    ],
    mtls: 'strict',
  },
};

/** Namespaces that the clusters of the fixtures reported. */
export const INVENTORY: {
  cluster: string;
  namespace: string;
  services: string[];
  owner?: string;
}[] = [
  {
    cluster: 'cloud-a',
    namespace: 'shop-web',
    services: ['storefront', 'assets'],
  },
  {
    cluster: 'cloud-a',
    namespace: 'shop-api',
    services: ['cart', 'catalog', 'checkout', 'orders'],
  },
  {
    cluster: 'cloud-b',
    namespace: 'shop-backend',
    services: ['catalog', 'checkout', 'orders', 'payments'],
  },
  {
    cluster: 'cloud-b',
    namespace: 'shop-data',
    services: ['inventory', 'pricing'],
  },
  {
    cluster: 'cloud-b',
    namespace: 'bank-core',
    services: ['ledger'],
    owner: 'bank',
  },
  { cluster: 'edge-1', namespace: 'store', services: ['tills', 'catalog'] },
];

const STATEMENTS: Statement[] = [
  {
    kind: 'serviceLeaves',
    weight: 'danger',
    parameters: {
      gns: 'shop',
      host: 'assets.shop.gns.example',
      clusters: ['cloud-a'],
      calls: 12.5,
    },
    text: 'hub text',
  },
  {
    kind: 'callersLose',
    weight: 'danger',
    parameters: {
      gns: 'shop',
      host: 'assets.shop.gns.example',
      callers: ['cloud-b/shop-backend', 'edge-1/store'],
      calls: null,
    },
    text: 'hub text',
  },
  {
    kind: 'serviceJoins',
    weight: 'info',
    parameters: {
      gns: 'shop',
      host: 'pricing.shop.gns.example',
      clusters: ['cloud-b'],
    },
    text: 'hub text',
  },
  {
    kind: 'crossClusterShare',
    weight: 'info',
    parameters: {
      gns: 'shop',
      before: 0.31,
      after: 0.4,
      calls: 820,
      why: null,
    },
    text: 'hub text',
  },
];

/** A hub's answers to whoever writes definitions: small, and as strict as the real one. */
export class FakeEditing {
  readonly stored = new Map<string, StoredDefinition>([
    [
      'shop',
      {
        generation: 4,
        createdAt: ago(86_400 * 9),
        updatedAt: ago(5400),
        updatedBy: 'user:default/ada',
        definition: shopDefinition,
      },
    ],
  ]);
  readonly begun: Rollout[] = [];

  async getDefinition(ref: { name: string }): Promise<StoredDefinition> {
    const found = this.stored.get(ref.name);
    if (!found) {
      throw new NotFoundError(`There is no definition "${ref.name}"`);
    }
    return found;
  }

  /** Somebody else writes it. */
  writeAs(actor: string, name: string, change: (text: string) => string): void {
    const before = this.stored.get(name)!;
    this.stored.set(name, {
      ...before,
      generation: before.generation + 1,
      updatedAt: new Date().toISOString(),
      updatedBy: actor,
      definition: JSON.parse(change(JSON.stringify(before.definition))),
    });
  }

  async matches(request: {
    gns?: string;
    members: unknown[];
  }): Promise<Matches> {
    const entries = request.members.map(member =>
      this.#entry(member, request.gns),
    );
    const all = new Map(
      entries
        .flatMap(entry => entry.namespaces)
        .map(one => [`${one.cluster}/${one.namespace}`, one]),
    );
    const chosen = [...all.values()];
    return {
      entries,
      totals: {
        clusters: new Set(chosen.map(one => one.cluster)).size,
        namespaces: chosen.length,
        services: new Set(chosen.flatMap(one => one.services)).size,
        taken: chosen.filter(one => one.state === 'taken').length,
      },
      uncertain: [],
    };
  }

  #entry(
    written: unknown,
    gns: string | undefined,
  ): Matches['entries'][number] {
    const parsed = parseDefinition({
      ...shopDefinition,
      spec: { domain: 'a.b', members: [written] },
    });
    if (!parsed.ok) {
      return {
        problems: parsed.problems,
        clusters: [],
        namespaces: [],
        namespacesTotal: 0,
        nearMisses: [],
        text: '',
      };
    }
    const [member] = (
      parsed.definition.spec as { members: GlobalNamespaceMember[] }
    ).members;
    const namespaces = INVENTORY.filter(
      one =>
        matches(member.clusters, { name: one.cluster }) &&
        matches(member.namespaces, { name: one.namespace }),
    ).map(
      (one): MatchedNamespace => ({
        cluster: one.cluster,
        namespace: one.namespace,
        state: stateOf(one, gns),
        owner: one.owner,
        services: one.services.filter(name =>
          matches(member.services, { name }),
        ),
        servicesTotal: one.services.length,
        injection: 'sidecar',
        newcomer: !isExact(member.namespaces),
      }),
    );
    const names = 'names' in member.namespaces ? member.namespaces.names : [];
    return {
      problems: [],
      clusters: [...new Set(namespaces.map(one => one.cluster))],
      namespaces,
      namespacesTotal: namespaces.length,
      nearMisses: names
        .filter(name => !INVENTORY.some(one => one.namespace === name))
        .flatMap(name => {
          const near = INVENTORY.find(
            one => one.namespace.slice(0, 6) === name.slice(0, 6),
          );
          return near
            ? [
                {
                  subject: 'namespace' as const,
                  name: near.namespace,
                  cluster: near.cluster,
                  why: 'spelling' as const,
                  written: name,
                  text: '',
                },
              ]
            : [];
        }),
      text: '',
    };
  }

  async plan(request: {
    definitions?: unknown[];
    deletions?: string[];
    strategy?: { waves?: { clusters: string[] }[] };
  }): Promise<Plan> {
    const [written] = request.definitions ?? [];
    const problems = written ? this.#problemsOf(written) : [];
    const deletes = (request.deletions ?? []).length > 0;
    const clusters = ['cloud-a', 'cloud-b', 'edge-1'];
    const totals: ChangeTotals = {
      servicesJoin: deletes ? 0 : 2,
      servicesLeave: deletes ? 12 : 1,
      callersGain: deletes ? 0 : 2,
      callersLose: 3,
      podsToRestart: 0,
      objectsCreate: 2,
      objectsUpdate: 1,
      objectsDelete: deletes ? 60 : 1,
      crossClusterShare: deletes ? null : 0.4,
    };
    return {
      hash: `plan-of-${JSON.stringify(request).length}`,
      problems,
      text: 'hub text',
      totals,
      statements: STATEMENTS,
      summary: {
        servicesJoin: ['inventory', 'pricing'],
        servicesLeave: ['assets'],
        namespacesJoin: [],
        namespacesLeave: [],
      },
      clusters: clusters.map(cluster => ({
        cluster,
        objects: [
          {
            key: `ServiceEntry shop-web/gns-pricing-remote`,
            gns: 'shop',
            change: 'create' as const,
            after: {
              apiVersion: 'networking.istio.io/v1',
              kind: 'ServiceEntry',
              metadata: { name: 'gns-pricing-remote' },
              spec: { hosts: ['pricing.shop.gns.example'] },
            },
          },
        ],
        conditions: [],
      })),
      waves: (request.strategy?.waves ?? []).map(wave => ({
        clusters: wave.clusters,
        totals,
        statements: STATEMENTS.slice(0, 1),
      })),
    };
  }

  #problemsOf(written: unknown): Problem[] {
    const parsed = parseDefinition(written);
    if (!parsed.ok) return parsed.problems;
    const before = this.stored.get(parsed.definition.metadata.name);
    const known = before && parseDefinition(before.definition);
    return [
      ...parsed.warnings,
      ...(known?.ok
        ? findKind('GlobalNamespace')?.checkChange?.(
            known.definition,
            parsed.definition,
          ) ?? []
        : []),
    ];
  }

  readonly rollouts = {
    create: async (request: {
      definition?: unknown;
      deletion?: string;
      expect: number | null;
      strategy?: {
        waves?: { clusters: string[]; soakSeconds?: number }[];
      };
      message?: string;
    }): Promise<Rollout> => {
      const name = request.deletion
        ? request.deletion.split(':')[1]
        : (request.definition as typeof shopDefinition).metadata.name;
      const current = this.stored.get(name);
      if ((current?.generation ?? null) !== request.expect) {
        throw lostWrite(name, request.expect, current);
      }
      const generation = (current?.generation ?? 0) + 1;
      if (request.definition) {
        this.stored.set(name, {
          generation,
          createdAt: current?.createdAt ?? new Date().toISOString(),
          updatedAt: new Date().toISOString(),
          updatedBy: 'user:default/ada',
          definition: request.definition as typeof shopDefinition,
        });
      } else {
        this.stored.delete(name);
      }
      const waves = request.strategy?.waves?.length
        ? request.strategy.waves
        : [{ clusters: ['cloud-a', 'cloud-b', 'edge-1'] }];
      const rollout: Rollout = {
        ...rolloutOf(name, waves, request.message ?? ''),
        id: `rollout-${this.begun.length + 1}`,
        change: changeOf(request.deletion, current),
        formerGeneration: current?.generation ?? null,
        targetGeneration: generation,
      };
      this.begun.push(rollout);
      return rollout;
    },
    list: async (options: { gns?: string; state?: 'active' | 'all' } = {}) => ({
      items: this.begun.filter(
        one =>
          (!options.gns || one.gns === options.gns) &&
          (options.state !== 'active' ||
            !['done', 'wentBack'].includes(one.state)),
      ),
    }),
    get: async (id: string): Promise<Rollout> => {
      const found = this.begun.find(one => one.id === id);
      if (!found) throw new NotFoundError(`There is no rollout "${id}"`);
      return found;
    },
    decide: async (
      id: string,
      action: RolloutAction,
      decision: { version?: number; reason?: string } = {},
    ): Promise<Rollout> => {
      const at = this.begun.findIndex(one => one.id === id);
      const found = this.begun[at];
      if (
        decision.version !== undefined &&
        decision.version !== found.version
      ) {
        throw new ConflictError('It has moved on');
      }
      const state = (
        {
          pause: 'paused',
          resume: 'running',
          advance: 'running',
          back: 'goingBack',
        } as const
      )[action];
      this.begun[at] = {
        ...found,
        state,
        version: found.version + 1,
        actions: {
          pause: state === 'running',
          resume: state === 'paused',
          advance: false,
          back: state !== 'goingBack',
        },
      };
      return this.begun[at];
    },
  };
}

function stateOf(
  one: (typeof INVENTORY)[number],
  gns: string | undefined,
): MatchedNamespace['state'] {
  if (one.owner) return one.owner === gns ? 'own' : 'taken';
  return gns === 'shop' && one.namespace.startsWith('shop-') ? 'own' : 'free';
}

function changeOf(
  deletion: string | undefined,
  current: StoredDefinition | undefined,
): Rollout['change'] {
  if (deletion) return 'delete';
  return current ? 'update' : 'create';
}

/** The error of a write that somebody else was quicker than. */
function lostWrite(
  name: string,
  expected: number | null,
  current: StoredDefinition | undefined,
): Error {
  return Object.assign(new Error('Somebody wrote it meanwhile'), {
    body: {
      error: {
        name: 'PreconditionFailedError',
        message: 'Somebody wrote it meanwhile',
        conflict: {
          type: 'generation',
          ref: `GlobalNamespace:${name}`,
          expected,
          current: current ?? null,
          writes: current
            ? [
                {
                  generation: current.generation,
                  action: 'update',
                  actor: current.updatedBy,
                  at: current.updatedAt,
                  message: 'Theirs',
                },
              ]
            : [],
          changes: [],
        },
      },
    },
  });
}

/** A rollout whose first wave is being applied. */
export function rolloutOf(
  gns: string,
  waves: { clusters: string[]; soakSeconds?: number }[],
  message: string,
): Rollout {
  return {
    id: 'rollout-1',
    gns,
    ref: `GlobalNamespace:${gns}`,
    change: 'update',
    state: 'running',
    version: 1,
    message,
    createdBy: 'user:default/ada',
    createdAt: ago(30),
    formerGeneration: 4,
    targetGeneration: 5,
    stopOn: {
      conditions: 'error',
      minimumCalls: 100,
      applyTimeoutSeconds: 600,
    },
    wave: 0,
    waves: waves.map((wave, i) => ({
      clusters: wave.clusters,
      soakSeconds: wave.soakSeconds ?? 0,
      state: i === 0 ? 'applying' : 'waiting',
      ...(i === 0
        ? {
            startedAt: ago(20),
            errors: {
              state: 'known' as const,
              calls: 2400,
              errors: 12,
              dataAt: ago(5),
            },
          }
        : {}),
    })),
    clusters: waves.flatMap((wave, i) =>
      wave.clusters.map((cluster, at) => ({
        cluster,
        wave: i,
        definition: i === 0 ? ('target' as const) : ('former' as const),
        state: firstState(i, at),
        objects: 26,
        pending: i === 0 && at > 0 ? 4 : 0,
        failed: 0,
      })),
    ),
    events: [
      { at: ago(30), actor: 'user:default/ada', kind: 'created', message },
      { at: ago(20), actor: 'hub', kind: 'waveStarted', wave: 0, message: '' },
    ],
    actions: { pause: true, resume: false, advance: false, back: true },
    text: 'hub text',
  };
}

function firstState(
  wave: number,
  at: number,
): Rollout['clusters'][number]['state'] {
  if (wave > 0) return 'waiting';
  return at === 0 ? 'applied' : 'sending';
}
