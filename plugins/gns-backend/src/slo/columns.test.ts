import fc from 'fast-check';
import { sumColumns, tallyCells } from './columns';
import type { CellColumns } from './judgeRequests';
import { plus } from './tally';
import { DAY, HOUR, QUARTER } from './windows';

/** Requests per slice, all good; null: unknown. */
function cell(
  counts: (number | null)[],
  over: Partial<CellColumns> = {},
): CellColumns {
  const total = Float64Array.from(counts, n => n ?? 0);
  return {
    good: total,
    total,
    knownSeconds: Float64Array.from(counts, n => (n === null ? 0 : QUARTER)),
    expected: new Uint8Array(counts.length).fill(1),
    ...over,
  };
}
const tally = (
  cells: Parameters<typeof tallyCells>[0],
  length = cells[0].now.total.length,
) => tallyCells(cells, { from: 0, step: QUARTER, length });
const all = { from: 0, to: 400 * DAY };

describe('tallyCells', () => {
  it('adds clusters and services, and says how much of them is known', () => {
    const sum = sumColumns(
      tally([{ now: cell([1, 2]) }, { now: cell([10, null]) }]),
      all,
    );
    expect(sum).toMatchObject({
      good: 13,
      total: 13,
      expectedSeconds: 4 * QUARTER,
      knownSeconds: 3 * QUARTER,
      spanSeconds: 2 * QUARTER,
    });
  });

  it('estimates the unknown by the same time a week before', () => {
    const before = cell([100, 200, 300]);
    const { unknown } = tally([{ now: cell([null, null, 7]), before }]);
    expect([...unknown]).toEqual([100, 200, 0]);
  });

  it('else by the last hour that was known', () => {
    const { unknown } = tally([{ now: cell([1000, 8, 8, 4, 4, null, null]) }]);
    expect([...unknown]).toEqual([0, 0, 0, 0, 0, 6, 6]);
  });

  it('but not for longer than a day', () => {
    const silence = DAY / QUARTER;
    const { unknown } = tally([
      { now: cell([4, ...new Array(silence + 1).fill(null)]) },
    ]);
    expect(unknown[silence]).toBe(4);
    expect(unknown[silence + 1]).toBe(Infinity);
  });

  it('a silent cluster without a past can hide anything', () =>
    expect(tally([{ now: cell([null]) }]).unknown[0]).toBe(Infinity));

  it('of a slice that is half known, the other half is unknown', () => {
    const now = cell([100, 50], {
      knownSeconds: Float64Array.of(QUARTER, QUARTER / 2),
    });
    expect(sumColumns(tally([{ now }]), all)).toMatchObject({
      total: 150,
      unknown: 50,
      knownSeconds: 1.5 * QUARTER,
    });
  });

  it('what nobody expected is neither known nor unknown', () => {
    const now = cell([null, 5], { expected: Uint8Array.of(0, 1) });
    expect(sumColumns(tally([{ now }]), all)).toMatchObject({
      total: 5,
      unknown: 0,
      expectedSeconds: QUARTER,
      spanSeconds: QUARTER,
    });
  });
});

describe('sumColumns', () => {
  it('of two parts is the sum of the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat(1000)), { minLength: 1, maxLength: 60 }),
        fc.nat(60),
        (counts, cut) => {
          const columns = tally([{ now: cell(counts) }]);
          const middle = cut * QUARTER;
          expect(
            plus(
              sumColumns(columns, { from: 0, to: middle }),
              sumColumns(columns, { from: middle, to: all.to }),
            ),
          ).toEqual(sumColumns(columns, all));
        },
      ),
    );
  });

  it('takes the slices that begin within the span', () => {
    const columns = tally([{ now: cell([1, 2, 4, 8]) }]);
    expect(sumColumns(columns, { from: 1, to: HOUR / 2 + 1 }).total).toBe(6);
    expect(sumColumns(columns, { from: HOUR, to: DAY }).total).toBe(0);
  });
});
