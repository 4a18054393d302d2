import type { Diagnosis, LinkName } from '@isthmus/plugin-gns-common';
import { Testbed, eventually, type Cluster, type Pod } from '../src';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';
import { answeredBy, answersFrom, createNamespace } from './support/calls';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const urlOf = (service: string) => `http://${service}.${DOMAIN}/`;

const member = (cluster: string, ...namespaces: string[]) => ({
  clusters: { names: [cluster] },
  namespaces: { names: namespaces },
});

/* eslint-disable jest/expect-expect -- names() and holds() throw until the answer is the expected one */
/** "Why can't A call B?", asked of real calls: each link is broken in turn, the call fails, and the answer names the link. */
describe('the first broken link of a real call', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  let north: Cluster;
  let web: Pod;
  let early: Pod;
  let stock: Pod;
  let gateway: Pod;
  let westController: LocalController;

  beforeAll(async () => {
    testbed = await Testbed.create({
      clusters: [
        { name: 'east' },
        { name: 'west' },
        { name: 'north', root: 'own' },
      ],
    });
    [east, west, north] = ['east', 'west', 'north'].map(n =>
      testbed.cluster(n),
    );
    hub = await Hub.start(testbed);
    await east.startGateway();
    gateway = await west.startGateway();
    await north.startGateway();
    for (const [cluster, ...namespaces] of [
      [east, 'shop-web', 'early', 'outside'],
      [west, 'warehouse', 'plain', 'guarded'],
      [north, 'store'],
    ] as [Cluster, ...string[]][]) {
      for (const name of namespaces) await createNamespace(cluster, name);
    }
    // Older than ours: Istio takes this one.
    await west.kube.apply({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'older', namespace: 'plain' },
      spec: { mtls: { mode: 'DISABLE' } },
    });
    // Of the name that ours would have: it stays, and admits nobody.
    await west.kube.apply({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `gns-${GNS}`, namespace: 'guarded' },
      spec: {},
    });
    // Started before DNS capture is asked for.
    early = await east.startPod({ namespace: 'early', name: 'early' });
    await joinCluster(testbed, hub, east);
    westController = await joinCluster(testbed, hub, west);
    await joinCluster(testbed, hub, north);
    await hub.define(GNS, {
      domain: DOMAIN,
      members: [
        member('east', 'shop-web', 'early'),
        member('west', 'warehouse', 'plain', 'guarded'),
        member('north', 'store'),
      ],
    });
    // Pods that start from here on are told to capture DNS.
    for (const [cluster, namespace] of [
      [east, 'shop-web'],
      [west, 'warehouse'],
      [west, 'plain'],
      [west, 'guarded'],
      [north, 'store'],
    ] as const) {
      await eventually(
        () =>
          cluster.kube.get({
            apiVersion: 'networking.istio.io/v1beta1',
            kind: 'ProxyConfig',
            namespace,
            name: `gns-${GNS}`,
          }),
        { what: `${namespace} has its ProxyConfig`, timeoutMs: 60_000 },
      );
    }
    web = await east.startPod({ namespace: 'shop-web', name: 'web' });
    stock = await west.startPod({ namespace: 'warehouse', name: 'stock' });
    await west.startPod({ namespace: 'plain', name: 'raw' });
    await west.startPod({ namespace: 'guarded', name: 'vault' });
    await answersFrom(web, urlOf('stock'), 'stock@west', 120_000);
  }, 900_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  const ask = (from: string, to: string): Promise<Diagnosis> =>
    hub.ask(
      'GET',
      `/diagnose?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
    );
  const reasonOf = ({ chains }: Diagnosis) =>
    chains[0].links.find(l => l.link === chains[0].first)?.reason;
  /** Waits until the answer names this link first, for one of these reasons. */
  const names = (
    link: LinkName,
    reasons: string[],
    from: string,
    to: string,
    timeoutMs = 90_000,
  ): Promise<Diagnosis> =>
    eventually(
      async () => {
        const answer = await ask(from, to);
        const { first } = answer.chains[0];
        const reason = reasonOf(answer) ?? '';
        if (first === link && reasons.includes(reason)) return answer;
        throw new Error(`${first} (${reason}): ${answer.text}`);
      },
      { what: `${from} → ${to}: ${link}`, timeoutMs },
    );
  /** Waits until every link holds. */
  const holds = (from: string, to: string): Promise<Diagnosis> =>
    eventually(
      async () => {
        const answer = await ask(from, to);
        if (answer.answer === 'ok') return answer;
        throw new Error(answer.text);
      },
      { what: `${from} → ${to}: all hold`, timeoutMs: 90_000 },
    );
  const fails = (caller: Pod, service: string): Promise<unknown> =>
    eventually(
      async () =>
        answeredBy(
          await caller.call({
            url: urlOf(service),
            freshConnection: true,
            timeoutMs: 5_000,
          }),
        ) === undefined,
      { what: `${service} does not answer`, timeoutMs: 60_000 },
    );

  it('none, while the call works', async () => {
    const answer = await holds('east/shop-web/web', 'shop/stock');
    expect(answer.answer).toBe('ok');
  }, 120_000);

  it('membership: a caller outside', async () => {
    const nosy = await east.startPod({ namespace: 'outside', name: 'nosy' });
    await fails(nosy, 'stock');
    await names(
      'membership',
      ['callerNotMember'],
      'east/outside/nosy',
      'shop/stock',
    );
  }, 180_000);

  it('host name: the API server of the caller refuses the entry', async () => {
    await east.kube.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'no-parcel' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ['networking.istio.io'],
              apiVersions: ['*'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['serviceentries'],
            },
          ],
        },
        validations: [
          {
            expression: `!object.spec.hosts.exists(h, h.startsWith('parcel.'))`,
            message: 'parcels are not wanted here',
          },
        ],
      },
    });
    await east.kube.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'no-parcel' },
      spec: { policyName: 'no-parcel', validationActions: ['Deny'] },
    });
    const probe = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'probe', namespace: 'outside' },
      spec: {
        hosts: ['parcel.probe.example'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'DNS',
      },
    };
    await eventually(
      async () => {
        try {
          await east.kube.apply(probe);
        } catch (error) {
          return String(error).includes('parcels are not wanted');
        }
        await east.kube.delete({ ...probe, ...probe.metadata });
        return false;
      },
      { what: 'the policy is in force' },
    );
    await west.startPod({ namespace: 'warehouse', name: 'parcel' });
    const answer = await names(
      'hostName',
      ['entryFailed'],
      'east/shop-web/web',
      'shop/parcel',
    );
    expect(answer.text).toContain('parcels are not wanted here');
    await fails(web, 'parcel');
  }, 240_000);

  it('host name: a Sidecar of somebody else tells the caller of other hosts only', async () => {
    const theirs = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'narrow', namespace: 'shop-web' },
      spec: { egress: [{ hosts: ['istio-system/*'] }] },
    };
    await east.kube.apply(theirs);
    await fails(web, 'stock');
    const answer = await names(
      'hostName',
      ['hiddenBySidecar'],
      'east/shop-web/web',
      'shop/stock',
    );
    // The remedy is one: it names what has to be added.
    const [, line] = /Add (\S+) to the hosts/.exec(answer.remedy)!;
    await east.kube.apply({
      ...theirs,
      spec: { egress: [{ hosts: ['istio-system/*', line] }] },
    });
    await answersFrom(web, urlOf('stock'), 'stock@west');
    await holds('east/shop-web/web', 'shop/stock');
    await east.kube.delete({
      apiVersion: theirs.apiVersion,
      kind: theirs.kind,
      ...theirs.metadata,
    });
    await answersFrom(web, urlOf('stock'), 'stock@west');
  }, 300_000);

  it('mTLS: a DestinationRule of somebody else has the caller speak none', async () => {
    const theirs = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'plain', namespace: 'shop-web' },
    };
    await east.kube.apply({
      ...theirs,
      spec: {
        host: `*.${DOMAIN}`,
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    });
    await fails(web, 'stock');
    await names(
      'mtls',
      ['callerSpeaksNoMtls'],
      'east/shop-web/web',
      'shop/stock',
    );
    await east.kube.delete({
      apiVersion: theirs.apiVersion,
      kind: theirs.kind,
      ...theirs.metadata,
    });
    await answersFrom(web, urlOf('stock'), 'stock@west');
    await holds('east/shop-web/web', 'shop/stock');
  }, 300_000);

  it('DNS capture: the caller started before it was on', async () => {
    await fails(early, 'stock');
    const answer = await names(
      'dnsCapture',
      ['podsAwaitRestart'],
      'east/early/early',
      'shop/stock',
    );
    expect(answer.remedy).toContain('kubectl -n early rollout restart');
  }, 180_000);

  it('endpoints: no pod is ready', async () => {
    await stock.setReady(false);
    await fails(web, 'stock');
    await names(
      'endpoints',
      ['noReadyPods'],
      'east/shop-web/web',
      'shop/stock',
    );
    await stock.setReady(true);
    await answersFrom(web, urlOf('stock'), 'stock@west', 90_000);
    await holds('east/shop-web/web', 'shop/stock');
  }, 300_000);

  it('gateway: it vanished, though its cluster has not noticed', async () => {
    await gateway.kill({ noticed: false });
    await fails(web, 'stock');
    await names('gateway', ['unreachable'], 'east/shop-web/web', 'shop/stock');
    await west.deletePod(gateway);
    gateway = await west.startGateway();
    await answersFrom(web, urlOf('stock'), 'stock@west', 120_000);
    await holds('east/shop-web/web', 'shop/stock');
  }, 400_000);

  it('trust: the caller is in a cluster with a root of its own', async () => {
    const till = await north.startPod({ namespace: 'store', name: 'till' });
    await fails(till, 'stock');
    await names('trust', ['noSharedRoot'], 'north/store/till', 'shop/stock');
  }, 240_000);

  it('mTLS: an older policy of the server switches it off', async () => {
    await fails(web, 'raw');
    await names('mtls', ['mtlsDisabled'], 'east/shop-web/web', 'shop/raw');
  }, 180_000);

  it('policies: the place of ours is taken by one that admits nobody', async () => {
    await fails(web, 'vault');
    await names(
      'policies',
      ['policyFailed'],
      'east/shop-web/web',
      'shop/vault',
    );
  }, 180_000);

  it('policies: somebody else denies the caller', async () => {
    const theirs = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'no-web', namespace: 'warehouse' },
    };
    await west.kube.apply({
      ...theirs,
      spec: {
        action: 'DENY',
        selector: { matchLabels: { app: 'stock' } },
        rules: [{ from: [{ source: { namespaces: ['shop-web'] } }] }],
      },
    });
    await fails(web, 'stock');
    const answer = await names(
      'policies',
      ['deniedByOther'],
      'east/shop-web/web',
      'shop/stock',
    );
    expect(answer.text).toContain('no-web');
    await west.kube.delete({
      apiVersion: theirs.apiVersion,
      kind: theirs.kind,
      ...theirs.metadata,
    });
    await answersFrom(web, urlOf('stock'), 'stock@west');
    await holds('east/shop-web/web', 'shop/stock');
  }, 300_000);

  it('freshness: the controller of the server is gone', async () => {
    await westController.stop('SIGKILL');
    const answer = await names(
      'freshness',
      ['stale', 'silent'],
      'east/shop-web/web',
      'shop/stock',
      150_000,
    );
    expect(answer.text).toContain('west');
    // What was applied goes on without it.
    await answersFrom(web, urlOf('stock'), 'stock@west');
    westController.run();
    await holds('east/shop-web/web', 'shop/stock');
  }, 400_000);
});
