import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import type {
  Diagnosis,
  InventoryGateway,
  InventoryNamespace,
  InventoryWorkload,
  MeshFacts,
  ReportInput,
} from '@isthmus/plugin-gns-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { eventually } from '../__testUtils__/eventually';
import type { FakeController } from '../__testUtils__/FakeController';
import {
  clusterWith,
  exactly,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';
import { inventoryOf } from '../__testUtils__/inventories';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const GATEWAYS = { eu: '198.51.100.1', us: '198.51.100.2' };

/** A cluster that keeps saying the same until told otherwise. */
class Member {
  inventory: Required<NonNullable<ReportInput['inventory']>>;
  says: Partial<ReportInput> = {};

  constructor(
    readonly controller: FakeController,
    readonly name: string,
    gatewayIp: string,
    services: Record<string, string[]>,
  ) {
    this.inventory = inventoryOf({
      uid: controller.uid,
      network: name,
      gatewayIp,
      services,
    }) as typeof this.inventory;
  }

  #edit<T>(part: { items: T[]; observedAt: string }, change: (item: T) => T) {
    part.items = part.items.map(change);
    part.observedAt = new Date().toISOString();
  }
  mesh(change: Partial<MeshFacts>) {
    this.#edit(this.inventory.mesh, m => ({ ...m, ...change }));
  }
  namespaces(change: Partial<InventoryNamespace>) {
    this.#edit(this.inventory.namespaces, n => ({ ...n, ...change }));
  }
  gateways(change: Partial<InventoryGateway>) {
    this.#edit(this.inventory.gateways, g => ({ ...g, ...change }));
  }
  pods(change: Partial<InventoryWorkload['pods']>) {
    this.#edit(this.inventory.workloads, w => ({
      ...w,
      pods: { ...w.pods, ...change },
    }));
  }
  report() {
    return this.controller.report({ inventory: this.inventory, ...this.says });
  }
}

function reaches(
  cluster: string,
  address: string,
  reachable = true,
): NonNullable<ReportInput['reachability']> {
  const at = new Date().toISOString();
  return [
    {
      cluster,
      address,
      port: 15443,
      reachable,
      since: at,
      checkedAt: at,
      ...(reachable ? { latencyMs: 3 } : { error: 'connection timed out' }),
    },
  ];
}

