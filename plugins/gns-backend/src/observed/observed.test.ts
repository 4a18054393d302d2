import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import * as controller from '@isthmus/controller';
import {
  SimulatedCluster,
  SHOP_CLUSTERS,
  MeshAuthority,
} from '@isthmus/simulator';
import type { Knex } from 'knex';
import request from 'supertest';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { shopWith } from '../__testUtils__/hubBackend';
import { startHub } from '../startHub';

jest.setTimeout(120_000);
const databases = createTestDatabases();
const WAIT = 40_000;

/** A Prometheus whose storefront makes one request a second to the cart. */
class PrometheusServer {
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  status = 200;
  readonly #server: Server;

  static async start() {
    const server = new PrometheusServer();
    await new Promise<void>(done =>
      server.#server.listen(0, '127.0.0.1', done),
    );
    return server;
  }

  private constructor() {
    this.#server = createServer((req, res) => {
      let body = '';
      req.on('data', chunk => {
        body += chunk;
      });
      req.on('end', () => {
        this.asked.push({
          path: req.url ?? '',
          authorization: req.headers.authorization,
        });
        res.writeHead(this.status, { 'content-type': 'application/json' });
        res.end(
          this.status === 200
            ? JSON.stringify(this.#answer(new URLSearchParams(body)))
            : '{"status":"error"}',
        );
      });
    });
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }

  #answer(form: URLSearchParams) {
    const query = form.get('query') ?? '';
    const single = form.get('time');
    const from = Number(single ?? form.get('start'));
    const to = Number(single ?? form.get('end'));
    const step = Number(form.get('step') ?? 60);
    const result: object[] = [];
    const add = (metric: Record<string, string>, value: number) => {
      const values: [number, string][] = [];
      for (let t = from; t <= to; t += step) values.push([t, String(value)]);
      result.push(single ? { metric, value: values[0] } : { metric, values });
    };
    if (query.includes('"scraped"')) {
      for (const namespace of ['shop-web', 'shop-api']) {
        add({ isthmus_part: 'scraped', isthmus_namespace: namespace }, 2);
      }
      add({ isthmus_part: 'scrapes' }, 4);
    } else if (query.includes('"requests"')) {
      add(
        {
          isthmus_part: 'requests',
          // As the collector's queries join the labels of an edge.
          isthmus_edge: [
            'source',
            ...['aws', 'shop-web', 'storefront', '', ''],
            ...['aws', 'shop-api', 'cart', '', ''],
            ...['cart.shop-api.svc.cluster.local', 'cart', 'shop-api'],
            'http',
          ].join('\n'),
          response_code: '200',
        },
        60,
      );
    }
    return {
      status: 'success',
      data: { resultType: single ? 'vector' : 'matrix', result },
    };
  }
}

async function startHubObserving(knex: Knex, config: object) {
  const plugin = createBackendPlugin({
    pluginId: 'gns',
    register(env) {
      env.registerInit({
        deps: {
          auditor: coreServices.auditor,
          config: coreServices.rootConfig,
          database: coreServices.database,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          scheduler: coreServices.scheduler,
        },
        async init({ httpRouter, ...services }) {
          httpRouter.use(
            await startHub({
              ...services,
              observing: {
                load: async () => controller,
                leaseMs: 1500,
                intervals: {
                  heartbeat: 300,
                  reportDebounce: 20,
                  hubBackoff: { first: 20, max: 200 },
                  kubeBackoff: { first: 10, max: 100 },
                },
              },
            }),
          );
        },
      });
    },
  });
  const backend = await startTestBackend({
    features: [
      plugin,
      mockServices.rootConfig.factory({
        data: { backend: { baseUrl: 'http://portal.test:7007' }, ...config },
      }),
      ...(process.env.GNS_TEST_LOG
        ? [mockServices.rootLogger.factory({ level: 'debug' })]
        : []),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
    ],
  });
  const get = async (path: string) =>
    (await request(backend.server).get(`/api/gns/v1${path}`)).body;
  return { backend, get };
}

