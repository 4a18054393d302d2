import { Testbed, eventually, type Cluster, type Pod } from '../src';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';
import { answersFrom, createNamespace } from './support/calls';
import { ownedObjects } from './support/objects';
import { TamperingProxy, type Tampering } from './support/TamperingProxy';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const STOCK = `http://stock.${DOMAIN}/`;
const spec = {
  domain: DOMAIN,
  members: [
    { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
    { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
  ],
};

/** What matters of our objects: each with what it asks for. */
async function snapshot(cluster: Cluster): Promise<string[]> {
  return (await ownedObjects(cluster))
    .map(
      o =>
        `${o.kind} ${o.metadata.namespace}/${o.metadata.name} ${JSON.stringify(
          o.spec,
        )}`,
    )
    .sort();
}

describe('a hub that fails, lies or forgets', () => {
  let testbed: Testbed;
  let hub: Hub;
  let proxy: TamperingProxy;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;
  let eastController: LocalController;
  let westController: LocalController;

  beforeAll(async () => {
    testbed = await Testbed.create();
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    hub = await Hub.start(testbed);
    proxy = await TamperingProxy.start(testbed, hub.url);
    await Promise.all([east.startGateway(), west.startGateway()]);
    await createNamespace(east, 'shop-web');
    await createNamespace(west, 'warehouse');
    eastController = await joinCluster(testbed, hub, east, {
      hubUrl: proxy.url,
    });
    // West hears the truth: it goes on serving what east shall hear of.
    westController = await joinCluster(testbed, hub, west);
    await hub.define(GNS, spec);
    await hub.settled(GNS);
    web = await east.startPod({ namespace: 'shop-web', name: 'web' });
    await west.startPod({ namespace: 'warehouse', name: 'stock' });
    await answersFrom(web, STOCK, 'stock@west', 90_000);
    await hub.settled(GNS);
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  /** Gives the controllers something new to fetch: a service more, which east shall reach. */
  const provoke = async (service: string) => {
    const before = (await hub.cluster('east')).desiredEpoch;
    await west.startPod({ namespace: 'warehouse', name: service });
    await eventually(
      async () => (await hub.cluster('east')).desiredEpoch !== before,
      { what: `east shall have ${service}`, timeoutMs: 60_000 },
    );
  };

  it.each<[Tampering, string]>([
    ['nothing', 'answers that say nothing'],
    ['empty', 'an emptied state'],
    ['cut', 'a cut state'],
    ['strip', 'a state from which an object is missing'],
    ['replay', 'a state of yesterday'],
  ])(
    'deletes and weakens nothing on %s: %s',
    async tampering => {
      const before = await snapshot(east);
      expect(before.length).toBeGreaterThan(3);
      proxy.set(tampering);
      await eastController.restart();
      if (tampering !== 'nothing') await provoke(`spare-${tampering}`);
      const loop = await web.loop(STOCK, 10);
      await eventually(async () => (await loop.counts()).sent >= 80, {
        what: 'eight seconds of calls',
        timeoutMs: 30_000,
      });
      const counts = await loop.stop();
      expect(counts.failed).toBe(0);
      const after = await snapshot(east);
      expect(before.filter(line => !after.includes(line))).toEqual([]);
      proxy.set('none');
    },
    180_000,
  );

  it('goes on once the hub tells the truth again', async () => {
    await eventually(
      async () => (await hub.status(GNS)).rollout.every(r => r.upToDate),
      { what: 'the controllers caught up', timeoutMs: 120_000 },
    );
  }, 150_000);

  it('keeps the last endpoints when inventory cannot be read', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      name: 'isthmus-controller',
    };
    const binding = await west.kube.get(role);
    if (!binding) throw new Error('the controller has no ClusterRoleBinding');
    const before = await snapshot(east);
    await west.kube.delete(role);
    await westController.restart();
    const loop = await web.loop(STOCK, 10);
    await eventually(async () => (await loop.counts()).sent >= 100, {
      what: 'ten seconds of calls',
      timeoutMs: 30_000,
    });
    expect((await loop.stop()).failed).toBe(0);
    const after = await snapshot(east);
    expect(before.filter(line => !after.includes(line))).toEqual([]);
    const { metadata, ...rest } = binding;
    await west.kube.apply({
      ...rest,
      metadata: { name: metadata.name, labels: metadata.labels },
    });
    await eventually(
      async () => (await hub.cluster('west')).freshness === 'ok',
      { what: 'west reports again', timeoutMs: 90_000 },
    );
  }, 240_000);

  it('recognises an older backup of the hub, deletes nothing, and goes on after a person confirmed', async () => {
    await hub.stop();
    hub.backUp('backup');
    hub.run();
    await hub.ready();
    await provoke('after-backup');
    await eventually(
      async () => (await hub.status(GNS)).rollout.every(r => r.upToDate),
      { what: 'the newest state is applied', timeoutMs: 90_000 },
    );
    const before = await snapshot(east);

    await hub.stop();
    hub.restore('backup');
    hub.run();
    await hub.ready();
    const state = await eventually(
      async () => {
        const seen = await hub.ask<{ readOnly: boolean }>('GET', '/hub');
        return seen.readOnly ? seen : undefined;
      },
      { what: 'the hub is read-only', timeoutMs: 90_000 },
    );
    expect(state.readOnly).toBe(true);
    expect(await snapshot(east)).toEqual(before);

    const hold = (await hub.holds()).find(h => h.kind === 'restoredHub');
    expect(hold).toBeDefined();
    await hub.ask('POST', `/holds/${hold!.id}/release`, {
      body: { reason: 'restored on purpose' },
    });
    await eventually(
      async () => (await hub.status(GNS)).rollout.every(r => r.upToDate),
      { what: 'the new term is applied', timeoutMs: 120_000 },
    );
    await answersFrom(web, STOCK, 'stock@west');
  }, 360_000);

  it('keeps everything when the hub comes back with an emptied database, or is another hub', async () => {
    const before = await snapshot(east);
    await hub.stop();
    hub.restore();
    hub.run();
    await hub.ready();
    await eastController.restart();
    await westController.restart();
    const loop = await web.loop(STOCK, 10);
    await eventually(async () => (await loop.counts()).sent >= 150, {
      what: 'fifteen seconds of calls',
      timeoutMs: 40_000,
    });
    expect((await loop.stop()).failed).toBe(0);
    const after = await snapshot(east);
    expect(before.filter(line => !after.includes(line))).toEqual([]);
  }, 180_000);
});
