import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  gnsClusterUpdatePermission,
  type Consequences,
} from '@isthmus/plugin-gns-common';
import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { eventually } from '../__testUtils__/eventually';
import { follow, startHubBackend } from '../__testUtils__/hubBackend';
import { inventoryOf } from '../__testUtils__/inventories';
import { settledShop } from '../__testUtils__/settledShop';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const STOCK = 'stock.shop.gns.internal';

describe.each(databases.eachSupportedId())(
  'what an action on a cluster costs, on %s',
  id => {
    let knex: Knex;
    let shop: Awaited<ReturnType<typeof settledShop>>;
    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
      shop = await settledShop(knex);
    });
    afterEach(async () => {
      await shop.hub.backend.stop();
      await knex.destroy();
    });

    const cost = async (action: string): Promise<Consequences> => {
      const answer = await shop.hub.get(
        `/clusters/us-1/consequences?action=${action}`,
      );
      assertDocumented('get', '/v1/clusters/{name}/consequences', answer);
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.body;
    };
    const drained = async () =>
      (await shop.hub.get('/clusters/us-1')).body.drained;
    const holds = async () => (await shop.hub.get('/holds')).body.items;

    it('drain: tells which hosts lose their last endpoint, takes them from callers, and gives them back', async () => {
      const { eu, us, hub } = shop;
      const told = await cost('drain');
      expect(told.text).toContain(`${STOCK} loses its last endpoint`);
      expect(told.statements).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            kind: 'drained',
            parameters: { cluster: 'us-1', hosts: [STOCK] },
          }),
          expect.objectContaining({
            kind: 'callersStranded',
            weight: 'danger',
            parameters: {
              gns: 'shop',
              host: STOCK,
              callers: ['eu-1/web'],
              calls: null,
            },
          }),
        ]),
      );
      expect(told.totals).toMatchObject({ callersLose: 1 });
      expect(await drained()).toBe(false);

      const answer = await hub
        .post('/clusters/us-1/drain')
        .set('Gns-Plan', told.hash);
      expect(answer.status).toBe(204);
      expect(await drained()).toBe(true);
      await follow([eu, us], () => {
        expect(eu.names('ServiceEntry')).not.toContain('gns-shop-stock-remote');
      });
      expect(us.names('ServiceEntry')).toEqual(
        expect.arrayContaining([
          'gns-shop-stock-local',
          'gns-shop-front-remote',
        ]),
      );
      expect(await holds()).toEqual([]);
      const status = (await hub.get('/global-namespaces/shop')).body;
      expect(status.allConditions).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ reason: 'Drained', severity: 'info' }),
        ]),
      );
      const why = (await hub.get('/diagnose?from=eu-1/web&to=shop/stock')).body;
      expect(why.chains[0]).toMatchObject({ first: 'endpoints' });
      expect(why.text).toContain('us-1 is drained');
      expect((await cost('drain')).statements).toEqual([
        expect.objectContaining({ kind: 'nothingChanges' }),
      ]);

      const back = await cost('undrain');
      expect(back.statements).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'callersGain' }),
        ]),
      );
      expect((await hub.post('/clusters/us-1/undrain')).status).toBe(204);
      await follow([eu, us], () => {
        expect(eu.names('ServiceEntry')).toContain('gns-shop-stock-remote');
      });
      const audit = (await hub.get('/audit?subject=cluster:us-1')).body.items;
      expect(audit.map((e: { action: string }) => e.action)).toEqual(
        expect.arrayContaining(['drain', 'undrain']),
      );
    });

    it('only the consequences of that very action are a confirmation of it', async () => {
      const { hub } = shop;
      const other = await cost('disconnect');
      const answer = await hub
        .post('/clusters/us-1/drain')
        .set('Gns-Plan', other.hash);
      expect(answer.status).toBe(409);
      expect(answer.body.error.message).toContain('another action');
      const unknown = await hub
        .post('/clusters/us-1/drain')
        .set('Gns-Plan', 'a'.repeat(64));
      expect(unknown.status).toBe(409);
      expect(await drained()).toBe(false);
    });

    it('pause: says what no longer hears of changes; resume: what waits', async () => {
      const { hub, eu, us } = shop;
      expect(await cost('pause')).toMatchObject({
        statements: [
          {
            kind: 'frozen',
            parameters: { cluster: 'us-1', globalNamespaces: ['shop'] },
          },
        ],
        text: expect.stringContaining('no longer hears of changes of shop'),
      });
      await hub.post('/clusters/us-1/pause');
      expect((await cost('resume')).statements[0].kind).toBe('nothingChanges');
      await eu.report({
        inventory: inventoryOf({
          uid: eu.uid,
          network: 'eu-1',
          gatewayIp: '198.51.100.1',
          services: { web: ['front', 'cart'] },
        }),
      });
      await follow([eu, us], async () => {
        expect((await cost('resume')).statements[0]).toMatchObject({
          kind: 'objectsChange',
          parameters: { cluster: 'us-1', delete: 0 },
        });
      });
      expect(us.names('ServiceEntry')).not.toContain('gns-shop-cart-remote');
    });

    it('disconnect: says what is deleted and who loses what, and passes once confirmed', async () => {
      const { hub, eu } = shop;
      const told = await cost('disconnect');
      expect(told.statements.map(s => s.kind)).toEqual(
        expect.arrayContaining([
          'emptied',
          'serviceLeaves',
          'namespaceLeaves',
          'callersLose',
        ]),
      );
      const answer = await hub
        .delete('/clusters/us-1')
        .set('Gns-Plan', told.hash);
      expect(answer.status).toBe(202);
      let gone = false;
      await eventually(async () => {
        if (await eu.poll(0)) await eu.report();
        // Forgotten, it is no member any more, whatever it was about to say.
        if (!gone) {
          try {
            if (await shop.us.poll(0)) await shop.us.report();
          } catch (error) {
            if ((error as { status?: number }).status !== 401) throw error;
          }
        }
        gone = (await hub.get('/clusters/us-1')).status === 404;
        expect(gone).toBe(true);
        expect(eu.names('ServiceEntry')).toEqual(['gns-shop-front-local']);
      });
      expect(await holds()).toEqual([]);
    });

    it('asks for the permission, and refuses what it does not know', async () => {
      const none = await shop.hub.get(
        '/clusters/none/consequences?action=drain',
      );
      expect(none.status).toBe(404);
      const bad = await shop.hub.get('/clusters/us-1/consequences?action=melt');
      expect(bad.status).toBe(400);
      expect(bad.body.error.message).toContain('query.action');
      const closed = await startHubBackend(knex, [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result:
                permission.name === gnsClusterUpdatePermission.name
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
        }).factory,
      ]);
      try {
        const answer = await closed.post('/clusters/us-1/drain');
        expect(answer.status).toBe(403);
        expect(answer.body.error.message).toContain('gns.cluster.update');
        expect(await drained()).toBe(false);
      } finally {
        await closed.backend.stop();
      }
    });
  },
);
