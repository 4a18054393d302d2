import fc from 'fast-check';
import {
  budgetOf,
  burnRate,
  errorBudget,
  EPSILON,
  secondsToExhaustion,
} from './budget';
import { coverage, NOTHING, type Tally } from './tally';
import { DAY, HOUR, windowAt, type ObjectiveWindow } from './windows';

/** All known, for the length of the window. */
const known = (good: number, total: number, span = 28 * DAY): Tally => ({
  ...NOTHING,
  good,
  total,
  expectedSeconds: span,
  knownSeconds: span,
  spanSeconds: span,
});
const rolling: ObjectiveWindow = { from: 0, to: 28 * DAY, until: 28 * DAY };
/** A calendar window of `days`, of which `passed` have passed. */
const calendar = (days: number, passed: number): ObjectiveWindow => ({
  from: 0,
  to: days * DAY,
  until: passed * DAY,
  resetsAt: days * DAY,
});
const requests = (tally: Tally, target: number, window = rolling) =>
  budgetOf(tally, { budget: errorBudget(target), window, unit: 'requests' });
const slices = (tally: Tally, target: number, window = rolling) =>
  budgetOf(tally, { budget: errorBudget(target), window, unit: 'seconds' });

describe('the error budget', () => {
  it.each([
    [99.9, 0.001],
    [99.99999, 1e-7],
    [98, 0.02],
    [93.06, 0.0694],
    [0.00001, 0.9999999],
  ])('of a target of %d %% is %d', (target, budget) =>
    expect(errorBudget(target)).toBe(budget),
  );
});

describe('requests in a rolling window', () => {
  it('one bad of a thousand spends a budget of 99.9 % exactly, and violates nothing', () => {
    const budget = requests(known(999_000, 1_000_000), 99.9);
    expect(budget.consumed).toBeCloseTo(1, 9);
    expect(budget).toMatchObject({
      verdict: 'met',
      allowedBad: 1000,
      bad: 1000,
      forecast: false,
      estimated: false,
    });
    expect(requests(known(998_999, 1_000_000), 99.9).verdict).toBe('violated');
  });

  it('the used budget may pass 100 %', () =>
    expect(requests(known(95, 100), 99).consumed).toBeCloseTo(5));

  it('quiet nights weigh as little as they have requests', () => {
    // 96 slices of 5 requests with one bad, 192 of 10,000 without: the mean of ratios would say 6.67 %.
    const { sli } = requests(
      known(96 * 4 + 192 * 10_000, 96 * 5 + 192 * 10_000),
      99.9,
    );
    expect(1 - sli!).toBeCloseTo(96 / 1_920_480, 12);
  });

  it('without traffic nothing is spent, and that is a state of its own', () =>
    expect(requests(known(0, 0), 99.9)).toMatchObject({
      verdict: 'noTraffic',
      sli: null,
      consumed: null,
    }));

  it('without data nothing is said', () =>
    expect(requests(NOTHING, 99.9)).toMatchObject({
      verdict: 'noData',
      sli: null,
      consumed: null,
      consumedBounds: null,
    }));
});

