import type { SloMethod, SloObjective } from '@isthmus/plugin-gns-common';
import { sumColumns } from './columns';
import type { CellColumns } from './judgeRequests';
import { joinSlices, judgeSlices, tallySlices, worstOf } from './timeSlices';
import { HOUR } from './windows';

type Quarter = [good: number, total: number] | 'unknown' | 'absent' | 'part';

/** A cell of quarters: good and all requests, unknown, partly known, or not expected. */
function cell(...quarters: Quarter[]): CellColumns {
  const counts = quarters.map(q => (typeof q === 'string' ? [0, 0] : q));
  return {
    good: Float64Array.from(counts, q => q[0]),
    total: Float64Array.from(counts, q => q[1]),
    knownSeconds: Float64Array.from(quarters, q => {
      if (q === 'unknown') return 0;
      return q === 'part' ? 840 : 900;
    }),
    expected: Uint8Array.from(quarters, q => (q === 'absent' ? 0 : 1)),
  };
}

type Slices = Extract<SloMethod, { type: 'timeSlices' }>;
const METHOD: Slices = {
  type: 'timeSlices',
  length: '15m',
  judge: 'together',
  noTraffic: 'good',
};
const ANY: Slices = { ...METHOD, judge: 'anyCluster' };
const P99: SloObjective = {
  name: 'p99',
  target: 98,
  weight: 1,
  indicator: { type: 'latency', threshold: '120ms', betweenEdges: 'snapDown' },
  slice: { good: 99, atLimit: 'bad' },
};
const FLOOR: SloObjective = {
  name: 'busy',
  target: 98,
  weight: 1,
  indicator: { type: 'throughput', floor: 2 },
};
const judge = (
  cells: CellColumns[],
  objective = P99,
  method = METHOD,
  quarters = 1,
) => judgeSlices(cells, objective, method, quarters);

describe('a time slice', () => {
  it('that reaches its threshold violates it: p99 of exactly the limit is bad', () => {
    expect(judge([cell([991, 1000], [990, 1000], [989, 1000])])).toEqual([
      'good',
      'bad',
      'bad',
    ]);
    expect(
      judge([cell([990, 1000])], {
        ...P99,
        slice: { good: 99, atLimit: 'good' },
      }),
    ).toEqual(['good']);
  });

  it('at the limit is told apart although shares are no round numbers in binary', () =>
    expect(
      judge([cell([0.99 * 3 * 0.1, 3 * 0.1], [99.9 * 7, 100 * 7])], P99),
    ).toEqual(['bad', 'good']));

  it('whose slow requests lie above every edge is bad', () =>
    // Nothing of them is within the last edge, so they are not within any threshold.
    expect(judge([cell([95, 100])])).toEqual(['bad']));

  it('without traffic is good, or left out', () => {
    expect(judge([cell([0, 0])])).toEqual(['good']);
    expect(
      judge([cell([0, 0])], P99, { ...METHOD, noTraffic: 'ignored' }),
    ).toEqual(['ignored']);
  });

  it('that is partly known is unknown', () =>
    expect(judge([cell('part', 'unknown')])).toEqual(['unknown', 'unknown']));

  it('of nobody is nothing', () =>
    expect(judge([cell('absent')])).toEqual(['none']));
});

describe('several clusters', () => {
  const good = cell([1000, 1000]);
  const bad = cell([50, 100]);
  const silent = cell('unknown');

  it('together are judged by the sum of their requests', () => {
    expect(judge([good, bad])).toEqual(['bad']);
    expect(judge([cell([100_000, 100_000]), bad])).toEqual(['good']);
  });

  it('any: one bad cluster is enough', () =>
    expect(judge([cell([100_000, 100_000]), bad], P99, ANY)).toEqual(['bad']));

  it('a silent one makes the sum unknown, but no known bad cluster good', () => {
    expect(judge([good, silent])).toEqual(['unknown']);
    expect(judge([bad, silent])).toEqual(['unknown']);
    expect(judge([good, silent], P99, ANY)).toEqual(['unknown']);
    expect(judge([bad, silent], P99, ANY)).toEqual(['bad']);
  });

  it('one that was no member then takes no part', () =>
    expect(judge([good, cell('absent')])).toEqual(['good']));
});

describe('a throughput floor', () => {
  it('is missed without traffic, and reached at exactly the floor', () =>
    expect(judge([cell([0, 0], [0, 1799], [0, 1800])], FLOOR)).toEqual([
      'bad',
      'bad',
      'good',
    ]));

  it('is of all clusters together, and reached as soon as the known ones reach it', () => {
    expect(judge([cell([0, 900]), cell([0, 900])], FLOOR, ANY)).toEqual([
      'good',
    ]);
    expect(judge([cell([0, 1800]), cell('unknown')], FLOOR)).toEqual(['good']);
    expect(judge([cell([0, 900]), cell('unknown')], FLOOR)).toEqual([
      'unknown',
    ]);
  });
});

describe('longer slices', () => {
  it('add their quarters, and are unknown if one of them is', () =>
    expect(
      judge(
        [
          cell(
            [99, 100],
            [100, 100],
            [100, 100],
            [100, 100],
            [1, 1],
            'unknown',
            [1, 1],
            [1, 1],
          ),
        ],
        P99,
        METHOD,
        4,
      ),
    ).toEqual(['good', 'unknown']));
});

describe('several objectives', () => {
  it('joined are good only where all are', () =>
    expect(
      joinSlices([
        ['good', 'good', 'unknown', 'good', 'ignored', 'none'],
        ['good', 'bad', 'bad', 'unknown', 'good', 'none'],
      ]),
    ).toEqual(['good', 'bad', 'bad', 'unknown', 'good', 'none']));

  it('of nothing is nothing', () => expect(worstOf([])).toBe('none'));
});

describe('tallySlices', () => {
  it('counts seconds; what is unknown or left out is neither good nor bad', () => {
    const columns = tallySlices(['good', 'bad', 'unknown', 'ignored', 'none'], {
      from: 0,
      step: HOUR,
    });
    expect(sumColumns(columns, { from: 0, to: 5 * HOUR })).toEqual({
      good: HOUR,
      total: 2 * HOUR,
      unknown: HOUR,
      expectedSeconds: 4 * HOUR,
      knownSeconds: 3 * HOUR,
      spanSeconds: 4 * HOUR,
    });
  });
});
