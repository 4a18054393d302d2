import { DEFAULT_FRESHNESS, freshnessOf } from './freshness';
import { TokenBuckets } from './TokenBuckets';

const now = Date.parse('2026-01-01T12:00:00.000Z');
const before = (seconds: number) =>
  new Date(now - seconds * 1000).toISOString();
const of = (reported: number | undefined, unauthorized?: number) =>
  freshnessOf(
    {
      lastReportAt: reported === undefined ? undefined : before(reported),
      lastUnauthorizedAt:
        unauthorized === undefined ? undefined : before(unauthorized),
    },
    now,
    DEFAULT_FRESHNESS,
  );

describe('freshness', () => {
  it('goes from ok over stale to unreachable with age', () => {
    expect([of(60), of(61), of(300), of(301), of(undefined)]).toEqual([
      'ok',
      'stale',
      'stale',
      'unreachable',
      'unreachable',
    ]);
  });

  it('a bad token in its name does not make a reporting cluster look unauthorized', () => {
    expect(of(10, 1)).toBe('ok');
    expect(of(120, 1)).toBe('unauthorized');
    expect(of(120, 200)).toBe('stale');
    expect(of(undefined, 1)).toBe('unauthorized');
  });
});

describe('TokenBuckets', () => {
  it('one cluster that floods does not take from another', () => {
    let time = 0;
    const buckets = new TokenBuckets({
      perSecond: 1,
      burst: 2,
      now: () => time,
    });
    expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 1]);
    expect(buckets.take('b')).toBe(0);
    time = 1000;
    expect(buckets.take('a')).toBe(0);
    expect(buckets.take('a')).toBeGreaterThan(0);
  });
});