describe('an unknown part', () => {
  const half = { expectedSeconds: 2, knownSeconds: 1, spanSeconds: 1 };
  const part = (good: number, total: number, unknown: number): Tally => ({
    good,
    total,
    unknown,
    ...half,
  });

  it('bounds the share: [g ÷ (n + u), (g + u) ÷ (n + u)], as an estimate', () =>
    expect(requests(part(990, 1000, 1000), 99)).toMatchObject({
      sli: 0.99,
      sliBounds: { low: 0.495, high: 0.995 },
      estimated: true,
      verdict: 'indeterminate',
    }));

  it('uses none of the budget', () =>
    expect(requests(part(990, 1000, 1e9), 99).consumed).toBeCloseTo(1));

  it('leaves a verdict where it cannot change it', () => {
    expect(requests(part(1000, 1000, 1), 99).verdict).toBe('met');
    expect(requests(part(500, 1000, 1), 99).verdict).toBe('violated');
  });

  it('without a basis for an estimate leaves everything open', () =>
    expect(requests(part(1, 1000, Infinity), 99)).toMatchObject({
      sliBounds: { low: 0, high: 1 },
      consumedBounds: { low: 0, high: expect.closeTo(100) },
      verdict: 'indeterminate',
    }));

  it('next to a known part without traffic is no absence of traffic', () =>
    expect(requests(part(0, 0, Infinity), 99)).toMatchObject({
      verdict: 'indeterminate',
      sli: null,
      sliBounds: { low: 0, high: 1 },
    }));

  const count = fc.double({ min: 0, max: 1e6, noNaN: true });
  const targets = fc.integer({ min: 1, max: 99_999 }).map(n => n / 1000);
  const windows = fc.constantFrom(rolling, calendar(30, 10), calendar(31, 31));

  it('whatever it was, the truth lies within the bounds', () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        targets,
        windows,
        (g, b, ug, ub, target, window) => {
          fc.pre(g + b > 0.001);
          const seen = {
            ...part(g, g + b, ug + ub),
            spanSeconds: window.until,
          };
          const all = {
            ...known(g + ug, g + b + ug + ub),
            spanSeconds: window.until,
          };
          const bounded = requests(seen, target, window);
          const truth = requests(all, target, window);
          const slack = 1e-6 * (1 + truth.consumed!);
          expect(bounded.consumedBounds!.low).toBeLessThanOrEqual(
            truth.consumed! + slack,
          );
          expect(bounded.consumedBounds!.high).toBeGreaterThanOrEqual(
            truth.consumed! - slack,
          );
          expect(bounded.sliBounds!.low).toBeLessThanOrEqual(truth.sli! + 1e-9);
          expect(bounded.sliBounds!.high).toBeGreaterThanOrEqual(
            truth.sli! - 1e-9,
          );
          // A verdict that was given is the verdict of the truth.
          const near = Math.abs(truth.consumed! - 1) < 1e-6;
          expect(
            near || [truth.verdict, 'indeterminate'].includes(bounded.verdict),
          ).toBe(true);
        },
      ),
    );
  });

  it('never spends any of the budget', () => {
    fc.assert(
      fc.property(
        count,
        count,
        fc.oneof(count, fc.constant(Infinity)),
        targets,
        windows,
        (g, b, u, target, window) => {
          fc.pre(g + b > 0.001);
          const without = requests(
            {
              ...part(g, g + b, 0),
              knownSeconds: 2,
              spanSeconds: window.until,
            },
            target,
            window,
          );
          const more = requests(
            { ...part(g, g + b, u), spanSeconds: window.until },
            target,
            window,
          );
          expect(more.consumed!).toBeLessThanOrEqual(
            without.consumed! + EPSILON,
          );
        },
      ),
    );
  });

  it('of time is no estimate: bounds are exact', () => {
    const day = 96 * 900;
    expect(
      slices(
        {
          good: day,
          total: day,
          unknown: day,
          expectedSeconds: 2 * day,
          knownSeconds: day,
          spanSeconds: 2 * day,
        },
        90,
      ),
    ).toMatchObject({
      estimated: false,
      sli: 1,
      sliBounds: { low: 0.5, high: 1 },
      consumed: 0,
      consumedBounds: { low: 0, high: expect.closeTo(5) },
      verdict: 'indeterminate',
    });
  });
});

