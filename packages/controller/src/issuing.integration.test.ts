import { X509Certificate } from 'node:crypto';
import {
  AuthoritySettings,
  CA_ADDRESS,
  CA_ROOT_KEY,
  CA_ROOT_PATH,
  DesiredObject,
  IdentityReport,
  IssueRecord,
  controllerRules,
  objectKey,
  renderControllerManifests,
} from '@isthmus/plugin-gns-common';
import { Controller } from './Controller';
import { ControllerOptions } from './ControllerOptions';
import { FakeAuthority } from './__testUtils__/FakeAuthority';
import { FakeHub } from './__testUtils__/FakeHub';
import { MemberCluster, QUICK } from './__testUtils__/MemberCluster';
import { serviceEntry, tombstone } from './__testUtils__/desiredObjects';
import { eventually, stays } from './__testUtils__/eventually';
import { CaClient } from './issuer/__testUtils__/CaClient';
import { TestPod, TestWorkloads } from './issuer/__testUtils__/TestWorkloads';
import { authoritySettings } from './issuer/__testUtils__/authoritySettings';
import {
  TestAuthority,
  makeAuthority,
} from './issuer/__testUtils__/testIssuer';
import { pack, unpack } from './issuer/kept/issuerRecord';
import {
  ReplicaRecord,
  replicaRecordSchema,
  replicaSecretName,
} from './issuer/replicas/replicaRecord';
import { CODE } from './issuer/service/codes';
import { KubeApi } from './kube/KubeApi';
import { silentLogger } from './logging';
import { contentOf } from './state/SecretStore';
import { uninstall } from './uninstall';

jest.setTimeout(120_000);

/** Tests ask more often than workloads do. */
const PLENTY = {
  cluster: { burst: 1e6, perSecond: 1e6 },
  identity: { burst: 1e6, perSecond: 1e6 },
  pod: { burst: 1e6, perSecond: 1e6 },
};

const TOKEN = 'a-join-token-of-some-length';
const id = (namespace: string, account: string) =>
  `spiffe://cluster.local/ns/${namespace}/sa/${account}`;

