import {
  LABEL_CLUSTER,
  LABEL_GNS,
  LABEL_MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { FakeHub } from './__testUtils__/FakeHub';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { serviceEntry } from './__testUtils__/desiredObjects';
import { eventually } from './__testUtils__/eventually';

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
  const stateOfObject = (name: string) =>
    hub.reports
      .flatMap(r => r.objects)
      .filter(o => o.key === serviceEntry(name).key)
      .at(-1);

  it('enrols, applies what is desired with our labels, and reports it', async () => {
    hub.publish({ epoch: epoch(1), objects: [serviceEntry('stock')] });
    const controller = await start();
    await eventually(() => hub.lastReport?.appliedEpoch.n === 1);
    expect(cluster.serviceEntry('stock')?.metadata.labels).toMatchObject({
      [LABEL_MANAGED_BY]: 'isthmus',
      [LABEL_GNS]: 'shop',
      [LABEL_CLUSTER]: 'cluster-1',
    });
    expect(controller.clusterId).toBe('cluster-1');
    expect(stateOfObject('stock')?.state).toBe('applied');
    await eventually(() => hub.lastReport?.owned?.length === 1);
  });

  it('takes a delta, and applies only what changed', async () => {
    const stock = serviceEntry('stock');
    hub.publish({ epoch: epoch(1), objects: [stock] });
    await start();
    await eventually(() => hub.lastReport?.appliedEpoch.n === 1);
    const patches = cluster.count(
      r => r.verb === 'patch' && r.path.includes('serviceentries'),
    );
    hub.publish({ epoch: epoch(2), objects: [stock, serviceEntry('web')] });
    await eventually(() => hub.lastReport?.appliedEpoch.n === 2);
    expect(cluster.entries).toEqual(['stock', 'web']);
    expect(patches.n).toBe(1);
  });

  it('writes nothing to objects in a quiet cluster', async () => {
    hub.publish({
      epoch: epoch(1),
      objects: [serviceEntry('stock'), serviceEntry('web')],
    });
    await start();
    await eventually(() => hub.lastReport?.appliedEpoch.n === 1);
    await eventually(() => cluster.status?.appliedEpoch === '1.1');
    const writes = cluster.count(
      r => !['get', 'list', 'watch'].includes(r.verb),
    );
    const reports = hub.reports.length;
    await eventually(() => hub.reports.length > reports + 3);
    expect(writes.n).toBe(0);
  });
});
