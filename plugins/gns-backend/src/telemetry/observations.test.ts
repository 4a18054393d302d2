import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { FakeController } from '../__testUtils__/FakeController';
import { settledShop } from '../__testUtils__/settledShop';
import { collectionPlan } from './collectionPlan';
import { call, known, observations } from './testFixtures';

jest.setTimeout(60_000);
const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('POST observations on %s', id => {
  let knex: Knex;
  let shop: Awaited<ReturnType<typeof settledShop>>;
  beforeAll(async () => {
    knex = await migratedDatabase(databases, id);
    shop = await settledShop(knex);
  });
  afterAll(async () => {
    await shop.hub.backend.stop();
    await knex.destroy();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const minute = () => Math.floor(now() / 60) * 60 - 60;
  const front = { namespace: 'web', name: 'front' };
  const stock = { namespace: 'depot', name: 'stock' };
  const body = () =>
    observations(now(), [
      known(minute(), [
        call({
          source: front,
          destination: stock,
          service: { host: 'stock.shop.gns.internal' },
        }),
      ]),
    ]);

  it('takes what a controller measured, under the plan that it was sent', async () => {
    expect(shop.eu.settings?.telemetry).toEqual(collectionPlan([]));
    expect(await shop.eu.observe(body())).toMatchObject({
      taken: 1,
      refused: [],
      ignoredEdges: 0,
    });
    const rows = await knex('gns_traffic').select('gns', 'known', 'seconds');
    expect(rows).toEqual([{ gns: 'shop', known: 60, seconds: 60 }]);
  });

  it('puts down to the cluster whose key signed it, whatever rows say', async () => {
    await shop.us.observe(body());
    expect(
      await knex('gns_traffic').countDistinct({ n: 'cluster_id' }).first(),
    ).toEqual({ n: id === 'SQLITE_3' ? 2 : '2' });
  });

  it('refuses who has no key of a member, and what is no body', async () => {
    const stranger = new FakeController(shop.eu.base);
    await expect(
      stranger.send('POST', '/observations', { body: body() }),
    ).rejects.toMatchObject({ status: 401 });
    const send = async (more: { gzip?: boolean; body: unknown }) =>
      shop.eu.send('POST', '/observations', {
        token: await shop.eu.token(),
        ...more,
      });
    await expect(send({ body: { slices: 7 } })).rejects.toMatchObject({
      status: 400,
    });
    // Small on the wire, large when opened.
    const bomb = { sentAt: ' '.repeat(20_000_000), slices: [] };
    await expect(send({ gzip: true, body: bomb })).rejects.toMatchObject({
      status: 413,
    });
  });
});
