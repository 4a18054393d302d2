import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import request from 'supertest';
import {
  gnsDefinitionReadPermission,
  type SloDetail,
} from '@isthmus/plugin-gns-common';
import {
  createDefinitionConditionalDecision,
  definitionConditions,
} from '@isthmus/plugin-gns-node';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { FakeIncrements } from '../__testUtils__/FakeIncrements';
import { startSloBackend } from '../__testUtils__/sloBackend';
import { objectiveDocument } from '../__testUtils__/sloDefinitions';
import { shopWith } from '../__testUtils__/hubBackend';
import { DAY, HOUR } from '../slo/windows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const NOW = Date.parse('2026-11-25T10:07:00Z') / 1000;
const INCIDENT = { from: NOW - 30 * HOUR, to: NOW - 28 * HOUR };
const both = {
  name: 'ok-and-fast',
  target: 99,
  indicator: { type: 'availabilityAndLatency', threshold: '300ms' },
};

type Backend = Awaited<ReturnType<typeof startSloBackend>>;

describe('slos over REST', () => {
  let knex: Knex;
  let hub: Backend;
  let increments: FakeIncrements;
  /** Whose definitions may be read; undefined: all. */
  let ownedBy: string[] | undefined;

  beforeAll(async () => {
    knex = await migratedDatabase(databases, 'SQLITE_3');
    increments = new FakeIncrements({
      clusters: ['eu', 'us'],
      now: NOW,
      start: NOW - 40 * DAY,
      minute: ({ service, cluster }, at) => {
        if (service === 'quiet') return { ok: 0 };
        if (service === 'payment') return { ok: 90, server: 10 };
        const bad = cluster === 'us' && at >= INCIDENT.from && at < INCIDENT.to;
        return {
          ok: 100,
          ...(bad ? { server: 30, slow: 0.2, slowMs: 700 } : {}),
        };
      },
    });
    hub = await startSloBackend({
      knex,
      increments,
      now: () => NOW * 1000,
      more: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
          authorizeConditional: async requests =>
            requests.map(({ permission }) =>
              ownedBy && permission.name === gnsDefinitionReadPermission.name
                ? createDefinitionConditionalDecision(
                    gnsDefinitionReadPermission,
                    definitionConditions.isDefinitionOwner({ claims: ownedBy }),
                  )
                : { result: AuthorizeResult.ALLOW },
            ),
        }).factory,
      ],
    });
    await hub.client.putDefinition(
      {
        ...shopWith([]),
        metadata: { name: 'shop', owner: 'group:default/shop' },
      } as never,
      {},
    );
    for (const [name, spec, owner] of [
      ['checkout', { objectives: [both] }, 'group:default/shop'],
      ['payment', { services: ['payment'] }, 'group:default/payments'],
      ['quiet', { services: ['quiet'], purpose: 'actionable' }, undefined],
      ['both', { services: ['checkout', 'payment'] }, 'group:default/shop'],
    ] as const) {
      await hub.client.putDefinition(
        objectiveDocument(spec, { name, ...(owner ? { owner } : {}) }),
        {},
      );
    }
  });
  afterAll(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });
  afterEach(() => {
    ownedBy = undefined;
  });

  const get = async (path: string) => {
    const answer = await request(hub.server).get(`/api/gns/v1${path}`);
    return answer;
  };

  it('lists worst first, with what states there are and who owns them', async () => {
    // The evaluation follows the writes.
    await hub.client.slo.get({ gns: 'shop', name: 'both' });
    const list = await hub.client.slo.list();
    expect(list.items.map(row => [row.name, row.state])).toEqual([
      ['payment', 'violated'],
      ['both', 'violated'],
      ['checkout', 'healthy'],
      ['quiet', 'noTraffic'],
    ]);
    expect(list).toMatchObject({
      total: 4,
      states: { violated: 2, healthy: 1, noTraffic: 1, warning: 0 },
      owners: ['group:default/payments', 'group:default/shop'],
    });
    assertDocumented('get', '/v1/slos', await get('/slos'));
  });

  it.each<[string, string, string[]]>([
    ['state', 'state=violated', ['payment', 'both']],
    ['two states', 'state=healthy&state=noTraffic', ['checkout', 'quiet']],
    ['owner', 'owner=group:default/payments', ['payment']],
    [
      "the global namespace's owner",
      'owner=Group:default/shop',
      ['both', 'checkout', 'quiet'],
    ],
    ['service', 'gns=shop&service=checkout', ['both', 'checkout']],
    [
      'the annotation of an entity',
      'service=shop/payment,bank/x',
      ['payment', 'both'],
    ],
    ['text', 'text=QUIET', ['quiet']],
    ['another global namespace', 'gns=bank', []],
  ])('chooses by %s', async (_what, query, names) => {
    const { body } = await get(`/slos?${query}`);
    expect(body.items.map((row: { name: string }) => row.name)).toEqual(names);
  });

  it('goes on where the page before ended', async () => {
    const first = await hub.client.slo.list({ limit: 3 });
    expect(first.items).toHaveLength(3);
    const second = await hub.client.slo.list({
      limit: 3,
      cursor: first.nextCursor,
    });
    expect(second.items.map(row => row.name)).toEqual(['quiet']);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each(['limit=0', 'limit=5000', 'state=fine', 'service=../x'])(
    'refuses %s',
    async query => expect((await get(`/slos?${query}`)).status).toBe(400),
  );

  it('shows only what the reader may read', async () => {
    ownedBy = ['group:default/payments'];
    const list = await hub.client.slo.list();
    expect(list.items.map(row => row.name)).toEqual(['payment']);
    expect(list.owners).toEqual(['group:default/payments']);
    expect((await get('/slos/shop/checkout')).status).toBe(404);
    expect((await get('/slo-actions?gns=shop')).status).toBe(404);
    expect(await hub.client.slo.preview(objectiveDocument())).toMatchObject({
      problems: [{ code: 'gns-missing' }],
      past: [],
    });
  });

  describe('one objective', () => {
    let detail: SloDetail;
    beforeAll(async () => {
      detail = await hub.client.slo.get({ gns: 'shop', name: 'checkout' });
    });

    it('says where a threshold between two edges is really judged', () =>
      expect(detail.objectives[0].threshold).toEqual({
        askedMs: 300,
        lowMs: 250,
        highMs: 500,
        exact: false,
        interpolated: false,
      }));

    it('spends its budget over the window as the incident did', () => {
      const { times, remaining, burn } = detail.burnDown;
      const [{ values }] = remaining;
      expect(values).toHaveLength(times.length);
      // An incident of an hour or two in 40 days of history: before it nothing was spent.
      const before =
        times.findIndex(t => Date.parse(t) / 1000 > INCIDENT.from) - 1;
      expect(values[before]).toBe(1);
      expect(values.at(-1)).toBeCloseTo(detail.summary.budget.remaining!, 2);
      expect(Math.max(...burn[0].values.map(v => v ?? 0))).toBeGreaterThan(5);
    });

    it('shows the hours of the incident as bad, and all others as good', () => {
      const { states, from, stepSeconds } = detail.heatMap;
      const bad = states.flatMap((state, i) =>
        state === 'bad' ? [Date.parse(from) / 1000 + i * stepSeconds] : [],
      );
      expect(stepSeconds).toBe(HOUR);
      expect(bad.length).toBeGreaterThanOrEqual(2);
      expect(bad.every(t => t > INCIDENT.from - HOUR && t < INCIDENT.to)).toBe(
        true,
      );
      expect(states.filter(s => s !== 'bad' && s !== 'good')).toEqual([]);
    });

    it('shows how long requests took, failed ones apart', () => {
      const { edgesMs, ok, failed } = detail.latency!;
      // 300 ms is no edge of these proxies.
      expect(edgesMs).toEqual([1, 10, 50, 100, 250, 500, 1000]);
      expect(ok).toHaveLength(8);
      expect(ok[1]).toBeGreaterThan(ok[6]);
      expect(ok[6]).toBeGreaterThan(0);
      expect(failed.reduce((a, b) => a + b)).toBeCloseTo(30 * 120, -1);
    });

    it('tells which cluster it was', () => {
      const bad = Object.fromEntries(
        detail.parts.map(part => [part.cluster, Math.round(part.bad)]),
      );
      expect(bad.eu).toBe(0);
      expect(bad.us).toBe(120 * (30 + 20));
    });

    it('marks who changed the definition, and what that changed', async () => {
      const { generation } = await hub.client.getDefinition({
        kind: 'ServiceLevelObjective',
        gns: 'shop',
        name: 'checkout',
      });
      await hub.client.putDefinition(
        objectiveDocument(
          { objectives: [{ ...both, target: 99.5 }] },
          { name: 'checkout', owner: 'group:default/shop' },
        ),
        { ifMatch: generation, message: 'stricter' },
      );
      const { events, summary } = await hub.client.slo.get({
        gns: 'shop',
        name: 'checkout',
      });
      expect(summary).toMatchObject({ target: 99.5, generation: 2 });
      expect(events).toMatchObject([
        {
          kind: 'definition',
          title: 'stricter',
          judgement: true,
          paths: ['spec.objectives[0].target'],
        },
        { kind: 'definition' },
      ]);
    });

    it('takes notes of deployments', async () => {
      await hub.client.slo.annotate({
        gns: 'shop',
        service: 'checkout',
        title: 'checkout 1.4.2',
        url: 'https://ci.example/42',
        at: new Date((NOW - HOUR) * 1000).toISOString(),
      });
      const { events } = await hub.client.slo.get({
        gns: 'shop',
        name: 'checkout',
      });
      expect(events).toContainEqual({
        at: '2026-11-25T09:07:00.000Z',
        kind: 'deploy',
        title: 'checkout 1.4.2',
        url: 'https://ci.example/42',
        service: 'checkout',
        actor: expect.any(String),
      });
      const other = await hub.client.slo.get({ gns: 'shop', name: 'payment' });
      expect(other.events.map(e => e.kind)).not.toContain('deploy');
    });

    it('is answered as it is documented', async () => {
      const answer = await get('/slos/shop/checkout');
      expect(answer.status).toBe(200);
      assertDocumented('get', '/v1/slos/{gns}/{name}', answer);
    });
  });

  it.each([
    ['an address that runs', { url: 'data:text/html,x' }],
    ['no title', { title: '  ' }],
    ['a hidden character', { title: 'a\u202eb' }],
    ['a strange kind', { kind: 'alert' }],
  ])('refuses a note with %s', async (_what, over) => {
    const answer = await request(hub.server)
      .post('/api/gns/v1/slos/annotations')
      .send({ gns: 'shop', title: 'x', ...over });
    expect(answer.status).toBe(400);
  });

  it('tries a proposal on the past without writing', async () => {
    const before = await knex('gns_definitions').select('ref');
    const preview = await hub.client.slo.preview(
      objectiveDocument(
        {
          objectives: [{ ...both, target: 99.9 }],
          window: { type: 'rolling', days: 7 },
        },
        { name: 'proposal' },
      ),
    );
    expect(preview.problems).toMatchObject([
      { severity: 'warning', code: 'threshold-between-buckets' },
      { severity: 'warning', code: 'service-unknown' },
    ]);
    expect(preview.detail?.summary.state).toBe('violated');
    const [past] = preview.past;
    expect(past.sli).toBeGreaterThan(0.99);
    expect(past.medianDay).toBe(1);
    expect(past.worstDay).toBeLessThan(0.99);
    expect(past.keptTarget).toBe(99.5);
    expect(preview.alerts[0]).toMatchObject({ severity: 'page' });
    expect(Date.parse(preview.alerts[0].from) / 1000).toBeGreaterThan(
      INCIDENT.from,
    );
    expect(Date.parse(preview.alerts[0].from) / 1000).toBeLessThan(
      INCIDENT.from + HOUR,
    );
    expect(await knex('gns_definitions').select('ref')).toEqual(before);
  });

  it('says what is wrong with a proposal instead', async () => {
    const preview = await hub.client.slo.preview(
      objectiveDocument({ objectives: [{ ...both, target: 100 }] }),
    );
    expect(preview).toMatchObject({
      problems: [{ severity: 'error', path: 'spec.objectives[0].target' }],
      past: [],
    });
    expect(preview.detail).toBeUndefined();
    expect((await hub.client.slo.preview(shopWith([]))).problems).toMatchObject(
      [{ code: 'no-objective' }],
    );
  });

  it('goes out as OpenSLO and comes in again, without writing', async () => {
    const out = await hub.client.slo.exportOpenSlo({
      gns: 'shop',
      name: 'payment',
    });
    expect(out.documents[0]).toMatchObject({
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: { name: 'payment' },
    });
    expect(out.losses.map(l => l.path)).toEqual(['spec.alerts']);
    const back = await hub.client.slo.importOpenSlo(out.yaml, 'shop');
    expect(back).toMatchObject({
      problems: [],
      definitions: [{ metadata: { name: 'payment', gns: 'shop' } }],
    });
    const bad = await hub.client.slo.importOpenSlo('a: &a [*a]');
    expect(bad.definitions).toEqual([]);
    expect(bad.problems).not.toEqual([]);
  });

  it('tells an autoscaler whether it may scale down', async () => {
    expect(
      (await hub.client.slo.listActions({ gns: 'shop' })).items,
    ).toMatchObject([
      {
        service: 'quiet',
        objective: 'quiet',
        scaleDown: 'allow',
        state: 'noTraffic',
      },
    ]);
  });

  it('of one that is not there says 404', async () =>
    expect((await get('/slos/shop/nothing')).status).toBe(404));
});
