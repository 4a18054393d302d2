import fc from 'fast-check';
import {
  parseDefinition,
  type ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import { FakeIncrements, type FakeCell } from '../__testUtils__/FakeIncrements';
import { Book } from './Book';
import { isObjective } from './checkObjectives';
import { refreshBooks } from './refreshBooks';
import { DAY, HOUR, QUARTER } from './windows';

const NOW = Date.parse('2026-11-25T10:07:00Z') / 1000;
const AVAILABLE = {
  name: 'ok',
  target: 99,
  indicator: { type: 'availability' },
};

function bookOf(
  spec: Record<string, unknown> = {},
  now = NOW,
  before?: Book,
): Book {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'ServiceLevelObjective',
    metadata: { gns: 'shop', name: 'checkout' },
    spec: { services: ['checkout'], objectives: [AVAILABLE], ...spec },
  });
  if (!parsed.ok || !isObjective(parsed.definition)) {
    throw new Error(JSON.stringify(parsed));
  }
  const definition: ServiceLevelObjective = parsed.definition;
  return new Book(
    {
      definition: parsed.definition,
      generation: 1,
      createdAt: '',
      updatedAt: '',
      updatedBy: '',
      createdOrder: 1,
    },
    definition,
    now,
    before,
  );
}

function storeOf(
  minute: (cluster: string, at: number) => FakeCell,
  over: Partial<{ clusters: string[]; start: number; now: number }> = {},
) {
  return new FakeIncrements({
    clusters: ['eu', 'us'],
    start: NOW - 60 * DAY,
    now: NOW,
    ...over,
    minute: ({ cluster }, at) => minute(cluster, at),
  });
}

const reachOf = (store: FakeIncrements) => ({
  newest: store.now,
  oldest: Math.ceil(store.start / DAY) * DAY,
});

/** Reads and judges a book from nothing. */
async function judged(store: FakeIncrements, spec = {}) {
  const book = bookOf(spec, store.now);
  await refreshBooks(store, [book], reachOf(store), []);
  return { book, evaluation: book.evaluate(store.now) };
}

