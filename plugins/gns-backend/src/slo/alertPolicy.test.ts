import fc from 'fast-check';
import { burnPolicy } from './alertPolicy';
import { DAY, HOUR, QUARTER } from './windows';

const policy = (days: number, budget = 0.001, grain = 60) =>
  burnPolicy({ periodSeconds: days * DAY, budget, grain });
const windows = (days: number, grain = 60) =>
  policy(days, 0.001, grain).rules.map(rule => [
    rule.longSeconds / 60,
    rule.shortSeconds / 60,
  ]);

describe('burnPolicy', () => {
  it('of 30 days is the table of the SRE workbook', () => {
    const { rules, derived, capped } = policy(30);
    expect({ derived, capped }).toEqual({ derived: false, capped: false });
    expect(
      rules.map(r => [
        r.severity,
        r.longSeconds,
        r.shortSeconds,
        Math.round(r.factor * 100) / 100,
      ]),
    ).toEqual([
      ['page', HOUR, 300, 14.4],
      ['page', 6 * HOUR, 1800, 6],
      ['ticket', DAY, 2 * HOUR, 3],
      ['ticket', 3 * DAY, 6 * HOUR, 1],
    ]);
  });

  it('of 28 days keeps the windows and lowers the rates', () =>
    expect(policy(28).rules.map(r => Math.round(r.factor * 100) / 100)).toEqual(
      [13.44, 5.6, 2.8, 0.93],
    ));

  it.each([
    [
      7,
      [
        [15, 2],
        [85, 7],
        [335, 28],
        [1005, 90],
      ],
    ],
    [
      90,
      [
        [180, 15],
        [1080, 90],
        [4320, 360],
        [12960, 1080],
      ],
    ],
  ])('of %d days has windows of its own, and says so', (days, expected) => {
    expect(windows(days)).toEqual(expected);
    expect(policy(days).derived).toBe(true);
  });

  it.each([
    // Everything bad burns at 1 ÷ budget: a target of 93.06 % is the last at which 14.4 can be passed.
    [0.001, 14.4, false],
    [0.0624, 14.4, false],
    [0.0695, 0.9 / 0.0695, true],
    [0.5, 1.8, true],
  ])('a budget of %d pages from a rate of %d on', (budget, factor, capped) => {
    const found = policy(30, budget);
    expect(found.rules[0].factor).toBeCloseTo(factor, 6);
    expect(found.capped).toBe(capped);
  });

  it('time slices are never cut: windows hold whole ones, a long one at least four', () => {
    expect(windows(30, QUARTER)).toEqual([
      [60, 15],
      [360, 30],
      [1440, 120],
      [4320, 360],
    ]);
    expect(windows(30, HOUR)).toEqual([
      [240, 60],
      [360, 60],
      [1440, 120],
      [4320, 360],
    ]);
  });

  it('whatever the period, every rule can fire, and spends about what it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 366 }),
        fc.double({ min: 1e-7, max: 0.9999, noNaN: true }),
        fc.constantFrom(60, 900, 1800, 3600),
        (days, budget, grain) => {
          const { rules } = policy(days, budget, grain);
          for (const rule of rules) {
            expect(rule.factor * budget).toBeLessThan(1);
            expect(rule.shortSeconds).toBeLessThan(rule.longSeconds);
            expect(rule.longSeconds % grain).toBe(0);
            expect(rule.shortSeconds % grain).toBe(0);
            expect(rule.longSeconds).toBeGreaterThanOrEqual(4 * grain);
            // Minutes are kept for six hours of burn, beyond that quarters of an hour.
            expect(
              rule.longSeconds > 6 * HOUR && rule.longSeconds % QUARTER !== 0,
            ).toBe(false);
            expect(
              (rule.factor * rule.longSeconds) / (days * DAY),
            ).toBeLessThanOrEqual(rule.spends + 1e-9);
          }
        },
      ),
    );
  });

  it('the cap is continuous: a little more budget never jumps a rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.99, noNaN: true }), budget => {
        const [a, b] = [budget, budget * 1.0001].map(
          e => policy(30, e).rules[0].factor,
        );
        expect(Math.abs(a - b)).toBeLessThan(0.01);
      }),
    );
  });
});
