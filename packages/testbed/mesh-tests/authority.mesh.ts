import type { GnsAuthority } from '@isthmus/plugin-gns-common';
import {
  Testbed,
  eventually,
  type CallOutcome,
  type Cluster,
  type Loop,
  type Pod,
} from '../src';
import { answeredBy, answersFrom, createNamespace } from './support/calls';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const STOCK = `http://stock.${DOMAIN}/`;
const AUTHORITY = `/global-namespaces/${GNS}/authority`;
/** Life of a leaf here: the agent asks again after half of it. */
const LEAF_SECONDS = 24;
const RATE = 50;

const MEMBERS = [
  { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
  { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
];

/** Certificates of a proxy as Envoy holds them. */
interface EnvoyCertificates {
  certificates: {
    ca_cert: { serial_number: string }[];
    cert_chain: { serial_number: string; days_until_expiration: string }[];
  }[];
}

describe('an authority of its own, over real clusters', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;
  let stock: Pod;
  let outsider: Pod;
  const controllers = new Map<string, LocalController>();

  const authority = () => hub.ask<GnsAuthority>('GET', AUTHORITY);
  const until = (
    what: string,
    holds: (shop: GnsAuthority) => boolean,
    timeoutMs = 180_000,
  ) =>
    eventually(
      async () => {
        const shop = await authority();
        if (holds(shop)) return shop;
        throw new Error(
          JSON.stringify({
            availability: shop.availability,
            transition: shop.transition,
            proof: shop.rotation.proof,
            roots: shop.roots.map(r => [r.keyId.slice(0, 8), r.state]),
          }).slice(0, 3000),
        );
      },
      { what, timeoutMs, intervalMs: 500 },
    );

  /** A pod whose certificate lives for seconds. */
  const start = (cluster: Cluster, namespace: string, name: string) =>
    cluster.startPod({
      namespace,
      name,
      labels: { leaf: 'short' },
      hosts: controllers.get(cluster.name)!.podHosts,
    });

  const shortLeaves = (cluster: Cluster, namespace: string) =>
    cluster.kube.apply({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name: 'short-leaves', namespace },
      spec: {
        selector: { matchLabels: { leaf: 'short' } },
        environmentVariables: { SECRET_TTL: `${LEAF_SECONDS}s` },
      },
    });

  /** Serial of the leaf that the proxy presents now. */
  const leafOf = async (pod: Pod): Promise<string> => {
    const text = await pod.envoyAdmin('/certs');
    const { certificates } = JSON.parse(text) as EnvoyCertificates;
    return certificates.flatMap(c => c.cert_chain)[0].serial_number;
  };

  /** Ends a pod as kubelet and pilot-agent do: nobody is sent to it any more, open connections are told to close, then it stops. */
  const end = async (cluster: Cluster, pod: Pod) => {
    await pod.setReady(false);
    await pod.exec(process.execPath, [
      '-e',
      "fetch('http://127.0.0.1:15000/drain_listeners?inboundonly&graceful&skip_exit', { method: 'POST' })",
    ]);
    await new Promise(resolve => setTimeout(resolve, 8_000));
    await cluster.deletePod(pod);
  };

  const failures = async (loop: Loop) => {
    const counts = await loop.counts();
    return { sent: counts.sent, failed: counts.failed, counts };
  };

  beforeAll(async () => {
    testbed = await Testbed.create({
      clusters: [{ name: 'east' }, { name: 'west' }],
    });
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    hub = await Hub.start(testbed);
    await Promise.all([east.startGateway(), west.startGateway()]);
    await createNamespace(east, 'shop-web');
    await createNamespace(west, 'warehouse');
    await createNamespace(west, 'outside');
    for (const cluster of [east, west]) {
      controllers.set(
        cluster.name,
        await joinCluster(testbed, hub, cluster, { issuing: true }),
      );
    }
    await shortLeaves(east, 'shop-web');
    await shortLeaves(west, 'warehouse');
    // Running workloads of the mesh, joined by name as any others.
    await hub.define(GNS, { domain: DOMAIN, members: MEMBERS });
    await hub.settled(GNS);
    web = await start(east, 'shop-web', 'web');
    stock = await start(west, 'warehouse', 'stock');
    await answersFrom(web, STOCK, 'stock@west', 90_000);
    outsider = await west.startPod({ namespace: 'outside', name: 'nosy' });
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  it('takes running workloads in without losing a request', async () => {
    await hub.define(GNS, {
      domain: DOMAIN,
      members: MEMBERS,
      authority: { mode: 'dedicated', leafTtl: '10m' },
    });
    await until(
      'both clusters are ready for their pods',
      shop =>
        shop.transition.members.length === 2 &&
        shop.transition.members.every(m => m.configured),
    );
    await hub.settled(GNS);
    const asked = await authority();
    expect(asked.transition.waits.map(w => w.reason)).toContain(
      'podsAwaitRestart',
    );

    // One restart each, one after the other, while the other is called.
    const before = await web.loop(STOCK, RATE);
    const newStock = await start(west, 'warehouse', 'stock');
    await end(west, stock);
    stock = newStock;
    const newWeb = await start(east, 'shop-web', 'web');
    await answersFrom(newWeb, STOCK, 'stock@west', 60_000);
    const restarted = await before.stop();
    expect([restarted.failed, restarted.failures.slice(0, 3)]).toEqual([0, []]);
    await east.deletePod(web);
    web = newWeb;

    const loop = await web.loop(STOCK, RATE);
    await until('nothing but callers outside is unknown', shop =>
      shop.transition.waits.every(w => w.reason === 'callersUnknown'),
    );
    await hub.ask('POST', `${AUTHORITY}/transition`, {
      body: { waiveUnmeasured: true, reason: 'the test knows who calls' },
    });
    const settled = await until(
      'every pod has a certificate of the authority and trusts it alone',
      shop =>
        shop.transition.state === 'settled' &&
        shop.transition.members.every(m => m.isolatedAt && m.closed),
      240_000,
    );
    expect(settled.pods).toMatchObject({ total: 2, own: 2, mesh: 0 });
    const { failed, sent, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    expect(sent).toBeGreaterThan(RATE * 10);
    await loop.stop();
  }, 600_000);

  it('lets members call each other by certificates of its root, over both clusters', async () => {
    const outcome = await web.call({ url: STOCK, freshConnection: true });
    expect(answeredBy(outcome)).toBe('stock@west');
    const { items } = await hub.ask<{
      items: { serial: string; rootKeyId: string; spiffeId: string }[];
    }>('GET', `${AUTHORITY}/issuances?limit=500`);
    const [root] = (await authority()).roots;
    for (const pod of [web, stock]) {
      const serial = (await leafOf(pod)).replace(/^0+/, '');
      const known = items.find(i => i.serial.replace(/^0+/, '') === serial);
      expect(known).toMatchObject({
        rootKeyId: root.keyId,
        spiffeId: pod.spiffeId,
      });
    }
  }, 60_000);

  it('refuses a workload of the mesh by its certificate', async () => {
    const outcome: CallOutcome = await outsider.call({
      url: 'http://stock.warehouse.svc.cluster.local/',
      freshConnection: true,
    });
    expect(answeredBy(outcome)).toBeUndefined();
    expect(outcome).toMatchObject({ outcome: 'answered', status: 503 });
    // Its own proxy refused the server's certificate: no policy was asked.
    expect(await outsider.envoyAdmin('/stats?filter=fail_verify')).toMatch(
      /stock\.warehouse.*ssl\.fail_verify_error: [1-9]/,
    );
  }, 60_000);

  it('goes on while the hub is gone: leaves renew, a new pod starts', async () => {
    const loop = await web.loop(STOCK, RATE);
    const before = await leafOf(web);
    await hub.stop('SIGKILL');
    const fresh = await start(west, 'warehouse', 'stock');
    await eventually(async () => (await leafOf(web)) !== before, {
      what: 'the leaf is another one',
      timeoutMs: 60_000,
    });
    await new Promise(resolve => setTimeout(resolve, 2 * LEAF_SECONDS * 1000));
    const { failed, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await loop.stop();
    hub.run();
    await hub.ready();
    await until(
      'the hub hears of the pod that started without it',
      shop => shop.pods.own === 3,
    );
    await end(west, fresh);
  }, 300_000);

  it('changes its root under load without losing a request', async () => {
    const loop = await web.loop(STOCK, 2 * RATE);
    const rotate = (action: string) =>
      hub.ask('POST', `${AUTHORITY}/rotation/${action}`, { body: {} });
    await rotate('prepare');
    await until(
      'everybody trusts the next root',
      shop => shop.rotation.actions.activate.state === 'allowed',
    );
    await rotate('activate');
    await until(
      'every leaf is under the new root',
      shop => shop.rotation.actions.retire.state === 'allowed',
    );
    await rotate('retire');
    const done = await until(
      'everybody trusts the new root alone',
      shop =>
        shop.rotation.proof.bundlePods.meeting ===
          shop.rotation.proof.bundlePods.pods &&
        shop.rotation.proof.bundlePods.pods > 0,
    );
    expect(done.roots.map(r => r.state)).toEqual(['revoked', 'active']);
    const fresh = await web.call({ url: STOCK, freshConnection: true });
    expect(answeredBy(fresh)).toBe('stock@west');
    const { failed, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await loop.stop();
  }, 400_000);
});