describe('observed clusters', () => {
  let cluster: SimulatedCluster;
  let prometheus: PrometheusServer;
  let knex: Knex;
  let hub: Awaited<ReturnType<typeof startHubObserving>>;
  const methods: string[] = [];

  const kubernetes = (token: string) => ({
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            name: 'frankfurt',
            url: cluster.api.url,
            authProvider: 'serviceAccount',
            serviceAccountToken: token,
            skipTLSVerify: true,
          },
          {
            name: 'by-person',
            url: cluster.api.url,
            authProvider: 'google',
          },
        ],
      },
    ],
  });
  const config = (token = cluster.token('portal')) => ({
    kubernetes: kubernetes(token),
    gns: {
      observedClusters: [
        {
          name: 'aws-frankfurt',
          kubernetesCluster: 'frankfurt',
          labels: { cloud: 'aws' },
          prometheus: {
            url: prometheus.url,
            authentication: { type: 'bearer', token: 'let-me-in' },
            history: { minutes: 10 },
          },
        },
        { name: 'other', kubernetesCluster: 'by-person' },
        { name: 'nowhere', kubernetesCluster: 'nowhere' },
      ],
    },
  });
  const shop = shopWith([
    {
      clusters: { labels: { cloud: 'aws' } },
      namespaces: { names: ['shop-web', 'shop-api'] },
    },
  ]);

  beforeAll(async () => {
    cluster = await SimulatedCluster.start({
      definition: SHOP_CLUSTERS[0],
      authority: await MeshAuthority.open(undefined),
      startupMs: 0,
    });
    cluster.api.onRequest(({ method }) => methods.push(method));
    prometheus = await PrometheusServer.start();
    knex = await migratedDatabase(databases, 'SQLITE_3');
    hub = await startHubObserving(knex, config());
    await request(hub.backend.server)
      .put('/api/gns/v1/definitions/GlobalNamespace/shop')
      .set('If-None-Match', '*')
      .send(shop);
  });
  afterAll(async () => {
    await hub.backend.stop();
    await knex.destroy();
    await prometheus.stop();
    await cluster.stop();
  });

  it('are there like any other, with inventory and state', async () => {
    await eventually(async () => {
      const { items } = await hub.get('/clusters');
      expect(items).toMatchObject([
        {
          name: 'aws-frankfurt',
          state: 'enrolled',
          observed: true,
          freshness: 'ok',
          labels: { cloud: 'aws' },
          network: 'net-aws',
        },
      ]);
      const status = await hub.get('/global-namespaces/shop');
      expect(
        status.globalServices.map((s: { name: string }) => s.name),
      ).toEqual(expect.arrayContaining(['cart', 'storefront']));
    }, WAIT);
  });

  it('are connected without any step that a controller would take', async () => {
    const body = await hub.get('/clusters/aws-frankfurt/connection');
    expect(body).toMatchObject({ cluster: 'aws-frankfurt', ready: true });
    expect(body.stages.map((s: { stage: string }) => s.stage)).toEqual([
      'registered',
      'inventory',
      'checks',
      'ready',
    ]);
    expect(body.checks.map((c: { check: string }) => c.check)).toEqual([
      'istioVersion',
      'injection',
      'prometheus',
      'permissions',
      'networkRegion',
    ]);
  });

  it('get nothing written, and serve no other cluster', async () => {
    const status = await hub.get('/global-namespaces/shop');
    expect(status.rollout).toMatchObject([
      { cluster: 'aws-frankfurt', objects: 0, failed: 0 },
    ]);
    for (const service of status.globalServices) {
      for (const endpoint of service.endpoints) {
        expect(endpoint).toMatchObject({ published: false });
      }
    }
    expect(status.allConditions).toContainEqual(
      expect.objectContaining({ type: 'Joined', reason: 'OnlyObserved' }),
    );
    expect(await knex('gns_desired_objects')).toEqual([]);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });

  it('have their traffic measured with their own Prometheus', async () => {
    await eventually(async () => {
      const traffic = await hub.get(
        '/global-namespaces/shop/traffic?window=300',
      );
      expect(traffic.coverage).toMatchObject([
        { cluster: 'aws-frankfurt', state: 'ok' },
      ]);
      expect(traffic.edges).toMatchObject([
        {
          source: 'service/aws-frankfurt/shop-web/storefront',
          target: 'service/aws-frankfurt/shop-api/cart',
          figures: { requests: 1 },
        },
      ]);
    }, WAIT);
    expect(prometheus.asked[0].authorization).toBe('Bearer let-me-in');
    const telemetry = await hub.get('/telemetry');
    expect(telemetry.clusters).toMatchObject([
      { cluster: 'aws-frankfurt', source: 'observed', state: 'ok' },
    ]);
  });

  it('let no controller enrol as them', async () => {
    const { status, body } = await request(hub.backend.server).post(
      '/api/gns/v1/clusters/aws-frankfurt/token',
    );
    expect(status).toBe(409);
    expect(body.error.message).toContain('gns.observedClusters');
  });

  it('are observed by one replica, and by another when that one ends', async () => {
    const rows = () =>
      knex('gns_clusters').select('observer', 'observer_until');
    const [{ observer: first }] = await rows();
    expect(first).toEqual(expect.any(String));
    const second = await startHubObserving(knex, config());
    await new Promise(done => setTimeout(done, 800));
    expect((await rows())[0].observer).toBe(first);
    await hub.backend.stop();
    hub = second;
    await eventually(async () => {
      const [{ observer }] = await rows();
      expect(observer).toEqual(expect.any(String));
      expect(observer).not.toBe(first);
    }, WAIT);
    await eventually(async () => {
      const [{ sequence }] = await knex('gns_observations');
      await new Promise(done => setTimeout(done, 500));
      const [{ sequence: later }] = await knex('gns_observations');
      expect(Number(later)).toBeGreaterThan(Number(sequence));
    }, WAIT);
  });

  it('whose credentials are refused say so, and keep what was known', async () => {
    await hub.backend.stop();
    await knex('gns_observations').update({
      last_report_at: new Date(Date.now() - 3_600_000).toISOString(),
    });
    hub = await startHubObserving(knex, config('nonsense'));
    await eventually(async () => {
      const { items } = await hub.get('/clusters');
      expect(items[0]).toMatchObject({ freshness: 'unauthorized' });
    }, WAIT);
    const status = await hub.get('/global-namespaces/shop');
    expect(status.globalServices.length).toBeGreaterThan(3);
    expect(status.health).toBe('unknown');
  });
});
