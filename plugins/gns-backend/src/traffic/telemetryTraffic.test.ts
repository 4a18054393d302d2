import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import {
  packEdges,
  type SliceInput,
  type Statement,
} from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { exactly, SHOP, shopWith } from '../__testUtils__/hubBackend';
import { settledShop } from '../__testUtils__/settledShop';
import { TelemetryTraffic } from './TelemetryTraffic';

jest.setTimeout(60_000);
const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('measured traffic on %s', id => {
  let knex: Knex;
  let shop: Awaited<ReturnType<typeof settledShop>>;
  const end = Math.floor(Date.now() / 60_000) * 60 - 60;

  /** Ten calls per second from eu-1/web to stock, of which one in ten fails. */
  const slices = (minutes: number, failed: number): SliceInput[] =>
    Array.from({ length: minutes }, (_, back) => ({
      start: end - (back + 1) * 60,
      seconds: 60 as const,
      revision: 1,
      state: 'KNOWN' as const,
      edges: packEdges([
        {
          view: 'client',
          protocol: 'http',
          source: { namespace: 'web', name: 'front', version: 'v1' },
          destination: {
            namespace: 'depot',
            name: 'stock',
            version: 'v1',
            cluster: 'istio-us',
          },
          service: { host: 'stock.shop.gns.internal' },
          outcomes: [
            [200, 600 - failed],
            [503, failed],
          ],
          durations: [],
          durationSumMs: 0,
        },
      ]),
    }));
  const observe = async (minutes: number, failed = 60) => {
    for (const [controller, istioClusterId] of [
      [shop.eu, 'istio-eu'],
      [shop.us, 'istio-us'],
    ] as const) {
      await controller.observe({
        sentAt: new Date().toISOString(),
        istioClusterId,
        slices:
          controller === shop.eu
            ? slices(minutes, failed)
            : slices(minutes, failed).map(({ start, seconds, revision }) => ({
                start,
                seconds,
                revision,
                state: 'ZERO' as const,
              })),
      });
    }
  };
  const plan = async (definition: object) => {
    const { body } = await shop.hub.post('/plan', {
      definitions: [definition],
    });
    return body;
  };
  const shareOf = (body: { statements: Statement[] }) =>
    body.statements.find(s => s.kind === 'crossClusterShare')?.parameters;
  const both = [exactly('eu-1', 'web'), exactly('us-1', 'depot')];
  const open = shopWith(both, { mtls: 'permissive' });

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    shop = await settledShop(knex);
  });
  afterEach(async () => {
    await shop.hub.backend.stop();
    await knex.destroy();
  });

  it('plans say which share of the calls crosses clusters, and who loses how many; unmeasured is unknown', async () => {
    expect(shareOf(await plan(open))).toMatchObject({
      before: null,
      after: null,
      why: 'notMeasured',
    });
    await observe(5);
    const measured = await plan(open);
    expect(shareOf(measured)).toMatchObject({
      before: 1,
      after: 1,
      calls: 10,
      why: null,
    });
    expect(measured.totals.crossClusterShare).toBe(1);
    const leaving = await plan(shopWith([exactly('eu-1', 'web')]));
    expect(
      leaving.statements.find((s: Statement) => s.kind === 'callersLose'),
    ).toMatchObject({
      parameters: { host: 'stock.shop.gns.internal', calls: 10 },
    });
  });

  it('a rollout stops on errors of the services concerned, and says how many', async () => {
    const answer = await shop.hub.post('/rollouts', {
      definition: open,
      expect: 1,
      strategy: {
        waves: [{ clusters: ['us-1'], soakSeconds: 3600 }],
        stopOn: { errorShare: 0.05 },
      },
    });
    expect(answer.status).toBe(201);
    await observe(5);
    await shop.eu.report();
    await eventually(async () => {
      // As if it had begun five minutes ago: the test does not wait for minutes to pass.
      // Each time anew, for the hub itself may write the row when the wave begins.
      const row = await knex('gns_rollouts').first('waves');
      const waves = JSON.parse(row.waves);
      waves[0].watchedFrom = new Date((end - 300) * 1000).toISOString();
      await knex('gns_rollouts').update({ waves: JSON.stringify(waves) });
      await shop.hub.post('/global-namespaces/shop/resume');
      const { body } = await shop.hub.get(`/rollouts/${answer.body.id}`);
      expect(body).toMatchObject({
        state: 'stopped',
        stop: { reason: { kind: 'errors', calls: 3000, errors: 300 } },
      });
    });
    expect((await shop.hub.get(SHOP)).body.generation).toBe(2);
  });

  it('what cannot be read is unknown, and nobody is held up', async () => {
    const broken = new TelemetryTraffic({
      logger: mockServices.logger.mock(),
      view: {
        traffic: async () => {
          throw new Error('locked');
        },
      },
      increments: {
        newest: async () => {
          throw new Error('locked');
        },
        read: async () => [],
      },
    });
    expect(await broken.callsWithin('shop')).toEqual({
      state: 'unknown',
      why: 'notMeasured',
    });
    expect(
      await broken.errorsSince('shop', ['a.shop'], new Date()),
    ).toMatchObject({ state: 'unknown' });
  });
});
