import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { eventually } from './__testUtils__/eventually';
import { startHubBackend, type HubBackend } from './__testUtils__/hubBackend';
import { inventoryOf } from './__testUtils__/inventories';
import type { FakeController } from './__testUtils__/FakeController';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const shop = (members: unknown[]) => ({
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'GlobalNamespace',
  metadata: { name: 'shop' },
  spec: { domain: 'shop.gns.internal', members },
});
const SHOP = '/definitions/GlobalNamespace/shop';
const named = (...names: string[]) => ({ names });

/** Polls, applies and reports until `check` holds. */
async function follow(
  controllers: readonly FakeController[],
  check: () => void,
): Promise<void> {
  await eventually(async () => {
    for (const controller of controllers) {
      if (await controller.poll(150)) await controller.report();
    }
    check();
  }, 20_000);
}

describe.each(databases.eachSupportedId())('the hub on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startHubBackend(knex);
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  async function twoClusters() {
    const eu = await hub.enrolled('eu-1');
    const us = await hub.enrolled('us-1');
    await eu.report({
      inventory: inventoryOf({
        uid: eu.uid,
        network: 'eu',
        gatewayIp: '198.51.100.1',
        services: { web: ['front'], other: ['x'] },
      }),
    });
    await us.report({
      inventory: inventoryOf({
        uid: us.uid,
        network: 'us',
        gatewayIp: '198.51.100.2',
        services: { stock: ['stock'] },
      }),
    });
    return { eu, us };
  }
  const members = [
    { clusters: named('eu-1'), namespaces: named('web') },
    { clusters: named('us-1'), namespaces: named('stock') },
  ];

  it('joins two clusters: servers first, then their callers', async () => {
    const { eu, us } = await twoClusters();
    const written = await hub
      .put(SHOP, shop(members))
      .set('If-None-Match', '*');
    expect(written.body).toMatchObject({ result: 'created' });

    await eventually(async () => {
      await us.poll(150);
      await eu.poll(150);
      expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
      expect(eu.names('ServiceEntry')).toContain('gns-shop-front-local');
    });
    expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote');
    await us.report();
    await follow([eu], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote'),
    );
    const status = await hub.get('/global-namespaces/shop');
    expect(status.status).toBe(200);
    expect(
      status.body.globalServices.map((s: { host: string }) => s.host),
    ).toEqual(expect.arrayContaining(['stock.shop.gns.internal']));
  });
});
