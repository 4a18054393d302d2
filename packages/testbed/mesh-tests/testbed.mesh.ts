import { execFileSync } from 'node:child_process';
import {
  eventually,
  GATEWAY_PORT,
  Testbed,
  type CallOutcome,
  type Cluster,
  type Pod,
} from '../src';
import { processIdentity } from '../src/cleanup/sweep';
import { namespacesWith, remains } from './support/remains';

const HOST = 'stock.shop.gns.example';
const VIRTUAL_ADDRESS = '241.0.0.1';

/** Identity of a SPIFFE id in Envoy's x-forwarded-client-cert. */
function identities(outcome: CallOutcome): string[] {
  const header =
    outcome.outcome === 'answered'
      ? outcome.echo?.headers['x-forwarded-client-cert'] ?? ''
      : '';
  return [...header.matchAll(/(?:By|URI)=([^;,]+)/g)].map(match => match[1]);
}

/** Endpoints and configuration reach Envoy some time after the API server took them. */
function answer(what: string, call: () => Promise<CallOutcome>) {
  return eventually(
    async () => {
      const outcome = await call();
      if (outcome.outcome === 'answered' && outcome.status === 200) {
        return outcome;
      }
      throw new Error(JSON.stringify(outcome));
    },
    { what },
  );
}

function localEntry(namespace: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: stock-local, namespace: ${namespace} }
spec:
  hosts: [${HOST}]
  addresses: [${VIRTUAL_ADDRESS}]
  location: MESH_INTERNAL
  resolution: STATIC
  ports:
    - { number: 80, name: http, protocol: HTTP, targetPort: 8080 }
    - { number: 9090, name: grpc, protocol: GRPC, targetPort: 9090 }
  workloadSelector: { labels: { app: stock } }
  subjectAltNames: [spiffe://cluster.local/ns/shop-api/sa/stock]
`;
}

function remoteEntry(namespace: string, gateway: Pod, network: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: stock-remote, namespace: ${namespace} }
spec:
  hosts: [${HOST}]
  addresses: [${VIRTUAL_ADDRESS}]
  location: MESH_INTERNAL
  resolution: STATIC
  ports:
    - { number: 80, name: http, protocol: HTTP }
    - { number: 9090, name: grpc, protocol: GRPC }
  endpoints:
    - address: ${gateway.address}
      ports: { http: ${GATEWAY_PORT}, grpc: ${GATEWAY_PORT} }
      labels: { security.istio.io/tlsMode: istio }
      network: ${network}
      locality: region-2/zone-a
  subjectAltNames: [spiffe://cluster.local/ns/shop-api/sa/stock]
`;
}

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gns-east-west, namespace: istio-system }
spec:
  selector: { istio: eastwestgateway }
  servers:
    - port: { number: ${GATEWAY_PORT}, name: tls, protocol: TLS }
      tls: { mode: AUTO_PASSTHROUGH }
      hosts: ["*.shop.gns.example"]
`;

const dnsCapture = (namespace: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: { name: dns-capture, namespace: ${namespace} }
spec:
  environmentVariables: { ISTIO_META_DNS_CAPTURE: "true" }
`;

