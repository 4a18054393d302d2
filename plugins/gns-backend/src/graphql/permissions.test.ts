import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import request from 'supertest';
import {
  gnsClusterReadPermission,
  gnsDefinitionReadPermission,
} from '@isthmus/plugin-gns-common';
import {
  createDefinitionConditionalDecision,
  definitionConditions,
} from '@isthmus/plugin-gns-node';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { FakeIncrements } from '../__testUtils__/FakeIncrements';
import { shopWith } from '../__testUtils__/hubBackend';
import { startSloBackend } from '../__testUtils__/sloBackend';
import { objectiveDocument } from '../__testUtils__/sloDefinitions';
import { DAY } from '../slo/windows';

jest.setTimeout(60_000);
const databases = createTestDatabases();
const NOW = Date.parse('2026-11-25T10:07:00Z') / 1000;

describe('permissions of GraphQL', () => {
  let knex: Knex;
  let hub: Awaited<ReturnType<typeof startSloBackend>>;
  /** Whose definitions may be read; undefined: all. */
  let ownedBy: string[] | undefined;
  let clusters = AuthorizeResult.ALLOW as
    | AuthorizeResult.ALLOW
    | AuthorizeResult.DENY;

  beforeAll(async () => {
    knex = await migratedDatabase(databases, 'SQLITE_3');
    hub = await startSloBackend({
      knex,
      increments: new FakeIncrements({
        clusters: ['eu', 'us'],
        now: NOW,
        start: NOW - 40 * DAY,
        minute: ({ service, cluster }) => {
          if (cluster === 'us' && service === 'silent') return 'unknown';
          return service === 'payment' ? { ok: 90, server: 10 } : { ok: 100 };
        },
      }),
      now: () => NOW * 1000,
      more: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result:
                permission.name === gnsClusterReadPermission.name
                  ? clusters
                  : AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async requests =>
            requests.map(({ permission }) =>
              ownedBy && permission.name === gnsDefinitionReadPermission.name
                ? createDefinitionConditionalDecision(
                    gnsDefinitionReadPermission,
                    definitionConditions.isDefinitionOwner({ claims: ownedBy }),
                  )
                : { result: AuthorizeResult.ALLOW },
            ),
        }).factory,
      ],
    });
    for (const [name, owner] of [
      ['shop', 'group:default/shop'],
      ['bank', 'group:default/bank'],
    ]) {
      const document = shopWith([], { domain: `${name}.gns.internal` });
      await hub.client.putDefinition(
        { ...document, metadata: { name, owner } } as never,
        {},
      );
    }
    for (const [gns, name, owner] of [
      ['shop', 'checkout', 'group:default/shop'],
      ['bank', 'payment', 'group:default/bank'],
      ['shop', 'silent', 'group:default/shop'],
    ]) {
      await hub.client.putDefinition(
        objectiveDocument({ services: [name] }, { gns, name, owner }),
        {},
      );
    }
    await hub.client.slo.get({ gns: 'shop', name: 'silent' });
  });
  afterAll(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });
  afterEach(() => {
    ownedBy = undefined;
    clusters = AuthorizeResult.ALLOW;
  });

  const ask = async (query: string) => {
    const { body } = await request(hub.server)
      .post('/api/gns/graphql')
      .send({ query });
    return body;
  };
  const EVERYTHING = `{
    globalNamespaces { totalCount nodes { name slos { nodes { name } } } }
    slos { totalCount nodes { name state } }
    definitions { nodes { kind name } }
  }`;

  it('shows all to who may read all, worst objectives first', async () => {
    const { data, errors } = await ask(EVERYTHING);
    expect(errors).toBeUndefined();
    expect(data.globalNamespaces.totalCount).toBe(2);
    expect(data.slos.nodes[0]).toEqual({ name: 'payment', state: 'violated' });
    expect(data.definitions.nodes).toHaveLength(5);
  });

  it('hides what is not yours, as if it were not there', async () => {
    ownedBy = ['group:default/shop'];
    const { data } = await ask(EVERYTHING);
    expect(JSON.stringify(data)).not.toMatch(/bank|payment/);
    expect(data.globalNamespaces.totalCount).toBe(1);
    expect(data.slos.totalCount).toBe(2);
    for (const query of [
      '{ globalNamespace(name: "bank") { name } }',
      '{ slo(globalNamespace: "bank", name: "payment") { name } }',
    ]) {
      const { data: none, errors } = await ask(query);
      expect(Object.values(none)).toEqual([null]);
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
  });

  it('asks for the permission to read clusters, and leaves the rest standing', async () => {
    clusters = AuthorizeResult.DENY;
    const { data, errors } = await ask(
      '{ clusters { totalCount } telemetry { pending } globalNamespaces { totalCount } }',
    );
    expect(data).toEqual({
      clusters: null,
      telemetry: null,
      globalNamespaces: { totalCount: 2 },
    });
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(error).toMatchObject({
        message: expect.stringContaining('gns.cluster.read'),
        extensions: { code: 'NOT_ALLOWED' },
      });
    }
  });

  it('tells compliance with its bounds and who is silent', async () => {
    const { data, errors } = await ask(`{
      slo(globalNamespace: "shop", name: "silent") {
        state partial coverage silentClusters budget { sli consumed sliBounds { low high } }
        burn { windowSeconds burn } trend clusters { cluster }
        detail { objectives { name unknown coverage } parts { cluster known silent } heatMap { states } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.slo).toMatchObject({
      partial: true,
      silentClusters: ['us'],
      budget: { sli: 1, consumed: 0 },
    });
    expect(data.slo.coverage).toBeLessThan(1);
    expect(data.slo.budget.sliBounds.low).toBeLessThan(1);
    expect(data.slo.detail.parts).toContainEqual(
      expect.objectContaining({ cluster: 'us', silent: true }),
    );
  });

  it('refuses callers without credentials', async () => {
    const { status } = await request(hub.server)
      .post('/api/gns/graphql')
      .set('authorization', 'Bearer nonsense')
      .send({ query: '{ globalNamespaces { totalCount } }' });
    expect(status).toBe(401);
  });
});
