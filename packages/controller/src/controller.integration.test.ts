import {
  LABEL_CLUSTER,
  LABEL_GNS,
  LABEL_MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { FakeHub } from './__testUtils__/FakeHub';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { serviceEntry } from './__testUtils__/desiredObjects';
import { eventually } from './__testUtils__/eventually';

jest.setTimeout(30_000);

const TOKEN = 'a-join-token-of-some-length';
const epoch = (n: number, term = 1) => ({ term, n });

describe('a controller in its cluster', () => {
  let cluster: MemberCluster;
  let hub: FakeHub;

  beforeEach(async () => {
    [cluster, hub] = await Promise.all([
      MemberCluster.start(),
      FakeHub.start(),
    ]);
  });

  afterEach(async () => {
    await cluster.stop();
    await hub.stop();
  });

  const start = () => cluster.control({ hub: { url: hub.url }, token: TOKEN });
  const applied = (n: number) =>
    eventually(() => hub.lastReport?.appliedEpoch.n === n, {
      what: `epoch ${n} is reported as applied`,
    });
  const entry = (name: string, labels = {}, address = '192.0.2.1') => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop-web', labels },
    spec: {
      hosts: [`${name}.other.example`],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address }],
    },
  });

  it('enrols, applies what is desired with our labels, and reports it', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const controller = await start();
    await applied(1);
    expect(cluster.serviceEntry('stock')?.metadata.labels).toMatchObject({
      [LABEL_MANAGED_BY]: 'isthmus',
      [LABEL_GNS]: 'shop',
      [LABEL_CLUSTER]: 'cluster-1',
    });
    expect(controller.clusterId).toBe('cluster-1');
    expect(hub.statusOf(serviceEntry('stock').key)?.state).toBe('applied');
    await eventually(() => hub.lastReport?.owned?.length === 1);
  });

  it('takes a delta, and applies only what changed', async () => {
    const stock = serviceEntry('stock');
    hub.publish({ epoch: epoch(1), objects: [stock] });
    await start();
    await applied(1);
    const patches = cluster.count(
      r => r.verb === 'patch' && r.path.includes('serviceentries'),
    );
    hub.publish({ epoch: epoch(2), objects: [stock, serviceEntry('web')] });
    await applied(2);
    expect(cluster.entries).toEqual(['stock', 'web']);
    expect(patches.n).toBe(1);
  });

  it('writes nothing in a quiet cluster', async () => {
    hub.publish({
      epoch: epoch(1),
      objects: [serviceEntry('stock'), serviceEntry('web')],
    });
    await start();
    await applied(1);
    await eventually(() => cluster.status?.appliedEpoch === '1.1');
    const writes = cluster.count(
      r => !['get', 'list', 'watch'].includes(r.verb),
    );
    const reports = hub.reports.length;
    await eventually(() => hub.reports.length > reports + 3);
    expect(writes.n).toBe(0);
  });

  it('repairs a field that someone changed by force, from the watch', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    await eventually(() => cluster.addressOf('stock') === '10.0.0.1', {
      within: 2_000,
    });
  });

  it('makes an object anew that someone deleted', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    const uid = cluster.serviceEntry('stock')?.metadata.uid;
    cluster.server.unseed(cluster.serviceEntry('stock')!);
    const again = await eventually(() => cluster.serviceEntry('stock'), {
      within: 2_000,
    });
    expect(again.metadata.uid).not.toBe(uid);
  });

  it('leaves an object alone that exists without our labels, and names it', async () => {
    const before = cluster.server.seed(entry('stock'), 'kubectl');
    hub.publish({
      epoch: epoch(1),
      objects: [serviceEntry('stock'), serviceEntry('web')],
    });
    await start();
    await applied(1);
    expect(cluster.serviceEntry('stock')).toEqual(before);
    expect(cluster.entries).toEqual(['stock', 'web']);
    expect(hub.statusOf(serviceEntry('stock').key)).toMatchObject({
      state: 'conflict',
      message: expect.stringContaining(serviceEntry('stock').key),
    });
  });

  it('takes an object with forged labels of ours for foreign', async () => {
    const forged = {
      [LABEL_MANAGED_BY]: 'isthmus',
      [LABEL_GNS]: 'shop',
      [LABEL_CLUSTER]: 'cluster-1',
    };
    const before = cluster.server.seed(entry('stock', forged), 'kubectl');
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    expect(cluster.serviceEntry('stock')).toEqual(before);
    expect(hub.statusOf(serviceEntry('stock').key)?.state).toBe('conflict');
    await eventually(() => hub.lastReport?.owned?.length === 0);
  });

  it('applies the conflicting object once the foreign one is gone', async () => {
    const foreign = cluster.server.seed(entry('stock'), 'kubectl');
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    cluster.server.unseed(foreign);
    await eventually(
      () => hub.statusOf(serviceEntry('stock').key)?.state === 'applied',
    );
  });

  it('goes on with the others when the API server rejects one, with its message', async () => {
    const accept = cluster.server.faults.rejectObjects(
      o => o.metadata.name === 'bad',
      'no such thing here',
    );
    hub.publish({
      epoch: epoch(1),
      objects: ['a', 'bad', 'c', 'd'].map(name => serviceEntry(name)),
    });
    await start();
    await applied(1);
    expect(cluster.entries).toEqual(['a', 'c', 'd']);
    expect(hub.statusOf(serviceEntry('bad').key)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('no such thing here'),
    });
    accept();
    await eventually(() => cluster.entries.includes('bad'));
  });

  it('refuses kinds that are not of the mesh', async () => {
    const secret = {
      key: 'v1/ConfigMap/kube-system/trap',
      gns: 'shop',
      manifest: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'trap', namespace: 'kube-system' },
      },
    };
    hub.publish({ epoch: epoch(1), objects: [secret, serviceEntry('web')] });
    await start();
    await applied(1);
    expect(hub.statusOf(secret.key)?.state).toBe('refused');
    expect(
      cluster.server.read('v1', 'ConfigMap', 'kube-system', 'trap'),
    ).toBeUndefined();
    expect(cluster.entries).toEqual(['web']);
  });

  it('changes nothing of a paused global namespace, drift included, until resumed', async () => {
    const other = serviceEntry('other', {}, 'bank');
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock'), other] });
    await start();
    await applied(1);
    const changed = serviceEntry('stock', {
      endpoints: [{ address: '10.0.0.2' }],
    });
    const objects = [changed, serviceEntry('web', {}, 'bank'), other];
    hub.publish({ epoch: epoch(2), objects, settings: { paused: ['shop'] } });
    await applied(2);
    expect(cluster.addressOf('stock')).toBe('10.0.0.1');
    expect(cluster.entries).toEqual(['other', 'stock', 'web']);
    expect(hub.statusOf(changed.key)?.state).toBe('paused');
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    hub.publish({ epoch: epoch(3), objects });
    await eventually(() => cluster.addressOf('stock') === '10.0.0.2');
  });

  it('is paused by an annotation on its namespace, and tells so', async () => {
    await start();
    await eventually(() => hub.lastReport);
    cluster.annotateNamespace('isthmus-system', {
      'gns.isthmus.dev/paused': 'true',
    });
    await eventually(() => hub.lastReport?.pausedLocally[0] === '*');
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await applied(1);
    expect(cluster.entries).toEqual([]);
    await eventually(() => cluster.status?.paused === '*');
    cluster.annotateNamespace('isthmus-system', {});
    await eventually(() => cluster.entries.length === 1);
    await eventually(() => hub.lastReport?.pausedLocally.length === 0);
  });

  it('resolves gateways that are given by name, and keeps the last good answer', async () => {
    let answer: string[] | Error = ['198.51.100.7'];
    await cluster.control({
      hub: { url: hub.url },
      token: TOKEN,
      lookUp: async () => {
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    hub.publish({
      epoch: epoch(1),
      objects: [
        serviceEntry('stock', {
          endpoints: [{ address: 'gateway.example', weight: 10 }],
        }),
      ],
    });
    await applied(1);
    expect(cluster.addressOf('stock')).toBe('198.51.100.7');
    answer = ['198.51.100.8'];
    await eventually(() => cluster.addressOf('stock') === '198.51.100.8');
    answer = new Error('SERVFAIL');
    const condition = await eventually(() =>
      hub.lastReport?.conditions.find(c => c.type === 'GatewayNameResolves'),
    );
    expect(condition).toMatchObject({
      status: 'False',
      reason: 'LastAnswerKept',
    });
    expect(cluster.addressOf('stock')).toBe('198.51.100.8');
  });

  it('measures the gateways that it is told to probe', async () => {
    const port = Number(new URL(hub.url).port);
    hub.publish({
      epoch: epoch(1),
      objects: [],
      settings: {
        probes: [
          { cluster: 'west', address: '127.0.0.1', port },
          { cluster: 'gone', address: '127.0.0.1', port: 1 },
        ],
      },
    });
    await start();
    await eventually(() => hub.lastReport?.reachability.length === 2);
    expect(hub.lastReport?.reachability).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ cluster: 'west', reachable: true }),
        expect.objectContaining({ cluster: 'gone', reachable: false }),
      ]),
    );
  });

  it('says in conditions and status when fields of others are on our object', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    await cluster.edit('stock', { exportTo: ['.'] });
    const condition = await eventually(() =>
      hub.lastReport?.conditions.find(c => c.type === 'OnlyOurFields'),
    );
    expect(condition.message).toContain('spec.exportTo');
    await eventually(() => cluster.status?.conditions.includes('exportTo'));
  });

  it('replaces its key at the hub, and goes on with the new one', async () => {
    const controller = await start();
    await eventually(() => hub.lastReport);
    const before = hub.publicKey;
    await controller.rekey();
    expect(hub.publicKey).not.toEqual(before);
    const { length } = hub.reports;
    await eventually(() => hub.reports.length > length + 1);
  });

  it('learns the clock of the hub when its own is wrong', async () => {
    hub.ahead = 200_000;
    await start();
    await eventually(() => hub.lastReport);
  });
});
