import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
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

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('roll-out on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: FakeController;
  let us: FakeController;
  const both = [exactly('eu-1', 'web'), exactly('us-1', 'depot')];

  async function joined(services = ['stock']) {
    eu = await clusterWith(hub, 'eu-1', '198.51.100.1', { web: ['front'] });
    us = await clusterWith(hub, 'us-1', '198.51.100.2', { depot: services });
    await hub.put(SHOP, shopWith(both)).set('If-None-Match', '*');
    await follow([eu, us], () => {
      for (const service of services) {
        expect(eu.names('ServiceEntry')).toContain(
          `gns-shop-${service}-remote`,
        );
      }
      expect(us.names('ServiceEntry')).toContain('gns-shop-front-remote');
    });
  }
  const planned = async (definition: object) => {
    const plan = await hub.post('/plan', { definitions: [definition] });
    expect(plan.status).toBe(200);
    return plan.body;
  };
  const holds = async (state = 'open') =>
    (await hub.get(`/holds?state=${state}`)).body.items;
  /** Waits until nothing that was triggered is left: two reconciliations' time at most. */
  const quiet = async (controllers: FakeController[]) => {
    for (let still = 0; still < 2; ) {
      let moved = false;
      for (const controller of controllers) {
        if (await controller.poll(1)) {
          await controller.report();
          moved = true;
        }
      }
      still = moved ? 0 : still + 1;
    }
  };

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startHubBackend(knex);
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  it('a namespace that leaves: callers go first, then the servers, by tombstone', async () => {
    await joined();
    const without = shopWith([exactly('eu-1', 'web')]);
    const plan = await planned(without);
    expect(plan.summary.servicesLeave).toEqual(['stock.shop.gns.internal']);
    const written = await hub
      .put(SHOP, without)
      .set('If-Match', '"1"')
      .set('Gns-Plan', plan.hash);
    expect(written.status).toBe(200);

    // The caller does not answer yet: the server keeps serving.
    await eventually(async () => {
      await us.poll(0);
      expect(us.names('ServiceEntry')).not.toContain('gns-shop-front-remote');
    });
    await us.report();
    expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
    expect(
      us.tombstones.every(t => !t.key.includes('gns-shop-stock-local')),
    ).toBe(true);

    await follow([eu], () =>
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote'),
    );
    const reasons: unknown[] = [];
    await eventually(async () => {
      await us.poll(0);
      reasons.push(...us.tombstones.map(t => t.reason));
      expect(us.names('ServiceEntry')).toEqual([]);
    });
    expect(reasons).not.toEqual([]);
    for (const reason of reasons) {
      expect(reason).toEqual({ type: 'plan', hash: plan.hash });
    }
    // Tombstones stay until the controller says that they are done.
    await us.report();
    await follow([eu, us], () => {
      expect(us.tombstones).toEqual([]);
      expect(us.objects.size).toBe(0);
    });
    expect(await holds()).toEqual([]);
  });

  it('deletions that no plan announced wait, are released, and are refused', async () => {
    await joined(['a', 'b', 'c', 'd']);
    const before = us.objects.size;
    const without = shopWith([exactly('eu-1', 'web')]);
    await hub.put(SHOP, without).set('If-Match', '"1"');
    await eventually(async () =>
      expect(
        (await holds()).map((h: { cluster: string }) => h.cluster),
      ).toContain('us-1'),
    );
    await quiet([eu, us]);
    expect(us.objects.size).toBe(before);
    const waiting = await holds();
    const ofUs = waiting.find((h: { cluster: string }) => h.cluster === 'us-1');
    expect(ofUs).toMatchObject({ kind: 'deletion', state: 'open' });
    expect([...ofUs.items].sort()).toEqual([...us.objects.keys()].sort());

    const ofEu = waiting.find((h: { cluster: string }) => h.cluster === 'eu-1');
    const refused = await hub.post(`/holds/${ofEu.id}/refuse`, {
      reason: 'not now',
    });
    expect(refused.body).toMatchObject({
      state: 'refused',
      reason: 'not now',
      undo: 'release',
    });
    await quiet([eu, us]);
    expect(eu.names('ServiceEntry')).toContain('gns-shop-a-remote');
    expect(
      (await holds()).filter((h: { cluster: string }) => h.cluster === 'eu-1'),
    ).toEqual([]);
    // The refusal is taken back; what cannot be decided stops no other.
    const decided = await hub.post('/holds/decide', {
      ids: [ofEu.id, 'nobody', ofUs.id],
      decision: 'release',
    });
    expect(decided.body.items).toMatchObject([
      { result: 'decided', hold: { id: ofEu.id, state: 'released' } },
      { result: 'failed', id: 'nobody', error: 'NotFoundError' },
      { result: 'decided', hold: { id: ofUs.id, state: 'released' } },
    ]);
    expect((await hub.post(`/holds/${ofUs.id}/refuse`)).status).toBe(409);
    await follow([eu, us], () => {
      expect(us.objects.size).toBe(0);
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-a-remote');
    });
    expect(us.tombstones.every(t => t.reason.type === 'release')).toBe(true);
  });

  it('a definition that is deleted takes all its objects along', async () => {
    await joined(['a', 'b', 'c', 'd']);
    const gone = await hub.delete(SHOP).set('If-Match', '"1"');
    expect(gone.body).toMatchObject({ result: 'deleted' });
    await follow([eu, us], () => {
      expect(eu.objects.size + us.objects.size).toBe(0);
      expect(eu.tombstones.length + us.tombstones.length).toBe(0);
    });
    expect(await holds()).toEqual([]);
  });

  it('a table of definitions that was emptied deletes nothing', async () => {
    await joined(['a', 'b', 'c', 'd']);
    const before = [eu.objects.size, us.objects.size];
    await knex('gns_definitions').delete();
    // Any change makes the hub look again.
    await hub.post('/clusters', { name: 'spare' });
    await eventually(async () => expect(await holds()).toHaveLength(2));
    await quiet([eu, us]);
    expect([eu.objects.size, us.objects.size]).toEqual(before);
    expect([...eu.tombstones, ...us.tombstones]).toEqual([]);
  });

  it('nothing of a paused global namespace changes until it is resumed', async () => {
    await joined();
    const paused = await hub.post('/global-namespaces/shop/pause');
    expect(paused.status).toBe(204);
    await follow([eu, us], () => expect(us.settings?.paused).toEqual(['shop']));
    await quiet([eu, us]);
    const before = [...us.objects.values()];
    const without = shopWith([exactly('eu-1', 'web')]);
    const plan = await planned(without);
    await hub
      .put(SHOP, without)
      .set('If-Match', '"1"')
      .set('Gns-Plan', plan.hash);
    await quiet([eu, us]);
    expect([...us.objects.values()]).toEqual(before);
    const deleted = await hub.delete(SHOP).set('If-Match', '"2"');
    expect(deleted.status).toBe(422);
    expect(deleted.text).toContain('is paused');

    await hub.post('/global-namespaces/shop/resume');
    await follow([eu, us], () => expect(us.objects.size).toBe(0));
  });

  it('a paused cluster keeps what it has while others go on', async () => {
    await joined();
    expect((await hub.post('/clusters/us-1/pause')).status).toBe(204);
    await follow([us], () => expect(us.settings?.paused).toEqual(['*']));
    const without = shopWith([exactly('eu-1', 'web')]);
    const plan = await planned(without);
    await hub
      .put(SHOP, without)
      .set('If-Match', '"1"')
      .set('Gns-Plan', plan.hash);
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote'),
    );
    await quiet([eu, us]);
    expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
    expect((await hub.get('/clusters/us-1')).body.paused).toBe(true);
  });

  it('a newcomer by prefix waits for a person', async () => {
    eu = await clusterWith(hub, 'eu-1', '198.51.100.1', { depot: ['stock'] });
    await hub
      .put(
        SHOP,
        shopWith([
          { clusters: { prefix: '' }, namespaces: { prefix: 'depot' } },
        ]),
      )
      .set('If-None-Match', '*');
    await follow([eu], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-local'),
    );
    await quiet([eu]);
    us = await clusterWith(hub, 'us-1', '198.51.100.2', { depot: ['stock'] });
    await eventually(async () =>
      expect(await holds()).toMatchObject([
        { kind: 'newcomer', gns: 'shop', cluster: 'us-1' },
      ]),
    );
    await quiet([eu, us]);
    expect(us.objects.size).toBe(0);
    const [newcomer] = await holds();
    await hub.post(`/holds/${newcomer.id}/release`);
    await follow([eu, us], () => {
      expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
    });
  });

  it('whom a definition matches when it is written needs no other approval', async () => {
    eu = await clusterWith(hub, 'eu-1', '198.51.100.1', { depot: ['stock'] });
    us = await clusterWith(hub, 'us-1', '198.51.100.2', { depot: ['stock'] });
    await hub
      .put(
        SHOP,
        shopWith([
          { clusters: { prefix: '' }, namespaces: { prefix: 'depot' } },
        ]),
      )
      .set('If-None-Match', '*');
    await follow([eu, us], () => {
      expect(us.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
    });
    expect(await holds()).toEqual([]);
  });

  it('a cluster that is disconnected is emptied, callers first, and then forgotten', async () => {
    await joined();
    expect((await hub.delete('/clusters/us-1')).status).toBe(202);
    await follow([eu], () =>
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote'),
    );
    await eventually(async () => {
      try {
        if (await us.poll(0)) await us.report();
      } catch {
        // Forgotten: its tokens are refused from now on.
      }
      expect((await hub.get('/clusters/us-1')).status).toBe(404);
    });
    expect(us.objects.size).toBe(0);
    await expect(us.report()).rejects.toMatchObject({ status: 401 });
  });

  it('an object with our labels that nobody wants goes by tombstone', async () => {
    await joined();
    await quiet([eu, us]);
    const stray =
      'networking.istio.io/v1/ServiceEntry/depot/gns-shop-old-local';
    await us.report({
      owned: [
        ...[...us.objects.keys()].map(key => ({ key, gns: 'shop' })),
        { key: stray, gns: 'shop' },
      ],
    });
    await eventually(async () => {
      await us.poll(0);
      expect(us.tombstones).toEqual([
        { key: stray, gns: 'shop', reason: { type: 'small' } },
      ]);
    });
  });
});
