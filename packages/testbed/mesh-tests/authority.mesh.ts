import { CertificateAuthority } from '../src/pki/certificateAuthority';
import type { GnsAuthority } from '@isthmus/plugin-gns-common';
import {
  APP_PORTS,
  Testbed,
  eventually,
  type CallOutcome,
  type Cluster,
  type Loop,
  type Pod,
} from '../src';
import { CA_PORT, CA_ROOT_KEY } from '@isthmus/plugin-gns-common';
import { X509Certificate } from 'node:crypto';
import {
  LEAF_SECONDS,
  SHORT_LEAVES,
  authorityOf,
  shortLeaves,
  untilAuthority,
} from './support/authority';
import { answeredBy, answersFrom, createNamespace } from './support/calls';
import {
  askForCertificate,
  createCsr,
  forgeLeaf,
  requestAs,
  stayAs,
  stealIssuer,
} from './support/certificates';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const STOCK = `http://stock.${DOMAIN}/`;
const AUTHORITY = `/global-namespaces/${GNS}/authority`;
const RATE = 50;
const TCP_PORT = 7000;
/** Longest time for which a proxy leaves a connection open after a change of policy. */
const DRAIN_MS = 120_000;

/** How a connection ends whose certificate nobody trusts. */
const REFUSED = /UNKNOWN_CA|CERTIFICATE_UNKNOWN/;

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

  const authority = () => authorityOf(hub, GNS);
  const until = (
    what: string,
    holds: (shop: GnsAuthority) => boolean,
    timeoutMs?: number,
  ) => untilAuthority(hub, GNS, what, holds, timeoutMs);

  /** A pod whose certificate lives for seconds. */
  const start = (cluster: Cluster, namespace: string, name: string) =>
    cluster.startPod({
      namespace,
      name,
      labels: SHORT_LEAVES,
      hosts: controllers.get(cluster.name)!.podHosts,
    });

  /** A pod without a proxy, from which a test presents what it likes. */
  const startBare = () =>
    west.startPod({
      namespace: 'outside',
      name: 'bare',
      inject: false,
      service: false,
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
    await pod.drain();
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

  it('names both ends to the server, for HTTP and gRPC', async () => {
    const calls = [
      await web.call({ url: STOCK, freshConnection: true }),
      await web.grpc(`stock.${DOMAIN}:9090`),
    ];
    for (const outcome of calls) {
      if (outcome.outcome !== 'answered') throw new Error(outcome.message);
      const peers = outcome.echo!.headers['x-forwarded-client-cert'];
      expect(peers).toContain(`URI=${web.spiffeId}`);
      expect(peers).toContain(`By=${stock.spiffeId}`);
    }
  }, 60_000);

  it('refuses whoever lacks the right name under the right root', async () => {
    const bare = await startBare();
    const issuer = await stealIssuer(west, GNS);
    const stranger = await CertificateAuthority.createRoot('stranger');
    const foreign = {
      certificate: stranger.certificate,
      key: await stranger.key(),
    };
    // The very same way lets a member in: what follows fails for its certificate alone.
    const member = await forgeLeaf(issuer, web.spiffeId);
    expect(await requestAs(bare, stock, member)).toBe('200');
    const wrongName = await forgeLeaf(issuer, outsider.spiffeId);
    expect(await requestAs(bare, stock, wrongName)).toBe('403');
    const wrongRoot = await forgeLeaf(foreign, web.spiffeId);
    expect(await requestAs(bare, stock, wrongRoot)).toMatch(REFUSED);
    expect(await requestAs(bare, stock, 'none')).toMatch(
      /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/,
    );
    expect(await requestAs(bare, stock, 'plain')).toMatch(/ECONNRESET|closed/);
    await west.deletePod(bare);
  }, 120_000);

  it('refuses a workload of another global namespace by its certificate', async () => {
    await createNamespace(west, 'vault');
    await hub.define('bank', {
      domain: 'bank.gns.example',
      members: [
        { clusters: { names: ['west'] }, namespaces: { names: ['vault'] } },
      ],
      authority: { mode: 'dedicated' },
    });
    const ofBank = '/global-namespaces/bank/authority';
    await eventually(
      async () => {
        const { transition } = await hub.ask<GnsAuthority>('GET', ofBank);
        return (
          transition.members.length === 1 && transition.members[0].configured
        );
      },
      { what: 'the bank is ready for its pods', timeoutMs: 60_000 },
    );
    const teller = await start(west, 'vault', 'teller');
    const outcome = await teller.call({
      url: 'http://stock.warehouse.svc.cluster.local/',
      freshConnection: true,
    });
    expect(answeredBy(outcome)).toBeUndefined();
    expect(await teller.envoyAdmin('/stats?filter=fail_verify')).toMatch(
      /stock\.warehouse.*ssl\.fail_verify_error: [1-9]/,
    );
    // Nor does one of its certificates open the door from the other side.
    const leaf = await forgeLeaf(await stealIssuer(west, 'bank'), web.spiffeId);
    const bare = await startBare();
    expect(await requestAs(bare, stock, leaf)).toMatch(REFUSED);
    await west.deletePod(bare);
    await west.deletePod(teller);
  }, 180_000);

  it('gives nobody a certificate for another identity, cluster or namespace', async () => {
    const tokenOf = async (cluster: Cluster, pod: Pod) => {
      const stored = await cluster.kube.get(pod.ref);
      return cluster.kube.createToken(
        pod.namespace,
        (stored!.spec as { serviceAccountName: string }).serviceAccountName,
        {
          audiences: ['istio-ca'],
          expirationSeconds: 3600,
          boundPod: { name: pod.name, uid: stored!.metadata.uid! },
        },
      );
    };
    const published = await west.kube.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'warehouse',
      name: 'istio-ca-root-cert',
    });
    const roots = (published!.data as Record<string, string>)[CA_ROOT_KEY];
    const [address] = Object.values(controllers.get('west')!.podHosts);
    const { port, close } = await testbed.forward(address, CA_PORT);
    const ask = async (token: string, identity: string) =>
      askForCertificate({ port, roots, token, csr: await createCsr(identity) });
    const [member, nosy, eastern] = [
      await tokenOf(west, stock),
      await tokenOf(west, outsider),
      await tokenOf(east, web),
    ];
    // A member gets what is its own, and no more.
    const own = await ask(member, stock.spiffeId);
    expect([own.code, own.details]).toEqual([0, '']);
    const leaf = new X509Certificate(own.chain[0]);
    expect(leaf.subjectAltName).toBe(`URI:${stock.spiffeId}`);
    const issuer = new X509Certificate(own.chain[1]);
    expect(leaf.verify(issuer.publicKey)).toBe(true);

    const refusals = {
      'a member for another namespace': await ask(member, web.spiffeId),
      'a workload of the mesh for a member': await ask(nosy, stock.spiffeId),
      'a workload of the mesh for itself': await ask(nosy, outsider.spiffeId),
      'a pod of the other cluster': await ask(eastern, web.spiffeId),
      'a token that is none': await ask('e30.e30.e30', stock.spiffeId),
    };
    expect(
      Object.entries(refusals).filter(([, answer]) => answer.chain.length > 0),
    ).toEqual([]);
    const retried = Object.entries(refusals).filter(
      // INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED: pilot-agent does not insist.
      ([, answer]) => ![3, 7, 16].includes(answer.code),
    );
    expect(retried).toEqual([]);
    await close();
  }, 120_000);

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

  it('carries TCP, and ends connections that were opened before their caller lost its right', async () => {
    const [ledgers, guests] = ['ledgers', 'guests'].map(name => ({
      clusters: { names: ['west'] },
      namespaces: { names: [name] },
    }));
    await createNamespace(west, 'ledgers');
    await createNamespace(west, 'guests');
    const members = (...more: typeof MEMBERS) =>
      hub.define(GNS, {
        domain: DOMAIN,
        members: [...MEMBERS, ...more],
        authority: { mode: 'dedicated', leafTtl: '10m' },
      });
    await members(ledgers, guests);
    await until(
      'both are ready for their pods',
      ({ transition }) =>
        transition.members.length === 4 &&
        transition.members.every(m => m.configured),
    );
    await hub.ask('POST', `${AUTHORITY}/transition`, {
      body: { waiveUnmeasured: true, reason: 'the test knows who calls' },
    });
    await until('both trust the authority alone', ({ transition }) =>
      transition.members.every(m => m.isolatedAt && m.closed),
    );
    // What started earlier would have to restart: TCP is not refused request by request.
    const ledger = await west.startPod({
      namespace: 'ledgers',
      name: 'ledger',
      hosts: controllers.get('west')!.podHosts,
      service: [{ name: 'tcp', port: TCP_PORT, targetPort: APP_PORTS.tcp }],
    });
    await eventually(
      async () => {
        const line = await web.tcp(`ledger.${DOMAIN}:${TCP_PORT}`);
        if (answeredBy(line) === 'ledger@west') return true;
        throw new Error(JSON.stringify(line));
      },
      { what: 'the ledger answers over TCP', timeoutMs: 60_000 },
    );

    const bare = await startBare();
    const leaf = await forgeLeaf(
      await stealIssuer(west, GNS),
      'spiffe://cluster.local/ns/guests/sa/guest',
    );
    const loop = await web.loop(STOCK, RATE);
    const open = [
      stayAs(bare, stock, leaf, 'http', DRAIN_MS),
      stayAs(bare, ledger, leaf, 'tcp', DRAIN_MS),
    ];
    await new Promise(resolve => setTimeout(resolve, 3_000));
    await members(ledgers);
    const [overHttp, overTcp] = await Promise.all(open);
    expect(overHttp.slice(0, 2)).toEqual(['200', '200']);
    expect(overTcp.slice(0, 2)).toEqual(['line', 'line']);
    for (const said of [overHttp, overTcp]) {
      expect(said.at(-1)).toMatch(/^(closed|ECONNRESET)$/);
    }
    expect(await requestAs(bare, stock, leaf)).toBe('403');
    // Those who stay do not notice.
    const { failed, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await loop.stop();
    await west.deletePod(bare);
    await west.deletePod(ledger);
    await members();
    await until(
      'the ledgers are gone',
      ({ transition }) => transition.members.length === 2,
    );
  }, 500_000);

  const rotate = (action: string, body: object = {}) =>
    hub.ask('POST', `${AUTHORITY}/rotation/${action}`, { body });
  const retired = async () => {
    await until(
      'every leaf is under the new root',
      shop => shop.rotation.actions.retire.state === 'allowed',
    );
    await rotate('retire');
    return until(
      'everybody trusts the new root alone',
      shop =>
        shop.rotation.proof.bundlePods.meeting ===
          shop.rotation.proof.bundlePods.pods &&
        shop.rotation.proof.bundlePods.pods > 0,
    );
  };

  it('changes its root twice under load, the second time with hub and controllers killed in the middle, without losing a request', async () => {
    const loop = await web.loop(STOCK, 4 * RATE);
    for (const turn of [1, 2]) {
      await rotate('prepare');
      if (turn === 2) {
        await hub.stop('SIGKILL');
        await controllers.get('east')!.restart();
        hub.run();
        await hub.ready();
      }
      await until(
        'everybody trusts the next root',
        shop => shop.rotation.actions.activate.state === 'allowed',
      );
      await rotate('activate');
      if (turn === 2) {
        await hub.stop('SIGKILL');
        hub.run();
        await hub.ready();
        await controllers.get('west')!.restart();
      }
      const done = await retired();
      expect(done.roots.map(r => r.state)).toEqual([
        ...Array(turn).fill('revoked'),
        'active',
      ]);
    }
    const fresh = await web.call({ url: STOCK, freshConnection: true });
    expect(answeredBy(fresh)).toBe('stock@west');
    const { failed, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await loop.stop();
  }, 600_000);

  it('lets a cluster that is cut off during a rotation go on talking', async () => {
    const western = controllers.get('west')!;
    await western.stop();
    // Nobody listens there.
    western.run(`${hub.url.replace(/:\d+.*$/, '')}:9`);
    const loops = [
      await web.loop(STOCK, RATE),
      await stock.loop(`http://web.${DOMAIN}/`, RATE),
    ];
    await rotate('prepare');
    await until(
      'the next root may be used, by who insists',
      shop => shop.rotation.actions.activate.state === 'unproven',
    );
    await rotate('activate', { force: true, reason: 'west is cut off' });
    const { roots } = await authority();
    const next = roots.find(r => r.state === 'active')!.keyId;
    await eventually(
      async () => {
        const serial = (await leafOf(web)).replace(/^0+/, '');
        const { items } = await hub.ask<{
          items: { serial: string; rootKeyId: string }[];
        }>('GET', `${AUTHORITY}/issuances?limit=500`);
        return items.some(
          i => i.serial.replace(/^0+/, '') === serial && i.rootKeyId === next,
        );
      },
      { what: 'east presents leaves of the next root', timeoutMs: 120_000 },
    );
    const [there, back] = [
      await web.call({ url: STOCK, freshConnection: true }),
      await stock.call({
        url: `http://web.${DOMAIN}/`,
        freshConnection: true,
      }),
    ];
    expect([answeredBy(there), answeredBy(back)]).toEqual([
      'stock@west',
      'web@east',
    ]);
    await western.stop();
    western.run(hub.url);
    await retired();
    for (const loop of loops) {
      const { failed, counts } = await failures(loop);
      expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
      await loop.stop();
    }
  }, 600_000);

  it('lets its members go without losing a request', async () => {
    const loop = await web.loop(STOCK, RATE);
    await hub.define(GNS, {
      domain: DOMAIN,
      members: MEMBERS,
      authority: { mode: 'mesh' },
    });
    await until(
      'every leaf is one of the mesh, and pods wait for their restart',
      shop =>
        shop.transition.members.length === 2 &&
        shop.transition.members.every(m => m.phase === 'release') &&
        shop.transition.waits.some(w => w.reason === 'podsAwaitRestart'),
      240_000,
    );
    const newStock = await start(west, 'warehouse', 'stock');
    await end(west, stock);
    stock = newStock;
    const newWeb = await start(east, 'shop-web', 'web');
    await answersFrom(newWeb, STOCK, 'stock@west', 60_000);
    const { failed, counts } = await failures(loop);
    expect([failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await loop.stop();
    await east.deletePod(web);
    web = newWeb;
    await until(
      'nobody holds a certificate of the authority',
      shop => shop.transition.members.length === 0 && shop.pods.own === 0,
    );
    await answersFrom(web, STOCK, 'stock@west', 30_000);
  }, 600_000);
});
