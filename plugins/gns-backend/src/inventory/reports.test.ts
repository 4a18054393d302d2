import type { Knex } from 'knex';
import { gzipSync } from 'node:zlib';
import { CONTROLLERS_PATH, MAX_REPORT_BYTES } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
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

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('reports on %s', id => {
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
  const openHolds = async () => (await hub.get('/holds')).body.items;

  it('a number that was taken is answered again, a lower one is refused', async () => {
    const eu = await hub.enrolled('eu-1');
    await eu.report();
    const second = await eu.report();
    expect(second.wanted).toEqual([
      'mesh',
      'namespaces',
      'services',
      'workloads',
      'gateways',
    ]);
    eu.sequence = 1;
    await expect(
      eu.report({ pausedLocally: ['replayed'] }),
    ).resolves.toMatchObject({ acknowledged: 2 });
    expect((await hub.get('/clusters/eu-1')).body.pausedLocally).toEqual([]);
    eu.sequence = 0;
    await expect(eu.report()).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/sequence 1.*Go on with 3/),
    });
  });

  it('after a gap the hub asks for everything again', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', { web: ['a'] });
    await expect(eu.report()).resolves.toMatchObject({ wanted: [] });
    eu.sequence += 5;
    const answer = await eu.report();
    expect(answer.wanted).toHaveLength(5);
  });

  it('what is not in the contract is refused with its path', async () => {
    const eu = await hub.enrolled('eu-1');
    const foreign: object = { cluster: 'us-1' };
    await expect(eu.report(foreign)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('cluster'),
    });
    await expect(
      eu.report({
        inventory: {
          namespaces: {
            mark: 'complete',
            observedAt: new Date().toISOString(),
            items: [{ name: '', labels: {}, injection: 'sidecar' }],
          },
        },
      }),
    ).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(
        'report.inventory.namespaces.items[0].name',
      ),
    });
  });

  it('a small body that inflates to a large one is refused while it is read', async () => {
    const eu = await hub.enrolled('eu-1');
    const bomb = gzipSync(Buffer.alloc(MAX_REPORT_BYTES + 1, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await fetch(
      `${hub.base}/api/gns${CONTROLLERS_PATH}/report`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          authorization: `Bearer ${await eu.token()}`,
        },
        body: new Uint8Array(bomb),
      },
    );
    expect(answer.status).toBe(413);
    expect((await answer.json()).error.message).toMatch(/Send less/);
  });

  it('an emptied inventory keeps the endpoints until a person releases the loss', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    const us = await clusterWith(hub, 'us-1', '198.51.100.2', {
      depot: ['stock'],
    });
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
      .set('If-None-Match', '*');
    const published = () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
    await follow([eu, us], published);

    const empty = inventoryOf({
      uid: us.uid,
      network: 'us-1',
      gatewayIp: '198.51.100.2',
      services: { depot: [] },
    });
    await us.report({
      inventory: { services: empty.services, workloads: empty.workloads },
    });
    const [hold] = await openHolds();
    expect(hold).toMatchObject({
      kind: 'inventoryLoss',
      cluster: 'us-1',
      items: ['services/depot/stock', 'workloads/depot/Deployment/stock'],
    });
    await eu.poll(1);
    published();

    // It shows up again: nobody needs to decide any more.
    const full = inventoryOf({
      uid: us.uid,
      network: 'us-1',
      gatewayIp: '198.51.100.2',
      services: { depot: ['stock'] },
    });
    await us.report({
      inventory: { services: full.services, workloads: full.workloads },
    });
    expect(await openHolds()).toEqual([]);

    // The same loss, with a live watch that saw it: it is believed.
    const deletions = [
      {
        namespace: 'depot',
        name: 'stock',
        at: new Date().toISOString(),
      },
    ];
    const now = new Date().toISOString();
    await us.report({
      inventory: {
        services: { mark: 'complete', observedAt: now, items: [], deletions },
        workloads: { mark: 'complete', observedAt: now, items: [], deletions },
      },
    });
    expect(await openHolds()).toEqual([]);
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote'),
    );
  });

  it('a released loss takes its endpoints along', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    const us = await clusterWith(hub, 'us-1', '198.51.100.2', {
      depot: ['stock'],
    });
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
      .set('If-None-Match', '*');
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote'),
    );
    await us.report({
      inventory: {
        workloads: {
          mark: 'complete',
          observedAt: new Date().toISOString(),
          items: [],
        },
        services: {
          mark: 'complete',
          observedAt: new Date().toISOString(),
          items: [],
        },
      },
    });
    const hold = await eventually(async () => {
      const [found] = await openHolds();
      expect(found).toBeDefined();
      return found;
    });
    await hub.post(`/holds/${hold.id}/release`);
    await follow([eu, us], () =>
      expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote'),
    );
  });
});
