import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { connect } from 'node:net';
import type { KubernetesObject } from '../apiserver/objects';
import { isReady } from './endpointSlices';
import type { Container } from './podObjects';
import type { ShopWorld } from './ShopWorld';
import { createShopWorld } from './ShopWorld';
import { SHOP_CLUSTERS, SHOP_SERVICES } from './shop';

async function until(condition: () => boolean, what: string) {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in 10 s: ${what}`);
    await new Promise(resolve => {
      setTimeout(resolve, 5);
    });
  }
}

function proxyOf(pod: KubernetesObject): Container | undefined {
  const { containers } = pod.spec as { containers: Container[] };
  return containers.find(({ name }) => name === 'istio-proxy');
}

function environment(pod: KubernetesObject): Record<string, string> {
  return Object.fromEntries(
    (proxyOf(pod)?.env ?? []).map(({ name, value = '' }) => [name, value]),
  );
}

describe('the world of the demo', () => {
  let world: ShopWorld;

  beforeAll(async () => {
    world = await createShopWorld({ tickMs: 0, startupMs: 20 });
  }, 60_000);

  afterAll(() => world.stop());

  const podsOf = (cluster: string, namespace: string, app: string) =>
    world
      .cluster(cluster)
      .api.readAll('v1', 'Pod', namespace)
      .filter(pod => pod.metadata.labels?.app === app);

  it('places every service of the shop, some of them in two clusters', () => {
    const placed = new Map<string, number>();
    for (const { placements } of SHOP_CLUSTERS) {
      for (const { service } of placements) {
        placed.set(service, (placed.get(service) ?? 0) + 1);
      }
    }
    expect(SHOP_SERVICES).toHaveLength(12);
    expect(SHOP_SERVICES.every(({ name }) => placed.has(name))).toBe(true);
    const twice = SHOP_SERVICES.filter(({ name }) => placed.get(name) === 2);
    expect(twice.map(({ name }) => name)).toEqual([
      'storefront',
      'catalog',
      'cart',
      'inventory',
    ]);
  });

  it('gives the shop’s namespaces other names in each cluster', () => {
    const names = SHOP_CLUSTERS.flatMap(({ namespaces }) =>
      namespaces.filter(({ injected }) => injected).map(({ name }) => name),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('no cluster offers one service in two member namespaces', () => {
    for (const { namespaces, placements } of SHOP_CLUSTERS) {
      const members = namespaces.filter(n => n.injected).map(n => n.name);
      const offered = placements
        .filter(({ namespace }) => members.includes(namespace))
        .map(({ service }) => service);
      expect(new Set(offered).size).toBe(offered.length);
    }
  });

  it('every pod runs, is ready and is in an endpoint slice', () => {
    for (const { api, definition } of world.clusters) {
      for (const { namespace, service, replicas } of definition.placements) {
        const pods = podsOf(definition.name, namespace, service);
        expect(pods).toHaveLength(replicas);
        expect(pods.every(isReady)).toBe(true);
        const slice = api.read(
          'discovery.k8s.io/v1',
          'EndpointSlice',
          namespace,
          `${service}-slice`,
        );
        expect(slice?.endpoints).toHaveLength(replicas);
        const deployment = api.read(
          'apps/v1',
          'Deployment',
          namespace,
          service,
        );
        expect(deployment?.status).toMatchObject({
          replicas,
          readyReplicas: replicas,
        });
      }
    }
  });

  it('only injected namespaces have proxies', () => {
    const [web] = podsOf('aws-frankfurt', 'shop-web', 'storefront');
    expect(proxyOf(web)).toBeDefined();
    expect(web.metadata.labels?.['security.istio.io/tlsMode']).toBe('istio');
    const [metrics] = podsOf('aws-frankfurt', 'monitoring', 'metrics');
    expect(proxyOf(metrics)).toBeUndefined();
  });

  it('all clusters trust one root, in every namespace', () => {
    const roots = new Set<string>();
    for (const { api } of world.clusters) {
      for (const { metadata } of api.readAll('v1', 'Namespace')) {
        const config = api.read(
          'v1',
          'ConfigMap',
          metadata.name,
          'istio-ca-root-cert',
        );
        const bundle = (config?.data ?? {}) as Record<string, string>;
        roots.add(bundle['root-cert.pem']);
      }
    }
    expect(roots.size).toBe(1);
    const [pem] = roots;
    expect(new X509Certificate(pem).ca).toBe(true);
  });

  it('the gateway can be dialled where its Service says', async () => {
    for (const { api, gatewayPort } of world.clusters) {
      const service = api.read(
        'v1',
        'Service',
        'istio-system',
        'istio-eastwestgateway',
      );
      expect(service).toMatchObject({
        metadata: { labels: { istio: 'eastwestgateway' } },
        spec: {
          ports: [{ name: 'tls', port: gatewayPort, targetPort: 15443 }],
        },
        status: { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } },
      });
      await new Promise<void>((resolve, reject) => {
        const socket = connect(gatewayPort, '127.0.0.1', () => {
          socket.end();
          resolve();
        });
        socket.once('error', reject);
      });
    }
    const [gateway] = podsOf(
      'gcp-tokyo',
      'istio-system',
      'istio-eastwestgateway',
    );
    expect(environment(gateway).ISTIO_META_REQUESTED_NETWORK_VIEW).toBe(
      'net-gcp',
    );
  });

  it('a pod restarts with what its namespace’s ProxyConfig asks for now', async () => {
    const cluster = world.cluster('gcp-tokyo');
    const before = podsOf('gcp-tokyo', 'shop', 'search');
    cluster.api.seed({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name: 'dns', namespace: 'shop' },
      spec: { environmentVariables: { ISTIO_META_DNS_CAPTURE: 'true' } },
    });
    cluster.restartOnePod('shop', 'search');
    const names = before.map(pod => pod.metadata.name);
    const isNew = (pod: KubernetesObject) => !names.includes(pod.metadata.name);
    await until(() => {
      const pods = podsOf('gcp-tokyo', 'shop', 'search');
      return pods.length === 2 && pods.some(isNew) && pods.every(isReady);
    }, 'a new pod of search');
    const after = podsOf('gcp-tokyo', 'shop', 'search');
    const capture = (pod: KubernetesObject) =>
      environment(pod).ISTIO_META_DNS_CAPTURE;
    expect(after.filter(isNew).map(capture)).toEqual(['true']);
    expect(after.filter(pod => !isNew(pod)).map(capture)).toEqual([undefined]);
  });

  it('a new template replaces all pods without a gap', async () => {
    const { api } = world.cluster('edge-osaka');
    const live = api.read('apps/v1', 'Deployment', 'store-edge', 'cart')!;
    const readyPods = () =>
      podsOf('edge-osaka', 'store-edge', 'cart').filter(isReady);
    let least = Infinity;
    const stop = api.store.observe(({ object }) => {
      if (object.kind === 'Pod') least = Math.min(least, readyPods().length);
    });
    const spec = structuredClone(live.spec) as {
      template: { metadata: { annotations?: Record<string, string> } };
    };
    spec.template.metadata.annotations = { restarted: 'now' };
    api.replace({ ...live, spec });
    await until(
      () =>
        readyPods().length === 2 &&
        podsOf('edge-osaka', 'store-edge', 'cart').every(
          pod => pod.metadata.annotations?.restarted === 'now',
        ),
      'the roll-out of cart',
    );
    stop();
    expect(least).toBeGreaterThanOrEqual(2);
  });

  it('time passing replaces a pod somewhere', async () => {
    const all = () =>
      world.clusters.flatMap(({ api }) =>
        api.readAll('v1', 'Pod').map(pod => pod.metadata.uid),
      );
    const before = all();
    world.tick();
    await until(
      () =>
        all().length === before.length &&
        all().some(uid => !before.includes(uid)),
      'a replaced pod',
    );
    expect(all().filter(uid => before.includes(uid))).toHaveLength(
      before.length - 1,
    );
  });

  it('the controller’s token may do its work, and the portal’s only reads', async () => {
    const cluster = world.cluster('aws-frankfurt');
    const status = async (
      role: 'controller' | 'portal',
      path: string,
      method = 'GET',
    ) => {
      const { caCertificate: ca, url } = cluster.api;
      return new Promise<number | undefined>((resolve, reject) => {
        request(
          `${url}${path}`,
          {
            ca,
            method,
            headers: { Authorization: `Bearer ${cluster.token(role)}` },
          },
          response => {
            response.resume();
            resolve(response.statusCode);
          },
        )
          .once('error', reject)
          .end();
      });
    };
    expect(await status('controller', '/api/v1/pods')).toBe(200);
    expect(
      await status('controller', '/api/v1/namespaces/shop-web/secrets'),
    ).toBe(403);
    expect(
      await status('controller', '/api/v1/namespaces/isthmus-system/secrets'),
    ).toBe(200);
    expect(await status('portal', '/apis/apps/v1/deployments')).toBe(200);
    expect(
      await status('portal', '/api/v1/namespaces/shop-web/pods/x', 'DELETE'),
    ).toBe(403);
  });
});
