import { connect } from 'node:net';
import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { settledShop } from '../__testUtils__/settledShop';
import {
  telemetryStore,
  type TelemetryStore,
} from '../__testUtils__/telemetryStore';
import {
  call,
  known,
  observations,
  served,
  unknown,
  zero,
} from './testFixtures';

jest.setTimeout(120_000);
const databases = createTestDatabases();

const HOUR = 3600;
const DAY = 86_400;
const at = (text: string) => Date.parse(text) / 1000;
const STOCK = {
  gns: 'shop',
  service: 'stock',
  view: 'client' as const,
  latencyEdgesMs: [100],
};

describe.each(databases.eachSupportedId())('telemetry on %s', id => {
  let knex: Knex;
  let store: TelemetryStore;

  const begin = async (now: number) => {
    knex = await migratedDatabase(databases, id);
    store = await telemetryStore(knex, now);
  };
  afterEach(() => knex.destroy());

  /** Minute by minute from `from`, as the clusters would send it. */
  const live = async (
    from: number,
    minutes: number,
    silent: (cluster: string, minute: number) => boolean = () => false,
  ) => {
    for (let i = 0; i < minutes; i += 1) {
      const start = from + i * 60;
      store.clock.now = start + 70;
      if (!silent('eu', start)) {
        await store.take('eu', [known(start, [call()])]);
      }
      if (!silent('us', start)) {
        await store.take('us', [known(start, [served()])]);
      }
    }
  };
  const requests = async (
    from: number,
    to: number,
    step: 60 | 900 | 86_400,
  ) => {
    const [answer] = await store.hub.increments.read([STOCK], {
      from,
      to,
      step,
    });
    const [eu] = answer.clusters.filter(c => c.cluster.startsWith('eu'));
    return { total: [...eu.total], known: [...eu.knownSeconds] };
  };

  it('a cluster that is silent for an hour is unknown there, and no figure of others moves', async () => {
    const from = at('2026-11-25T08:00:00Z');
    await begin(from);
    const dark = (minute: number) =>
      minute >= from + HOUR / 4 && minute < from + (5 * HOUR) / 4;
    await live(from, 80, (cluster, minute) => cluster === 'us' && dark(minute));
    const told = await requests(from, from + 80 * 60, 60);
    // eu is the caller: its word counts, whoever else is silent.
    expect(told.total.every(n => n === 10)).toBe(true);
    expect(told.known.every(n => n === 60)).toBe(true);
    const [answer] = await store.hub.increments.read(
      [{ ...STOCK, view: 'server' }],
      { from, to: from + 80 * 60, step: 60 },
    );
    const us = answer.clusters.find(c => c.cluster.startsWith('us'))!;
    const inTheDark = [...us.knownSeconds].slice(15, 75);
    expect(inTheDark).toEqual(new Array(60).fill(0));
    expect([...us.expected].slice(15, 75)).toEqual(new Array(60).fill(1));
  });

  it('one that comes back fills its hour, once, in whatever order', async () => {
    const from = at('2026-11-25T08:00:00Z');
    await begin(from);
    await live(from, 20, cluster => cluster === 'eu');
    const late = Array.from({ length: 20 }, (_, i) =>
      known(from + i * 60, [call()]),
    );
    await store.take('eu', [...late].reverse());
    await store.take('eu', late.slice(5, 12));
    const told = await requests(from, from + 20 * 60, 60);
    expect(told.total).toEqual(new Array(20).fill(10));
    expect(told.known).toEqual(new Array(20).fill(60));
  });

  it('a counter that fell is no negative call: the slice is unknown, not zero', async () => {
    const from = at('2026-11-25T08:00:00Z');
    await begin(from + 200);
    await store.take('eu', [
      known(from, [call()]),
      known(from + 60, [call({ outcomes: [[200, -4]] })]),
      zero(from + 120),
    ]);
    const told = await requests(from, from + 180, 60);
    expect(told).toEqual({ total: [10, 0, 0], known: [60, 0, 60] });
  });

  it.each<[string, string, number]>([
    ['the leap day', '2028-02-28T22:00:00Z', 52],
    ['the end of a February of 28 days', '2027-02-28T12:00:00Z', 24],
    ['a spring without its hour (Berlin)', '2026-03-28T12:00:00Z', 30],
    ['an autumn with one twice (Berlin)', '2026-10-24T12:00:00Z', 30],
    ['the new year', '2026-12-31T20:00:00Z', 8],
  ])(
    '%s loses and doubles nothing, by minutes, quarters and days',
    async (_, text, hours) => {
      const from = at(text);
      await begin(from);
      const length = hours * HOUR;
      // Quarters of an hour, as they come in back-fill.
      store.clock.now = from + length + 120;
      for (const [cluster, row] of [
        ['eu', call()],
        ['us', served()],
      ] as const) {
        for (let start = from; start < from + length; start += 40 * 900) {
          await store.take(
            cluster,
            Array.from({ length: 40 }, (_u, i) => start + i * 900)
              .filter(s => s < from + length)
              .map(s => known(s, [row], { seconds: 900 })),
          );
        }
      }
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
      const before = await requests(from, from + length, 900);
      expect(sum(before.known)).toBe(length);
      expect(sum(before.total)).toBe(hours * 4 * 10);
      for (let i = 0; i < 3; i += 1) await store.hub.rollUp();
      await store.hub.tidy();
      const after = await requests(from, from + length, 900);
      expect(after).toEqual(before);
      const firstDay = Math.ceil(from / DAY) * DAY;
      const lastDay = Math.floor((from + length) / DAY) * DAY;
      const days = await requests(firstDay, lastDay, 86_400).catch(() => ({
        total: [],
        known: [],
      }));
      for (const n of days.total) expect(n).toBe(96 * 10);
      for (const n of days.known) expect(n).toBe(DAY);
    },
  );

  it('a clock that is ten minutes ahead or behind is measured, and moves no minute', async () => {
    const now = at('2026-11-25T08:10:00Z');
    await begin(now);
    const minute = now - 120;
    for (const skew of [600, -600]) {
      const answer = await store.hub.take(
        { id: 'eu', name: 'eu-1' },
        observations(now + skew, [known(minute, [call()])]),
      );
      expect(answer).toMatchObject({
        taken: 1,
        refused: [],
        hubTime: '2026-11-25T08:10:00.000Z',
      });
      const [{ clock_skew_ms }] = await knex('gns_telemetry_sources').where({
        cluster_id: 'eu',
      });
      expect(Number(clock_skew_ms)).toBe(skew * 1000);
    }
    const told = await requests(minute, minute + 60, 60);
    expect(told).toEqual({ total: [10], known: [60] });
    // Its own time in its slices would put calls where none were: refused, not shifted.
    const ahead = await store.take('eu', [known(minute + 600, [call()])]);
    expect(ahead.refused).toMatchObject([{ reason: 'future' }]);
  });

  it('what Prometheus could not tell burns no budget and is not silence', async () => {
    const from = at('2026-11-25T08:00:00Z');
    await begin(from + 400);
    await store.take('eu', [
      known(from, [call()]),
      unknown(from + 60, { reason: 'timeout' }),
      unknown(from + 120, { reason: 'unauthorized' }),
      unknown(from + 180, { reason: 'partial' }),
      zero(from + 240),
    ]);
    const told = await requests(from, from + 300, 60);
    expect(told).toEqual({
      total: [10, 0, 0, 0, 0],
      known: [60, 0, 0, 0, 60],
    });
  });
});

