import type { Knex } from 'knex';
import { rolloutSchema, type Rollout } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { eventually } from '../__testUtils__/eventually';
import type { FakeController } from '../__testUtils__/FakeController';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';
import { inventoryOf } from '../__testUtils__/inventories';

jest.setTimeout(90_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('rollouts on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: FakeController;
  let us: FakeController;
  const eu1 = exactly('eu-1', 'web');
  const us1 = exactly('us-1', 'depot');
  const manifests = (c: FakeController) =>
    [...c.objects.values()].map(o => [o.key, o.manifest]).sort();

  /** Polls and reports until nothing more comes. */
  const quiet = async (controllers: FakeController[] = [eu, us]) => {
    for (let still = 0; still < 3; ) {
      let moved = false;
      for (const controller of controllers) {
        if (await controller.poll(0)) {
          await controller.report();
          moved = true;
        }
      }
      still = moved ? 0 : still + 1;
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  };
  const begin = async (body: object, expected = 201): Promise<Rollout> => {
    const answer = await hub.post('/rollouts', body);
    expect([answer.status, answer.body.error?.message]).toEqual([
      expected,
      undefined,
    ]);
    assertDocumented('post', '/v1/rollouts', answer);
    return rolloutSchema.parse(answer.body);
  };
  const read = async (rollout: { id: string }): Promise<Rollout> => {
    const answer = await hub.get(`/rollouts/${rollout.id}`);
    assertDocumented('get', '/v1/rollouts/{id}', answer);
    return rolloutSchema.parse(answer.body);
  };
  const decide = (rollout: Rollout, action: string, body: object = {}) =>
    hub.post(`/rollouts/${rollout.id}/${action}`, body);
  const waves = (...clusters: string[]) => ({
    waves: clusters.map(c => ({ clusters: [c] })),
  });
  const isError = (p: { severity: string }) => p.severity === 'error';
  const planned = async (definition: object, strategy?: object) => {
    const plan = await hub.post('/plan', {
      definitions: [definition],
      ...(strategy ? { strategy } : {}),
    });
    assertDocumented('post', '/v1/plan', plan);
    expect(plan.body.problems.filter(isError)).toEqual([]);
    return plan.body;
  };

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startHubBackend(knex);
    eu = await clusterWith(hub, 'eu-1', '198.51.100.1', { web: ['front'] });
    us = await clusterWith(hub, 'us-1', '198.51.100.2', { depot: ['stock'] });
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  /** Both joined by a plain write. */
  async function joined() {
    await hub.put(SHOP, shopWith([eu1, us1])).set('If-None-Match', '*');
    await follow([eu, us], () => {
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect(us.names('ServiceEntry')).toContain('gns-shop-front-remote');
    });
    await quiet();
  }

  it('creates in waves: the second cluster has nothing before its turn, callers hear of servers that serve', async () => {
    const definition = shopWith([eu1, us1]);
    const strategy = waves('us-1', 'eu-1');
    const plan = await planned(definition, strategy);
    expect(plan.waves.map((w: { clusters: string[] }) => w.clusters)).toEqual([
      ['us-1'],
      ['eu-1'],
    ]);
    const rollout = await begin({
      definition,
      expect: null,
      strategy: {
        waves: [{ clusters: ['us-1'], soakSeconds: 3600 }],
      },
      plan: plan.hash,
      message: 'first',
    });
    expect(rollout).toMatchObject({
      change: 'create',
      state: 'running',
      wave: 0,
      formerGeneration: null,
      targetGeneration: 1,
      waves: [
        { clusters: ['us-1'], state: 'applying' },
        // Whom no wave names comes last.
        { clusters: ['eu-1'], state: 'waiting' },
      ],
      actions: { pause: true, resume: false, advance: true, back: true },
    });
    await follow([eu, us], async () => {
      expect(us.names('ServiceEntry')).toEqual(['gns-shop-stock-local']);
      expect((await read(rollout)).waves[0].state).toBe('soaking');
    });
    await quiet();
    expect(eu.objects.size).toBe(0);
    const soaking = await read(rollout);
    expect(soaking.clusters).toMatchObject([
      { cluster: 'us-1', definition: 'target', state: 'applied', pending: 0 },
      { cluster: 'eu-1', definition: 'former', state: 'waiting' },
    ]);
    expect(soaking.waves[0].errors).toMatchObject({ state: 'unknown' });
    const status = await hub.get('/global-namespaces/shop');
    expect(
      status.body.members.map((m: { cluster: string }) => m.cluster),
    ).toEqual(['us-1']);

    expect((await decide(soaking, 'advance')).status).toBe(428);
    const stale = await decide(soaking, 'advance', {
      version: soaking.version - 1,
    });
    expect(stale.status).toBe(409);
    const next = await decide(soaking, 'advance', { version: soaking.version });
    assertDocumented('post', '/v1/rollouts/{id}/advance', next);
    expect(next.body).toMatchObject({ wave: 1, state: 'running' });
    await follow([eu, us], async () => {
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect(us.names('ServiceEntry')).toContain('gns-shop-front-remote');
      expect((await read(rollout)).state).toBe('done');
    });
    const over = await read(rollout);
    expect(over.events.map(e => e.kind)).toEqual([
      'created',
      'waveApplied',
      'advanced',
      'waveApplied',
      'done',
    ]);
    expect((await decide(over, 'back')).status).toBe(409);
    const list = await hub.get('/rollouts?gns=shop');
    assertDocumented('get', '/v1/rollouts', list);
    expect(list.body.items).toHaveLength(1);
    expect((await hub.get('/rollouts?state=active')).body.items).toEqual([]);
  });

  it('a later wave keeps the former rendering, and goes on hearing of its endpoints', async () => {
    await joined();
    const before = manifests(eu);
    const changed = shopWith([eu1, us1], { mtls: 'permissive' });
    const plan = await planned(changed, waves('us-1', 'eu-1'));
    const rollout = await begin({
      definition: changed,
      expect: 1,
      strategy: {
        waves: [{ clusters: ['us-1'], soakSeconds: 3600 }],
      },
      plan: plan.hash,
    });
    await follow([eu, us], () => {
      expect(us.names('PeerAuthentication')).toEqual([]);
    });
    await quiet();
    expect(manifests(eu)).toEqual(before);

    // The gateway of us-1 moves: the former definition still says where to go.
    await us.report({
      inventory: {
        gateways: inventoryOf({
          uid: us.uid,
          network: 'us-1',
          gatewayIp: '198.51.100.9',
          services: {},
        }).gateways,
      },
    });
    await follow([eu, us], () => {
      expect(JSON.stringify(manifests(eu))).toContain('198.51.100.9');
    });
    expect(eu.names('PeerAuthentication')).toEqual(['gns-shop']);
    const soaking = await read(rollout);
    await decide(soaking, 'advance', { version: soaking.version });
    await follow([eu, us], async () => {
      expect(eu.names('PeerAuthentication')).toEqual([]);
      expect((await read(rollout)).state).toBe('done');
    });
    expect((await hub.get('/holds')).body.items).toEqual([]);
  });

  it('a namespace leaves in waves: no caller is sent to a server that is gone', async () => {
    await joined();
    const without = shopWith([eu1]);
    const plan = await planned(without, waves('us-1', 'eu-1'));
    expect(plan.waves[0].statements).toContainEqual(
      expect.objectContaining({ kind: 'serviceLeaves', weight: 'danger' }),
    );
    const rollout = await begin({
      definition: without,
      expect: 1,
      strategy: { waves: [{ clusters: ['us-1'], soakSeconds: 3600 }] },
      plan: plan.hash,
    });
    // The caller does not answer yet: the server keeps serving.
    await eventually(async () => {
      await us.poll(0);
      expect(us.names('ServiceEntry')).not.toContain('gns-shop-front-remote');
    });
    await us.report();
    expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
    expect((await read(rollout)).waves[0].state).toBe('applying');
    await follow([eu, us], async () => {
      expect(us.objects.size).toBe(0);
      expect((await read(rollout)).waves[0].state).toBe('soaking');
    });
    // The caller's cluster has its former definition, and no way to who is gone.
    expect(eu.names('ServiceEntry')).toEqual(['gns-shop-front-local']);
    const soaking = await read(rollout);
    await decide(soaking, 'advance', { version: soaking.version });
    await follow([eu, us], async () =>
      expect((await read(rollout)).state).toBe('done'),
    );
    expect((await hub.get('/holds?state=all')).body.items).toEqual([]);
  });

  it('stops on a condition, goes back, and leaves exactly what was there', async () => {
    await joined();
    const before = [manifests(eu), manifests(us)];
    const changed = shopWith([eu1, us1], {
      hostnames: [{ namespace: 'depot', service: 'stock', hostname: 'goods' }],
    });
    const plan = await planned(changed, waves('us-1', 'eu-1'));
    const rollout = await begin({
      definition: changed,
      expect: 1,
      strategy: waves('us-1'),
      plan: plan.hash,
    });
    await eventually(async () => {
      await us.poll(0);
      expect(us.names('ServiceEntry')).toContain('gns-shop-goods-local');
    });
    const [key] = [...us.objects.keys()].filter(k => k.includes('goods-local'));
    await us.report({
      objects: [{ key, gns: 'shop', state: 'failed', message: 'denied by x' }],
    });
    await eventually(async () =>
      expect(await read(rollout)).toMatchObject({
        state: 'stopped',
        wave: 0,
        stop: {
          reason: { kind: 'conditions' },
          text: expect.stringContaining('denied by x'),
        },
        clusters: [{ state: 'troubled' }, { state: 'waiting' }],
      }),
    );
    await quiet([eu]);
    expect(eu.names('ServiceEntry')).not.toContain('gns-shop-goods-remote');

    const back = await decide(await read(rollout), 'back', {
      reason: 'goods is wrong',
    });
    assertDocumented('post', '/v1/rollouts/{id}/back', back);
    expect(back.body).toMatchObject({ state: 'goingBack' });
    await follow([eu, us], async () =>
      expect((await read(rollout)).state).toBe('wentBack'),
    );
    await follow([eu, us], () =>
      expect([manifests(eu), manifests(us)]).toEqual(before),
    );
    const now = await hub.get(SHOP);
    expect(now.body).toMatchObject({ generation: 3 });
    expect(now.body.definition.spec.hostnames).toEqual([]);
    const history = await hub.get(`${SHOP}/revisions`);
    expect(history.body.items[0]).toMatchObject({ message: 'goods is wrong' });
    expect((await hub.get('/holds?state=all')).body.items).toEqual([]);
  });

  it('takes back what it created, and restores what it deleted', async () => {
    const created = await begin({
      definition: shopWith([eu1, us1]),
      expect: null,
      strategy: waves('us-1', 'eu-1'),
    });
    await eventually(async () => {
      await us.poll(0);
      expect(us.objects.size).toBeGreaterThan(0);
    });
    await us.report();
    expect((await decide(created, 'back')).status).toBe(200);
    await follow([eu, us], async () => {
      expect((await read(created)).state).toBe('wentBack');
      expect(eu.objects.size + us.objects.size).toBe(0);
    });
    expect((await hub.get(SHOP)).status).toBe(404);

    const again = await hub
      .put(SHOP, shopWith([eu1, us1]))
      .set('If-None-Match', '*');
    expect(again.status).toBe(200);
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote'),
    );
    await quiet();
    const before = [manifests(eu), manifests(us)];
    const plan = await hub.post('/plan', {
      deletions: ['GlobalNamespace:shop'],
      strategy: waves('us-1', 'eu-1'),
    });
    const deleted = await begin({
      deletion: 'GlobalNamespace:shop',
      expect: again.body.stored.generation,
      strategy: { waves: [{ clusters: ['us-1'], soakSeconds: 3600 }] },
      plan: plan.body.hash,
    });
    expect(deleted.change).toBe('delete');
    await follow([eu, us], async () => {
      expect(us.objects.size).toBe(0);
      expect((await read(deleted)).waves[0].state).toBe('soaking');
    });
    expect(eu.names('ServiceEntry')).toEqual(['gns-shop-front-local']);
    expect((await hub.get(SHOP)).status).toBe(404);
    const taken = await hub.put(SHOP, shopWith([])).set('If-None-Match', '*');
    expect(taken.status).toBe(409);
    expect((await decide(deleted, 'back')).status).toBe(200);
    await follow([eu, us], async () =>
      expect((await read(deleted)).state).toBe('wentBack'),
    );
    await follow([eu, us], () =>
      expect([manifests(eu), manifests(us)]).toEqual(before),
    );
    expect((await hub.get('/holds?state=all')).body.items).toEqual([]);
  });

  it('nothing further begins while it is paused; it survives a restart of the hub', async () => {
    const rollout = await begin({
      definition: shopWith([eu1, us1]),
      expect: null,
      strategy: { waves: [{ clusters: ['us-1'], soakSeconds: 1 }] },
    });
    const paused = await decide(rollout, 'pause', { reason: 'lunch' });
    assertDocumented('post', '/v1/rollouts/{id}/pause', paused);
    expect(paused.body).toMatchObject({ state: 'paused' });
    await quiet();
    expect(us.names('ServiceEntry')).toEqual(['gns-shop-stock-local']);
    expect(eu.objects.size).toBe(0);

    await hub.backend.stop();
    hub = await startHubBackend(knex);
    for (const c of [eu, us]) c.base = hub.base;
    await quiet();
    expect(eu.objects.size).toBe(0);
    const seen = await read(rollout);
    expect(seen).toMatchObject({ state: 'paused', wave: 0 });
    const resumed = await decide(seen, 'resume', { version: seen.version });
    expect(resumed.body).toMatchObject({ state: 'running' });
    await follow([eu, us], async () => {
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect((await read(rollout)).state).toBe('done');
    });
  });

  it('one at a time: who comes second, or writes past it, sees the rollout that is under way', async () => {
    await joined();
    const changed = (mtls: string) => ({
      definition: shopWith([eu1, us1], { mtls, publicDomain: true }),
      expect: 1,
      strategy: { waves: [{ clusters: ['us-1'], soakSeconds: 3600 }] },
    });
    const answers = await Promise.all(
      ['strict', 'permissive', 'strict'].map(mtls =>
        hub.post('/rollouts', changed(mtls)),
      ),
    );
    const statuses = answers.map(a => a.status).sort();
    expect(statuses[0]).toBe(201);
    for (const lost of answers.filter(a => a.status !== 201)) {
      assertDocumented('post', '/v1/rollouts', lost);
      // Behind the definition that it had read, or beside the rollout.
      expect([409, 412]).toContain(lost.status);
      expect(lost.body.error.conflict).toBeDefined();
    }
    const second = await hub.post('/rollouts', {
      ...changed('strict'),
      definition: shopWith([us1]),
      expect: 2,
    });
    expect(second.status).toBe(409);
    expect(second.body.error.conflict).toMatchObject({
      type: 'rollout',
      rollout: { gns: 'shop', state: 'running' },
    });
    const past = await hub.put(SHOP, shopWith([us1])).set('If-Match', '"2"');
    expect(past.status).toBe(409);
    expect(past.body.error.conflict).toMatchObject({ type: 'rollout' });
    expect((await hub.delete(SHOP).set('If-Match', '"2"')).status).toBe(409);
  });

  it('who loses a concurrent edit sees the change of the other', async () => {
    await joined();
    await hub
      .put(SHOP, shopWith([eu1, us1], { mtls: 'permissive' }))
      .set('If-Match', '"1"')
      .set('Gns-Message', 'Old%20clients');
    const lost = await hub.put(SHOP, shopWith([eu1])).set('If-Match', '"1"');
    expect(lost.status).toBe(412);
    expect(lost.body.error.conflict).toMatchObject({
      type: 'generation',
      ref: 'GlobalNamespace:shop',
      expected: 1,
      current: { generation: 2, definition: { spec: { mtls: 'permissive' } } },
      writes: [
        {
          generation: 2,
          action: 'update',
          actor: 'user:default/mock',
          message: 'Old clients',
        },
      ],
      changes: [{ path: 'spec.mtls', before: 'strict', after: 'permissive' }],
    });
    const rolled = await hub.post('/rollouts', {
      definition: shopWith([eu1]),
      expect: 1,
    });
    expect(rolled.status).toBe(412);
    assertDocumented('post', '/v1/rollouts', rolled);
    expect(rolled.body.error.conflict).toMatchObject({
      current: { generation: 2 },
    });
    const created = await hub
      .put(SHOP, shopWith([eu1]))
      .set('If-None-Match', '*');
    expect(created.body.error.conflict).toMatchObject({
      expected: null,
      current: { generation: 2 },
    });
  });

  it('refuses strategies that cannot be, with path and remedy', async () => {
    await joined();
    const refused = async (body: object) => {
      const answer = await hub.post('/rollouts', { expect: 1, ...body });
      return [
        answer.status,
        answer.body.error?.problems?.map(
          (p: { code: string; path: string }) => [p.code, p.path],
        ),
      ];
    };
    const definition = shopWith([eu1]);
    expect(
      await refused({ definition, strategy: waves('us-1', 'us-1', 'mars') }),
    ).toEqual([
      422,
      [
        ['cluster-twice', 'strategy.waves[1].clusters[0]'],
        ['cluster-unknown', 'strategy.waves[2].clusters[0]'],
      ],
    ]);
    expect(await refused({ definition: shopWith([eu1, us1]) })).toEqual([
      422,
      [['unchanged', 'definition']],
    ]);
    expect(await refused({})).toEqual([400, undefined]);
    expect(
      await refused({ definition, strategy: { waves: [{ clusters: [] }] } }),
    ).toEqual([400, undefined]);
    expect(await refused({ definition, plan: 'f'.repeat(64) })).toEqual([
      409,
      undefined,
    ]);
    expect((await hub.get(SHOP)).body.generation).toBe(1);
    expect((await hub.get('/rollouts')).body.items).toEqual([]);
  });
});
