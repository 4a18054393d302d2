import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import { routes } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { assertDocumented } from './__testUtils__/documentedAnswers';
import { eventually } from './__testUtils__/eventually';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from './__testUtils__/hubBackend';

jest.setTimeout(60_000);

const databases = createTestDatabases();

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

  it('joins two clusters: callers hear of a server after it acknowledged', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    const us = await clusterWith(hub, 'us-1', '198.51.100.2', {
      depot: ['stock'],
    });
    const written = await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
      .set('If-None-Match', '*');
    expect(written.body).toMatchObject({ result: 'created' });

    await eventually(async () => {
      await us.poll(0);
      await eu.poll(0);
      expect(us.names('ServiceEntry')).toContain('gns-shop-stock-local');
      expect(eu.names('ServiceEntry')).toContain('gns-shop-front-local');
    });
    await eu.report();
    await eu.poll(1);
    expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote');

    await us.report();
    await follow([eu, us], () => {
      expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      expect(us.names('ServiceEntry')).toContain('gns-shop-front-remote');
    });

    for (const path of [
      '/global-namespaces',
      '/global-namespaces/{name}',
      '/global-namespaces/{name}/topology',
      '/clusters',
      '/clusters/{name}',
      '/holds',
      '/hub',
    ]) {
      const name = path.startsWith('/clusters') ? 'eu-1' : 'shop';
      const answer = await hub.get(path.replace('{name}', name));
      expect([path, answer.status]).toEqual([path, 200]);
      assertDocumented('get', `/v1${path}`, answer);
    }
    const status = await hub.get('/global-namespaces/shop');
    expect(status.body).toMatchObject({
      health: 'healthy',
      services: 2,
      clusters: [
        { cluster: 'eu-1', state: 'ok' },
        { cluster: 'us-1', state: 'ok' },
      ],
    });
    await eventually(async () => {
      const { body } = await hub.get('/global-namespaces/shop');
      expect(
        body.rollout.map((r: { upToDate: boolean }) => r.upToDate),
      ).toEqual([true, true]);
    });
  });

  it('answers every route of the contract, and asks for its permission', async () => {
    for (const route of routes) {
      const path = route.path.replaceAll(/\{\w+\}/g, 'none');
      const method = route.method;
      const sent = ['put', 'post'].includes(method) ? {} : undefined;
      const answer = await hub[method](path, sent);
      // Express answers an unknown route in HTML and without an error name.
      expect([route.operationId, answer.type]).not.toEqual([
        route.operationId,
        'text/html',
      ]);
      expect(answer.status).not.toBe(500);
    }
  });

  it('asks for the permission of each route', async () => {
    const closed = await startHubBackend(knex, [
      mockServices.permissions.mock({
        authorize: async requests =>
          requests.map(() => ({ result: AuthorizeResult.DENY })),
        authorizeConditional: async requests =>
          requests.map(() => ({ result: AuthorizeResult.DENY })),
      }).factory,
    ]);
    try {
      for (const route of routes) {
        const path = route.path.replaceAll(/\{\w+\}/g, 'none');
        const answer = await closed[route.method](path, {});
        // What a person may not read does not exist for them: lists are empty, plans know nothing.
        const hidden =
          answer.status === 200 &&
          !/[1-9]/.test(JSON.stringify(answer.body.items ?? []));
        expect([
          route.operationId,
          [400, 403, 404, 428].includes(answer.status) || hidden,
        ]).toEqual([route.operationId, true]);
      }
      for (const route of routes.filter(r =>
        r.permission.startsWith('gns.cluster.'),
      )) {
        const path = route.path.replaceAll(/\{\w+\}/g, 'none');
        const refused = await closed[route.method](path, { name: 'x' });
        expect([route.operationId, refused.status]).toEqual([
          route.operationId,
          403,
        ]);
        expect(refused.body.error.message).toContain(route.permission);
      }
      expect(await knex('gns_clusters')).toEqual([]);
    } finally {
      await closed.backend.stop();
    }
  });

  it('ends held polls when it stops', async () => {
    const eu = await hub.enrolled('eu-1');
    await eventually(async () => expect(await eu.poll(0)).toBe(true));
    const began = performance.now();
    const held = eu.poll(25);
    // The poll is held once its token was read: give it the time of some other requests.
    for (let i = 0; i < 10; i += 1) await hub.get('/hub');
    await Promise.all([held, hub.backend.stop()]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
