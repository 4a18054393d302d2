import { FakeHub } from './__testUtils__/FakeHub';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { serviceEntry } from './__testUtils__/desiredObjects';
import { eventually } from './__testUtils__/eventually';

jest.setTimeout(30_000);

const TOKEN = 'a-join-token-of-some-length';
const epoch = (n: number, term = 1) => ({ term, n });

describe('a controller goes on', () => {
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

  const start = (intervals = {}) =>
    cluster.control({ hub: { url: hub.url }, token: TOKEN, intervals });
  const applied = (n: number) =>
    eventually(() => hub.lastReport?.appliedEpoch.n === n);
  const drift = async () => {
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    await eventually(() => cluster.addressOf('stock') === '10.0.0.1', {
      what: 'drift is repaired',
    });
  };

  it('repairing drift while the hub is gone, and catches up when it is back', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const controller = await start();
    await applied(1);
    await hub.stop();
    await eventually(() => controller.hubReachable === false);
    await eventually(() => cluster.status?.hubReachable === 'False');
    await drift();
    hub.publish({
      epoch: epoch(2),
      objects: [serviceEntry('stock'), serviceEntry('web')],
    });
    await hub.listen();
    await applied(2);
    expect(cluster.entries).toEqual(['stock', 'web']);
    await eventually(() => cluster.status?.hubReachable === 'True');
  });

  it('after a restart without the hub, from what it kept', async () => {
    hub.publish({ epoch: epoch(7), objects: [serviceEntry('stock')] });
    const first = await start();
    await applied(7);
    await first.stop();
    await hub.stop();
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    const second = await start();
    await eventually(() => cluster.addressOf('stock') === '10.0.0.1');
    expect(second.highestEpoch).toEqual(epoch(7));
    expect(second.clusterId).toBe('cluster-1');
    await drift();
  });

  it('after a restart with the highest epoch, so that an older one is refused', async () => {
    hub.publish({ epoch: epoch(7), objects: [serviceEntry('stock')] });
    const first = await start();
    await applied(7);
    await first.stop();
    const seen = hub.highestSeen.length;
    hub.hostile = async () => ({
      status: 200,
      body: await hub.sign({ ...hub.state!, epoch: epoch(3) }),
    });
    await start();
    await eventually(() =>
      hub.lastReport?.conditions.some(c => c.reason === 'Older'),
    );
    expect(new Set(hub.highestSeen.slice(seen))).toEqual(new Set(['1.7']));
  });

  it('with growing report numbers over restarts', async () => {
    const first = await start();
    await eventually(() => hub.reports.length > 2);
    await first.stop();
    await start();
    const { length } = hub.reports;
    await eventually(() => hub.reports.length > length + 2);
    const numbers = hub.reports.map(r => r.sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('without spending a second token, when it restarts with the same one', async () => {
    const first = await start();
    await eventually(() => hub.lastReport);
    const key = hub.publicKey;
    await first.stop();
    await start();
    const { length } = hub.reports;
    await eventually(() => hub.reports.length > length);
    expect(hub.publicKey).toBe(key);
  });

  it('with a new identity when it gets a new token', async () => {
    const first = await start();
    await eventually(() => hub.lastReport);
    const key = hub.publicKey;
    await first.stop();
    hub.tokens.add('another-token-of-some-length');
    await cluster.control({
      hub: { url: hub.url },
      token: 'another-token-of-some-length',
    });
    await eventually(() => hub.publicKey !== key);
  });

  it.each(['event', 'status'] as const)(
    'when its watches expire with 410 as %s',
    async as => {
      hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
      await start();
      await applied(1);
      cluster.server.compact({ as });
      cluster.server.closeWatches();
      await drift();
      await drift();
    },
  );

  it('when its watches fall silent', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start({ watchSilence: 300 });
    await applied(1);
    cluster.server.faults.setSilentWatches(true);
    await cluster.edit('stock', { endpoints: [{ address: '203.0.113.9' }] });
    await eventually(() => cluster.server.openWatches > 0);
    cluster.server.faults.setSilentWatches(false);
    await eventually(() => cluster.addressOf('stock') === '10.0.0.1');
  });

  it('when the API server restarts', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await start();
    await applied(1);
    await cluster.server.restart({ downForMs: 300 });
    await drift();
    await eventually(
      () => hub.lastReport?.inventory.services?.mark !== 'partial',
    );
  });

  it('when the API server fails now and then', async () => {
    await start();
    await eventually(() => hub.lastReport);
    cluster.server.faults.failNext(3, 500, {
      match: r => r.method === 'PATCH' && r.path.includes('serviceentries'),
    });
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    await eventually(() => cluster.entries.length === 1);
    await eventually(
      () => hub.statusOf(serviceEntry('stock').key)?.state === 'applied',
    );
  });

  it('telling which inventory is partial while a kind cannot be listed', async () => {
    cluster.server.faults.failNext(1_000_000, 403, {
      match: r => r.path === '/api/v1/services',
      message: 'services is forbidden',
    });
    await start();
    const report = await eventually(() =>
      hub.reports.find(r => r.inventory.services),
    );
    expect(report.inventory.services).toMatchObject({
      mark: 'partial',
      reason: expect.stringContaining('services is forbidden'),
    });
    expect(report.inventory.namespaces?.mark).toBe('complete');
    cluster.server.faults.clear();
    await eventually(() =>
      hub.reports.some(r => r.inventory.services?.mark === 'complete'),
    );
  });

  it('telling deletions as evidence only when a live watch saw them', async () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop-web' },
      spec: {
        selector: { app: name },
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      },
    });
    const seen = cluster.server.seed(service('seen'));
    const unseen = cluster.server.seed(service('unseen'));
    const names = () =>
      hub.reports
        .filter(r => r.inventory.services)
        .at(-1)
        ?.inventory.services?.items.map(s => s.name);
    await start({ kubeBackoff: { first: 300, max: 600 } });
    await eventually(() => names()?.includes('unseen'));
    cluster.server.unseed(seen);
    await eventually(() => names()?.includes('seen') === false);
    await cluster.server.restart();
    cluster.server.unseed(unseen);
    cluster.server.compact();
    await eventually(() => names()?.includes('unseen') === false);
    const evidence = hub.reports
      .filter(r => r.inventory.services)
      .at(-1)
      ?.inventory.services?.deletions.map(d => d.name);
    expect(evidence).toEqual(['seen']);
  });

  it('sending the kinds of inventory that the hub asks for, whole', async () => {
    await start();
    await eventually(() => hub.lastReport);
    await eventually(() => hub.lastReport?.inventory.services === undefined);
    const { length } = hub.reports;
    hub.wanted = ['services', 'mesh'];
    const answer = await eventually(() =>
      hub.reports.slice(length).find(r => r.inventory.services),
    );
    expect(Object.keys(answer.inventory).sort()).toEqual(['mesh', 'services']);
  });
});