describe('issuing in a cluster', () => {
  let cluster: MemberCluster;
  let hub: FakeHub;
  let workloads: TestWorkloads;
  let root: TestAuthority;
  let meshRoot: TestAuthority;
  let n = 0;
  const clients: CaClient[] = [];

  beforeEach(async () => {
    [cluster, hub] = await Promise.all([
      MemberCluster.start(),
      FakeHub.start(),
    ]);
    workloads = new TestWorkloads(cluster.server);
    root = makeAuthority({ name: 'shop root R1', pathLength: 2 });
    meshRoot = makeAuthority({ name: 'mesh root', pathLength: 2 });
    hub.authority = new FakeAuthority();
    hub.authority.roots.set('shop', root);
    n = 0;
    for (const namespace of ['istio-system', 'shop-web']) {
      cluster.server.seed({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio-ca-root-cert', namespace },
        data: { 'root-cert.pem': meshRoot.pem },
      });
    }
    cluster.server.seed({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'trustDomain: cluster.local' },
    });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await cluster.stop();
    await hub.stop();
  });

  const control = (options: Partial<ControllerOptions> = {}) =>
    cluster.control({
      hub: { url: hub.url },
      token: TOKEN,
      issuing: { listen: '127.0.0.1:0', rates: PLENTY },
      ...options,
    });

  /** Delivers what the hub wants of this cluster's authorities. */
  function want(
    phase: AuthoritySettings['namespaces'][number]['phase'] | undefined,
    over: Partial<AuthoritySettings> = {},
    objects: DesiredObject[] = [],
  ) {
    n += 1;
    hub.publish({
      epoch: { term: 1, n },
      objects,
      settings: {
        members: { shop: ['shop-web'] },
        authorities: phase
          ? { shop: authoritySettings([root], { 'shop-web': phase }, over) }
          : {},
      },
    });
  }

  const identity = (): IdentityReport | undefined =>
    hub.reports.filter(r => r.identity).at(-1)?.identity;
  const shop = () => identity()?.authorities.shop;
  const records = (): IssueRecord[] =>
    hub.reports.flatMap(r => r.issueRecords ?? []);
  const condition = (type: string) =>
    hub.lastReport?.conditions.find(c => c.type === type);
  const ready = () =>
    eventually(() => shop()?.namespaces[0]?.ready, { what: 'readiness' });

  /** The root that a pod of this namespace would verify the controller with. */
  const publishedRoot = (namespace = 'shop-web') => {
    const map = cluster.server.read(
      'v1',
      'ConfigMap',
      namespace,
      'istio-ca-root-cert',
    );
    return (map?.data as Record<string, string> | undefined)?.[CA_ROOT_KEY];
  };

  async function clientOf(controller: Controller): Promise<CaClient> {
    const roots = await eventually(() => publishedRoot());
    const client = new CaClient(
      await eventually(() => controller.issuingPort),
      roots,
    );
    clients.push(client);
    return client;
  }

  const ask = (pod: TestPod) => ({
    csr: workloads.csr(id(pod.namespace, pod.serviceAccount)),
    token: pod.token,
  });

  const secretsOf = (role: string) =>
    cluster.server
      .readAll('v1', 'Secret', 'isthmus-system')
      .filter(s => s.metadata.labels?.['gns.isthmus.dev/state'] === role)
      .map(s => s.metadata.name);

  it('begins when the hub wants it: key made here, certificate asked, root published, pods served', async () => {
    const controller = await control();
    await eventually(() => hub.lastReport);
    expect(identity()).toBeUndefined();
    want('isolate');
    await ready();
    const [request] = hub.authority!.requests;
    expect(hub.authority!.requests).toHaveLength(1);
    expect(request.gns).toBe('shop');
    expect(shop()).toMatchObject({
      bundleEpoch: 1,
      bundleRoots: [root.keyId.toString('hex')],
      issuer: { rootKeyId: root.keyId.toString('hex') },
      namespaces: [
        { name: 'shop-web', phase: 'isolate', step: 1, ready: true },
      ],
    });
    expect(identity()!.meshRoots).toEqual([meshRoot.pem]);

    const web = await workloads.start('shop-web', 'web');
    const client = await clientOf(controller);
    const chain = await client.create(ask(web));
    expect(chain[2]).toBe(root.pem);
    const issuer = new X509Certificate(chain[1]);
    expect(issuer.subject).toMatch(/^O=shop\nOU=east\nCN=issuer [0-9a-f]{40}$/);
    expect(new X509Certificate(chain[0]).verify(issuer.publicKey)).toBe(true);
    await eventually(() => records().length === 1);
    expect(records()[0]).toMatchObject({
      gns: 'shop',
      pod: 'web-0',
      podUid: web.uid,
      bundleEpoch: 1,
    });
    // Nothing of the private key is told.
    expect(JSON.stringify(hub.reports)).not.toContain('PRIVATE KEY');
  });

  it('keeps the ConfigMap istiod’s: only our key is added, and removed when it leaves', async () => {
    await control();
    want('isolate');
    await eventually(() => publishedRoot());
    const map = () =>
      cluster.server.read('v1', 'ConfigMap', 'shop-web', 'istio-ca-root-cert')!;
    expect(map().data).toEqual({
      'root-cert.pem': meshRoot.pem,
      [CA_ROOT_KEY]: publishedRoot(),
    });
    // Something removes it: it comes back.
    cluster.server.seed({
      ...map(),
      data: { 'root-cert.pem': meshRoot.pem },
    });
    await eventually(() => publishedRoot());
  });

  it('is ready only with the root in the namespace, and says what is missing', async () => {
    cluster.server.unseed(
      cluster.server.read('v1', 'ConfigMap', 'shop-web', 'istio-ca-root-cert')!,
    );
    await control();
    want('adopt');
    await eventually(
      () => condition('ServingRootPublished')?.reason === 'Missing',
    );
    expect(shop()?.namespaces[0]?.ready).not.toBe(true);
    cluster.server.seed({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-ca-root-cert', namespace: 'shop-web' },
      data: { 'root-cert.pem': meshRoot.pem },
    });
    await ready();
    await eventually(() => !condition('ServingRootPublished'));
  });

  it('goes on without the hub, also after a restart: new pods start, leaves renew', async () => {
    const first = await control();
    want('isolate');
    await ready();
    const web = await workloads.start('shop-web', 'web');
    await (await clientOf(first)).create(ask(web));
    await hub.stop();
    await first.stop();
    const second = await control();
    const client = await clientOf(second);
    await client.create(ask(web));
    const stock = await workloads.start('shop-web', 'stock');
    const chain = await client.create(ask(stock));
    expect(chain[2]).toBe(root.pem);
    // What was issued meanwhile reaches the hub when it is back.
    await hub.listen();
    await eventually(() => records().length === 3);
    expect(new Set(records().map(r => r.pod))).toEqual(
      new Set(['web-0', 'stock-0']),
    );
    expect(new Set(records().map(r => r.serial)).size).toBe(3);
  });

  it('tells the hub each certificate once, whatever is lost on the way', async () => {
    const controller = await control();
    want('isolate');
    await ready();
    const web = await workloads.start('shop-web', 'web');
    const client = await clientOf(controller);
    for (let i = 0; i < 5; i += 1) await client.create(ask(web));
    await eventually(() => records().length >= 5);
    await eventually(() => secretsOf('delivered').length === 1);
    await controller.stop();
    hub.reports.length = 0;
    const again = await control();
    await eventually(() => identity());
    await (await clientOf(again)).create(ask(web));
    await eventually(() => records().length === 1);
    await stays(() => records().length, { for: 300 });
  });

  describe('with two replicas', () => {
    const replica = (holder: string, kube?: KubeApi) => {
      cluster.server.seed({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: holder, namespace: 'isthmus-system' },
        spec: { containers: [{ name: 'controller', image: 'c' }] },
        status: { phase: 'Running' },
      });
      return control({
        lease: true,
        holder,
        statusListen: '127.0.0.1:0',
        ...(kube ? { kube } : {}),
      });
    };

    /** What a replica told that it serves. */
    const servedBy = (holder: string): ReplicaRecord | undefined => {
      const secret = cluster.server.read(
        'v1',
        'Secret',
        'isthmus-system',
        replicaSecretName(holder),
      );
      return (
        secret &&
        unpack(
          replicaRecordSchema,
          contentOf({ ...secret, metadata: { ...secret.metadata } })!,
        )
      );
    };

    it('both serve, and the one that leads reports for both', async () => {
      const a = await replica('a');
      await eventually(() => a.isLeading);
      const b = await replica('b');
      want('isolate');
      await ready();
      const web = await workloads.start('shop-web', 'web');
      const client = await clientOf(b);
      expect(b.isLeading).toBe(false);
      await client.create(ask(web));
      await eventually(() => records().length === 1);
      const status = await fetch(`http://127.0.0.1:${b.statusPort}/readyz`);
      expect(status.status).toBe(200);
    });

    /** Wants a second root beside the first. */
    const wantNextBundle = () => {
      const next = makeAuthority({ name: 'shop root R2', pathLength: 2 });
      want('isolate', {
        bundle: {
          epoch: 2,
          roots: authoritySettings([root, next], {}).bundle.roots,
        },
      });
    };

    it('a bundle counts as given out only when all of them give it', async () => {
      const a = await replica('a');
      await eventually(() => a.isLeading);
      want('isolate');
      await ready();
      await eventually(() => shop()?.bundleEpoch === 1);
      // Another one that runs, and never moves on.
      const pod = cluster.server.seed({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'stuck', namespace: 'isthmus-system' },
        spec: { containers: [{ name: 'controller', image: 'c' }] },
        status: { phase: 'Running' },
      });
      const [kept] = cluster.server
        .readAll('v1', 'Secret', 'isthmus-system')
        .filter(
          s => s.metadata.labels?.['gns.isthmus.dev/state'] === 'replica',
        );
      const record = servedBy('a')!;
      cluster.server.seed({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: replicaSecretName('stuck'),
          namespace: 'isthmus-system',
          labels: kept.metadata.labels,
        },
        data: {
          content: pack({ ...record, holder: 'stuck' }).toString('base64'),
        },
      });
      wantNextBundle();
      // The one that leads gives it …
      await eventually(() => servedBy('a')?.serves.shop.bundleEpoch === 2, {
        what: 'the next bundle',
      });
      const reports = hub.reports.length;
      await eventually(() => hub.reports.length > reports + 1);
      // … and that is not enough, until the other one is gone.
      expect(shop()?.bundleEpoch).toBe(1);
      cluster.server.unseed(pod);
      await eventually(() => shop()?.bundleEpoch === 2);
    });

    it('one that ends is waited for no more, also when it ends while it tells what it serves', async () => {
      const a = await replica('a');
      await eventually(() => a.isLeading);
      want('isolate');
      await ready();
      const gate = holdWrites(cluster.api(), replicaSecretName('b'));
      const b = await replica('b', gate.kube);
      await gate.reached;
      const stopping = b.stop();
      // Long enough for a removal that does not wait to overtake the write.
      await stays(() => servedBy('b'), { for: 200 });
      gate.open();
      await stopping;
      expect(servedBy('b')).toBeUndefined();
      wantNextBundle();
      await eventually(() => shop()?.bundleEpoch === 2);
    });

    it('when the leader ends the other goes on serving and takes over', async () => {
      const a = await replica('a');
      await eventually(() => a.isLeading);
      const b = await replica('b');
      want('isolate');
      await ready();
      const web = await workloads.start('shop-web', 'web');
      const client = await clientOf(b);
      const calls = { failed: 0, going: true };
      const loop = (async () => {
        while (calls.going) {
          if ((await client.code(ask(web))) !== 0) calls.failed += 1;
          await new Promise(resolve => {
            setTimeout(resolve, 60);
          });
        }
      })();
      await a.stop();
      await eventually(() => b.isLeading);
      calls.going = false;
      await loop;
      expect(calls.failed).toBe(0);
    });
  });

  describe('an issuer', () => {
    it('is renewed at half of its life, and the old one serves until then', async () => {
      hub.authority!.life = 6_000;
      hub.authority!.backdate = 0;
      const controller = await control();
      want('isolate');
      await ready();
      const web = await workloads.start('shop-web', 'web');
      const client = await clientOf(controller);
      const seen = new Set<string>();
      await eventually(
        async () => {
          const [, issuer] = await client.create(ask(web));
          seen.add(issuer);
          await new Promise(resolve => {
            setTimeout(resolve, 150);
          });
          return seen.size >= 3;
        },
        { within: 20_000 },
      );
      expect(hub.authority!.requests.length).toBeLessThanOrEqual(seen.size + 1);
    });

    it('is asked for anew when the hub wants another root', async () => {
      await control();
      want('isolate');
      await ready();
      const before = shop()!.issuer!;
      const next = makeAuthority({ name: 'shop root R2', pathLength: 2 });
      hub.authority!.roots.set('shop', next);
      want('isolate', {
        bundle: {
          epoch: 2,
          roots: authoritySettings([root, next], {}).bundle.roots,
        },
        issuer: {
          rootKeyId: next.keyId.toString('hex'),
          crossCertificates: [],
        },
      });
      await eventually(
        () => shop()?.issuer?.rootKeyId === next.keyId.toString('hex'),
      );
      expect(shop()!.issuer!.keyId).not.toBe(before.keyId);
    });

    it.each([
      [403, 'HubRefused'],
      [429, 'HubBusy'],
      [503, 'AuthorityUnavailable'],
      [500, 'HubFailed'],
    ])(
      'that the hub refuses with %d is told as %s, and asked for again',
      async (status, reason) => {
        hub.authority!.refuses = status;
        await control();
        want('isolate');
        await eventually(() => condition('IssuerReady')?.reason === reason);
        expect(shop()?.namespaces[0]?.ready).not.toBe(true);
        hub.authority!.refuses = undefined;
        await ready();
        await eventually(() => !condition('IssuerReady'));
        // The same key all the time: the hub signed one.
        expect(hub.authority!.issued.size).toBe(1);
      },
    );

    it('of another root, key or name than was asked for is not taken', async () => {
      const stranger = makeAuthority({ name: 'x', pathLength: 2 });
      const foreign = makeAuthority({ name: 'evil', parent: stranger });
      const honest = hub.authority!.twist;
      hub.authority!.twist = r => ({ ...r, chain: [foreign.pem] });
      await control();
      want('isolate');
      await eventually(
        () => condition('IssuerReady')?.reason === 'AnswerRefused',
      );
      hub.authority!.twist = honest;
      await ready();
    });

    it('that could not be renewed is warned of in time, and pods are told to try again after its end', async () => {
      hub.authority!.life = 5_000;
      hub.authority!.backdate = 0;
      const controller = await control();
      want('isolate', { leafTtlSeconds: 10 });
      await ready();
      hub.authority!.refuses = 503;
      const web = await workloads.start('shop-web', 'web');
      const client = await clientOf(controller);
      await eventually(() => condition('IssuerLifetime'), { within: 20_000 });
      await eventually(
        () => condition('IssuerLifetime')?.reason === 'Expired',
        { within: 20_000 },
      );
      expect(await client.code(ask(web))).toBe(CODE.UNAVAILABLE);
      const events = cluster.server.readAll('v1', 'Event', 'isthmus-system');
      expect(events.map(e => e.reason)).toContain('IssuerLifetime');
      hub.authority!.refuses = undefined;
      await eventually(async () => (await client.code(ask(web))) === 0, {
        within: 20_000,
      });
    });
  });

  it('ends when the hub wants it no more, and a wish that comes back costs nobody an issuer', async () => {
    const controller = await control();
    want('isolate');
    await ready();
    const web = await workloads.start('shop-web', 'web');
    const client = await clientOf(controller);
    want(undefined);
    await eventually(
      async () => (await client.code(ask(web))) === CODE.PERMISSION_DENIED,
    );
    expect(secretsOf('issuer')).toEqual(['isthmus-issuer-shop']);
    want('isolate');
    await eventually(async () => (await client.code(ask(web))) === 0);
    expect(hub.authority!.requests).toHaveLength(1);
  });

  it('changes nothing while the global namespace is paused, and renews even so', async () => {
    const controller = await control();
    want('dual');
    await ready();
    const web = await workloads.start('shop-web', 'web');
    const client = await clientOf(controller);
    cluster.annotateNamespace('isthmus-system', {
      'gns.isthmus.dev/paused': 'shop',
    });
    await eventually(() => hub.lastReport?.pausedLocally.includes('shop'));
    want('isolate');
    await eventually(() => hub.lastReport?.appliedEpoch.n === n);
    const chain = await client.create(ask(web));
    expect(chain[2]).toContain(meshRoot.pem);
    expect(shop()?.namespaces[0].phase).toBe('dual');
    cluster.annotateNamespace('isthmus-system', {});
    await eventually(() => shop()?.namespaces[0].phase === 'isolate');
  });

  describe('what pods hold', () => {
    const proxy = (ours: boolean) => ({
      spec: {
        containers: [
          { name: 'app', image: 'app' },
          {
            name: 'istio-proxy',
            image: 'proxyv2',
            env: ours
              ? [
                  { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
                  { name: 'CA_ADDR', value: CA_ADDRESS },
                  { name: 'CA_ROOT_CA', value: CA_ROOT_PATH },
                ]
              : [{ name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' }],
          },
        ],
      },
      status: { startTime: '2026-11-01T00:00:00Z' },
    });

    it('is counted by workload: old set-up, unknown, and what was given last', async () => {
      const controller = await control();
      want('dual');
      await ready();
      await workloads.start('shop-web', 'web', {
        name: 'old',
        ...proxy(false),
      });
      await workloads.start('shop-web', 'web', {
        name: 'mute',
        ...proxy(true),
      });
      const web = await workloads.start('shop-web', 'web', {
        name: 'fresh',
        ...proxy(true),
      });
      await (await clientOf(controller)).create(ask(web));
      const group = {
        phase: 'dual',
        bundleEpoch: 1,
        leafRoot: root.keyId.toString('hex'),
        pods: 1,
      };
      const of = (name: string) => shop()?.workloads.find(w => w.name === name);
      await eventually(() => of('fresh')?.held.length === 1);
      expect(of('fresh')).toMatchObject({
        kind: 'Pod',
        pods: 1,
        held: [group],
        unknown: 0,
        awaitingRestart: 0,
      });
      expect(of('old')).toMatchObject({ awaitingRestart: 1, held: [] });
      expect(of('mute')).toMatchObject({ unknown: 1, held: [] });
      await eventually(() => condition('RestartsPending')?.reason === 'Manual');
      expect(condition('RestartsPending')?.message).toContain('shop-web/old');
      // The next phase: what it holds is of the phase before, until it asks again.
      want('isolate');
      await eventually(() => shop()?.namespaces[0].phase === 'isolate');
      expect(of('fresh')?.held).toEqual([group]);
      await (await clientOf(controller)).create(ask(web));
      await eventually(() => of('fresh')?.held[0].phase === 'isolate');
      // Pods that started before the hub's time wait for a restart too.
      want('isolate', {
        namespaces: [
          {
            name: 'shop-web',
            phase: 'isolate',
            step: 2,
            restartStartedBefore: new Date().toISOString(),
          },
        ],
      });
      await eventually(() => of('fresh')?.awaitingRestart === 1);
    });
  });

  describe('workloads that wait for a restart', () => {
    const kinds = ['DaemonSet', 'Deployment', 'StatefulSet'] as const;

    const rolledOut = (generation: number | undefined) => ({
      observedGeneration: generation,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      readyReplicas: 2,
      desiredNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    });

    /** A workload of two pods that started before we came. */
    function seedWorkload(kind: (typeof kinds)[number], name: string) {
      const { server } = cluster;
      const labels = { app: name };
      const owner = server.seed({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace: 'shop-web' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'app', image: 'app' }] },
          },
        },
        status: rolledOut(1),
      });
      for (const ordinal of [0, 1]) {
        server.seed({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: `${name}-${ordinal}`,
            namespace: 'shop-web',
            labels,
            ownerReferences: [
              {
                apiVersion: 'apps/v1',
                kind,
                name,
                uid: owner.metadata.uid!,
                controller: true,
              },
            ],
          },
          spec: {
            nodeName: 'node-1',
            containers: [
              { name: 'app', image: 'app' },
              { name: 'istio-proxy', image: 'proxyv2', env: [] },
            ],
          },
          status: { phase: 'Running' },
        });
      }
    }

    const live = (kind: string, name: string) =>
      cluster.server.read('apps/v1', kind, 'shop-web', name)!;
    const purposeOf = (kind: string, name: string) =>
      (
        live(kind, name).spec as {
          template: { metadata?: { annotations?: Record<string, string> } };
        }
      ).template.metadata?.annotations?.['gns.isthmus.dev/restarted-for'];
    /** The roll-out of a workload ends. */
    const finish = (kind: string, name: string) => {
      const object = live(kind, name);
      cluster.server.seed({
        ...object,
        status: rolledOut(object.metadata.generation),
      });
    };

    it('are restarted one after another, and none twice for the same', async () => {
      await control();
      seedWorkload('Deployment', 'cart');
      seedWorkload('StatefulSet', 'stock');
      want('adopt', { restart: 'rolling' }, [proxyConfig()]);
      await ready();
      await eventually(() => purposeOf('Deployment', 'cart'));
      expect(purposeOf('Deployment', 'cart')).toBe('shop adopt.1');
      await eventually(
        () => condition('RestartsPending')?.reason === 'Rolling',
      );
      expect(shop()?.workloads.find(w => w.name === 'cart')).toMatchObject({
        restarting: true,
        awaitingRestart: 2,
      });
      // The next one waits for the first to be whole again.
      await stays(() => purposeOf('StatefulSet', 'stock'), { for: 400 });
      finish('Deployment', 'cart');
      await eventually(() => purposeOf('StatefulSet', 'stock'));
      finish('StatefulSet', 'stock');
      // Its pods still lack our set-up: that is told, and not tried for ever.
      await eventually(() =>
        condition('RestartsPending')?.message.includes('was restarted already'),
      );
      const { generation } = live('Deployment', 'cart').metadata;
      await stays(() => live('Deployment', 'cart').metadata.generation, {
        for: 400,
      });
      expect(generation).toBe(2);
    });

    it('are not restarted before istiod can have heard of their set-up', async () => {
      await control({ intervals: { ...QUICK, setUpHeard: 3_600_000 } });
      seedWorkload('Deployment', 'cart');
      want('adopt', { restart: 'rolling' }, [proxyConfig()]);
      await ready();
      await eventually(
        () => condition('RestartsPending')?.reason === 'Waiting',
      );
      await stays(() => purposeOf('Deployment', 'cart'), { for: 400 });
      expect(purposeOf('Deployment', 'cart')).toBeUndefined();
    });

    it('are not restarted against a disruption budget, nor before a restart would help', async () => {
      await control();
      seedWorkload('Deployment', 'cart');
      cluster.server.seed({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'cart', namespace: 'shop-web' },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'cart' } } },
        status: { disruptionsAllowed: 0 },
      });
      // Without our ProxyConfig a pod would start as it was.
      want('adopt', { restart: 'rolling' });
      await ready();
      await eventually(() => condition('RestartsPending'));
      await stays(() => purposeOf('Deployment', 'cart'), { for: 400 });
      want('adopt', { restart: 'rolling' }, [proxyConfig()]);
      await eventually(() =>
        condition('RestartsPending')?.message.includes(
          'PodDisruptionBudget cart allows 0',
        ),
      );
      expect(purposeOf('Deployment', 'cart')).toBeUndefined();
      cluster.server.seed({
        ...cluster.server.read(
          'policy/v1',
          'PodDisruptionBudget',
          'shop-web',
          'cart',
        )!,
        status: { disruptionsAllowed: 1 },
      });
      await eventually(() => purposeOf('Deployment', 'cart'));
    });

    it('are told of by a controller that may not restart them, with the remedy', async () => {
      for (const object of renderControllerManifests({
        hubUrl: hub.url,
        token: TOKEN,
      })) {
        cluster.server.seed(object);
      }
      const kube = cluster.api(
        cluster.server.issueToken('isthmus-system', 'isthmus-controller'),
      );
      seedWorkload('Deployment', 'cart');
      await control({ kube, lease: true });
      want('adopt', { restart: 'rolling' }, [proxyConfig()]);
      await ready();
      await eventually(() =>
        condition('RestartsPending')?.message.includes(
          'cart (the controller may not restart workloads',
        ),
      );
      expect(purposeOf('Deployment', 'cart')).toBeUndefined();
    });

    it('and everything else: with exactly the rights of the manifests', async () => {
      for (const object of renderControllerManifests({
        hubUrl: hub.url,
        token: TOKEN,
        restartWorkloads: true,
      })) {
        cluster.server.seed(object);
      }
      const complaints: string[] = [];
      const complain = (message: string) => complaints.push(message);
      const logger = { ...silentLogger, warn: complain, error: complain };
      const kube = cluster.api(
        cluster.server.issueToken('isthmus-system', 'isthmus-controller'),
      );
      const used = new Set<string>();
      cluster.server.onRequest(({ user, verb, path }) => {
        if (user.includes('isthmus-controller')) used.add(rightOf(verb, path));
      });
      for (const kind of kinds) seedWorkload(kind, kind.toLowerCase());
      const controller = await control({ kube, logger, lease: true });
      hub.authority!.life = 5_000;
      hub.authority!.backdate = 0;
      want('isolate', { restart: 'rolling', leafTtlSeconds: 10 }, [
        proxyConfig(),
        serviceEntry('stock'),
      ]);
      await ready();
      const web = await workloads.start('shop-web', 'web');
      expect(await (await clientOf(controller)).code(ask(web))).toBe(0);
      for (const kind of kinds) {
        const name = kind.toLowerCase();
        await eventually(() => purposeOf(kind, name), {
          what: `a restart of ${kind}`,
        });
        finish(kind, name);
      }
      await eventually(() => records().length > 0);
      hub.authority!.refuses = 503;
      await eventually(
        () =>
          cluster.server.readAll('v1', 'Event', 'isthmus-system').length > 0,
        { within: 20_000 },
      );
      n += 1;
      hub.publish({
        epoch: { term: 1, n },
        objects: [proxyConfig()],
        tombstones: [tombstone(serviceEntry('stock'))],
        settings: {
          authorities: hub.state?.settings.authorities,
        },
      });
      await eventually(() => hub.lastReport?.appliedEpoch.n === n);
      await eventually(() => cluster.status);
      await controller.stop();
      await uninstall({ kube, namespace: 'isthmus-system', logger });
      expect(complaints.filter(text => /forbidden/i.test(text))).toEqual([]);
      const granted = Object.values(
        controllerRules('isthmus-system', { restartWorkloads: true }),
      ).flatMap(rules =>
        rules.flatMap(({ apiGroups, resources, verbs }) =>
          resources.flatMap(resource =>
            verbs.map(verb => right(verb, apiGroups[0], resource)),
          ),
        ),
      );
      // Everybody may; and an apply that makes an object needs `create` beside `patch`.
      used.delete('get version');
      for (const made of ['/configmaps', '/secrets', 'istio']) {
        if (used.has(`patch ${made}`)) used.add(`create ${made}`);
      }
      expect([...used].sort()).toEqual([...new Set(granted)].sort());
      expect(publishedRoot()).toBeUndefined();
      expect(secretsOf('issuer')).toEqual([]);
    });
  });

  it('of another trust domain waits until istiod lists it', async () => {
    cluster.server.seed({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'istiod',
        namespace: 'istio-system',
        labels: { app: 'istiod' },
      },
      spec: {
        template: { spec: { containers: [{ name: 'discovery', image: 'x' }] } },
      },
    });
    await control();
    want('isolate', {
      trustDomain: { mode: 'own', name: 'shop.gns.example' },
    });
    await eventually(() => condition('TrustDomainKnown'));
    expect(condition('TrustDomainKnown')?.message).toContain(
      'trustDomainAliases: ["shop.gns.example"]',
    );
    expect(shop()?.namespaces[0]?.ready).not.toBe(true);
    cluster.server.seed({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: {
        mesh: 'trustDomain: cluster.local\ntrustDomainAliases: [shop.gns.example]',
      },
    });
    await ready();
  });

  it('is of no concern to a cluster for which the hub wants none', async () => {
    await control();
    n += 1;
    hub.publish({ epoch: { term: 1, n }, objects: [proxyConfig()] });
    await eventually(() => hub.lastReport?.appliedEpoch.n === n);
    expect(secretsOf('serving')).toEqual([]);
    expect(secretsOf('replica')).toEqual([]);
    expect(identity()).toBeUndefined();
    expect(publishedRoot()).toBeUndefined();
  });
});

