import { randomBytes } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { migrate } from '../database/migrate';
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

jest.setTimeout(60_000);

const server = process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;

(server ? describe : describe.skip)('two hubs on one PostgreSQL', () => {
  const name = `replicas${randomBytes(8).toString('hex')}`;
  let admin: Knex;
  let databases: Knex[];
  let hubs: HubBackend[];

  beforeEach(async () => {
    admin = knexFactory({ client: 'pg', connection: server });
    await admin.raw('create database ??', [name]);
    const url = new URL(server!);
    url.pathname = `/${name}`;
    databases = [1, 2].map(() =>
      knexFactory({
        client: 'pg',
        connection: url.toString(),
        pool: { min: 0, max: 5 },
      }),
    );
    await migrate({ getClient: async () => databases[0] });
    hubs = await Promise.all(databases.map(knex => startHubBackend(knex)));
  });
  afterEach(async () => {
    await Promise.all(hubs.map(hub => hub.backend.stop()));
    await Promise.all(databases.map(knex => knex.destroy()));
    await admin.raw('drop database ??', [name]);
    await admin.destroy();
  });

  it('wake each other, and enrol, report and poll are the same on both', async () => {
    const eu = await clusterWith(hubs[0], 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    await eventually(async () => expect(await eu.poll(0)).toBe(true));
    await eu.report();

    // Held at the second replica, while the first takes the definition.
    eu.base = hubs[1].base;
    const began = performance.now();
    const held = eu.poll(20);
    const written = await hubs[0]
      .put(SHOP, shopWith([exactly('eu-1', 'web')]))
      .set('If-None-Match', '*');
    expect(written.status).toBe(200);
    expect(await held).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(eu.names('ServiceEntry')).toContain('gns-shop-front-local');

    await eu.report();
    const us = await clusterWith(hubs[1], 'us-1', '198.51.100.2', {
      depot: ['stock'],
    });
    const both = shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]);
    await hubs[1].put(SHOP, both).set('If-Match', '"1"');
    us.base = hubs[0].base;
    await follow([eu, us], () => {
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect(us.names('ServiceEntry')).toContain('gns-shop-front-remote');
    });
  });

  it('reconcile one after the other: every number is used once, every digest holds', async () => {
    const [a, b] = hubs;
    const eu = await clusterWith(a, 'eu-1', '198.51.100.1', {
      web: ['front', 'cart', 'search'],
    });
    let generation = 0;
    for (const domainless of [
      ['front'],
      ['front', 'cart'],
      ['cart'],
      ['front', 'search'],
    ]) {
      const hub = generation % 2 === 0 ? a : b;
      const write = hub.put(
        SHOP,
        shopWith([
          { ...exactly('eu-1', 'web'), services: { names: domainless } },
        ]),
      );
      const answer = await (generation === 0
        ? write.set('If-None-Match', '*')
        : write.set('If-Match', `"${generation}"`));
      expect(answer.status).toBe(200);
      generation += 1;
      // The controller polls one or the other: each delta must fit to the last.
      eu.base = generation % 2 === 0 ? a.base : b.base;
      await eventually(async () => expect(await eu.poll(1)).toBe(true));
      await eu.report();
    }
    await follow([eu], () =>
      expect(
        eu.names('ServiceEntry').filter(n => n.endsWith('-local')),
      ).toEqual(['gns-shop-front-local', 'gns-shop-search-local']),
    );
    const rows = await databases[0]('gns_desired_objects').select('changed_n');
    expect(rows.every(r => Number(r.changed_n) <= eu.epoch.n)).toBe(true);
  });

  it('a lost listening connection is opened again, and polling bridges the gap', async () => {
    const eu = await clusterWith(hubs[0], 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    await eventually(async () => expect(await eu.poll(0)).toBe(true));
    await eu.report();
    await admin.raw(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and query like 'LISTEN%'",
      [name],
    );
    eu.base = hubs[1].base;
    const held = eu.poll(20);
    await hubs[0]
      .put(SHOP, shopWith([exactly('eu-1', 'web')]))
      .set('If-None-Match', '*');
    expect(await held).toBe(true);
    await eventually(async () => {
      const { rows } = await admin.raw(
        "select count(*) from pg_stat_activity where datname = ? and query like 'LISTEN%'",
        [name],
      );
      expect(Number(rows[0].count)).toBe(2);
    });
  });
});