describe('trouble of one cluster', () => {
  it('delays no answer: its body comes a byte at a time, and everybody else is served meanwhile', async () => {
    const knex = await migratedDatabase(databases, 'SQLITE_3');
    const shop = await settledShop(knex);
    const { port, hostname } = new URL(shop.eu.base);
    const token = await shop.us.token();
    const slow = connect(Number(port), hostname);
    slow.on('error', () => {});
    slow.write(
      `POST /api/gns/controllers/v1/observations HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`,
    );
    const drip = setInterval(() => slow.write(' '), 100);
    let answered = false;
    slow.on('data', () => {
      answered = true;
    });
    try {
      const now = Math.floor(Date.now() / 60_000) * 60;
      await shop.eu.observe(
        observations(now, [
          known(now - 120, [
            call({
              source: { namespace: 'web', name: 'front' },
              destination: { namespace: 'depot', name: 'stock' },
              service: { host: 'stock.shop.gns.internal' },
            }),
          ]),
        ]),
      );
      const traffic = await shop.hub.get(
        '/global-namespaces/shop/traffic?window=60',
      );
      expect(traffic.status).toBe(200);
      const graphql = await shop.hub
        .get('/global-namespaces/shop/traffic/services')
        .query({ window: 60 });
      expect(graphql.status).toBe(200);
      expect(
        traffic.body.coverage.map((c: { cluster: string; state: string }) => [
          c.cluster,
          c.state,
        ]),
      ).toEqual([
        ['eu-1', 'ok'],
        ['us-1', 'unreachable'],
      ]);
      // All of this while its request was still under way.
      expect(answered).toBe(false);
      expect(slow.destroyed).toBe(false);
    } finally {
      clearInterval(drip);
      slow.destroy();
      await shop.hub.backend.stop();
      await knex.destroy();
    }
  });
});
