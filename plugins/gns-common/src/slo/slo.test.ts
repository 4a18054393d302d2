import fc from 'fast-check';
import { ISTIO_DURATION_EDGES, positionOf } from './buckets';
import { durationMs, formatDuration } from './duration';

describe('durations', () => {
  it.each<[string, number]>([
    ['250ms', 250],
    ['0.5ms', 0.5],
    ['0.3s', 300],
    ['1.5s', 1500],
    ['2m', 120_000],
  ])('%s are %d ms', (text, ms) => expect(durationMs(text)).toBe(ms));

  it('a formatted duration reads back as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), tenths => {
        const ms = tenths / 10;
        expect(durationMs(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

/** The same by counting the edges below. */
function expected(ms: number) {
  const below = ISTIO_DURATION_EDGES.filter(edge => edge < ms).length;
  if (ISTIO_DURATION_EDGES.includes(ms)) return { at: 'edge', index: below };
  if (below === 0) return { at: 'below' };
  return below === ISTIO_DURATION_EDGES.length
    ? { at: 'above', last: below - 1 }
    : { at: 'between', lower: below - 1, upper: below };
}

describe('positionOf', () => {
  it('what lies below a threshold is counted up to the edge before it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), ms => {
        expect(positionOf(ms, ISTIO_DURATION_EDGES)).toEqual(expected(ms));
      }),
    );
  });

  it('without edges nothing is certain', () =>
    expect(positionOf(1, [])).toEqual({ at: 'below' }));
});