describe('a calendar window', () => {
  it('of requests forecasts the rest of the period', () => {
    // A third has passed; at the same rate there are three million requests, of which 3,000 may be bad.
    const budget = requests(
      known(999_000, 1_000_000, 10 * DAY),
      99.9,
      calendar(30, 10),
    );
    expect(budget).toMatchObject({ forecast: true, verdict: 'met', bad: 1000 });
    expect(budget.allowedBad).toBeCloseTo(3000);
    // The same as burn rate to date × elapsed ÷ period.
    expect(budget.consumed).toBeCloseTo((1 * 10) / 30);
  });

  it('early on, a bad share to date violates nothing while budget is left', () => {
    const budget = requests(known(990, 1000, DAY), 99.9, calendar(30, 1));
    expect(budget.sli).toBe(0.99);
    expect(budget.verdict).toBe('met');
    expect(budget.consumed).toBeCloseTo(10 / 30);
  });

  it('of a service that came late forecasts from when it came', () => {
    const late = { ...known(1000, 1000, 5 * DAY) };
    expect(requests(late, 99, calendar(30, 25)).allowedBad).toBeCloseTo(
      0.01 * 2000,
    );
  });

  it('at its end is no forecast any more', () =>
    expect(requests(known(1, 1, 30 * DAY), 99, calendar(30, 30)).forecast).toBe(
      false,
    ));

  it.each([
    [30 * 24, '14 h 24 min'],
    [28 * 24, '13 h 26 min 24 s'],
    [31 * 24, '14 h 52 min 48 s'],
    [743, '14 h 51 min 36 s'],
    [745, '14 h 54 min'],
    [721, '14 h 25 min 12 s'],
    [720.5, '14 h 24 min 36 s'],
  ])('of %d h at 98 %% may be bad for %s', (hours, expected) => {
    const window = {
      from: 0,
      to: hours * HOUR,
      until: 2 * HOUR,
      resetsAt: hours * HOUR,
    };
    const { allowedBad, forecast } = slices(
      known(HOUR, 2 * HOUR, 2 * HOUR),
      98,
      window,
    );
    const s = Math.round(allowedBad!);
    const text = [
      `${Math.floor(s / HOUR)} h`,
      `${Math.floor((s % HOUR) / 60)} min`,
      ...(s % 60 ? [`${s % 60} s`] : []),
    ].join(' ');
    expect([text, forecast]).toEqual([expected, false]);
  });

  it('unknown slices are left out of its time, and do not count as good', () => {
    const tally = {
      good: 0,
      total: DAY,
      unknown: 9 * DAY,
      expectedSeconds: 10 * DAY,
      knownSeconds: DAY,
      spanSeconds: 10 * DAY,
    };
    const budget = slices(tally, 90, calendar(30, 10));
    expect(budget.allowedBad).toBeCloseTo(0.1 * 21 * DAY);
    expect(budget.consumed).toBeCloseTo(1 / 2.1);
  });

  it('takes its length from the real month of its zone', () => {
    const window = windowAt(
      { type: 'calendar', period: 'month', timeZone: 'Europe/Berlin' },
      Date.parse('2026-03-15T00:00Z') / 1000,
    );
    const { allowedBad } = slices(
      known(
        window.until - window.from,
        window.until - window.from,
        window.until - window.from,
      ),
      98,
      window,
    );
    expect(allowedBad! / HOUR).toBeCloseTo(0.02 * 743);
  });
});

describe('burn rates', () => {
  it('1 spends the budget in exactly one window', () =>
    expect(burnRate(known(999, 1000), 0.001)).toBeCloseTo(1));
  it('need traffic', () => expect(burnRate(known(0, 0), 0.001)).toBeNull());
});

describe('secondsToExhaustion', () => {
  it('is what is left of the budget at the present rate', () =>
    expect(
      secondsToExhaustion({ consumed: 0.5, burn: 14, window: rolling }),
    ).toBeCloseTo(DAY));
  it('is now when it is spent', () =>
    expect(
      secondsToExhaustion({ consumed: 1.2, burn: 2, window: rolling }),
    ).toBe(0));
  it.each([[0], [null]])('is not in sight while nothing burns (%s)', burn =>
    expect(
      secondsToExhaustion({ consumed: 0.5, burn, window: rolling }),
    ).toBeNull(),
  );
  it('is not in sight when the budget is full again before', () => {
    const window = calendar(30, 29);
    expect(secondsToExhaustion({ consumed: 0.5, burn: 10, window })).toBeNull();
    expect(
      secondsToExhaustion({ consumed: 0.5, burn: 16, window }),
    ).toBeCloseTo((15 / 16) * DAY);
  });
  it('is not in sight at a rate that a rolling budget outlives', () =>
    expect(
      secondsToExhaustion({ consumed: 0.1, burn: 0.5, window: rolling }),
    ).toBeNull());
});

describe('coverage', () => {
  it('weighs by requests where they can be estimated, else by time', () => {
    const tally = {
      ...NOTHING,
      total: 90,
      unknown: 10,
      expectedSeconds: 4,
      knownSeconds: 1,
    };
    expect(coverage(tally)).toBe(0.9);
    expect(coverage({ ...tally, unknown: Infinity })).toBe(0.25);
    expect(coverage(NOTHING)).toBeNull();
  });
});
