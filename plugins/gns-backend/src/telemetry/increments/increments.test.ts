import fc from 'fast-check';
import type { Knex } from 'knex';
import type { SliceInput } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../../__testUtils__/databases';
import {
  composeInto,
  telemetryStore,
  type TelemetryStore,
} from '../../__testUtils__/telemetryStore';
import {
  BANK,
  call,
  gnsOf,
  known,
  served,
  SHOP,
  T0,
  unknown,
  zero,
} from '../testFixtures';
import { joinStretches } from './changesSince';
import type {
  IncrementQuery,
  IncrementRange,
  ServiceIncrements,
} from './types';

jest.setTimeout(120_000);
const databases = createTestDatabases();

const STOCK: IncrementQuery = {
  gns: 'shop',
  service: 'stock',
  view: 'client',
  latencyEdgesMs: [100],
};
const HOUR = 3600;
const DAY = 86_400;

/** `<known>:<total>` of each slice that is expected. */
function told(increments: ServiceIncrements): Record<string, string[]> {
  return Object.fromEntries(
    increments.clusters.map(c => [
      c.cluster,
      [...c.total].map((total, i) =>
        c.expected[i] ? `${c.knownSeconds[i]}:${total}` : '-',
      ),
    ]),
  );
}

/** The same in numbers that rounding does not touch, for comparing. */
function plain(all: readonly ServiceIncrements[]) {
  const rounded = (list: Float64Array) =>
    [...list].map(n => Math.round(n * 100) / 100);
  return all.map(({ query, clusters }) => ({
    query,
    clusters: clusters.map(c => ({
      cluster: c.cluster,
      expected: [...c.expected],
      known: [...c.knownSeconds],
      counts: [
        c.total,
        c.clientErrors,
        c.serverErrors,
        c.noResponse,
        c.disconnected,
        ...c.grpc.values(),
        c.durations.ok,
        c.durations.server,
      ].map(rounded),
      within: c.within.map(w => [
        rounded(w.low.ok),
        rounded(w.high.ok),
        w.exact,
      ]),
    })),
  }));
}

