import { RateLimit, RateLimits } from './RateLimits';

describe('a rate limit', () => {
  let time = 0;
  const clock = { now: () => time };
  beforeEach(() => {
    time = 0;
  });

  it('gives its burst, then as many as it fills', () => {
    const limit = new RateLimit({ burst: 3, perSecond: 2 }, clock);
    const taken = () => [1, 2, 3, 4].map(() => limit.take('a'));
    expect(taken()).toEqual([true, true, true, false]);
    time += 1_000;
    expect(taken()).toEqual([true, true, false, false]);
    time += 3_600_000;
    expect(taken()).toEqual([true, true, true, false]);
  });

  it('gives those who ask far too often their share all the same', () => {
    const limit = new RateLimit({ burst: 10, perSecond: 50 }, clock);
    let served = 0;
    // 1,000 a second for ten seconds.
    for (let i = 0; i < 10_000; i += 1) {
      if (limit.take('a')) served += 1;
      time += 1;
    }
    expect(served).toBeGreaterThanOrEqual(508);
    expect(served).toBeLessThanOrEqual(511);
  });

  it('counts each key apart, and survives a clock that goes back', () => {
    const limit = new RateLimit({ burst: 1, perSecond: 1 }, clock);
    time = 5_000;
    expect(limit.take('a')).toBe(true);
    expect(limit.take('b')).toBe(true);
    time = 0;
    expect(limit.take('a')).toBe(false);
    time = 1_000;
    expect(limit.take('a')).toBe(true);
  });

  it('lets one pod that asks too often take nothing from the others', () => {
    const limits = new RateLimits(
      {
        cluster: { burst: 10, perSecond: 1 },
        identity: { burst: 10, perSecond: 1 },
        pod: { burst: 2, perSecond: 0.1 },
      },
      clock,
    );
    const caller = { namespace: 'shop-web', serviceAccount: 'web' };
    const answers = Array.from({ length: 50 }, () =>
      limits.exceeded({ ...caller, podUid: 'greedy' }),
    );
    expect(answers.filter(a => a === undefined)).toHaveLength(2);
    expect(new Set(answers.slice(2))).toEqual(new Set(['pod']));
    const others = Array.from({ length: 8 }, (_, i) =>
      limits.exceeded({ ...caller, podUid: `honest-${i}` }),
    );
    expect(others.every(a => a === undefined)).toBe(true);
    expect(limits.exceeded({ ...caller, podUid: 'one more' })).toBe(
      'service account',
    );
  });
});
