import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { eventually } from './__testUtils__/eventually';
import type { FakeController } from './__testUtils__/FakeController';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  type HubBackend,
} from './__testUtils__/hubBackend';
import { inventoryOf } from './__testUtils__/inventories';
import { settledShop, US_GATEWAY } from './__testUtils__/settledShop';

jest.setTimeout(60_000);

function inventory(
  uid: string,
  services: Record<string, string[]> = { depot: ['stock'] },
) {
  return inventoryOf({ uid, network: 'us-1', gatewayIp: US_GATEWAY, services });
}

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('a hostile cluster on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: FakeController;
  let us: FakeController;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    ({ hub, eu, us } = await settledShop(knex));
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  it('with many objects that carry forged labels loses none by itself', async () => {
    const mine = [...us.objects.keys()].map(key => ({ key, gns: 'shop' }));
    const strays = Array.from({ length: 50 }, (_, i) => ({
      key: `networking.istio.io/v1/ServiceEntry/kube-system/stray-${i}`,
      gns: i % 2 === 0 ? 'shop' : 'of-nobody',
    }));
    await us.report({ owned: [...mine, ...strays] });
    await eventually(async () => {
      const { items } = (await hub.get('/holds')).body;
      expect(items).toMatchObject([{ kind: 'deletion', cluster: 'us-1' }]);
      expect(items[0].items).toEqual(strays.map(s => s.key).sort());
    });
    expect([await eu.poll(1), await us.poll(1)]).toEqual([false, false]);
    expect(us.tombstones).toEqual([]);
    expect(await knex('gns_desired_objects')).toEqual(
      await knex('gns_desired_objects').whereNull('removal'),
    );
  });

  it('that claims hosts outside its services publishes none', async () => {
    const services = inventory(us.uid, {
      depot: ['stock', 'front.other.example', '0front', 'front'],
    });
    await us.report({
      inventory: { services: services.services, workloads: services.workloads },
    });
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-front-remote'),
    );
    const hosts = [...eu.objects.values(), ...us.objects.values()]
      .filter(o => o.manifest.kind === 'ServiceEntry')
      .flatMap(o => Object(o.manifest).spec.hosts);
    expect([...new Set(hosts)].sort()).toEqual([
      'front.shop.gns.internal',
      'stock.shop.gns.internal',
    ]);
    expect((await hub.get('/global-namespaces/shop')).text).toContain(
      'has a name that is no DNS label; it is left out',
    );
  });

  it('that claims absurd weights gets no more than its share', async () => {
    const ap = await clusterWith(hub, 'ap-1', '198.51.100.3', {
      depot: ['stock'],
    });
    await hub
      .put(
        SHOP,
        shopWith([
          exactly('eu-1', 'web'),
          exactly('us-1', 'depot'),
          exactly('ap-1', 'depot'),
        ]),
      )
      .set('If-Match', '"1"');
    const workload = inventory(us.uid).workloads!;
    const pods = {
      total: 100_000,
      ready: 100_000,
      readyMtls: 100_000,
      awaitingRestart: 0,
    };
    await us.report({
      inventory: {
        workloads: { ...workload, items: [{ ...workload.items[0], pods }] },
      },
    });
    await follow([eu, us, ap], () => {
      const entry = [...eu.objects.values()].find(
        o => o.manifest.metadata.name === 'gns-shop-stock-remote',
      );
      const endpoints: { address: string; weight: number }[] = Object(
        entry?.manifest,
      ).spec.endpoints;
      const weights = Object.fromEntries(
        endpoints.map(e => [e.address, e.weight]),
      );
      // Four fifths of the sum at most: ap-1 has two pods.
      expect(weights).toEqual({ [US_GATEWAY]: 8, '198.51.100.3': 2 });
    });
  });

  it('whose clock was ahead once is believed again later', async () => {
    const ahead = inventoryOf({
      uid: us.uid,
      network: 'us-1',
      gatewayIp: US_GATEWAY,
      // Of no global namespace: nobody needs to be asked when it goes.
      services: { depot: ['stock'], spare: ['later'] },
      observedAt: '2999-01-01T00:00:00.000Z',
    });
    await us.report({ inventory: ahead });
    const now = inventory(us.uid);
    await us.report({ inventory: now });
    const [row] = await knex('gns_inventory').where({
      cluster_id: us.identity!.clusterId,
      kind: 'services',
    });
    expect(JSON.parse(row.items).map((s: { name: string }) => s.name)).toEqual([
      'stock',
    ]);
  });

  it.each([
    ['without a proof', () => undefined],
    ['with the proof of an older epoch', () => us.proof],
    ['with the proof of another cluster', () => eu.proof],
  ])(
    'that claims an epoch of the future %s stops nobody',
    async (_how, proof) => {
      const real = { highest: us.highest, proof: us.proof };
      us.proof = proof();
      us.highest = { term: us.epoch.term, n: us.epoch.n + 1 };
      await expect(us.poll(0)).rejects.toMatchObject({
        status: 409,
        message: expect.stringMatching(
          /nothing that this hub signed proves it/,
        ),
      });
      us.highest = { term: Number.MAX_SAFE_INTEGER, n: 0 };
      await expect(us.poll(0)).rejects.toMatchObject({ status: 409 });
      await us.report({});
      Object.assign(us, real);
      expect((await hub.get('/hub')).body).toMatchObject({ readOnly: false });
      expect((await hub.get('/holds')).body.items).toEqual([]);
    },
  );
});
