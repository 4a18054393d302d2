import {
  controllerRules,
  renderControllerManifests,
} from '@isthmus/plugin-gns-common';
import { FakeHub } from './__testUtils__/FakeHub';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { serviceEntry, tombstone } from './__testUtils__/desiredObjects';
import { eventually } from './__testUtils__/eventually';
import { silentLogger } from './logging';
import { uninstall } from './uninstall';

jest.setTimeout(30_000);

const TOKEN = 'a-join-token-of-some-length';
const epoch = (n: number, term = 1) => ({ term, n });

describe('replicas, rights and removal', () => {
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

  const applied = (n: number) =>
    eventually(() => hub.lastReport?.appliedEpoch.n === n);
  const replica = (holder: string) =>
    cluster.control({
      hub: { url: hub.url },
      token: TOKEN,
      lease: true,
      holder,
      statusListen: '127.0.0.1:0',
    });

  it('one of two replicas reconciles, and the other takes over when it ends', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const a = await replica('a');
    await eventually(() => a.isLeading);
    const b = await replica('b');
    await applied(1);
    expect(b.isLeading).toBe(false);
    await a.stop();
    await eventually(() => b.isLeading, { within: 1_500 });
    hub.publish({
      epoch: epoch(2),
      objects: [serviceEntry('stock'), serviceEntry('web')],
    });
    await applied(2);
    expect(cluster.entries).toEqual(['stock', 'web']);
  });

  it('a leader whose lease was taken writes no more, and stands by', async () => {
    const a = await replica('a');
    await eventually(() => a.isLeading && hub.lastReport);
    const lease = cluster.server.read(
      'coordination.k8s.io/v1',
      'Lease',
      'isthmus-system',
      'isthmus-controller',
    )!;
    cluster.server.seed({
      ...lease,
      spec: {
        ...(lease.spec as object),
        holderIdentity: 'b',
        renewTime: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    await eventually(() => !a.isLeading);
  });

  it('says whether it is alive and ready, and shows its metrics', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const a = await replica('a');
    await applied(1);
    const read = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${a.statusPort}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await read('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    await eventually(async () => (await read('/readyz')).status === 200);
    const { text } = await read('/metrics');
    expect(text).toContain('isthmus_applied_epoch{part="n"} 1');
    expect(text).toContain('isthmus_objects{state="applied"} 1');
    expect(text).toMatch(
      /isthmus_kube_writes_total\{verb="apply",outcome="ok"\} 1/,
    );
  });

  it('all of it works with exactly the rights of the manifests', async () => {
    for (const object of renderControllerManifests({
      hubUrl: hub.url,
      token: TOKEN,
    })) {
      cluster.server.seed(object);
    }
    const forbidden: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (message: string) => forbidden.push(message),
      error: (message: string) => forbidden.push(message),
    };
    const kube = cluster.api(
      cluster.server.issueToken('isthmus-system', 'isthmus-controller'),
    );
    const used = new Set<string>();
    cluster.server.onRequest(r => {
      if (r.user.includes('isthmus-controller')) used.add(r.verb);
    });
    const stock = serviceEntry('stock');
    hub.publish({ epoch: epoch(1), objects: [stock, serviceEntry('web')] });
    const controller = await cluster.control({
      kube,
      hub: { url: hub.url },
      token: TOKEN,
      lease: true,
      logger,
    });
    await applied(1);
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    await eventually(() => cluster.addressOf('stock') === '10.0.0.1');
    hub.publish({
      epoch: epoch(2),
      objects: [serviceEntry('web')],
      tombstones: [tombstone(stock)],
    });
    await applied(2);
    const complete = await eventually(() => {
      const parts = Object.assign({}, ...hub.reports.map(r => r.inventory));
      return (
        Object.values<{ mark: string }>(parts).length === 5 &&
        Object.values<{ mark: string }>(parts).every(p => p.mark === 'complete')
      );
    });
    expect(complete).toBe(true);
    await eventually(() => cluster.status?.appliedEpoch === '1.2');
    await controller.stop();
    const result = await uninstall({
      kube,
      namespace: 'isthmus-system',
      logger,
    });
    expect(result).toMatchObject({ failed: [], left: [] });
    expect(forbidden).toEqual([]);
    const granted = Object.values(controllerRules()).flatMap(rules =>
      rules.flatMap(r => r.verbs),
    );
    expect([...used].sort()).toEqual([...new Set(granted)].sort());
  });

  it('uninstalling leaves nothing of ours and touches nothing foreign', async () => {
    const foreign = cluster.server.seed(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: {
          name: 'theirs',
          namespace: 'shop-web',
          labels: { 'app.kubernetes.io/managed-by': 'isthmus' },
        },
        spec: { hosts: ['x.example'] },
      },
      'kubectl',
    );
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const controller = await replica('a');
    await applied(1);
    await controller.stop();
    const result = await uninstall({
      kube: cluster.api(),
      namespace: 'isthmus-system',
      logger: silentLogger,
    });
    expect(result.deleted).toEqual([serviceEntry('stock').key]);
    expect(result.left).toHaveLength(1);
    expect(cluster.entries).toEqual(['theirs']);
    expect(cluster.serviceEntry('theirs')).toEqual(foreign);
    for (const [apiVersion, kind] of [
      ['v1', 'Secret'],
      ['coordination.k8s.io/v1', 'Lease'],
    ]) {
      expect(
        cluster.server.readAll(apiVersion, kind, 'isthmus-system'),
      ).toEqual([]);
    }
    expect(cluster.status).toBeUndefined();
  });
});
