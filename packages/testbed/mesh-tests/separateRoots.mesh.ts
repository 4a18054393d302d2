import { Testbed, eventually, type Cluster, type Pod } from '../src';
import { Hub } from './support/Hub';
import { joinCluster } from './support/LocalController';
import { answersFrom, createNamespace } from './support/calls';
import { ownedObjects } from './support/objects';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';

describe('clusters without a common root', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;

  beforeAll(async () => {
    testbed = await Testbed.create({
      clusters: [
        { name: 'east', root: 'own' },
        { name: 'west', root: 'own' },
      ],
    });
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    hub = await Hub.start(testbed);
    await Promise.all([east.startGateway(), west.startGateway()]);
    await createNamespace(east, 'shop-web');
    await createNamespace(west, 'warehouse');
    await joinCluster(testbed, hub, east);
    await joinCluster(testbed, hub, west);
    await hub.define(GNS, {
      domain: DOMAIN,
      members: [
        { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
        { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
      ],
    });
    await hub.settled(GNS);
    web = await east.startPod({ namespace: 'shop-web', name: 'web' });
    await east.startPod({ namespace: 'shop-web', name: 'stock' });
    await west.startPod({ namespace: 'warehouse', name: 'stock' });
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  it('are reported with the remedy, and not joined', async () => {
    const condition = await eventually(
      async () =>
        (
          await hub.status(GNS)
        ).allConditions.find(
          c => c.type === 'SharedRoot' && c.status === 'False',
        ),
      { what: 'the condition is there', timeoutMs: 60_000 },
    );
    expect(condition.message).toMatch(/root/i);
    const remote = (await ownedObjects(east)).filter(
      o =>
        JSON.stringify(o.spec).includes('15443') && o.kind === 'ServiceEntry',
    );
    expect(remote).toEqual([]);
  }, 90_000);

  it('break no call inside a cluster', async () => {
    await answersFrom(web, `http://stock.${DOMAIN}/`, 'stock@east', 90_000);
    const loop = await web.loop(`http://stock.${DOMAIN}/`, 20);
    await eventually(async () => (await loop.counts()).sent >= 100, {
      what: 'a hundred calls',
    });
    const counts = await loop.stop();
    expect(counts.failed).toBe(0);
    expect(Object.keys(counts.answeredBy)).toEqual(['stock@east']);
  }, 150_000);
});
