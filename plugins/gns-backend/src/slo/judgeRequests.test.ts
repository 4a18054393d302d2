import fc from 'fast-check';
import type { ServiceLevelObjectiveSpec } from '@isthmus/plugin-gns-common';
import { judgeRequests } from './judgeRequests';
import { incrementsOf, type TestSlice } from './testIncrements';

type Errors = ServiceLevelObjectiveSpec['errors'];
const AVAILABLE = { type: 'availability' } as const;
const FAST = {
  type: 'latency',
  threshold: '250ms',
  betweenEdges: 'snapDown',
} as const;
const BOTH = { ...FAST, type: 'availabilityAndLatency' } as const;
const EDGE = { ms: 250 };

function judge(
  slice: TestSlice,
  indicator: Parameters<typeof judgeRequests>[1],
  errors: Partial<Errors> = {},
  edge: { ms: number; lowMs?: number; highMs?: number } = EDGE,
) {
  const { good, total, knownSeconds } = judgeRequests(
    incrementsOf([slice], { edge }),
    indicator,
    { clientErrors: 'good', cancelled: 'excluded', ...errors },
  );
  return { good: good[0], total: total[0], known: knownSeconds[0] };
}

const MIXED: TestSlice = { ok: 90, client: 6, server: 3, noResponse: 1 };

describe('availability', () => {
  it('5xx and no answer at all are bad, 4xx is not', () =>
    expect(judge(MIXED, AVAILABLE)).toMatchObject({ good: 96, total: 100 }));

  it("4xx is bad where it is said so, as in Tanzu Service Mesh's error rate", () =>
    expect(judge(MIXED, AVAILABLE, { clientErrors: 'bad' })).toMatchObject({
      good: 90,
      total: 100,
    }));

  it.each<[Errors['cancelled'], number, number]>([
    ['excluded', 96, 100],
    ['good', 106, 110],
    ['bad', 96, 110],
  ])('callers that went away are %s', (cancelled, good, total) =>
    expect(
      judge({ ...MIXED, disconnected: 10 }, AVAILABLE, { cancelled }),
    ).toMatchObject({ good, total }),
  );

  it('own gRPC statuses replace the usual ones', () => {
    // 8 RESOURCE_EXHAUSTED blames the caller by default, 14 UNAVAILABLE the server.
    const slice = { ok: 90, client: 7, server: 3, grpc: { 8: 5, 14: 2 } };
    expect(judge(slice, AVAILABLE)).toMatchObject({ good: 97 });
    expect(
      judge(slice, AVAILABLE, { grpcStatuses: [2, 4, 8, 13, 15] }),
    ).toMatchObject({ good: 97 + 2 - 5, total: 100 });
    expect(
      judge(slice, AVAILABLE, { grpcStatuses: [8], clientErrors: 'bad' }),
    ).toMatchObject({ good: 90 + 2 });
  });

  it('extrapolated counts never make more good requests than requests, or fewer than none', () => {
    const odd = incrementsOf([MIXED]);
    odd.serverErrors[0] = 100.4;
    expect(
      judgeRequests(odd, AVAILABLE, {
        clientErrors: 'good',
        cancelled: 'excluded',
      }).good[0],
    ).toBe(0);
  });
});

describe('latency', () => {
  const slice: TestSlice = {
    ...MIXED,
    fast: { ok: 80, client: 6, server: 4 },
  };

  it('counts every answer in time, also errors', () =>
    expect(judge(slice, FAST)).toMatchObject({ good: 90, total: 100 }));

  it('in one with availability counts only answers in time that did not fail', () => {
    expect(judge(slice, BOTH)).toMatchObject({ good: 86, total: 100 });
    expect(judge(slice, BOTH, { clientErrors: 'bad' })).toMatchObject({
      good: 80,
      total: 100,
    });
  });

  it('requests without durations are unknown, not fast and not slow', () =>
    expect(judge({ ...slice, durations: false }, FAST)).toEqual({
      good: 0,
      total: 0,
      known: 0,
    }));

  it('without requests is known to have none', () =>
    expect(judge({}, FAST)).toEqual({ good: 0, total: 0, known: 900 }));

  const between: TestSlice = {
    ok: 100,
    fast: { ok: 60 },
    faster: { ok: 100 },
  };
  const gap = { ms: 250, lowMs: 100, highMs: 500 };

  it('a threshold between two edges is judged at the lower one', () =>
    expect(judge(between, FAST, {}, gap).good).toBe(60));

  it('or estimated between the two, if asked', () =>
    expect(
      judge(between, { ...FAST, betweenEdges: 'interpolate' }, {}, gap).good,
    ).toBeCloseTo(60 + 40 * (150 / 400)));

  it('above the last edge nothing counts as fast that is not certain to be', () =>
    expect(
      judge(
        between,
        { ...FAST, betweenEdges: 'interpolate' },
        {},
        { ms: 250, lowMs: 100, highMs: Infinity },
      ).good,
    ).toBe(60));
});

it('good and total stay in order, whatever the counts', () => {
  const count = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({
        ok: count,
        client: count,
        server: count,
        noResponse: count,
        disconnected: count,
        fast: fc.record({ ok: count, client: count, server: count }),
      }),
      fc.constantFrom(AVAILABLE, FAST, BOTH),
      fc.constantFrom<Errors['cancelled']>('excluded', 'good', 'bad'),
      fc.constantFrom<Errors['clientErrors']>('good', 'bad'),
      (slice, indicator, cancelled, clientErrors) => {
        const { good, total } = judge(slice, indicator, {
          cancelled,
          clientErrors,
        });
        expect(good).toBeGreaterThanOrEqual(0);
        expect(good).toBeLessThanOrEqual(total);
      },
    ),
  );
});