describe('two clusters', () => {
  let testbed: Testbed;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;
  let stock: Pod;
  let gateway: Pod;

  beforeAll(async () => {
    testbed = await Testbed.create({
      log: line => process.stdout.write(`${line}\n`),
    });
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    await east.kube.apply(dnsCapture('shop-web'));
    [web, stock, gateway] = await Promise.all([
      east.startPod({ namespace: 'shop-web', name: 'web' }),
      west.startPod({ namespace: 'shop-api', name: 'stock' }),
      west.startGateway(),
    ]);
    await west.kube.apply([GATEWAY, localEntry('shop-api')].join('---'));
    await east.kube.apply(remoteEntry('shop-web', gateway, west.network));
  });

  // For when a test before the last fails; the last one closes it too.
  afterAll(() => testbed?.close());

  it('lets a pod call another through both proxies, with the SPIFFE ids of both sides', async () => {
    const cart = await east.startPod({ namespace: 'shop-web', name: 'cart' });
    const http = await answer('web calls cart', () => web.call('http://cart/'));
    expect(http.echo).toMatchObject({ pod: cart.name, cluster: 'east' });
    expect(identities(http)).toEqual([cart.spiffeId, web.spiffeId]);

    const grpc = await answer('web calls cart by gRPC', () =>
      web.grpc('cart:9090'),
    );
    expect(grpc.echo).toMatchObject({ pod: cart.name, protocol: 'grpc' });
    expect(identities(grpc)).toEqual([cart.spiffeId, web.spiffeId]);
  });

  it('keeps networks apart: a pod of another network is reached through a gateway only', async () => {
    const direct = await web.call({
      url: `http://${stock.address}:8080/`,
      timeoutMs: 3_000,
    });
    expect(direct).not.toMatchObject({ status: 200 });
  });

  it('resolves a host of a ServiceEntry by the proxy where a ProxyConfig asks for it, and nowhere else', async () => {
    const addresses = await eventually(() => web.lookup(HOST), {
      what: `${HOST} resolves`,
    });
    expect(addresses).toEqual([VIRTUAL_ADDRESS]);

    const plain = await west.startPod({ namespace: 'plain', name: 'plain' });
    await expect(plain.lookup(HOST)).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
    await expect(
      plain.lookup('stock.shop-api.svc.cluster.local'),
    ).resolves.toEqual([expect.stringMatching(/^10\.102\./)]);
  });

  it('carries HTTP and gRPC to the other cluster through its gateway, with the SPIFFE ids of both ends', async () => {
    const http = await answer('web calls stock', () =>
      web.call(`http://${HOST}/`),
    );
    expect(http.echo).toMatchObject({ cluster: 'west', pod: stock.name });
    expect(identities(http)).toEqual([stock.spiffeId, web.spiffeId]);
    const grpc = await answer('web calls stock by gRPC', () =>
      web.grpc(`${HOST}:9090`),
    );
    expect(grpc.echo).toMatchObject({ cluster: 'west', pod: stock.name });
    expect(await gateway.envoyAdmin('/clusters')).toContain(
      `outbound_.80_._.${HOST}::${stock.address}:8080`,
    );
  });

  it('shows the calls in the Prometheus of the caller', async () => {
    const series = await eventually(
      async () => {
        const found = await east.queryPrometheus(
          `envoy_cluster_upstream_rq{cluster_name="outbound|80||${HOST}",response_code="200"} > 0`,
        );
        return found.length > 0 && found;
      },
      { what: 'Prometheus scraped the proxy of web' },
    );
    expect(series[0].metric).toMatchObject({
      workload: 'web',
      cluster: 'east',
    });
  });

  it('loses no request while the API server and istiod are killed and come back', async () => {
    await answer('web calls stock', () => web.call(`http://${HOST}/`));
    const loop = await web.loop(`http://${HOST}/`, 20);
    await Promise.all([east.apiServer.kill(), east.istiod.kill()]);
    await expect(east.kube.request('GET', '/readyz')).rejects.toThrow();
    east.apiServer.start();
    await east.apiServerReady();
    east.istiod.start();
    await east.istiodReady();
    const counts = await loop.stop();
    expect(counts.failures).toEqual([]);
    expect(counts.succeeded).toBeGreaterThan(20);
    expect(counts.answeredBy).toEqual({ 'stock@west': counts.succeeded });
  });

  it('sends calls away from a pod that is not ready, and back', async () => {
    const client = await west.startPod({
      namespace: 'shop-client',
      name: 'client',
    });
    const second = await west.startPod({
      namespace: 'shop-api',
      name: 'stock',
    });
    const answeredBy = (pod: Pod) =>
      eventually(
        async () => {
          const outcome = await client.call('http://stock.shop-api/');
          return (
            outcome.outcome === 'answered' && outcome.echo?.pod === pod.name
          );
        },
        { what: `${pod.name} answers` },
      );
    await stock.setReady(false);
    await answeredBy(second);
    await stock.setReady(true);
    await west.deletePod(second);
    await answeredBy(stock);
    expect(west.pods).not.toContain(second);
  });

  it('takes a third cluster with a root of its own, whose identities nobody else trusts', async () => {
    const third = await testbed.addCluster({ name: 'third', root: 'own' });
    const roots = await Promise.all(
      [east, west, third].map(async cluster => {
        const map = await eventually(
          () =>
            cluster.kube.get({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              namespace: 'istio-system',
              name: 'istio-ca-root-cert',
            }),
          { what: `root of ${cluster.name}` },
        );
        return (map.data as Record<string, string>)['root-cert.pem'].trim();
      }),
    );
    expect(roots[0]).toBe(testbed.rootCertificate.trim());
    expect(roots[1]).toBe(roots[0]);
    expect(roots[2]).not.toBe(roots[0]);

    await third.kube.apply(dnsCapture('shop-web'));
    const outsider = await third.startPod({
      namespace: 'shop-web',
      name: 'web',
    });
    await third.kube.apply(remoteEntry('shop-web', gateway, west.network));
    await eventually(() => outsider.lookup(HOST), { what: `${HOST} resolves` });
    await eventually(
      async () => {
        const outcome = await outsider.call(`http://${HOST}/`);
        if (outcome.outcome === 'answered' && outcome.status !== 503) {
          throw new Error(`answered with ${outcome.status}`);
        }
        const stats = await outsider.envoyAdmin('/stats?filter=fail_verify');
        return [...stats.matchAll(/fail_verify\w+: (\d+)/g)].some(
          ([, count]) => Number(count) > 0,
        );
      },
      { what: "the outsider's proxy refuses the certificate of stock" },
    );
    expect(await outsider.call(`http://${HOST}/`)).toMatchObject({
      status: 503,
    });
  });

  it('runs processes beside the control planes and forwards their ports to the host', async () => {
    const address = await testbed.addAddress();
    const server = testbed.runInControlPlane({
      name: 'hello',
      command: process.execPath,
      args: [
        '-e',
        `require('http').createServer((q, r) => r.end('hello')).listen(80, '${address}')`,
      ],
    });
    const { port } = await testbed.forward(address, 80);
    const text = await eventually(
      async () => (await fetch(`http://127.0.0.1:${port}/`)).text(),
      { what: 'the forwarded port answers' },
    );
    expect(text).toBe('hello');
    await server.kill('SIGTERM');
    expect(server.running).toBe(false);
  });

  it('leaves no process, no namespace and no file behind when it is closed', async () => {
    const { prefix, dir, id } = testbed;
    const pids = namespacesWith(prefix).flatMap(name =>
      execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean),
    );
    expect(pids.length).toBeGreaterThan(20);
    await testbed.close();
    expect(remains({ prefix, dir, id })).toEqual([]);
    expect(pids.filter(pid => processIdentity(Number(pid)))).toEqual([]);
  });
});
