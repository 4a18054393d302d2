import fc from 'fast-check';
import { eventually } from '../__testUtils__/eventually';
import { Backoff } from './Backoff';
import { systemClock } from './Clock';
import { Throttled } from './Throttled';
import { ClockSkew } from '../hub/ClockSkew';
import { Evidence } from '../inventory/Evidence';

describe('back-off', () => {
  it('doubles from one to sixty seconds, with full jitter', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), random => {
        const backoff = new Backoff(
          { first: 1_000, max: 60_000 },
          { random: () => random },
        );
        for (let n = 0; n < 50; n += 1) {
          const ceiling = Math.min(60_000, 1_000 * 2 ** n);
          expect(backoff.next()).toBe(
            Math.max(1, Math.round(ceiling * random)),
          );
        }
        backoff.reset();
        expect(backoff.next()).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});

describe('clock skew', () => {
  const learn = (theirs: number, ours: number) => {
    const skew = new ClockSkew({ now: () => ours });
    skew.learn(new Date(theirs).toUTCString(), ours);
    return skew;
  };
  const NOW = Date.parse('2026-01-01T12:00:00Z');

  it('is nothing while the header fits our clock', () => {
    expect(learn(NOW, NOW + 700).measured).toBe(0);
  });

  it('moves our time to the hub’s', () => {
    const skew = learn(NOW + 120_000, NOW);
    expect(Math.abs(skew.now() - (NOW + 120_000))).toBeLessThanOrEqual(1_000);
    expect(skew.tooLarge).toBe(false);
  });

  it('is believed up to five minutes, and told beyond', () => {
    const skew = learn(NOW - 3_600_000, NOW);
    expect(skew.now()).toBe(NOW - 300_000);
    expect(skew.tooLarge).toBe(true);
  });

  it('does not change for a header that is no date', () => {
    const skew = learn(NOW + 120_000, NOW);
    const { measured } = skew;
    skew.learn('yesterday', NOW);
    skew.learn(undefined, NOW);
    expect(skew.measured).toBe(measured);
  });
});

describe('evidence of deletions', () => {
  it('is kept for ten minutes', () => {
    let now = 0;
    const evidence = new Evidence({ now: () => now });
    evidence.record('shop', 'a');
    now = 500_000;
    evidence.record('shop', 'b');
    now = 601_000;
    expect(evidence.list().map(e => e.name)).toEqual(['b']);
  });

  it('stays within what the contract takes', () => {
    const evidence = new Evidence({ now: () => 0 });
    for (let i = 0; i < 6_000; i += 1) evidence.record('shop', `s${i}`);
    expect(evidence.list()).toHaveLength(5_000);
    expect(evidence.list()[0].name).toBe('s1000');
  });
});

describe('throttled work', () => {
  it('runs no more often than its interval, and gathers requests', async () => {
    const runs: number[] = [];
    const end = new AbortController();
    const throttled = new Throttled({
      interval: 200,
      clock: systemClock,
      work: async () => {
        runs.push(Date.now());
      },
      onError: () => {},
    });
    const running = throttled.run(end.signal);
    throttled.request();
    await eventually(() => runs.length === 1);
    for (let i = 0; i < 10; i += 1) throttled.request();
    await eventually(() => runs.length === 2);
    expect(runs[1] - runs[0]).toBeGreaterThanOrEqual(195);
    end.abort();
    await running;
  });

  it('tries again after a failure, and flushes an open request', async () => {
    const errors: unknown[] = [];
    let fails = true;
    let done = 0;
    const throttled = new Throttled({
      interval: 60_000,
      clock: systemClock,
      work: async () => {
        if (fails) throw new Error('down');
        done += 1;
      },
      onError: error => errors.push(error),
    });
    throttled.request();
    await throttled.flush();
    expect(errors).toHaveLength(1);
    fails = false;
    await throttled.flush();
    await throttled.flush();
    expect(done).toBe(1);
  });
});