describe.each(databases.eachSupportedId())('GET diagnose on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: Member;
  let us: Member;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startHubBackend(knex, [
      catalogServiceMock.factory({
        entities: [
          entity('front', 'shop/front'),
          entity('both', 'shop/front, shop/stock'),
          entity('bare', undefined),
        ],
      }),
    ]);
    const places = { eu: { web: ['front'] }, us: { depot: ['stock'] } };
    eu = new Member(
      await clusterWith(hub, 'eu-1', GATEWAYS.eu, places.eu),
      'eu-1',
      GATEWAYS.eu,
      places.eu,
    );
    us = new Member(
      await clusterWith(hub, 'us-1', GATEWAYS.us, places.us),
      'us-1',
      GATEWAYS.us,
      places.us,
    );
    eu.says = { reachability: reaches('us-1', GATEWAYS.us) };
    us.says = { reachability: reaches('eu-1', GATEWAYS.eu) };
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
      .set('If-None-Match', '*');
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  const ask = async (
    from = 'eu-1/web/front',
    to = 'shop/stock',
    more = '',
  ): Promise<Diagnosis> => {
    const answer = await hub.get(
      `/diagnose?from=${encodeURIComponent(from)}&to=${encodeURIComponent(
        to,
      )}${more}`,
    );
    assertDocumented('get', '/v1/diagnose', answer);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body;
  };
  const linkOf = (diagnosis: Diagnosis, link: string) =>
    diagnosis.chains[0].links.find(l => l.link === link);
  /** Both clusters follow until the question is answered so. */
  const until = (
    expected: { first: string | null; reason?: string },
    question: Parameters<typeof ask> = [],
    followers = [eu, us],
  ): Promise<Diagnosis> => {
    let last: Diagnosis | undefined;
    // Once what they say now, then only what they applied: the hub counts requests.
    const waiting = new Set(followers);
    return eventually(async () => {
      for (const member of followers) {
        if (await member.controller.poll(0)) waiting.add(member);
        if (waiting.has(member)) await member.report();
        waiting.delete(member);
      }
      await sleep(100);
      last = await ask(...question);
      const { first } = last.chains[0];
      const reason = first ? linkOf(last, first)?.reason : undefined;
      expect({ first, ...(expected.reason ? { reason } : {}) }).toEqual(
        expected,
      );
      return last;
    }, 15_000);
  };
  const holds = () => until({ first: null });
  /** Nothing is broken, and whether policies admit the caller is not known. */
  const opens = (reason: string, text = '') =>
    eventually(async () => {
      await sleep(200);
      await us.report();
      const answer = await ask();
      expect(answer.answer).toBe('unknown');
      expect(linkOf(answer, 'policies')).toMatchObject({
        state: 'unknown',
        reason,
        text: expect.stringContaining(text),
      });
    }, 15_000);

  it('every link of a call that works holds, with evidence and its age', async () => {
    const diagnosis = await holds();
    expect(diagnosis).toMatchObject({
      answer: 'ok',
      from: { type: 'workload', cluster: 'eu-1', namespace: 'web' },
      to: { type: 'service', host: 'stock.shop.gns.internal' },
      text: expect.stringMatching(/Every link .* holds/),
    });
    const [{ links }] = diagnosis.chains;
    expect(links.map(l => [l.link, l.state, l.reason])).toEqual([
      ['membership', 'ok', 'member'],
      ['hostName', 'ok', 'known'],
      ['dnsCapture', 'ok', 'captured'],
      ['endpoints', 'ok', 'remote'],
      ['gateway', 'ok', 'reachable'],
      ['trust', 'ok', 'sharedRoot'],
      ['mtls', 'ok', 'plainToo'],
      ['policies', 'ok', 'admitted'],
      ['freshness', 'ok', 'fresh'],
    ]);
    for (const link of links) expect(link.evidence).not.toEqual([]);
    expect(linkOf(diagnosis, 'gateway')?.evidence.at(-1)).toMatchObject({
      what: `TCP from eu-1 to ${GATEWAYS.us}:15443`,
      at: expect.any(String),
    });
  });

  it('names the link that is broken, whichever it is', async () => {
    await holds();
    // Membership.
    expect((await ask('us-1/elsewhere')).chains[0]).toMatchObject({
      first: 'membership',
      links: expect.arrayContaining([
        expect.objectContaining({
          link: 'membership',
          reason: 'callerNotMember',
          remedy: expect.stringContaining('spec.members of shop'),
        }),
        expect.objectContaining({ link: 'policies', reason: 'earlierBroken' }),
      ]),
    });
    // Host name, port.
    expect(await ask(undefined, 'shop/nothing')).toMatchObject({
      answer: 'broken',
      text: expect.stringContaining('shop has no host nothing'),
    });
    expect(
      linkOf(await ask(undefined, undefined, '&port=99'), 'hostName'),
    ).toMatchObject({
      reason: 'portUnknown',
      parameters: { port: 99, ports: '80 (HTTP)' },
    });
    // The caller's entry.
    const key = [...eu.controller.objects.keys()].find(k =>
      k.endsWith('gns-shop-stock-remote'),
    )!;
    eu.says = {
      ...eu.says,
      objects: [
        { key, gns: 'shop', state: 'failed', message: 'quota is full' },
      ],
    };
    const failed = await until({ first: 'hostName', reason: 'entryFailed' });
    expect(failed.text).toContain('quota is full');
    eu.says = { reachability: reaches('us-1', GATEWAYS.us) };
    // DNS capture.
    eu.pods({ awaitingRestart: 1 });
    await until({ first: 'dnsCapture', reason: 'podsAwaitRestart' });
    eu.namespaces({ proxyConfig: { name: 'theirs', ours: false } });
    await until({ first: 'dnsCapture', reason: 'foreignProxyConfig' });
    eu.namespaces({ proxyConfig: undefined });
    eu.pods({ awaitingRestart: 0, readyMtls: 0 });
    await until({ first: 'dnsCapture', reason: 'noSidecar' });
    eu.pods({ readyMtls: 2 });
    // Endpoints.
    us.pods({ ready: 0, readyMtls: 0 });
    await until({ first: 'endpoints', reason: 'noReadyPods' });
    us.pods({ ready: 2 });
    await until({ first: 'endpoints', reason: 'notInjected' });
    us.pods({ ready: 2, readyMtls: 2 });
    await holds();
    // Gateway.
    eu.says = { reachability: reaches('us-1', GATEWAYS.us, false) };
    const closed = await until({ first: 'gateway', reason: 'unreachable' });
    expect(closed.remedy).toContain(`${GATEWAYS.us}:15443`);
    eu.says = { reachability: [] };
    const unknown = await until({ first: 'gateway', reason: 'notMeasured' });
    expect(unknown.answer).toBe('unknown');
    eu.says = { reachability: reaches('us-1', GATEWAYS.us) };
    us.gateways({ ready: false });
    await until({ first: 'gateway', reason: 'gatewayNotReady' });
    us.gateways({ ready: true });
    // Trust.
    us.mesh({ rootHashes: ['b'.repeat(64)] });
    await until({ first: 'trust', reason: 'noSharedRoot' });
    us.mesh({ rootHashes: ['a'.repeat(64)] });
    // mTLS.
    us.namespaces({
      peerAuthentication: {
        mode: 'DISABLE',
        name: 'theirs',
        namespace: 'depot',
        ours: false,
      },
    });
    await until({ first: 'mtls', reason: 'mtlsDisabled' });
    us.namespaces({ peerAuthentication: undefined });
    // Policies.
    const policy = [...us.controller.objects.keys()].find(k =>
      k.includes('/AuthorizationPolicy/depot/'),
    )!;
    us.says = {
      ...us.says,
      objects: [{ key: policy, gns: 'shop', state: 'conflict' }],
    };
    await until({ first: 'policies', reason: 'policyFailed' });
    us.says = { reachability: reaches('eu-1', GATEWAYS.eu) };
    await holds();
    // Policies of others.
    const theirs = {
      name: 'no-web',
      action: 'DENY' as const,
      selector: { app: 'stock' },
      meshWide: false,
      opaque: false,
      rules: [{ sources: [{ namespaces: ['web'], more: false }], more: false }],
    };
    us.namespaces({ policies: [theirs] });
    const denied = await until({ first: 'policies', reason: 'deniedByOther' });
    expect(linkOf(denied, 'policies')?.parameters).toMatchObject({
      object: 'AuthorizationPolicy depot/no-web',
    });
    us.namespaces({
      policies: [{ ...theirs, rules: [{ sources: [], more: true }] }],
    });
    await opens('mayBeRefused');
    us.namespaces({ policies: [], policiesLeftOut: 3 });
    await opens('policiesUnread', 'all but 3');
    us.namespaces({ policies: undefined, policiesLeftOut: undefined });
    await opens('policiesUnread', 'none of them');
    us.namespaces({ policies: [] });
    await holds();
    // Sidecars and DestinationRules of others, where the caller is.
    const narrow = {
      name: 'default',
      meshWide: false,
      opaque: false,
      egress: [{ hosts: ['istio-system/*'] }],
    };
    eu.namespaces({ sidecars: [narrow] });
    const hidden = await until({
      first: 'hostName',
      reason: 'hiddenBySidecar',
    });
    expect(hidden.remedy).toMatch(
      /Add [a-z-]+\/stock\.shop\.gns\.internal to the hosts/,
    );
    expect(linkOf(hidden, 'hostName')?.parameters).toMatchObject({
      object: 'Sidecar web/default',
    });
    eu.namespaces({ sidecars: [{ ...narrow, opaque: true }] });
    await until({ first: 'hostName', reason: 'mayBeHidden' });
    eu.namespaces({ sidecars: [], sidecarsLeftOut: 1 });
    await until({ first: 'hostName', reason: 'sidecarsUnread' });
    const plain = {
      name: 'plain',
      host: '*.gns.internal',
      meshWide: false,
      opaque: false,
      more: false,
      tls: 'DISABLE' as const,
    };
    eu.namespaces({
      sidecars: [{ ...narrow, egress: [{ hosts: ['*/*'] }] }],
      sidecarsLeftOut: undefined,
      destinationRules: [{ ...plain, host: '*.other.internal' }],
    });
    await holds();
    eu.namespaces({ sidecars: [], destinationRules: undefined });
    await until({ first: 'mtls', reason: 'rulesUnread' });
    eu.namespaces({ destinationRules: [] });
    await holds();
    // Freshness.
    await knex('gns_observations').update({
      last_report_at: new Date(Date.now() - 3_600_000).toISOString(),
    });
    const silent = await ask();
    expect(silent.chains[0]).toMatchObject({
      first: 'freshness',
      answer: 'broken',
    });
    expect(linkOf(silent, 'freshness')).toMatchObject({ reason: 'silent' });
    await holds();
  });

  it('a paused cluster is named as what keeps the host from its callers', async () => {
    await holds();
    await hub.post('/clusters/eu-1/pause');
    us.inventory.services.items.push({
      ...us.inventory.services.items[0],
      name: 'parcels',
    });
    us.inventory.services.observedAt = new Date().toISOString();
    const answer = await until({ first: 'hostName', reason: 'paused' }, [
      'eu-1/web',
      'shop/parcels',
    ]);
    expect(answer.remedy).toContain('POST clusters/eu-1/resume');
  });

  it('asks for every place that a service or an entity runs in', async () => {
    await holds();
    const byService = await ask(
      'service:shop/front',
      'stock.shop.gns.internal',
    );
    expect(byService.from).toEqual({
      type: 'service',
      gns: 'shop',
      service: 'front',
      host: 'front.shop.gns.internal',
    });
    expect(byService.chains.map(c => c.caller)).toEqual([
      { cluster: 'eu-1', namespace: 'web', workload: 'front' },
    ]);
    const byEntity = await until({ first: null }, [
      'component:default/front',
      'us-1/depot/stock',
    ]);
    expect(byEntity).toMatchObject({
      answer: 'ok',
      from: { type: 'service', service: 'front' },
      to: { type: 'workload', workload: 'stock' },
    });
    // A call within one cluster needs no gateway.
    const near = await until({ first: null }, ['eu-1/web/front', 'shop/front']);
    expect(linkOf(near, 'endpoints')?.reason).toBe('local');
    expect(linkOf(near, 'gateway')?.reason).toBe('notNeeded');
  });

  it('a place that serves no host cannot be called by one', async () => {
    await holds();
    expect(await ask('eu-1/web', 'us-1/depot/unheard-of')).toMatchObject({
      answer: 'broken',
      chains: [{ first: 'membership' }],
      text: expect.stringContaining('offers no host'),
    });
  });

  it.each([
    ['from=eu-1/web&to=a%20b', 400, /query.to: .* names nobody/],
    ['from=eu-1/web&to=nowhere/x', 404, /query.to: there is no member cluster/],
    ['from=eu-1/web&to=x.unknown.example', 404, /query.to/],
    [
      'from=component:default/none&to=shop/stock',
      404,
      /query.from: there is no entity/,
    ],
    ['from=component:default/bare&to=shop/stock', 400, /Annotate it with/],
    [
      'from=component:default/both&to=shop/stock',
      400,
      /several services: shop\/front, shop\/stock/,
    ],
    ['from=service:shop/nothing&to=shop/stock', 404, /runs nowhere/],
    ['from=eu-1/web', 400, /query.to/],
    ['from=eu-1/web&to=shop/stock&port=0', 400, /query.port/],
  ])('%s answers %d and says what to do', async (query, status, message) => {
    await eventually(async () => {
      const answer = await hub.get(`/diagnose?${query}`);
      expect(answer.status).toBe(status);
      assertDocumented('get', '/v1/diagnose', answer);
      expect(answer.body.error.message).toMatch(message);
    });
  });

  it('tells nobody of global namespaces that they may not read, nor of clusters beyond theirs', async () => {
    await holds();
    const deny = { result: AuthorizeResult.DENY } as const;
    const allow = { result: AuthorizeResult.ALLOW } as const;
    const answerOf = async (
      definitions: typeof deny | typeof allow,
      path: string,
    ) => {
      const other = await startHubBackend(knex, [
        mockServices.permissions.mock({
          authorizeConditional: async requests =>
            requests.map(() => definitions),
          authorize: async requests => requests.map(() => deny),
        }).factory,
      ]);
      try {
        return await other.get(path);
      } finally {
        await other.backend.stop();
      }
    };
    const hidden = await answerOf(
      deny,
      '/diagnose?from=eu-1/web&to=shop/stock',
    );
    expect(hidden.status).toBe(404);
    expect(hidden.body.error.message).not.toContain('depot');
    const member = await answerOf(
      allow,
      '/diagnose?from=eu-1/web&to=shop/stock',
    );
    expect(member.status).toBe(200);
    const outsider = await answerOf(
      allow,
      '/diagnose?from=eu-1/kube-system&to=shop/stock',
    );
    expect(outsider.status).toBe(404);
    expect(outsider.body.error.message).toContain('gns.cluster.read');
  });
});

function entity(name: string, services: string | undefined) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      ...(services ? { annotations: { [ANNOTATION_SERVICE]: services } } : {}),
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
  };
}
