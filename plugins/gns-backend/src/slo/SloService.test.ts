import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { refOf } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { FakeIncrements, type FakeCell } from '../__testUtils__/FakeIncrements';
import { AVAILABLE, objectiveOf } from '../__testUtils__/sloDefinitions';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { readEvents } from './eventRows';
import { SloService } from './SloService';
import { DAY, HOUR } from './windows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const START = Date.parse('2026-11-25T10:00:00Z') / 1000;
const WHO = { actor: 'user:default/jo', message: '' };
const OWNER = 'group:default/shop';

describe.each(databases.eachSupportedId())('objectives on %s', id => {
  let knex: Knex;
  let definitions: DatabaseDefinitionStore;
  let store: FakeIncrements;
  let cell: (at: number) => FakeCell;
  let sent: NotificationSendOptions[];
  let failure: Error | undefined;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    definitions = DatabaseDefinitionStore.create({ knex });
    cell = () => ({ ok: 100 });
    store = new FakeIncrements({
      clusters: ['eu', 'us'],
      now: START,
      start: START - 3 * DAY,
      minute: (_, at) => cell(at),
    });
    sent = [];
    failure = undefined;
  });
  afterEach(() => knex.destroy());

  const replica = (reader = store) =>
    new SloService({
      knex,
      definitions,
      reader,
      logger: mockServices.logger.mock(),
      now: () => store.now * 1000,
      onChange: () => {},
      notifications: {
        send: async options => {
          if (failure) throw failure;
          sent.push(options);
        },
      },
    });
  const define = async (spec = {}, metadata = {}) => {
    const objective = objectiveOf(
      { window: { type: 'rolling', days: 2 }, ...spec },
      { owner: OWNER, ...metadata },
    );
    const before = await definitions.get(refOf(objective));
    await definitions.put(
      objective as unknown as Parameters<typeof definitions.put>[0],
      before
        ? { type: 'generation', generation: before.generation }
        : { type: 'absent' },
      WHO,
    );
  };
  /** Time goes on by minutes, and everyone looks. */
  const pass = async (minutes: number, ...services: SloService[]) => {
    store.advance(minutes * 60, ['shop']);
    for (const service of services) await service.run();
  };
  const row = async (service: SloService) => (await service.view()).rows[0];
  const burn = () => {
    const since = store.now;
    cell = at => (at >= since ? { ok: 50, server: 50 } : { ok: 100 });
  };

  it('an alert is told once, to the owner, however many replicas look, and ends', async () => {
    await define();
    const [a, b] = [replica(), replica()];
    await pass(1, a, b);
    expect(await row(a)).toMatchObject({ state: 'healthy', alerts: [] });
    burn();
    await pass(20, a, b);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      recipients: { type: 'entity', entityRef: OWNER },
      payload: {
        severity: 'critical',
        scope: 'gns-slo:ServiceLevelObjective:shop/checkout:page',
        link: '/gns/shop/slos/checkout',
        title: expect.stringContaining('Page: shop/checkout burns'),
      },
    });
    for (const each of [a, b]) {
      expect(await row(each)).toMatchObject({
        alerts: [{ severity: 'page' }],
        burning: {
          objective: 'ok',
          culprits: [
            { cluster: 'eu', service: 'checkout', share: 0.5 },
            { cluster: 'us', service: 'checkout', share: 0.5 },
          ],
        },
      });
    }
    cell = () => ({ ok: 100 });
    store.changed({ gns: 'shop', from: START - DAY, to: store.now });
    await pass(10, b, a);
    await pass(10, b, a);
    expect((await row(a)).alerts).toEqual([]);
    expect(sent).toHaveLength(2);
    expect(sent[1].payload).toMatchObject({
      severity: 'low',
      scope: sent[0].payload.scope,
      title: expect.stringContaining('Over'),
    });
    const events = await readEvents(knex, {
      gns: 'shop',
      ref: 'ServiceLevelObjective:shop/checkout',
      services: ['checkout'],
      span: { from: 0, to: store.now },
    });
    expect(events.map(e => e.kind)).toEqual(['resolved', 'alert']);
  });

  it('a replica that looks at older data changes nothing', async () => {
    await define();
    const a = replica();
    burn();
    await pass(30, a);
    expect(sent).toHaveLength(1);
    const slow = replica(
      new FakeIncrements({
        clusters: ['eu', 'us'],
        now: START,
        start: START - 3 * DAY,
        minute: () => ({ ok: 100 }),
      }),
    );
    await slow.run();
    expect(sent).toHaveLength(1);
    expect((await row(a)).alerts).toHaveLength(1);
  });

  it('a restart forgets neither state nor alert', async () => {
    await define();
    const a = replica();
    burn();
    await pass(30, a);
    const before = await row(a);
    const again = replica();
    await pass(1, again);
    expect(await row(again)).toMatchObject({
      state: before.state,
      stateSince: before.stateSince,
      alerts: before.alerts,
    });
    expect(sent).toHaveLength(1);
  });

  it('silence ends no alert, and is never healthy', async () => {
    await define();
    const a = replica();
    burn();
    await pass(20, a);
    const silent = store.now;
    const burning = cell;
    cell = at => (at >= silent ? 'unknown' : burning(at));
    await pass(60, a);
    expect(await row(a)).toMatchObject({
      alerts: [{ severity: 'page' }],
      silentClusters: ['eu', 'us'],
      partial: true,
    });
    expect(['violated', 'noData']).toContain((await row(a)).state);
    expect(sent).toHaveLength(1);
  });

  it('an objective that is deleted ends its alert', async () => {
    await define();
    const a = replica();
    burn();
    await pass(30, a);
    await definitions.delete(
      { kind: 'ServiceLevelObjective', gns: 'shop', name: 'checkout' },
      1,
      WHO,
    );
    await a.run();
    expect(sent.map(s => s.payload.title)).toEqual([
      expect.stringContaining('Page'),
      expect.stringContaining('Over: checkout is not watched any more'),
    ]);
    expect((await a.view()).rows).toEqual([]);
    expect(await knex('gns_slo_alerts')).toEqual([]);
    expect(await knex('gns_slo_states')).toEqual([]);
  });

  it('whom nobody owns, nobody is told of', async () => {
    await define({}, { owner: undefined });
    const a = replica();
    burn();
    await pass(30, a);
    expect(sent).toEqual([]);
    expect((await row(a)).alerts).toHaveLength(1);
  });

  it('alerts that are switched off are not raised', async () => {
    await define({ alerts: { page: false, ticket: false } });
    const a = replica();
    burn();
    await pass(30, a);
    expect(sent).toEqual([]);
    expect((await row(a)).alerts).toEqual([]);
  });

  it('without the notifications plugin nothing piles up', async () => {
    await define();
    failure = new Error(
      'Failed to send notifications: Error: Request failed with status 404',
    );
    const a = replica();
    burn();
    await pass(30, a);
    expect((await row(a)).alerts).toHaveLength(1);
    expect(await knex('gns_slo_outbox')).toEqual([]);
  });

  it('a notification that fails is tried again, and later', async () => {
    await define();
    failure = new Error('connect ECONNREFUSED');
    const a = replica();
    burn();
    await pass(30, a);
    expect(await knex('gns_slo_outbox')).toMatchObject([{ attempts: 1 }]);
    failure = undefined;
    await pass(5, a);
    expect(sent).toHaveLength(1);
    expect(await knex('gns_slo_outbox')).toEqual([]);
  });

  it('a changed target judges the whole window at once', async () => {
    cell = () => ({ ok: 995, server: 5 });
    await define();
    const a = replica();
    await pass(1, a);
    expect(await row(a)).toMatchObject({ state: 'healthy', generation: 1 });
    await define({ objectives: [{ ...AVAILABLE, target: 99.9 }] });
    await a.run();
    expect(await row(a)).toMatchObject({ state: 'violated', generation: 2 });
  });

  it('one global namespace that cannot be read stops no other', async () => {
    await define();
    await define({}, { gns: 'bank' });
    const read = store.read.bind(store);
    store.read = async (queries, range) => {
      if (queries.some(q => q.gns === 'bank')) throw new Error('broken row');
      return read(queries, range);
    };
    const a = replica();
    await pass(1, a);
    const { rows } = await a.view();
    expect(rows.map(r => [r.gns, r.state])).toEqual([
      ['bank', 'noData'],
      ['shop', 'healthy'],
    ]);
    store.read = read;
    await pass(1, a);
    expect((await a.view()).rows.map(r => r.state)).toEqual([
      'healthy',
      'healthy',
    ]);
  });

  it('what was evaluated long ago is not shown as healthy', async () => {
    await define();
    const a = replica();
    await pass(1, a);
    store.now += HOUR;
    expect(await row(a)).toMatchObject({ state: 'noData' });
  });
});
