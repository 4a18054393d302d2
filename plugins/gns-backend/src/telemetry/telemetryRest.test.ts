import type { Knex } from 'knex';
import {
  packEdges,
  type EdgeRow,
  type SliceInput,
} from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { settledShop } from '../__testUtils__/settledShop';

jest.setTimeout(60_000);
const databases = createTestDatabases();

const front = { namespace: 'web', name: 'front', version: 'v1' };
const stock = { namespace: 'depot', name: 'stock', version: 'v2' };
const HOST = { host: 'stock.shop.gns.internal' };
const TRAFFIC = '/global-namespaces/{name}/traffic';

describe.each(databases.eachSupportedId())('traffic over REST on %s', id => {
  let knex: Knex;
  let shop: Awaited<ReturnType<typeof settledShop>>;
  const end = Math.floor(Date.now() / 60_000) * 60 - 60;
  const minute = (back: number) => end - back * 60;
  const slice = (back: number, rows: EdgeRow[]): SliceInput => ({
    start: minute(back),
    seconds: 60,
    revision: 1,
    state: 'KNOWN',
    edges: packEdges(rows),
  });
  const body = (slices: SliceInput[], istioClusterId: string) => ({
    sentAt: new Date().toISOString(),
    istioClusterId,
    slices,
  });

  beforeAll(async () => {
    knex = await migratedDatabase(databases, id);
    shop = await settledShop(knex);
    const client: EdgeRow = {
      view: 'client',
      protocol: 'http',
      source: front,
      destination: { ...stock, cluster: 'istio-us' },
      service: HOST,
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
    const outside: EdgeRow = {
      ...server,
      source: undefined,
      outcomes: [[200, 60]],
      durations: [],
      durationSumMs: 0,
      mtls: 0,
      plaintext: 60,
    };
    for (const back of [2, 1]) {
      await shop.eu.observe(body([slice(back, [client])], 'istio-eu'));
      await shop.us.observe(body([slice(back, [server, outside])], 'istio-us'));
    }
  });
  afterAll(async () => {
    await shop.hub.backend.stop();
    await knex.destroy();
  });

  const traffic = async (query = '') => {
    const response = await shop.hub.get(
      `/global-namespaces/shop/traffic${query}`,
    );
    assertDocumented('get', `/v1${TRAFFIC}`, response);
    return response.body;
  };

  it('shows who calls whom, with figures, coverage and boxes', async () => {
    const answer = await traffic('?window=60');
    expect(answer).toMatchObject({
      gns: 'shop',
      level: 'service',
      live: true,
      windowSeconds: 60,
      hidden: { nodes: 0, edges: 0 },
    });
    expect(answer.edges).toMatchObject([
      {
        id: 'calls outside/us-1 service/us-1/depot/stock http',
        reportedBy: 'server',
        figures: { requests: 1, mtlsShare: 0 },
      },
      {
        id: 'calls service/eu-1/web/front service/us-1/depot/stock http',
        service: 'stock',
        crossCluster: true,
        idle: false,
        health: 'failing',
        reportedBy: 'client',
        figures: {
          requests: 10,
          errorShare: 0.1,
          mtlsShare: 1,
          latencyMs: { p50: 8.333, mean: 20 },
          known: 1,
        },
      },
    ]);
    expect(answer.coverage).toMatchObject([
      { cluster: 'eu-1', state: 'ok', known: 1 },
      { cluster: 'us-1', state: 'ok', known: 1 },
    ]);
    const node = (nodeId: string) =>
      answer.nodes.find((n: { id: string }) => n.id === nodeId);
    expect(node('service/us-1/depot/stock')).toMatchObject({
      parent: 'namespace/us-1/depot',
      // 60 of 660: callers without a proxy had no errors.
      health: 'degraded',
      inbound: { requests: 11 },
      outbound: { requests: 0 },
      idle: false,
    });
    expect(node('cluster/eu-1')).toMatchObject({ outbound: { requests: 10 } });
    expect(
      node('gateway/eu-1/istio-system/istio-eastwestgateway'),
    ).toMatchObject({ idle: true, inbound: { requests: 0 } });
  });

  it.each([
    [
      'cluster',
      [
        'calls cluster/eu-1 cluster/us-1 http',
        'calls outside/us-1 cluster/us-1 http',
      ],
    ],
    [
      'namespace',
      [
        'calls namespace/eu-1/web namespace/us-1/depot http',
        'calls outside/us-1 namespace/us-1/depot http',
      ],
    ],
    [
      'workload',
      [
        'calls outside/us-1 workload/us-1/depot/stock http',
        'calls workload/eu-1/web/front workload/us-1/depot/stock http',
      ],
    ],
  ])('zooms to level %s', async (level, ids) => {
    const answer = await traffic(`?window=60&level=${level}&buckets=true`);
    expect(answer.edges.map((e: { id: string }) => e.id)).toEqual(ids);
    const edge = answer.edges.find(
      (e: { crossCluster: boolean }) => e.crossCluster,
    );
    expect(edge.figures.requests).toBe(10);
    expect(edge.latencyBuckets).toEqual([
      [10, 6],
      [100, 4],
    ]);
    const ends = new Set(answer.nodes.map((n: { id: string }) => n.id));
    for (const e of answer.edges) {
      expect(ends.has(e.source) && ends.has(e.target)).toBe(true);
    }
    for (const n of answer.nodes) {
      expect(n.parent === undefined || ends.has(n.parent)).toBe(true);
    }
  });

  it('hides nothing silently', async () => {
    const answer = await traffic('?window=60&limit=1');
    expect(answer.edges).toHaveLength(1);
    expect(answer.hidden).toEqual({ nodes: 1, edges: 1 });
  });

  it('shows the neighbours of one service', async () => {
    const answer = await traffic('?window=60&service=front');
    expect(answer.edges.map((e: { target: string }) => e.target)).toEqual([
      'service/us-1/depot/stock',
    ]);
    expect(answer.nodes.map((n: { id: string }) => n.id).sort()).toEqual([
      'cluster/eu-1',
      'cluster/us-1',
      'namespace/eu-1/web',
      'namespace/us-1/depot',
      'service/eu-1/web/front',
      'service/us-1/depot/stock',
    ]);
  });

  it('goes back in time, and tells what is not known then', async () => {
    const at = new Date(minute(10) * 1000).toISOString();
    const answer = await traffic(`?window=300&at=${at}`);
    expect(answer).toMatchObject({ live: false, to: at, edges: [] });
    expect(answer.coverage).toMatchObject([
      { state: 'unreachable', known: 0, reason: '0 % of this time is known' },
      { state: 'unreachable', known: 0 },
    ]);
    for (const node of answer.nodes) {
      expect(node).toMatchObject({
        health: 'unknown',
        idle: null,
        inbound: { requests: null, errorShare: null, known: 0 },
      });
    }
    const ranges = await shop.hub.get('/global-namespaces/shop/traffic/ranges');
    assertDocumented('get', `/v1${TRAFFIC}/ranges`, ranges);
    expect(ranges.body.minutes).toMatchObject({
      from: new Date(minute(2) * 1000).toISOString(),
      to: new Date(minute(0) * 1000).toISOString(),
    });
  });

  it.each<[string, string]>([
    ['?window=61', 'query.window'],
    ['?at=yesterday', 'query.at'],
    ['?at=2001-01-01T00:00:00Z', 'not within what is kept'],
    ['?level=pod', 'query.level'],
    ['?limit=0', 'query.limit'],
    ['?cluster=eu-1', 'cluster'],
    ['/series', 'name one subject'],
    ['/series?edge=a&node=b', 'name one subject'],
    ['/series?edge=nonsense', 'is no edge'],
    ['/series?node=a&range=604800&step=60', 'longer step'],
    ['/series?node=a&groupBy=pod', 'query.groupBy'],
  ])('refuses %s', async (query, message) => {
    const response = await shop.hub.get(
      `/global-namespaces/shop/traffic${query}`,
    );
    expect(response.status).toBe(400);
    expect(response.body.error.message).toContain(message);
  });

  it('draws an edge and a service over time', async () => {
    const series = async (query: string) => {
      const response = await shop.hub.get(
        `/global-namespaces/shop/traffic/series?${query}`,
      );
      assertDocumented('get', `/v1${TRAFFIC}/series`, response);
      expect(response.status).toBe(200);
      return response.body;
    };
    const edge = encodeURIComponent(
      'calls service/eu-1/web/front service/us-1/depot/stock http',
    );
    const along = await series(`edge=${edge}&range=300&step=60`);
    expect(along.series).toHaveLength(1);
    expect(along.series[0].points.requests).toEqual([null, null, null, 10, 10]);
    expect(along.series[0].points.errorShare.slice(-1)).toEqual([0.1]);
    expect(along.series[0].points.mtlsShare.slice(-1)).toEqual([1]);
    expect(along.codes).toEqual([
      { code: '200', requests: 1080 },
      { code: '503', requests: 120 },
    ]);
    expect(along.histogram).toEqual({
      edgesMs: [10, 100],
      counts: [720, 480, 0],
    });
    const service = await series(
      'service=stock&range=300&step=60&groupBy=caller',
    );
    expect(
      service.series.map(
        (s: { group: string; points: { requests: number[] } }) => [
          s.group,
          s.points.requests.slice(-1)[0],
        ],
      ),
    ).toEqual([
      ['outside/us-1', 1],
      ['service/eu-1/web/front', 10],
    ]);
    const versions = await series(
      'node=service/us-1/depot/stock&range=60&step=60&groupBy=version',
    );
    expect(versions.series).toMatchObject([
      { group: 'v2', points: { requests: [11] } },
    ]);
    const idle = await series(
      'node=service/us-1/depot/stock&direction=outbound&range=60',
    );
    expect(idle.series[0].points).toMatchObject({ requests: [0], known: [1] });
  });

  it('lists services with figures and sparklines', async () => {
    const response = await shop.hub.get(
      '/global-namespaces/shop/traffic/services?window=60',
    );
    assertDocumented('get', `/v1${TRAFFIC}/services`, response);
    expect(response.body.items).toMatchObject([
      {
        service: 'front',
        figures: { requests: 0, errorShare: null },
        callers: 0,
      },
      {
        service: 'stock',
        host: 'stock.shop.gns.internal',
        health: 'degraded',
        figures: { requests: 11 },
        clusters: [{ cluster: 'us-1', figures: { requests: 11 } }],
        callers: 2,
      },
    ]);
    expect(response.body.items[1].sparkline.slice(-2)).toEqual([11, 11]);
    expect(response.body.items[1].sparkline[0]).toBeNull();
  });

  it('tells what is kept, how much it is, and where it comes from', async () => {
    const response = await shop.hub.get('/telemetry');
    assertDocumented('get', '/v1/telemetry', response);
    expect(response.body.storage[0]).toMatchObject({
      kind: 'edges',
      stepSeconds: 60,
      retention: 'PT3H',
      rows: 4,
    });
    expect(response.body.storage[0].bytes).toBeGreaterThan(100);
    expect(response.body.clusters).toMatchObject([
      { cluster: 'eu-1', state: 'ok', istioClusterId: 'istio-eu', edges: 1 },
      { cluster: 'us-1', state: 'ok', istioClusterId: 'istio-us', edges: 2 },
    ]);
  });

  it('tells CPU and memory of clusters and services', async () => {
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
            memoryBytes: 2e9,
            memoryCapacityBytes: 8e9,
          },
        ],
        workloads: [
          {
            namespace: 'depot',
            name: 'stock',
            pods: 2,
            cpuCores: 0.5,
            memoryBytes: 1e9,
          },
        ],
      },
    });
    const response = await shop.hub.get('/global-namespaces/shop/resources');
    assertDocumented('get', '/v1/global-namespaces/{name}/resources', response);
    expect(response.body).toMatchObject({
      clusters: [
        { cluster: 'eu-1', state: 'unreachable', total: null },
        {
          cluster: 'us-1',
          state: 'ok',
          total: { nodes: 1, cpuCores: 1.5, cpuCapacityCores: 4 },
          nodes: [{ name: 'node-a' }],
          members: { pods: 2, cpuCores: 0.5 },
        },
      ],
      services: [
        { service: 'front', cpuCores: null, unknownClusters: ['eu-1'] },
        { service: 'stock', cpuCores: 0.5, unknownClusters: [] },
      ],
    });
    const wrong = await shop.hub.get(
      '/global-namespaces/shop/resources?range=1',
    );
    expect(wrong.status).toBe(400);
    const status = await shop.hub.get('/telemetry');
    expect(status.body.storage).toContainEqual(
      expect.objectContaining({ kind: 'resources', rows: 1 }),
    );
  });

  it('of a global namespace that nobody may read is not there', async () => {
    const response = await shop.hub.get('/global-namespaces/bank/traffic');
    assertDocumented('get', `/v1${TRAFFIC}`, response);
    expect(response.status).toBe(404);
  });
});
