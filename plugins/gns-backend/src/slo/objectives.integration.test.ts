import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';

const databases = createTestDatabases();
const OBJECTIVE = '/definitions/ServiceLevelObjective/shop/shop';

/** Named like its global namespace, on purpose. */
const objective = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'ServiceLevelObjective',
  metadata: { gns: 'shop', name: 'shop', ...metadata },
  spec: {
    services: ['checkout'],
    objectives: [
      { name: 'ok', target: 99.9, indicator: { type: 'availability' } },
    ],
    ...spec,
  },
});

describe('objectives over REST', () => {
  let knex: Knex;
  let hub: HubBackend;

  beforeAll(async () => {
    knex = await migratedDatabase(databases, 'SQLITE_3');
    hub = await startHubBackend(knex);
    const eu = await clusterWith(hub, 'eu-1', '203.0.113.1', {
      web: ['checkout'],
    });
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web')]))
      .set('if-none-match', '*');
    await follow([eu], async () => {
      const status = await hub.get('/global-namespaces/shop');
      const { length } = status.body.globalServices;
      if (length !== 1) throw new Error(`There are ${length} services`);
    });
  });
  afterAll(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  it('planning one changes nothing in any cluster', async () => {
    const plan = await hub.post('/plan', { definitions: [objective()] });
    expect(plan.body).toMatchObject({ problems: [], clusters: [] });
  });

  it('one of a global namespace that is not there is refused', async () => {
    const answer = await hub
      .put(
        '/definitions/ServiceLevelObjective/bank/shop',
        objective({}, { gns: 'bank' }),
      )
      .set('if-none-match', '*');
    expect(answer.status).toBe(422);
    expect(answer.body.error.problems).toMatchObject([{ code: 'gns-missing' }]);
  });

  it('is written, warned of, kept from losing its global namespace, and deleted', async () => {
    const written = await hub
      .put(OBJECTIVE, objective({ services: ['checkout', 'nobody'] }))
      .set('if-none-match', '*');
    expect(written.body).toMatchObject({
      result: 'created',
      warnings: [{ code: 'service-unknown', path: 'spec.services[1]' }],
    });
    const refused = await hub.delete(SHOP).set('if-match', '"1"');
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain(
      'ServiceLevelObjective:shop/shop',
    );
    const deleted = await hub.delete(OBJECTIVE).set('if-match', '"1"');
    expect(deleted.body).toMatchObject({ result: 'deleted' });
  });
});
