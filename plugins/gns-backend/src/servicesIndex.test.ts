import type { Knex } from 'knex';
import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { assertDocumented } from './__testUtils__/documentedAnswers';
import { startHubBackend } from './__testUtils__/hubBackend';
import { settledShop } from './__testUtils__/settledShop';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())(
  'the index of services on %s',
  id => {
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

    it('names each service, its places and the labels of its objects', async () => {
      const answer = await shop.hub.get('/services');
      assertDocumented('get', '/v1/services', answer);
      expect(answer.body).toEqual({
        items: [
          {
            gns: 'shop',
            name: 'front',
            host: 'front.shop.gns.internal',
            places: [
              {
                cluster: 'eu-1',
                namespace: 'web',
                service: 'front',
                labels: { app: 'front' },
              },
            ],
          },
          {
            gns: 'shop',
            name: 'stock',
            host: 'stock.shop.gns.internal',
            places: [
              {
                cluster: 'us-1',
                namespace: 'depot',
                service: 'stock',
                labels: { app: 'stock' },
              },
            ],
          },
        ],
      });
    });

    it('comes in pages, each service once', async () => {
      const first = await shop.hub.get('/services?limit=1');
      const second = await shop.hub.get(
        `/services?limit=1&cursor=${first.body.nextCursor}`,
      );
      expect(
        [...first.body.items, ...second.body.items].map(
          (s: { name: string }) => s.name,
        ),
      ).toEqual(['front', 'stock']);
      expect(second.body.nextCursor).toBeUndefined();
    });

    it('refuses a wrong limit with its path', async () => {
      const answer = await shop.hub.get('/services?limit=0');
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain('query.limit');
    });

    it('holds nothing that the caller may not read', async () => {
      const closed = await startHubBackend(knex, [
        mockServices.permissions.mock({
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.DENY })),
        }).factory,
      ]);
      try {
        const answer = await closed.get('/services');
        expect(answer.body).toEqual({ items: [] });
      } finally {
        await closed.backend.stop();
      }
    });
  },
);
