import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import {
  API_VERSION,
  canonicalJson,
  parseDefinition,
  type Definition,
  type DesiredObject,
} from '@isthmus/plugin-gns-common';
import { migratedDatabase } from '../__testUtils__/databases';
import { Fleet } from '../__testUtils__/Fleet';
import { clusterOf } from '../composition/testFixtures';
import { makePlan } from '../plans/makePlan';
import { rememberPlan } from '../plans/PlanStore';
import { unmeasuredTraffic } from '../traffic/TrafficReader';
import { getRollout } from './RolloutStore';
import type { RolloutRecord } from './types';

jest.setTimeout(180_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

const CLUSTERS = ['a', 'b', 'c'];
const NAMESPACES = ['red', 'blue'];
const REF = { kind: 'GlobalNamespace', name: 'shop' };

function definitionOf(members: unknown[], mtls: string): Definition {
  const parsed = parseDefinition({
    apiVersion: API_VERSION,
    kind: 'GlobalNamespace',
    metadata: { name: 'shop' },
    spec: { domain: 'shop.gns.example', members, mtls },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

const member = fc.record({
  clusters: fc.oneof(
    fc.subarray(CLUSTERS, { minLength: 1 }).map(names => ({ names })),
    fc.constant({ prefix: '' }),
  ),
  namespaces: fc.oneof(
    fc.subarray(NAMESPACES, { minLength: 1 }).map(names => ({ names })),
    fc.constant({ prefix: '' }),
  ),
  services: fc.oneof(
    fc.constant({ prefix: '' }),
    fc.constantFrom('web', 'api').map(name => ({ names: [name] })),
  ),
});
const definition = fc
  .record({
    members: fc.array(member, { minLength: 1, maxLength: 3 }),
    mtls: fc.constantFrom('strict', 'permissive'),
  })
  .map(d => definitionOf(d.members, d.mtls));

/** Some of the clusters in some order, each a wave; the rest comes last. */
const waves = fc
  .shuffledSubarray(CLUSTERS)
  .map(list => list.map(name => ({ clusters: [name], soakSeconds: 0 })));

const course = fc.record({
  former: definition,
  target: fc.option(definition, { nil: undefined, freq: 5 }),
  waves,
  /** Who follows before each reconciliation. */
  followers: fc.array(fc.subarray(CLUSTERS), { maxLength: 12 }),
  /** Goes back after so many steps. */
  back: fc.option(fc.nat(11), { nil: undefined }),
});

const clusters = CLUSTERS.map((name, i) =>
  clusterOf(name, i + 1, ['red/web', 'red/api', 'blue/api', 'blue/db']),
);

async function prepared(former: Definition): Promise<Fleet> {
  const fleet = await Fleet.create(
    await migratedDatabase(databases, 'SQLITE_3'),
  );
  for (const cluster of clusters) await fleet.join(cluster);
  await fleet.definitions.put(
    former,
    { type: 'absent' },
    { actor: 'user:default/jo', message: '' },
  );
  await fleet.settle();
  return fleet;
}

const textOf = (objects: ReadonlyMap<string, DesiredObject>) =>
  canonicalJson(
    [...objects]
      .map(([key, { manifest }]) => [key, manifest] as const)
      .sort(([x], [y]) => (x < y ? -1 : 1)),
  );
const textsOf = async (fleet: Fleet) =>
  Object.fromEntries(
    await Promise.all(
      clusters.map(
        async ({ id }) => [id, textOf(await fleet.desired(id))] as const,
      ),
    ),
  );

/** Endpoints that a cluster's callers are sent to, and that answer nobody. */
function danglingCalls(fleet: Fleet): string[] {
  const hostsServed = new Map(
    [...fleet.applied].map(([id, objects]) => [
      id,
      new Set(
        [...objects.values()]
          .filter(o => o.key.endsWith('-local'))
          .flatMap(o => (o.manifest.spec as { hosts: string[] }).hosts),
      ),
    ]),
  );
  return [...fleet.applied].flatMap(([id, objects]) =>
    [...objects.values()]
      .filter(o => o.key.endsWith('-remote'))
      .flatMap(o => {
        const { hosts, endpoints } = o.manifest.spec as {
          hosts: string[];
          endpoints: { labels: Record<string, string> }[];
        };
        return endpoints
          .map(e => `id-${e.labels['gns.isthmus.dev/remote-cluster']}`)
          .filter(server => !hostsServed.get(server)?.has(hosts[0]))
          .map(server => `${id} calls ${hosts[0]} of ${server}`);
      }),
  );
}

async function begin(
  fleet: Fleet,
  target: Definition | undefined,
  strategy: { waves: { clusters: string[]; soakSeconds: number }[] },
): Promise<RolloutRecord> {
  const stopOn = {
    conditions: 'none' as const,
    minimumCalls: 100,
    applyTimeoutSeconds: 86_400,
  };
  const made = await makePlan(
    {
      definitions: fleet.definitions,
      view: fleet.view,
      traffic: unmeasuredTraffic,
      mayRead: () => true,
      coverage: async () => [],
      pauses: async () => new Set(),
    },
    {
      definitions: target ? [target] : [],
      deletions: target ? [] : ['GlobalNamespace:shop'],
      strategy: { ...strategy, stopOn },
    },
  );
  await rememberPlan(fleet.knex, made.remembered!, fleet.clock);
  return fleet.rollouts.begin({
    ref: REF,
    document: target,
    target,
    expect: 1,
    strategy: { ...strategy, stopOn },
    plan: made.plan.hash,
    message: '',
    actor: 'user:default/jo',
  });
}

/** Nothing was deleted but what the plan, or going back, announced; nothing waits for a person. */
async function assertAnnounced(fleet: Fleet): Promise<void> {
  const tombstones: { reason: string }[] = await fleet.knex('gns_tombstones');
  expect([...new Set(tombstones.map(t => JSON.parse(t.reason).type))]).toEqual(
    tombstones.length > 0 ? ['plan'] : [],
  );
  expect(await fleet.knex('gns_holds')).toEqual([]);
}

type Course = {
  former: Definition;
  target: Definition | undefined;
  waves: { clusters: string[]; soakSeconds: number }[];
  followers: string[][];
  back: number | undefined;
};

/** Callers are sent to servers only, and the end is the same as all at once; going back restores exactly what was. */
async function assertSafe(run: Course): Promise<void> {
  const fleet = await prepared(run.former);
  try {
    const before = await textsOf(fleet);
    const snapshot = await fleet.view.snapshot();
    const wanted = fleet.view.composeChange(snapshot, {
      definitions: run.target ? [run.target] : [],
      deletions: run.target ? [] : [REF],
    }).result;
    let rollout: RolloutRecord;
    try {
      rollout = await begin(fleet, run.target, { waves: run.waves });
    } catch (error) {
      // A host would mean two services: waves are refused, and nothing is written.
      expect(error).toMatchObject({
        problems: [{ code: 'host-moves' }],
      });
      await fleet.settle();
      expect(await textsOf(fleet)).toEqual(before);
      return;
    }
    for (const [index, followers] of run.followers.entries()) {
      if (index === run.back && !rollout.endedAt) {
        rollout = await fleet.rollouts.decide(rollout.id, 'back', {
          actor: 'user:default/jo',
          reason: '',
          version: undefined,
        });
      }
      await fleet.reconcile();
      for (const name of followers) await fleet.follow(`id-${name}`);
      expect(danglingCalls(fleet)).toEqual([]);
      rollout = await getRollout(fleet.knex, rollout.id);
    }
    await fleet.settle();
    expect(danglingCalls(fleet)).toEqual([]);
    rollout = await getRollout(fleet.knex, rollout.id);
    const wentBack = rollout.state === 'wentBack';
    expect(wentBack ? 'wentBack' : rollout.state).toBe(
      wentBack ? 'wentBack' : 'done',
    );
    expect(await textsOf(fleet)).toEqual(
      wentBack
        ? before
        : Object.fromEntries(
            clusters.map(({ id }) => [
              id,
              textOf(wanted.clusters.get(id)!.objects),
            ]),
          ),
    );
    await assertAnnounced(fleet);
  } finally {
    await fleet.stop();
  }
}

/* eslint-disable jest/expect-expect -- assertSafe expects */
describe('for any change, waves and course of events', () => {
  it('callers are sent to servers only, and the end is the same as all at once; going back restores exactly what was', async () => {
    await fc.assert(
      fc.asyncProperty(course, async run => {
        fc.pre(
          run.target === undefined ||
            canonicalJson(run.target) !== canonicalJson(run.former),
        );
        await assertSafe(run);
      }),
      { numRuns: Number(process.env.GNS_TEST_RUNS ?? 15) },
    );
  });

  it('a namespace that was picked by name and then by name and prefix, with the rest by prefix', async () => {
    await assertSafe({
      former: definitionOf(
        [
          {
            clusters: { names: ['c'] },
            namespaces: { names: ['red'] },
            services: { names: ['web'] },
          },
        ],
        'strict',
      ),
      target: definitionOf(
        [
          {
            clusters: { prefix: '' },
            namespaces: { prefix: '' },
            services: { prefix: '' },
          },
          {
            clusters: { prefix: '' },
            namespaces: { names: ['red'] },
            services: { prefix: '' },
          },
        ],
        'strict',
      ),
      waves: [{ clusters: ['b'], soakSeconds: 0 }],
      followers: [],
      back: undefined,
    });
  });
});