/** A client whose writes of one object wait until they are let through. */
function holdWrites(
  kube: KubeApi,
  name: string,
): { kube: KubeApi; reached: Promise<void>; open(): void } {
  let open = () => {};
  let arrived = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const reached = new Promise<void>(resolve => {
    arrived = resolve;
  });
  const apply: KubeApi['apply'] = async (resource, object, ...rest) => {
    if (object.metadata.name === name) {
      arrived();
      await opened;
    }
    return kube.apply(resource, object, ...rest);
  };
  const held = new Proxy(kube, {
    get(target, property) {
      if (property === 'apply') return apply;
      const value = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { kube: held, reached, open: () => open() };
}

function proxyConfig(): DesiredObject {
  const manifest = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { name: 'gns', namespace: 'shop-web' },
    spec: { environmentVariables: { CA_ADDR: CA_ADDRESS } },
  };
  return { key: objectKey(manifest), gns: 'shop', manifest };
}

/** `patch apps/deployments`; Istio's kinds, which are handled alike, count as one. */
function right(verb: string, group: string, resource: string): string {
  return group.endsWith('.istio.io')
    ? `${verb} istio`
    : `${verb} ${group}/${resource}`;
}

function rightOf(verb: string, path: string): string {
  const [root, ...rest] = path.split('/').filter(Boolean);
  const group = root === 'apis' ? rest.shift()! : '';
  rest.shift();
  if (rest[0] === 'namespaces' && rest.length > 2) rest.splice(0, 2);
  return root === 'version' ? 'get version' : right(verb, group, rest[0] ?? '');
}
