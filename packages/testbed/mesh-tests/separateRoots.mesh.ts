import { Testbed, eventually, type Cluster, type Pod } from '../src';
import {
  SHORT_LEAVES,
  authorityOf,
  shortLeaves,
  untilAuthority,
} from './support/authority';
import { answersFrom, createNamespace } from './support/calls';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';
import { ownedObjects } from './support/objects';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const STOCK = `http://stock.${DOMAIN}/`;
const DEPOT = `http://depot.${DOMAIN}/`;
const RATE = 50;

const MEMBERS = [
  { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
  { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
];

describe('clusters of which every one has a root of its own', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  const controllers = new Map<string, LocalController>();

  const deploy = (
    cluster: Cluster,
    namespace: string,
    name: string,
    replicas = 1,
  ) =>
    cluster.startPod({
      namespace,
      name,
      replicas,
      labels: SHORT_LEAVES,
      hosts: controllers.get(cluster.name)!.podHosts,
    });

  const podsOf = (cluster: Cluster, workload: string) =>
    cluster.pods.filter(pod => pod.workload === workload);

  /** Has nobody take the caller away; the returned function lets go. */
  const keepWeb = async () => {
    const metadata = { name: 'keep-web', namespace: 'shop-web' };
    await east.kube.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    return () =>
      east.kube.delete({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        ...metadata,
      });
  };

  const isOfShop = (pod: Pod) => pod.namespace === 'warehouse';
  const isNew = (before: readonly Pod[]) => (pod: Pod) =>
    !before.some(old => old.name === pod.name);

  /** Waits until every pod of these is another one. */
  const replaced = (what: string, before: readonly Pod[], timeoutMs: number) =>
    eventually(
      () => {
        const now = [...east.pods, ...west.pods].filter(pod =>
          before.some(
            old => old.cluster === pod.cluster && old.workload === pod.workload,
          ),
        );
        return now.length === before.length && now.every(isNew(before));
      },
      { what, timeoutMs },
    );

  /** What the hub says of workloads that wait for their restart. */
  const restartCondition = async (cluster: string) =>
    (await hub.status(GNS)).allConditions.find(
      c => c.type === 'RestartsPending' && c.cluster === cluster,
    );

  beforeAll(async () => {
    testbed = await Testbed.create({
      clusters: ['east', 'west'].map(name => ({
        name,
        root: 'own' as const,
        workloadControllers: true,
      })),
    });
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    hub = await Hub.start(testbed);
    await Promise.all([east.startGateway(), west.startGateway()]);
    await createNamespace(east, 'shop-web');
    await createNamespace(west, 'warehouse');
    for (const cluster of [east, west]) {
      controllers.set(
        cluster.name,
        await joinCluster(testbed, hub, cluster, {
          issuing: true,
          restartWorkloads: true,
        }),
      );
    }
    await shortLeaves(east, 'shop-web');
    await shortLeaves(west, 'warehouse');
    await hub.define(GNS, { domain: DOMAIN, members: MEMBERS });
    await hub.settled(GNS);
    await Promise.all([
      deploy(east, 'shop-web', 'web'),
      deploy(east, 'shop-web', 'stock', 2),
      deploy(west, 'warehouse', 'depot', 2),
      // Calls of it from east would fail: they must not be tried.
      deploy(west, 'warehouse', 'stock'),
    ]);
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  it('are reported with the remedy, and not joined by the mesh alone', async () => {
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
    const [web] = podsOf(east, 'web');
    await answersFrom(web, STOCK, 'stock@east', 90_000);
    const loop = await web.loop(STOCK, RATE);
    await eventually(async () => (await loop.counts()).sent >= 100, {
      what: 'a hundred calls',
    });
    const counts = await loop.stop();
    expect(counts.failed).toBe(0);
    expect(Object.keys(counts.answeredBy)).toEqual(['stock@east']);
  }, 150_000);

  it('restart their workloads for the authority one after the other, as far as budgets allow, and lose no request', async () => {
    const [web] = podsOf(east, 'web');
    const servers = [...podsOf(east, 'stock'), ...west.pods.filter(isOfShop)];
    const letGo = await keepWeb();
    await answersFrom(web, STOCK, 'stock@east', 90_000);
    const loop = await web.loop(STOCK, RATE);
    await hub.define(GNS, {
      domain: DOMAIN,
      members: MEMBERS,
      authority: { mode: 'dedicated', leafTtl: '10m', restart: 'rolling' },
    });
    // A controller that dies in the middle goes on where it was.
    await eventually(() => podsOf(east, 'stock').some(isNew(servers)), {
      what: 'the first of stock is a new one',
      timeoutMs: 180_000,
    });
    await controllers.get('east')!.restart();
    await replaced('stock and depot were restarted', servers, 300_000);
    const held = await eventually(
      async () => {
        const condition = await restartCondition('east');
        return condition?.message.includes('keep-web') && condition;
      },
      { what: 'the budget that holds web is named', timeoutMs: 60_000 },
    );
    expect(held.message).toMatch(
      /Deployment shop-web\/web \(the PodDisruptionBudget keep-web allows 0/,
    );
    expect(podsOf(east, 'web')).toEqual([web]);
    const counts = await loop.stop();
    expect([counts.failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    expect(counts.sent).toBeGreaterThan(RATE * 20);

    await letGo();
    await replaced('web was restarted', [web], 180_000);
    await eventually(
      async () => {
        const all = await Promise.all(['east', 'west'].map(restartCondition));
        return all.every(condition => condition === undefined);
      },
      { what: 'nothing waits any more', timeoutMs: 60_000 },
    );
    // Nothing is restarted twice for the same.
    const { waits } = (await authorityOf(hub, GNS)).transition;
    expect(waits.map(w => w.reason)).not.toContain('podsAwaitRestart');
  }, 900_000);

  it('are joined by the authority: who shares no root of the mesh calls over both clusters', async () => {
    const [web] = podsOf(east, 'web');
    const loop = await web.loop(STOCK, RATE);
    await untilAuthority(
      hub,
      GNS,
      'nothing but callers outside is unknown',
      shop => shop.transition.waits.every(w => w.reason === 'callersUnknown'),
    );
    await hub.ask('POST', `/global-namespaces/${GNS}/authority/transition`, {
      body: { waiveUnmeasured: true, reason: 'the test knows who calls' },
    });
    const settled = await untilAuthority(
      hub,
      GNS,
      'every pod has a certificate of the authority and trusts it alone',
      shop =>
        shop.transition.state === 'settled' &&
        shop.transition.members.every(m => m.isolatedAt && m.closed),
      240_000,
    );
    expect(settled.pods).toMatchObject({ total: 6, own: 6, mesh: 0 });
    await answersFrom(web, DEPOT, 'depot@west', 60_000);
    const [depot] = podsOf(west, 'depot');
    await answersFrom(depot, `http://web.${DOMAIN}/`, 'web@east', 60_000);
    const counts = await loop.stop();
    expect([counts.failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    expect(
      (await hub.status(GNS)).allConditions.filter(
        c => c.type === 'SharedRoot' && c.status !== 'True',
      ),
    ).toEqual([]);
  }, 600_000);

  it('go their own ways again without losing a request inside a cluster', async () => {
    const [web] = podsOf(east, 'web');
    const servers = [...podsOf(east, 'stock'), ...west.pods.filter(isOfShop)];
    const letGo = await keepWeb();
    const loop = await web.loop(STOCK, RATE);
    await hub.define(GNS, {
      domain: DOMAIN,
      members: MEMBERS,
      authority: { mode: 'mesh', restart: 'rolling' },
    });
    await replaced('stock and depot were restarted', servers, 400_000);
    const counts = await loop.stop();
    expect([counts.failed, counts.failures.slice(0, 3)]).toEqual([0, []]);
    await letGo();
    await replaced('web was restarted', [web], 180_000);
    await untilAuthority(
      hub,
      GNS,
      'nobody holds a certificate of the authority',
      shop => shop.transition.members.length === 0 && shop.pods.own === 0,
    );
    await answersFrom(podsOf(east, 'web')[0], STOCK, 'stock@east', 60_000);
    // What only the authority joined is apart again, and the hub says why.
    await eventually(
      async () =>
        (
          await hub.status(GNS)
        ).allConditions.some(
          c => c.type === 'SharedRoot' && c.status === 'False',
        ),
      { what: 'the condition is there', timeoutMs: 60_000 },
    );
  }, 900_000);
});
