import type { Knex } from 'knex';
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
import { loadHubIdentity } from '../members/hubIdentity';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('a restored hub on %s', id => {
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

  it('goes read-only, changes nothing, and goes on in a new term when a person says so', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web')]))
      .set('If-None-Match', '*');
    await follow([eu], () =>
      expect(eu.names('ServiceEntry')).toContain('gns-shop-front-local'),
    );
    const before = [...eu.objects.values()];

    // As if this controller had been further with the hub that was lost.
    const epoch = { term: 4, n: 1000 };
    const identity = await loadHubIdentity(knex);
    eu.highest = epoch;
    eu.proof = await identity.sign({
      hub: identity.hubId,
      cluster: eu.identity!.clusterId,
      epoch,
      digest: '0'.repeat(64),
      iat: 0,
    });
    await expect(eu.poll(0)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('older backup'),
    });
    expect((await hub.get('/hub')).body).toMatchObject({
      readOnly: true,
      term: 1,
      openHolds: 1,
    });
    const refused = await hub.put(SHOP, shopWith([])).set('If-Match', '"1"');
    expect(refused.status).toBe(503);
    // Reports are taken for display.
    await expect(eu.report({ pausedLocally: ['*'] })).resolves.toMatchObject({
      acknowledged: eu.sequence,
    });
    expect((await hub.get('/clusters/eu-1')).body.pausedLocally).toEqual(['*']);

    const [hold] = (await hub.get('/holds')).body.items;
    expect(hold).toMatchObject({ kind: 'restoredHub', state: 'open' });
    expect((await hub.post(`/holds/${hold.id}/release`)).status).toBe(200);
    expect((await hub.get('/hub')).body).toMatchObject({
      readOnly: false,
      term: 5,
    });
    await eventually(async () => expect(await eu.poll(0)).toBe(true));
    expect(eu.epoch.term).toBe(5);
    expect([...eu.objects.values()]).toEqual(before);
    expect(eu.tombstones).toEqual([]);

    // What only the lost history knew waits for a person, however little it is.
    const unknown =
      'networking.istio.io/v1/ServiceEntry/web/gns-shop-new-local';
    await eu.report({
      owned: [...before.map(o => o.key), unknown].map(key => ({
        key,
        gns: 'shop',
      })),
    });
    await eventually(async () =>
      expect((await hub.get('/holds')).body.items).toMatchObject([
        { kind: 'deletion', items: [unknown] },
      ]),
    );
    expect(await eu.poll(0)).toBe(false);
  });
});
