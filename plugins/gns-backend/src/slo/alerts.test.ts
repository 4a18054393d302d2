import fc from 'fast-check';
import {
  CALM,
  nextAlert,
  readRule,
  severityOf,
  type AlertState,
  type Burning,
} from './alerts';
import type { BurnRule } from './alertPolicy';
import { NOTHING, type Tally } from './tally';

const RULE: BurnRule = {
  severity: 'page',
  longSeconds: 3600,
  shortSeconds: 300,
  factor: 14.4,
  spends: 0.02,
};
const known = (bad: number, total: number): Tally => ({
  ...NOTHING,
  good: total - bad,
  total,
  expectedSeconds: 1,
  knownSeconds: 1,
});
const part = (tally: Tally, budget = 0.001, weight = 1) => [
  { tally, budget, weight },
];
const read = (long: Tally, short: Tally, minBad = 3) =>
  readRule(RULE, part(long), part(short), minBad).state;

describe('a burn rule', () => {
  it('burns only when both windows do', () => {
    expect(read(known(20, 1000), known(20, 1000))).toBe('burning');
    expect(read(known(20, 1000), known(0, 1000))).toBe('quiet');
    expect(read(known(0, 1000), known(20, 1000))).toBe('quiet');
  });

  it('burns above the rate, not at it', () =>
    expect(read(known(144, 10_000), known(144, 10_000))).toBe('quiet'));

  it('is quiet below the least number of bad requests', () => {
    expect(read(known(2, 10), known(2, 10))).toBe('quiet');
    expect(read(known(2, 10), known(2, 10), 2)).toBe('burning');
  });

  it('is quiet without traffic', () =>
    expect(read(known(0, 0), known(0, 0))).toBe('quiet'));

  it.each<[string, Tally, Tally]>([
    [
      'less than half of the long window',
      { ...known(50, 100), unknown: 101 },
      known(50, 100),
    ],
    [
      'nothing of the short window',
      known(50, 100),
      { ...NOTHING, expectedSeconds: 1, unknown: Infinity },
    ],
    ['nothing at all', NOTHING, NOTHING],
  ])('is unknown while %s is known', (_what, long, short) =>
    expect(read(long, short)).toBe('unknown'),
  );

  it('weighs several objectives', () => {
    const parts = [
      { tally: known(100, 1000), budget: 0.001, weight: 1 },
      { tally: known(0, 1000), budget: 0.01, weight: 3 },
    ];
    expect(readRule(RULE, parts, parts, 3)).toMatchObject({
      longBurn: expect.closeTo(25),
      state: 'burning',
    });
  });
});

describe('a severity', () => {
  const of = (...states: Burning[]) =>
    severityOf(
      states.map(state => ({
        rule: RULE,
        state,
        longBurn: null,
        shortBurn: null,
      })),
      'page',
    );
  it('burns with one rule, and is calm only when every rule is known to be', () => {
    expect(of('quiet', 'burning', 'unknown')).toBe('burning');
    expect(of('quiet', 'unknown')).toBe('unknown');
    expect(of('quiet', 'quiet')).toBe('quiet');
  });
});

describe('an alert', () => {
  const step = (state: AlertState, burning: Burning, now: number) =>
    nextAlert(state, burning, { now, shortSeconds: 300 });
  const firing: AlertState = { firing: true, since: 100, burnedAt: 200 };

  it('fires once', () => {
    const first = step(CALM(0), 'burning', 100);
    expect(first).toEqual({
      event: 'fired',
      state: { firing: true, since: 100, burnedAt: 100 },
    });
    expect(step(first.state, 'burning', 160)).toEqual({
      state: { firing: true, since: 100, burnedAt: 160 },
    });
  });

  it('ends after calm of the short window, not at the first good minute', () => {
    expect(step(firing, 'quiet', 499)).toEqual({ state: firing });
    expect(step(firing, 'quiet', 500)).toEqual({
      event: 'resolved',
      state: { firing: false, since: 500 },
    });
  });

  it('what is unknown neither starts nor ends it', () => {
    expect(step(firing, 'unknown', 1e9)).toEqual({ state: firing });
    expect(step(CALM(0), 'unknown', 1e9)).toEqual({ state: CALM(0) });
  });

  it('fires and ends in turns, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Burning>('burning', 'quiet', 'unknown')),
        readings => {
          let state = CALM(0);
          const events: string[] = [];
          readings.forEach((burning, i) => {
            const next = step(state, burning, (i + 1) * 60);
            state = next.state;
            if (next.event) events.push(next.event);
          });
          expect(events).toEqual(
            events.map((_, i) => (i % 2 === 0 ? 'fired' : 'resolved')),
          );
        },
      ),
    );
  });
});