describe('a book', () => {
  it('sums minutes, quarters and days to exactly what the window has', async () => {
    const store = storeOf((_, at) => ({ ok: 9, server: at % 120 ? 1 : 0 }));
    const { evaluation } = await judged(store, {
      window: { type: 'rolling', days: 7 },
    });
    const minutes = 7 * 1440 + 7;
    expect(evaluation.worst.tally).toMatchObject({
      total: 2 * (9 * minutes + Math.floor(minutes / 2)),
      knownSeconds: 2 * 60 * minutes,
      expectedSeconds: 2 * 60 * minutes,
      unknown: 0,
    });
    expect(evaluation.partial).toBe(false);
  });

  it.each([
    ['rolling', { type: 'rolling', days: 3 }],
    [
      'calendar',
      { type: 'calendar', period: 'month', timeZone: 'Asia/Kathmandu' },
    ],
  ])(
    'remembers a %s window: what it reads later gives the same as all of it anew',
    async (_, window) => {
      let broken: { from: number; to: number } | undefined;
      const store = storeOf((cluster, at) => {
        if (broken && cluster === 'us' && at >= broken.from && at < broken.to) {
          return 'unknown';
        }
        return { ok: 50 + (at % 7), server: (at / 60) % 11 === 0 ? 3 : 0 };
      });
      const { book } = await judged(store, { window });
      for (const [seconds, silent] of [
        [60, false],
        [840, true],
        [60, false],
        [6 * HOUR, false],
        [20 * HOUR, true],
      ] as const) {
        const from = store.now;
        store.advance(seconds, ['shop']);
        if (silent) broken = { from, to: store.now };
        await refreshBooks(store, [book], reachOf(store), [
          { from, to: store.now },
        ]);
        const fresh = await judged(store, { window });
        const known = book.evaluate(store.now);
        expect(known.worst.tally).toEqual(fresh.evaluation.worst.tally);
        expect(known.burn).toEqual(fresh.evaluation.burn);
        expect(known.state).toBe(fresh.evaluation.state);
      }
    },
  );

  it('reads again what came late, and nothing else', async () => {
    let late = false;
    const gap = { from: NOW - 2 * DAY, to: NOW - 2 * DAY + HOUR };
    const store = storeOf((_, at) =>
      !late && at >= gap.from && at < gap.to
        ? 'unknown'
        : { ok: 1, server: at >= gap.from && at < gap.to ? 1 : 0 },
    );
    const { book, evaluation } = await judged(store);
    expect(evaluation.partial).toBe(true);
    expect(evaluation.worst.tally.unknown).toBeGreaterThan(0);
    late = true;
    store.reads.length = 0;
    await refreshBooks(store, [book], reachOf(store), [gap]);
    const now = book.evaluate(NOW);
    expect(now.partial).toBe(false);
    expect(now.worst.tally.total - now.worst.tally.good).toBe(120);
    expect(store.reads.map(r => (r.range.to - r.range.from) / DAY)).toEqual([
      1,
    ]);
  });

  it('without news reads nothing', async () => {
    const store = storeOf(() => ({ ok: 1 }));
    const { book } = await judged(store);
    store.reads.length = 0;
    await refreshBooks(store, [book], reachOf(store), []);
    expect(store.reads).toEqual([]);
  });

  it('keeps what it knows when only target or window change', async () => {
    const store = storeOf(() => ({ ok: 999, server: 1 }));
    const { book } = await judged(store);
    store.reads.length = 0;
    const stricter = bookOf(
      { objectives: [{ ...AVAILABLE, target: 99.95 }] },
      NOW,
      book,
    );
    await refreshBooks(store, [stricter], reachOf(store), []);
    expect(stricter.evaluate(NOW).state).toBe('violated');
    expect(store.reads).toEqual([]);
  });

  it('time slices: a silent cluster makes them unknown, and burns nothing', async () => {
    const spec = {
      method: { type: 'timeSlices' },
      window: { type: 'calendar', period: 'month' },
      objectives: [{ ...AVAILABLE, target: 98, slice: { good: 99 } }],
    };
    const bad = { from: NOW - 5 * DAY, to: NOW - 5 * DAY + HOUR };
    const silent = { from: NOW - 3 * DAY, to: NOW - 2 * DAY };
    const store = storeOf((cluster, at) => {
      if (cluster === 'us' && at >= silent.from && at < silent.to)
        return 'unknown';
      return at >= bad.from && at < bad.to ? { ok: 9, server: 1 } : { ok: 10 };
    });
    const { evaluation } = await judged(store, spec);
    const { tally, budget } = evaluation.worst;
    expect(evaluation.unit).toBe('seconds');
    // An hour off the grid touches five quarters; a day of silence ninety-seven.
    expect(tally.total - tally.good).toBe(5 * QUARTER);
    expect(tally.unknown).toBe(97 * QUARTER);
    expect(budget.allowedBad).toBeCloseTo(
      0.02 * (30 * DAY - 97 * QUARTER - (NOW % QUARTER)),
      -3,
    );
    expect(budget.consumed).toBeLessThan(0.1);
    // But the silent day could have used more than there is.
    expect(evaluation.state).toBe('indeterminate');
    expect(evaluation.partial).toBe(true);
  });

  it('a cluster that is silent now is named, and nobody is healthy in the dark', async () => {
    const since = NOW - 2 * HOUR;
    const half = await judged(
      storeOf((cluster, at) =>
        cluster === 'us' && at >= since ? 'unknown' : { ok: 10 },
      ),
    );
    expect(half.book.silentClusters(NOW)).toEqual(['us']);
    expect(half.evaluation.partial).toBe(true);
    const dark = await judged(
      storeOf((_, at) => (at >= since ? 'unknown' : { ok: 10 })),
    );
    expect(dark.book.silentClusters(NOW)).toEqual(['eu', 'us']);
    expect(dark.evaluation.state).toBe('noData');
  });

  it('of a service without requests says so, apart from having no data', async () => {
    expect((await judged(storeOf(() => ({ ok: 0 })))).evaluation.state).toBe(
      'noTraffic',
    );
    expect((await judged(storeOf(() => 'unknown'))).evaluation.state).toBe(
      'noData',
    );
    expect((await judged(storeOf(() => 'absent'))).evaluation.state).toBe(
      'noData',
    );
  });

  it('burns in the last hour: warned, with a time of exhaustion', async () => {
    const store = storeOf((_, at) =>
      at >= NOW - HOUR ? { ok: 80, server: 20 } : { ok: 100 },
    );
    const { evaluation } = await judged(store);
    expect(evaluation.state).toBe('warning');
    expect(evaluation.burn[1].burn).toBeCloseTo(20);
    expect(evaluation.secondsToExhaustion! / HOUR).toBeCloseTo(
      (28 * 24 * (1 - evaluation.combined.consumed!)) / 20,
      0,
    );
    expect(evaluation.rules.readings.map(r => r.state)).toEqual([
      'burning',
      'quiet',
      'quiet',
      'quiet',
    ]);
  });

  it('whatever is unknown, it uses none of the budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 47 }),
        fc.integer({ min: 1, max: 48 }),
        async (start, hours) => {
          const from = NOW - (start + hours) * HOUR;
          const to = from + hours * HOUR;
          const spec = { window: { type: 'rolling', days: 2 } };
          const cell = { ok: 95, server: 5 };
          const all = await judged(
            storeOf(() => cell, { start: NOW - 3 * DAY }),
            spec,
          );
          const part = await judged(
            storeOf(
              (cluster, at) =>
                cluster === 'us' && at >= from && at < to ? 'unknown' : cell,
              { start: NOW - 3 * DAY },
            ),
            spec,
          );
          expect(part.evaluation.combined.consumed).toBeCloseTo(
            all.evaluation.combined.consumed!,
          );
          const { tally } = part.evaluation.worst;
          expect(tally.total - tally.good).toBeLessThanOrEqual(
            all.evaluation.worst.tally.total - all.evaluation.worst.tally.good,
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});
