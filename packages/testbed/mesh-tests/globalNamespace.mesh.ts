import {
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
} from '@isthmus/plugin-gns-common';
import { Testbed, eventually, type Cluster, type Pod } from '../src';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';
import { answeredBy, answersFrom, createNamespace } from './support/calls';
import { ownedObjects, foreignFingerprint } from './support/objects';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const STOCK = `http://stock.${DOMAIN}/`;

/** Namespaces are called differently in every cluster. */
const MEMBERS = [
  { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
  { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
];
const spec = (members: object[] = MEMBERS) => ({ domain: DOMAIN, members });

describe('a global namespace over real clusters', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;
  let stockEast: Pod | undefined;
  const controllers = new Map<string, LocalController>();
  let foreignBefore: Map<string, string>;

  const join = async (cluster: Cluster) => {
    controllers.set(cluster.name, await joinCluster(testbed, hub, cluster));
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
    foreignBefore = await foreignFingerprint(east);
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  it('joins both clusters with controllers under their own RBAC', async () => {
    await join(east);
    await join(west);
    const status = await hub.cluster('west');
    expect(status).toMatchObject({ state: 'enrolled', freshness: 'ok' });
    await eventually(
      async () => (await hub.cluster('west')).gateways.length === 1,
      { what: 'the gateway of west is known' },
    );
  }, 120_000);

  it('may do in a cluster what the controller needs, and no more', async () => {
    const token = await east.kube.createToken(
      CONTROLLER_NAMESPACE,
      CONTROLLER_NAME,
    );
    const account = east.kube.withToken(token);
    const may = async (attributes: Record<string, string>) => {
      const review = await account.create({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: { name: '' },
        spec: { resourceAttributes: attributes },
      });
      return (review.status as { allowed: boolean }).allowed;
    };
    const group = 'networking.istio.io';
    expect(
      await may({ verb: 'patch', group, resource: 'serviceentries' }),
    ).toBe(true);
    const refused: Record<string, string>[] = [
      { verb: 'get', resource: 'secrets' },
      { verb: 'list', resource: 'secrets', namespace: 'istio-system' },
      { verb: 'patch', resource: 'services' },
      { verb: 'delete', resource: 'pods' },
      { verb: 'create', resource: 'pods', subresource: 'exec' },
      { verb: 'patch', resource: 'namespaces' },
      { verb: 'create', resource: 'serviceaccounts', subresource: 'token' },
      { verb: 'patch', group, resource: 'envoyfilters' },
      {
        verb: 'patch',
        group: 'rbac.authorization.k8s.io',
        resource: 'clusterroles',
      },
    ];
    for (const forbidden of refused) {
      expect([forbidden, await may(forbidden)]).toEqual([forbidden, false]);
    }
  }, 60_000);

  it('answers a call by global name from the other cluster, through both meshes', async () => {
    await hub.define(GNS, spec());
    await hub.settled(GNS);
    web = await east.startPod({ namespace: 'shop-web', name: 'web' });
    await west.startPod({ namespace: 'warehouse', name: 'stock' });
    await answersFrom(web, STOCK, 'stock@west', 90_000);

    const outcome = await web.call(STOCK);
    if (outcome.outcome !== 'answered')
      throw new Error(JSON.stringify(outcome));
    // The server saw who called, and the caller checked who answered.
    expect(outcome.echo?.headers['x-forwarded-client-cert']).toContain(
      'URI=spiffe://cluster.local/ns/shop-web/sa/web',
    );
    expect(outcome.echo?.headers['x-forwarded-client-cert']).toContain(
      'By=spiffe://cluster.local/ns/warehouse/sa/stock',
    );
    // The proxy's DNS answered, with the address that the hub assigned.
    const { globalServices } = await hub.status(GNS);
    const stock = globalServices.find(s => s.name === 'stock');
    expect(stock?.address).toMatch(/^240\./);
    expect(await web.lookup(`stock.${DOMAIN}`)).toContain(stock?.address);
  }, 240_000);

  it('answers a gRPC method by global name', async () => {
    const outcome = await eventually(
      async () => {
        const seen = await web.grpc(`stock.${DOMAIN}:9090`);
        return seen.outcome === 'answered' ? seen : undefined;
      },
      { what: 'gRPC is answered' },
    );
    expect(outcome.echo).toMatchObject({
      cluster: 'west',
      workload: 'stock',
      protocol: 'grpc',
    });
  }, 60_000);

  it('lets nobody in who is not a member', async () => {
    await createNamespace(east, 'outside');
    const outsider = await east.startPod({
      namespace: 'outside',
      name: 'nosy',
    });
    const byName = await outsider.call(STOCK);
    expect(answeredBy(byName)).toBeUndefined();
    const inWest = await (async () => {
      await createNamespace(west, 'outside');
      return west.startPod({ namespace: 'outside', name: 'nosy' });
    })();
    const direct = await inWest.call(
      'http://stock.warehouse.svc.cluster.local/',
    );
    expect(direct).toMatchObject({ outcome: 'answered', status: 403 });
  }, 120_000);

  it('stays local while a local pod is ready, fails over when it dies, and comes back', async () => {
    stockEast = await east.startPod({ namespace: 'shop-web', name: 'stock' });
    await answersFrom(web, STOCK, 'stock@east', 90_000);

    const loop = await web.loop(STOCK, 20);
    await eventually(async () => (await loop.counts()).sent > 100, {
      what: 'a hundred calls',
    });
    const counts = await loop.stop();
    expect(counts.failed).toBe(0);
    expect(Object.keys(counts.answeredBy)).toEqual(['stock@east']);

    await stockEast.kill();
    await answersFrom(web, STOCK, 'stock@west');
    await east.deletePod(stockEast);
    stockEast = await east.startPod({ namespace: 'shop-web', name: 'stock' });
    await answersFrom(web, STOCK, 'stock@east', 90_000);
  }, 300_000);

  it('never forwards from gateway to gateway', async () => {
    const gateway = west.pods.find(
      p => p.workload === 'istio-eastwestgateway',
    )!;
    const clusters = await gateway.envoyAdmin('/clusters');
    const mine = clusters
      .split('\n')
      .filter(
        line =>
          line.includes(`stock.${DOMAIN}`) && line.includes('::hostname::'),
      );
    expect(mine.length).toBeGreaterThan(0);
    const eastGateway = east.pods.find(
      p => p.workload === 'istio-eastwestgateway',
    )!;
    expect(mine.filter(line => line.includes(eastGateway.address))).toEqual([]);
  }, 60_000);

  it('repairs drift from watches, within seconds', async () => {
    const [entry] = (await ownedObjects(east)).filter(
      o => o.kind === 'DestinationRule',
    );
    const ref = {
      apiVersion: entry.apiVersion,
      kind: entry.kind,
      namespace: entry.metadata.namespace,
      name: entry.metadata.name,
    };
    await east.kube.patch(ref, { spec: { host: 'wrong.example' } });
    await eventually(
      async () =>
        ((await east.kube.get(ref))?.spec as { host: string }).host !==
        'wrong.example',
      { what: 'a changed object is repaired' },
    );
    await east.kube.delete(ref);
    await eventually(async () => east.kube.get(ref), {
      what: 'a deleted object is back',
    });
  }, 60_000);

  it('applies good objects although the API server rejects one, and says why', async () => {
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
    // A policy takes effect some time after it was stored.
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
    await west.startPod({ namespace: 'warehouse', name: 'label' });
    await answersFrom(web, `http://label.${DOMAIN}/`, 'label@west', 90_000);
    const condition = await eventually(
      async () =>
        (
          await hub.status(GNS)
        ).allConditions.find(
          c =>
            c.status !== 'True' && c.message.includes('parcels are not wanted'),
        ),
      { what: 'the rejection is a condition' },
    );
    expect(condition.cluster).toBe('east');
    expect(condition.object).toContain('parcel');
    for (const kind of [
      'ValidatingAdmissionPolicyBinding',
      'ValidatingAdmissionPolicy',
    ]) {
      await east.kube.delete({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind,
        name: 'no-parcel',
      });
    }
    await answersFrom(web, `http://parcel.${DOMAIN}/`, 'parcel@west', 90_000);
  }, 240_000);

  it('changes nothing while it is paused, and catches up afterwards', async () => {
    await hub.ask('POST', `/global-namespaces/${GNS}/pause`);
    const before = (await ownedObjects(west)).map(o => o.metadata.name).sort();
    await west.startPod({ namespace: 'warehouse', name: 'crane' });
    await eventually(
      async () =>
        (await hub.status(GNS)).globalServices.some(s => s.name === 'crane'),
      { what: 'the new service is seen' },
    );
    expect((await ownedObjects(west)).map(o => o.metadata.name).sort()).toEqual(
      before,
    );
    await hub.ask('POST', `/global-namespaces/${GNS}/resume`);
    await answersFrom(web, `http://crane.${DOMAIN}/`, 'crane@west', 90_000);
  }, 180_000);

  it('stops the call when the namespace leaves, and starts it when it is back', async () => {
    await hub.define(GNS, spec([MEMBERS[0]]));
    await eventually(
      async () =>
        answeredBy(
          await web.call({
            url: `http://label.${DOMAIN}/`,
            freshConnection: true,
          }),
        ) === undefined,
      { what: 'the call stops' },
    );
    await eventually(async () => (await ownedObjects(west)).length === 0, {
      what: 'nothing of ours is left in west',
      timeoutMs: 120_000,
    });
    await hub.define(GNS, spec());
    await answersFrom(web, `http://label.${DOMAIN}/`, 'label@west', 90_000);
  }, 300_000);

  it('joins a third cluster', async () => {
    const north = await testbed.addCluster({ name: 'north' });
    await north.startGateway();
    await createNamespace(north, 'store');
    await join(north);
    await hub.define(
      GNS,
      spec([
        ...MEMBERS,
        { clusters: { names: ['north'] }, namespaces: { names: ['store'] } },
      ]),
    );
    await hub.settled(GNS);
    const till = await north.startPod({ namespace: 'store', name: 'till' });
    await answersFrom(till, `http://label.${DOMAIN}/`, 'label@west', 90_000);
    await answersFrom(web, `http://till.${DOMAIN}/`, 'till@north', 90_000);
  }, 300_000);

  it('goes on without the hub: calls, failover, drift repair, also after a controller restart', async () => {
    await answersFrom(web, STOCK, 'stock@east');
    await hub.stop('SIGKILL');
    await controllers.get('east')!.restart();
    await controllers.get('west')!.restart();

    const [rule] = (await ownedObjects(east)).filter(
      o => o.kind === 'DestinationRule',
    );
    const ref = {
      apiVersion: rule.apiVersion,
      kind: rule.kind,
      namespace: rule.metadata.namespace,
      name: rule.metadata.name,
    };
    await east.kube.delete(ref);
    await eventually(async () => east.kube.get(ref), {
      what: 'drift is repaired without the hub',
      timeoutMs: 60_000,
    });
    await stockEast!.kill();
    await answersFrom(web, STOCK, 'stock@west');
    await east.deletePod(stockEast!);
    stockEast = await east.startPod({ namespace: 'shop-web', name: 'stock' });
    await answersFrom(web, STOCK, 'stock@east', 90_000);
    hub.run();
    await hub.ready();
  }, 300_000);

  it('leaves nothing of ours behind when it is uninstalled from a cluster', async () => {
    const north = testbed.cluster('north');
    const before = await foreignFingerprint(north);
    expect((await ownedObjects(north)).length).toBeGreaterThan(0);
    expect(await controllers.get('north')!.uninstall()).toBe(0);
    expect(await ownedObjects(north)).toEqual([]);
    for (const kind of ['Secret', 'ConfigMap']) {
      const left = await north.kube.list({
        apiVersion: 'v1',
        kind,
        namespace: CONTROLLER_NAMESPACE,
      });
      expect(
        left
          .map(o => o.metadata.name)
          // The token is the admin's, like the namespace that holds it.
          .filter(n => n.startsWith('isthmus') && n !== 'isthmus-join-token'),
      ).toEqual([]);
    }
    const after = await foreignFingerprint(north);
    before.delete(`ConfigMap/${CONTROLLER_NAMESPACE}/isthmus-status`);
    for (const [key, fingerprint] of before) {
      expect([key, after.get(key)]).toEqual([key, fingerprint]);
    }
    await hub.ask('DELETE', '/clusters/north?force=true');
    await answersFrom(web, STOCK, 'stock@east');
  }, 120_000);

  it('deletes everything of ours with the global namespace, and touches nothing foreign', async () => {
    await hub.remove(GNS);
    for (const cluster of [east, west]) {
      await eventually(async () => (await ownedObjects(cluster)).length === 0, {
        what: `nothing of ours is left in ${cluster.name}`,
        timeoutMs: 150_000,
      });
    }
    const after = await foreignFingerprint(east);
    for (const [key, fingerprint] of foreignBefore) {
      expect([key, after.get(key)]).toEqual([key, fingerprint]);
    }
  }, 300_000);
});