describe.each(databases.eachSupportedId())('increments on %s', id => {
  let knex: Knex;
  let store: TelemetryStore;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    store = await telemetryStore(knex, T0);
    await store.hub.rollUp();
  });
  afterEach(() => knex.destroy());

  const read = async (range: IncrementRange, query = STOCK) =>
    (await store.hub.increments.read([query], range))[0];
  const minutes = (from: number, to: number): IncrementRange => ({
    from: T0 + from * 60,
    to: T0 + to * 60,
    step: 60,
  });

  it('tell known, zero and unknown apart', async () => {
    store.clock.now = T0 + 300;
    await store.take('eu', [
      known(T0, [call()]),
      zero(T0 + 60),
      unknown(T0 + 120),
    ]);
    expect(told(await read(minutes(0, 4)))).toEqual({
      'eu-1': ['60:10', '60:0', '0:0', '0:0'],
      'us-1': ['0:0', '0:0', '0:0', '0:0'],
    });
  });

  it('expect nothing of a cluster before it joined and after it left', async () => {
    store.clock.now = T0 + 120;
    await composeInto(knex, [gnsOf('shop', ['eu/web'], [SHOP.services[0]])]);
    await store.hub.rollUp();
    store.clock.now = T0 + 240;
    await composeInto(knex, [SHOP, BANK]);
    await store.hub.rollUp();
    store.clock.now = T0 + 360;
    expect(told(await read(minutes(-2, 6)))).toEqual({
      'eu-1': ['-', '-', '0:0', '0:0', '0:0', '0:0', '0:0', '0:0'],
      'us-1': ['-', '-', '0:0', '0:0', '-', '-', '0:0', '0:0'],
    });
  });

  it('spread a slice of five minutes over its minutes', async () => {
    store.clock.now = T0 + 600;
    await store.take('eu', [known(T0, [call()], { seconds: 300 })]);
    const parts = told(await read(minutes(3, 6)))['eu-1'];
    expect(parts).toEqual(['60:2', '60:2', '0:0']);
    store.clock.now = T0 + 2 * HOUR;
    await store.hub.rollUp();
    expect(told(await read(minutes(3, 6)))['eu-1']).toEqual(parts);
  });

  it('of a quarter of an hour say how much of it is known', async () => {
    store.clock.now = T0 + 900;
    await store.take('eu', [
      ...[0, 1, 2].map(m => known(T0 + m * 60, [call()])),
      unknown(T0 + 180),
    ]);
    const quarter: IncrementRange = { from: T0, to: T0 + 900, step: 900 };
    expect(told(await read(quarter))['eu-1']).toEqual(['180:30']);
    store.clock.now = T0 + 2 * HOUR;
    await store.hub.rollUp();
    expect(told(await read(quarter))['eu-1']).toEqual(['180:30']);
    // The gap is filled later, after the hour was compacted.
    await store.take('eu', [
      known(T0 + 180, [call({ outcomes: [[200, 1]] })], { revision: 2 }),
    ]);
    expect(told(await read(quarter))['eu-1']).toEqual(['240:31']);
    await store.hub.rollUp();
    expect(told(await read(quarter))['eu-1']).toEqual(['240:31']);
    // A whole quarter knows more than four minutes.
    const whole = call({ outcomes: [[200, 150]] });
    await store.take('eu', [known(T0, [whole], { seconds: 900 })]);
    expect(told(await read(quarter))['eu-1']).toEqual(['900:150']);
    await store.hub.rollUp();
    expect(told(await read(quarter))['eu-1']).toEqual(['900:150']);
    expect(told(await read(minutes(0, 1)))['eu-1']).toEqual(['60:10']);
  });

  it('count durations at thresholds, exactly at an edge and within bounds elsewhere', async () => {
    store.clock.now = T0 + 120;
    await store.take('eu', [
      known(T0, [
        call({
          outcomes: [
            [200, 10],
            [503, 2],
            [404, 1],
            [1014, 3],
            [0, 4],
          ],
          durations: [
            { outcome: 'ok', edgesMs: [10, 100, 1000], counts: [4, 3, 2, 1] },
            {
              outcome: 'server',
              edgesMs: [10, 100, 1000],
              counts: [5, 0, 0, 0],
            },
          ],
          disconnected: 6,
        }),
      ]),
    ]);
    const { clusters } = await read(minutes(0, 1), {
      ...STOCK,
      latencyEdgesMs: [100, 120, 5, 5000],
      grpcStatuses: [14, 5],
    });
    const [eu] = clusters;
    expect({
      total: eu.total[0],
      client: eu.clientErrors[0],
      server: eu.serverErrors[0],
      none: eu.noResponse[0],
      gone: eu.disconnected[0],
      grpc: [eu.grpc.get(14)![0], eu.grpc.get(5)![0]],
      durations: [eu.durations.ok[0], eu.durations.server[0]],
    }).toEqual({
      total: 20,
      client: 1,
      server: 5,
      none: 4,
      gone: 6,
      grpc: [3, 0],
      durations: [10, 5],
    });
    expect(
      eu.within.map(w => [
        w.low.ok[0],
        w.high.ok[0],
        w.exact,
        w.lowMs,
        w.highMs,
      ]),
    ).toEqual([
      [7, 7, true, 100, 100],
      [7, 9, false, 100, 1000],
      [0, 4, false, 0, 10],
      [9, 10, false, 1000, Infinity],
    ]);
  });

  it('of servers are unknown where their namespace was not scraped', async () => {
    store.clock.now = T0 + 2 * HOUR;
    // So that the hub knows Istio's name for it.
    await store.take('eu', []);
    await store.take('us', [
      known(T0, [served()], { unscraped: ['depot'] }),
      known(T0 + 60, [served()]),
    ]);
    const servers: IncrementQuery = { ...STOCK, view: 'server' };
    const expected = ['0:10', '60:10'];
    expect(told(await read(minutes(0, 2), servers))['us-1']).toEqual(expected);
    expect(told(await read(minutes(0, 2)))['us-1']).toEqual(['0:0', '60:0']);
    await store.hub.rollUp();
    expect(told(await read(minutes(0, 2), servers))['us-1']).toEqual(expected);
    expect(
      told(await read({ from: T0, to: T0 + 900, step: 900 }, servers))['us-1'],
    ).toEqual(['60:20']);
  });

  it('are the same before and after they are compacted, whatever came when', async () => {
    const minute = fc.record({
      minute: fc.integer({ min: 0, max: 179 }),
      cluster: fc.constantFrom('eu', 'us'),
      state: fc.constantFrom('KNOWN', 'KNOWN', 'KNOWN', 'ZERO', 'UNKNOWN'),
      seconds: fc.constantFrom(60, 60, 60, 300, 900),
      revision: fc.integer({ min: 1, max: 3 }),
      requests: fc.nat({ max: 100 }),
      code: fc.constantFrom(200, 503, 404),
    });
    const sliceOf = (m: {
      minute: number;
      state: string;
      seconds: number;
      revision: number;
      requests: number;
      code: number;
      cluster: string;
    }): SliceInput => {
      const seconds = m.seconds as 60;
      const start = Math.floor((T0 + m.minute * 60) / seconds) * seconds;
      const at = { revision: m.revision, seconds };
      if (m.state === 'UNKNOWN') return unknown(start, at);
      if (m.state === 'ZERO') return zero(start, at);
      const row = m.cluster === 'eu' ? call : served;
      return known(start, [row({ outcomes: [[m.code, m.requests]] })], at);
    };
    const queries = (['client', 'server'] as const).map(view => ({
      ...STOCK,
      view,
      latencyEdgesMs: [100, 50],
    }));
    const readAll = async () =>
      Promise.all(
        (
          [
            [60, T0, T0 + 4 * HOUR],
            [900, T0, T0 + 4 * HOUR],
            [DAY, T0 - 10 * HOUR, T0 + 14 * HOUR],
          ] as const
        ).map(async ([step, from, to]) =>
          plain(
            await store.hub.increments.read(queries, {
              step,
              from: Math.floor(from / step) * step,
              to: Math.floor(to / step) * step,
            }),
          ),
        ),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(minute, { minLength: 1, maxLength: 12 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async batches => {
          for (const table of [
            'gns_traffic',
            'gns_telemetry_slices',
            'gns_increments',
          ]) {
            await knex(table).delete();
          }
          store.clock.now = T0 + 4 * HOUR;
          for (const batch of batches) {
            for (const cluster of ['eu', 'us']) {
              const mine = batch.filter(m => m.cluster === cluster);
              await store.take(cluster, mine.map(sliceOf));
            }
            const before = await readAll();
            await store.hub.rollUp();
            expect(await readAll()).toEqual(before);
            await store.hub.rollUp();
            expect(await readAll()).toEqual(before);
          }
          expect(
            await knex('gns_traffic').where({ compacted: 0 }).first(),
          ).toBeUndefined();
          const [quarters, days] = (await readAll()).slice(1);
          store.clock.now = T0 + 3 * DAY;
          await store.hub.tidy();
          const later = await readAll();
          expect(later.slice(1)).toEqual([quarters, days]);
        },
      ),
      { numRuns: id === 'SQLITE_3' ? 20 : 6 },
    );
  });

  it('tell what changed, late slices too', async () => {
    const { increments } = store.hub;
    const first = await increments.changesSince(undefined);
    expect(first.changes.map(c => c.gns)).toEqual(['bank', 'shop']);
    store.clock.now = T0 + 2 * HOUR;
    const second = await increments.changesSince(first.cursor);
    expect(second.changes).toEqual([]);
    store.clock.now += 1;
    await store.take('eu', [known(T0, [call()]), known(T0 + 60, [call()])]);
    await store.hub.rollUp();
    await store.hub.tidy();
    const third = await increments.changesSince(second.cursor);
    expect(third.changes).toEqual([{ gns: 'shop', from: T0, to: T0 + 120 }]);
    await expect(increments.changesSince('yesterday')).rejects.toThrow(
      RangeError,
    );
  });

  it('refuse ranges that are no slices, and too many of them', async () => {
    await expect(read({ from: T0 + 1, to: T0 + 61, step: 60 })).rejects.toThrow(
      RangeError,
    );
    await expect(
      read({ from: T0 - 400 * DAY, to: T0, step: 60 }),
    ).rejects.toThrow(/longer step/);
  });

  it('go with their retention, and with a global namespace that is gone', async () => {
    store.clock.now = T0 + 120;
    await store.take('eu', [known(T0, [call()])]);
    store.clock.now = T0 + 2 * HOUR;
    await store.hub.rollUp();
    const count = async (table: string) =>
      Number((await knex(table).count({ n: '*' }).first())!.n);
    const day: IncrementRange = {
      from: T0 - 10 * HOUR,
      to: T0 + 14 * HOUR,
      step: DAY,
    };
    for (const [later, minutesLeft] of [
      [DAY, 1],
      [4 * DAY, 0],
    ]) {
      store.clock.now = T0 + later;
      await store.hub.tidy();
      expect(
        (await knex('gns_increments').where({ step: 60 })).length > 0 ? 1 : 0,
      ).toBe(minutesLeft);
      expect(told(await read(day))['eu-1']).toEqual(['60:10']);
    }
    expect(await count('gns_traffic')).toBe(1);
    store.clock.now = T0 + 8 * DAY;
    await store.hub.tidy();
    expect(await count('gns_traffic')).toBe(0);
    store.clock.now = T0 + 433 * DAY;
    await store.hub.tidy();
    expect(await count('gns_increments')).toBe(0);

    store.clock.now = T0;
    await store.take('eu', [known(T0 - 60, [call()])]);
    await composeInto(knex, []);
    await store.hub.rollUp();
    store.clock.now = T0 + 3 * HOUR;
    await store.hub.tidy();
    expect(await count('gns_traffic')).toBe(1);
    store.clock.now = T0 + DAY + HOUR;
    await store.hub.tidy();
    expect(await count('gns_traffic')).toBe(0);
    expect(await count('gns_telemetry_members')).toBe(0);
  });
});

it('joinStretches joins what touches, by global namespace', () => {
  expect(
    joinStretches([
      { gns: 'b', from: 60, to: 120 },
      { gns: 'a', from: 120, to: 180 },
      { gns: 'a', from: 60, to: 120 },
      { gns: 'a', from: 240, to: 300 },
    ]),
  ).toEqual([
    { gns: 'a', from: 60, to: 180 },
    { gns: 'a', from: 240, to: 300 },
    { gns: 'b', from: 60, to: 120 },
  ]);
});
