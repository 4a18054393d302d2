import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Knex } from 'knex';
import {
  packEdges,
  type EdgeRow,
  type SliceInput,
} from '@isthmus/plugin-gns-common';
import request from 'supertest';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { settledShop } from '../__testUtils__/settledShop';
import { objectiveDocument } from '../__testUtils__/sloDefinitions';

jest.setTimeout(120_000);
const databases = createTestDatabases();
const DOCS = resolve(__dirname, '../../../../docs/graphql.md');

const front = { namespace: 'web', name: 'front', version: 'v1' };
const stock = { namespace: 'depot', name: 'stock', version: 'v2' };

/** The questions of the documentation, each with the variables that follow it. */
function examples(): { query: string; variables: object }[] {
  const blocks = [
    ...readFileSync(DOCS, 'utf8').matchAll(/```(\w+)\n([\s\S]*?)```/g),
  ].map(([, language, text]) => ({ language, text }));
  return blocks.flatMap(({ language, text }, i) =>
    language === 'graphql'
      ? [
          {
            query: text,
            variables:
              blocks[i + 1]?.language === 'json'
                ? JSON.parse(blocks[i + 1].text)
                : {},
          },
        ]
      : [],
  );
}

describe('GraphQL', () => {
  let knex: Knex;
  let shop: Awaited<ReturnType<typeof settledShop>>;
  const end = Math.floor(Date.now() / 60_000) * 60 - 60;
  const slice = (back: number, rows: EdgeRow[]): SliceInput => ({
    start: end - back * 60,
    seconds: 60,
    revision: 1,
    state: 'KNOWN',
    edges: packEdges(rows),
  });

  beforeAll(async () => {
    knex = await migratedDatabase(databases, 'SQLITE_3');
    shop = await settledShop(knex);
    const client: EdgeRow = {
      view: 'client',
      protocol: 'http',
      source: front,
      destination: { ...stock, cluster: 'istio-us' },
      service: { host: 'stock.shop.gns.internal' },
      outcomes: [
        [200, 540],
        [503, 60],
      ],
      durations: [
        { outcome: 'ok', edgesMs: [10, 100], counts: [300, 240, 0] },
        { outcome: 'server', edgesMs: [10, 100], counts: [60, 0, 0] },
      ],
      durationSumMs: 12_000,
    };
    const server: EdgeRow = {
      ...client,
      view: 'server',
      source: { ...front, cluster: 'istio-eu' },
      destination: stock,
      mtls: 540,
    };
    for (const back of [2, 1]) {
      await shop.eu.observe({
        sentAt: new Date().toISOString(),
        istioClusterId: 'istio-eu',
        slices: [slice(back, [client])],
      });
      await shop.us.observe({
        sentAt: new Date().toISOString(),
        istioClusterId: 'istio-us',
        slices: [slice(back, [server])],
      });
    }
    const written = await shop.hub
      .put(
        '/definitions/ServiceLevelObjective/shop/stock',
        objectiveDocument({ services: ['stock'] }, { name: 'stock' }),
      )
      .set('If-None-Match', '*');
    if (written.body.result !== 'created') throw new Error(written.text);
  });
  afterAll(async () => {
    await shop.hub.backend.stop();
    await knex.destroy();
  });

  const ask = async (query: string, variables: object = {}) => {
    const { body } = await request(shop.hub.backend.server)
      .post('/api/gns/graphql')
      .send({ query, variables });
    return body;
  };

  it('answers every example of the documentation', async () => {
    const all = examples();
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const { query, variables } of all) {
      const answer = await ask(query, variables);
      expect({ query, errors: answer.errors }).toEqual({
        query,
        errors: undefined,
      });
      expect(JSON.stringify(answer.data).length).toBeGreaterThan(50);
    }
  });

  it('tells who calls whom as REST does', async () => {
    const { data } = await ask(`{
      globalNamespace(name: "shop") {
        health
        coverage { cluster state }
        topology(window: 60) {
          live windowSeconds
          edges { totalCount nodes {
            id source { label cluster } target { id inbound { requests } }
            service health crossCluster reportedBy
            figures { requests errorShare latency { p50 mean beyond } mtlsShare known tcp { opened } }
            latencyBuckets { upToMs requests }
          } }
          hidden { nodes edges }
          coverage { cluster state known reason }
        }
      }
    }`);
    const { topology, coverage } = data.globalNamespace;
    const { body } = await shop.hub.get(
      '/global-namespaces/shop/traffic?window=60',
    );
    expect(topology.edges.totalCount).toBe(1);
    expect(topology.edges.nodes).toMatchObject([
      {
        id: body.edges[0].id,
        source: { label: 'front', cluster: 'eu-1' },
        target: {
          id: 'service/us-1/depot/stock',
          inbound: { requests: 10 },
        },
        service: 'stock',
        health: 'failing',
        crossCluster: true,
        reportedBy: 'client',
        figures: {
          requests: 10,
          errorShare: 0.1,
          latency: { p50: 8.333, mean: 20, beyond: [] },
          mtlsShare: 1,
          known: 1,
          tcp: null,
        },
        latencyBuckets: [
          { upToMs: 10, requests: 6 },
          { upToMs: 100, requests: 4 },
        ],
      },
    ]);
    expect(topology.coverage).toMatchObject([
      { cluster: 'eu-1', state: 'ok', known: 1, reason: null },
      { cluster: 'us-1', state: 'ok', known: 1, reason: null },
    ]);
    expect(coverage).toEqual([
      { cluster: 'eu-1', state: 'ok' },
      { cluster: 'us-1', state: 'ok' },
    ]);
  });

  it.each([
    ['cluster', [['us-1', 10]]],
    ['workload', [['stock', 10]]],
    ['version', [['v2', 10]]],
    ['caller', [['service/eu-1/web/front', 10]]],
    ['none', [['', 10]]],
  ])('splits series by %s', async (groupBy, expected) => {
    const { data, errors } = await ask(
      `query ($by: SeriesGroupBy!) { globalNamespace(name: "shop") { service(name: "stock") {
        series(range: 300, step: 60, groupBy: $by) {
          times series { group points { requests known } } codes { code requests } coverage { cluster known }
        } } } }`,
      { by: groupBy },
    );
    expect(errors).toBeUndefined();
    const { series, times, codes } = data.globalNamespace.service.series;
    expect(times).toHaveLength(5);
    expect(
      series.map((s: { group: string; points: { requests: number[] } }) => [
        s.group,
        s.points.requests.at(-1),
      ]),
    ).toEqual(expected);
    // Before the clusters told of anything: unknown, not zero.
    expect(series[0].points.requests[0]).toBeNull();
    expect(series[0].points.known[0]).toBe(0);
    expect(codes).toContainEqual({ code: '503', requests: 120 });
  });

  it('does not know what was before, and does not say zero', async () => {
    const at = new Date((end - 600) * 1000).toISOString();
    const { data } = await ask(
      `query ($at: DateTime!) { globalNamespace(name: "shop") {
        service(name: "stock") { traffic(at: $at) { health figures { requests errorShare known } coverage { known reason } } }
        topology(at: $at) { live nodes { nodes { health idle inbound { requests } } } }
      } }`,
      { at },
    );
    const { service, topology } = data.globalNamespace;
    expect(service.traffic).toMatchObject({
      health: 'unknown',
      figures: { requests: null, errorShare: null, known: 0 },
      coverage: [{ known: 0 }, { known: 0 }],
    });
    expect(topology.live).toBe(false);
    for (const node of topology.nodes.nodes) {
      expect(node).toMatchObject({
        health: 'unknown',
        idle: null,
        inbound: { requests: null },
      });
    }
  });

  it('tells CPU and memory of clusters beside those of services', async () => {
    await shop.us.observe({
      sentAt: new Date().toISOString(),
      slices: [],
      resources: {
        state: 'KNOWN',
        at: end,
        nodes: [
          {
            name: 'node-a',
            cpuCores: 1.5,
            cpuCapacityCores: 4,
            memoryBytes: 6e9,
            memoryCapacityBytes: null,
          },
        ],
        workloads: [
          {
            namespace: 'depot',
            name: 'stock',
            pods: 2,
            cpuCores: 0.5,
            memoryBytes: 5e9,
          },
        ],
      },
    });
    const { data, errors } = await ask(`{ globalNamespace(name: "shop") {
      resources { clusters { cluster state reason total { nodes unknownNodes cpuCores memoryBytes memoryCapacityBytes } nodes { name } members { cpuCores } }
        services { service cpuCores memoryBytes unknownClusters } history { times clusters { cluster cpuCores } } }
      service(name: "stock") { resources { pods cpuCores } }
    } }`);
    expect(errors).toBeUndefined();
    const { resources, service } = data.globalNamespace;
    expect(resources.clusters).toMatchObject([
      { cluster: 'eu-1', state: 'unreachable', total: null, nodes: null },
      {
        cluster: 'us-1',
        state: 'ok',
        reason: null,
        total: {
          nodes: 1,
          unknownNodes: 1,
          cpuCores: 1.5,
          memoryBytes: 6e9,
          memoryCapacityBytes: null,
        },
        nodes: [{ name: 'node-a' }],
        members: { cpuCores: 0.5 },
      },
    ]);
    expect(service.resources).toEqual({ pods: 2, cpuCores: 0.5 });
  });

  it('pages forwards and backwards over everything once', async () => {
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
      globalNamespace(name: "shop") { services(first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { name } } nodes { name }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } } }`;
    const page = async (args: object) =>
      (await ask(query, args)).data.globalNamespace.services;
    const one = await page({ first: 1 });
    expect(one).toMatchObject({
      totalCount: 2,
      nodes: [{ name: 'front' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const two = await page({ first: 1, after: one.pageInfo.endCursor });
    expect(two).toMatchObject({
      nodes: [{ name: 'stock' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const back = await page({ last: 1, before: two.pageInfo.startCursor });
    expect(back.nodes).toEqual([{ name: 'front' }]);
    const wrong = await ask(query, { first: 1, after: 'bm9uZQ' });
    expect(wrong.errors).toMatchObject([
      {
        message:
          'cursor: it is none of this list. Take it from pageInfo or edges',
        extensions: { code: 'INPUT' },
      },
    ]);
  });

  it.each<[string, string, object]>([
    [
      'a global namespace that is not there',
      '{ globalNamespace(name: "bank") { name } }',
      { extensions: { code: 'NOT_FOUND' } },
    ],
    [
      'a window that is none',
      '{ globalNamespace(name: "shop") { topology(window: 61) { from } } }',
      { message: expect.stringContaining('Write one of 60, 300') },
    ],
    [
      'a time that is not kept',
      '{ globalNamespace(name: "shop") { topology(at: "2001-01-01T00:00:00Z") { from } } }',
      { message: expect.stringContaining('not within what is kept') },
    ],
    [
      'a time that is none',
      '{ globalNamespace(name: "shop") { topology(at: "2026-02-30") { from } } }',
      { message: expect.stringContaining('RFC 3339') },
    ],
    [
      'too many points in one series',
      '{ globalNamespace(name: "shop") { service(name: "stock") { series(range: 604800, step: 60) { from } } } }',
      { message: expect.stringContaining('longer step') },
    ],
    [
      'a service of no global namespace',
      '{ slos(service: "stock") { totalCount } }',
      { message: expect.stringContaining('Write globalNamespace too') },
    ],
  ])('says what is wrong with %s', async (_, query, error) => {
    const { errors } = await ask(query);
    expect(errors).toMatchObject([error]);
  });

  it('answers what can be answered beside what fails', async () => {
    const { data, errors } = await ask(
      '{ bank: globalNamespace(name: "bank") { name } shop: globalNamespace(name: "shop") { name service(name: "none") { name } } }',
    );
    expect(errors).toHaveLength(1);
    expect(data).toEqual({ bank: null, shop: { name: 'shop', service: null } });
  });
});
