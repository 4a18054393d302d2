import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../../__testUtils__/databases';
import {
  telemetryStore,
  type TelemetryStore,
} from '../../__testUtils__/telemetryStore';
import { decodeEdges } from '../codec/edges';
import { call, known, served, T0, unknown, zero } from '../testFixtures';
import { gapsBetween } from './wantedSlices';

jest.setTimeout(60_000);
const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('observations on %s', id => {
  let knex: Knex;
  let store: TelemetryStore;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    store = await telemetryStore(knex, T0 + 120);
  });
  afterEach(() => knex.destroy());

  const slices = () =>
    knex('gns_telemetry_slices')
      .orderBy(['cluster_id', 'step', 'start'])
      .select('cluster_id', 'start', 'seconds', 'state', 'known', 'revision')
      .then(rows =>
        rows.map(
          r =>
            `${r.cluster_id} ${Number(r.start) - T0}+${r.seconds} ${r.state} ${
              r.known
            } #${r.revision}`,
        ),
      );
  const requests = async (cluster: string, start = T0): Promise<number> => {
    const row = await knex('gns_traffic')
      .where({ gns: 'shop', cluster_id: cluster, start })
      .first();
    if (!row?.edges) return 0;
    const { outcomes } = await decodeEdges(row.edges);
    return outcomes.count.reduce((a, b) => a + b, 0);
  };

  it('are taken once, however often they come', async () => {
    const slice = known(T0, [call()]);
    for (let i = 0; i < 3; i += 1) {
      expect(await store.take('eu', [slice])).toMatchObject({
        taken: 1,
        refused: [],
      });
    }
    expect(await slices()).toEqual(['eu 0+60 KNOWN 60 #1']);
    expect(await requests('eu')).toBe(10);
    expect(store.changed).toEqual([['shop']]);
  });

  it('twice in one request count once', async () => {
    await store.take('eu', [known(T0, [call()]), known(T0, [call()])]);
    expect(await requests('eu')).toBe(10);
  });

  it('of several requests at once do not mix', async () => {
    await Promise.all(
      [1, 2, 3, 4].map(revision =>
        store.take('eu', [
          known(T0, [call({ outcomes: [[200, revision]] })], { revision }),
        ]),
      ),
    );
    expect(await requests('eu')).toBe(4);
  });

  it('are replaced by a higher revision, and by no lower one', async () => {
    await store.take('eu', [known(T0, [call()], { revision: 2 })]);
    await store.take('eu', [zero(T0, { revision: 1 })]);
    expect(await requests('eu')).toBe(10);
    await store.take('eu', [zero(T0, { revision: 3 })]);
    expect(await requests('eu')).toBe(0);
    expect(await slices()).toEqual(['eu 0+60 ZERO 60 #3']);
  });

  it('of another length count only where nothing is known yet', async () => {
    store.clock.now = T0 + 600;
    await store.take('eu', [known(T0 + 60, [call()]), unknown(T0 + 360)]);
    await store.take('eu', [
      known(T0, [call()], { seconds: 300 }),
      known(T0 + 300, [call()], { seconds: 300 }),
    ]);
    expect(await slices()).toEqual([
      'eu 60+60 KNOWN 60 #1',
      'eu 300+300 KNOWN 300 #1',
    ]);
  });

  it('of the future and of long ago are refused, the others are not', async () => {
    const answer = await store.take('eu', [
      known(T0 + 120, [call()]),
      known(T0 + 180, [call()]),
      known(T0 - 49 * 3600, [call()]),
      known(T0 - 401 * 86_400, [call()], { seconds: 900 }),
      known(T0, [call()]),
    ]);
    expect(answer.refused.map(r => [r.index, r.reason])).toEqual([
      [1, 'future'],
      [2, 'tooOld'],
      [3, 'tooOld'],
    ]);
    expect(answer.refused[1].message).toMatch(/slices of 900 s/);
    expect(await slices()).toEqual([
      'eu 0+60 KNOWN 60 #1',
      'eu 120+60 KNOWN 60 #1',
    ]);
  });

  it('of a clock that is ten minutes ahead are refused with the hub’s time', async () => {
    const answer = await store.take('eu', [known(T0 + 660, [call()])], {
      sentAt: new Date((store.clock.now + 600) * 1000).toISOString(),
    });
    expect(answer.refused).toMatchObject([{ reason: 'future' }]);
    expect(answer.hubTime).toBe('2026-11-23T10:02:00.000Z');
    expect(await slices()).toEqual([]);
    expect(
      await knex('gns_telemetry_sources').first('clock_skew_ms', 'refused'),
    ).toMatchObject({
      clock_skew_ms: id === 'SQLITE_3' ? 600_000 : '600000',
    });
  });

  it('that cannot be read are unknown for good, and cost no others', async () => {
    const answer = await store.take('eu', [
      { ...known(T0, [call()]), edges: null } as never,
      known(T0 + 60, [call()]),
      'nonsense' as never,
    ]);
    expect(answer.refused.map(r => [r.index, r.reason])).toEqual([
      [0, 'invalid'],
      [2, 'invalid'],
    ]);
    expect(await slices()).toEqual([
      'eu 0+60 UNKNOWN 0 #1',
      'eu 60+60 KNOWN 60 #1',
    ]);
    expect(answer.wanted).toEqual([]);
    await store.take('eu', [known(T0, [call()], { revision: 2 })]);
    expect(await requests('eu')).toBe(10);
  });

  it('with a count that is none are unknown for that global namespace alone', async () => {
    const slice = known(T0, [
      served({ mtls: -1 }),
      served({
        source: undefined,
        destination: {
          cluster: 'istio-us',
          namespace: 'vault',
          name: 'safe-v1',
        },
        service: { host: 'safe.bank.gns.example' },
      }),
    ]);
    const answer = await store.take('us', [slice]);
    expect(answer.refused).toMatchObject([{ index: 0, reason: 'invalid' }]);
    expect(
      await knex('gns_traffic').orderBy('gns').select('gns', 'known'),
    ).toEqual([
      { gns: 'bank', known: 60 },
      { gns: 'shop', known: 0 },
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    [
      'another cluster’s name',
      { sentAt: new Date(0).toISOString(), slices: [], cluster: 'us' },
    ],
    [
      'too many slices',
      { sentAt: new Date(0).toISOString(), slices: new Array(61).fill(null) },
    ],
    [
      'a hidden id',
      {
        sentAt: new Date(0).toISOString(),
        slices: [],
        istioClusterId: 'a\u0000',
      },
    ],
  ])('that are %s are refused as a whole', async (_what, body) => {
    await expect(
      store.hub.take({ id: 'eu', name: 'eu-1' }, body),
    ).rejects.toMatchObject({ name: 'InputError' });
    expect(await knex('gns_telemetry_sources')).toEqual([]);
  });

  it('of resources are kept, and bad ones cost nothing else', async () => {
    const answer = await store.take('eu', [known(T0, [call()])], {
      resources: { state: 'KNOWN', at: T0, nodes: [{ name: 'n1' }] },
    });
    expect(answer).toMatchObject({
      taken: 1,
      refused: [{ index: 1, message: expect.stringContaining('nodes[0]') }],
    });
    await store.take('eu', [], {
      resources: { state: 'UNKNOWN', at: T0, reason: 'timeout' },
    });
    expect(await knex('gns_resources').select('state', 'reason')).toEqual([
      { state: 'UNKNOWN', reason: 'timeout' },
    ]);
  });

  it('that never came are asked for, until they are there or cannot be had', async () => {
    await store.take('eu', [known(T0, [call()])]);
    store.clock.now = T0 + 3600;
    const gap = { from: T0 + 60, to: T0 + 3420, seconds: 60 };
    expect((await store.take('eu', [])).wanted).toEqual([gap]);
    const answer = await store.take('eu', [
      zero(T0 + 120),
      unknown(T0 + 180),
      unknown(T0 + 240, { final: true }),
    ]);
    expect(answer.wanted).toEqual([
      { from: T0 + 300, to: T0 + 3420, seconds: 60 },
      { from: T0 + 180, to: T0 + 240, seconds: 60 },
      { from: T0 + 60, to: T0 + 120, seconds: 60 },
    ]);
    expect((await store.take('us', [])).wanted).toEqual([]);
  });

  it('of days ago are asked for by quarters of an hour', async () => {
    await store.take('eu', [known(T0, [call()])]);
    store.clock.now = T0 + 3 * 86_400;
    await store.hub.tidy();
    const { wanted } = await store.take('eu', []);
    const minutesFrom = T0 + 86_400 + 900;
    expect(wanted).toEqual([
      { from: minutesFrom, to: store.clock.now - 180, seconds: 60 },
      { from: T0 + 900, to: minutesFrom, seconds: 900 },
    ]);
    await store.take('eu', [known(T0 + 900, [call()], { seconds: 900 })]);
    expect((await store.take('eu', [])).wanted[1]).toEqual({
      from: T0 + 1800,
      to: minutesFrom,
      seconds: 900,
    });
  });
});

describe('gapsBetween', () => {
  it('is what no stretch covers, in whole slices, newest first', () => {
    expect(
      gapsBetween(
        [
          { start: 600, end: 660 },
          { start: 120, end: 180 },
          { start: 180, end: 300 },
        ],
        { from: 0, to: 900, seconds: 60 },
      ),
    ).toEqual([
      { from: 660, to: 900, seconds: 60 },
      { from: 300, to: 600, seconds: 60 },
      { from: 0, to: 120, seconds: 60 },
    ]);
  });

  it('has no part of a slice', () => {
    expect(
      gapsBetween([{ start: 60, end: 360 }], {
        from: 0,
        to: 600,
        seconds: 300,
      }),
    ).toEqual([]);
  });
});
