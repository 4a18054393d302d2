import fc from 'fast-check';
import {
  addHistograms,
  quantileOf,
  totalOf,
  type Histogram,
} from './Histogram';

const histogram = (edgesMs: number[], counts: number[]): Histogram => ({
  edgesMs,
  counts: Float64Array.from(counts),
});

/** Cumulative count at an edge. */
function atMost({ edgesMs, counts }: Histogram, edge: number): number {
  return edgesMs.reduce((sum, e, i) => (e <= edge ? sum + counts[i] : sum), 0);
}

const any = fc
  .uniqueArray(fc.constantFrom(1, 5, 10, 25, 50, 100, 250), { maxLength: 7 })
  .chain(edges => {
    const edgesMs = [...edges].sort((a, b) => a - b);
    return fc
      .array(fc.nat({ max: 100 }), {
        minLength: edgesMs.length + 1,
        maxLength: edgesMs.length + 1,
      })
      .map(counts => histogram(edgesMs, counts));
  });

describe('addHistograms', () => {
  it('stays exact on the edges that both have, and has no other', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const sum = addHistograms(a, b);
        expect(sum.edgesMs).toEqual(
          a.edgesMs.filter(edge => b.edgesMs.includes(edge)),
        );
        expect(totalOf(sum)).toBe(totalOf(a) + totalOf(b));
        for (const edge of sum.edgesMs) {
          expect(atMost(sum, edge)).toBe(atMost(a, edge) + atMost(b, edge));
        }
      }),
    );
  });

  it('gives the same in either order', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(addHistograms(a, b)).toEqual(addHistograms(b, a));
      }),
    );
  });
});

describe('quantileOf', () => {
  it.each<[string, number[], number[], number, number | undefined, boolean]>([
    ['lies within its bucket', [10, 20], [0, 10, 0], 0.5, 15, false],
    ['starts the first bucket at 0', [10, 20], [10, 0, 0], 0.5, 5, false],
    ['is the edge when the rank is', [10, 20], [5, 5, 0], 0.5, 10, false],
    ['passes over empty buckets', [10, 20, 30], [5, 0, 5, 0], 0.75, 25, false],
    [
      'is told to be longer above all edges',
      [10, 20],
      [1, 0, 9],
      0.5,
      20,
      true,
    ],
    ['of nothing is unknown', [10, 20], [0, 0, 0], 0.5, undefined, false],
    ['without edges is unknown', [], [5], 0.5, undefined, false],
  ])('%s', (_what, edgesMs, counts, q, value, beyond) => {
    const found = quantileOf(histogram(edgesMs, counts), q);
    expect(found).toEqual(value === undefined ? undefined : { value, beyond });
  });

  it('is not the mean of quantiles', () => {
    const quick = histogram([10, 100, 1000], [990, 10, 0, 0]);
    const slow = histogram([10, 100, 1000], [0, 0, 10, 0]);
    const p99 = quantileOf(addHistograms(quick, slow), 0.99)!.value;
    expect(p99).toBeLessThanOrEqual(100);
    const mean =
      (quantileOf(quick, 0.99)!.value + quantileOf(slow, 0.99)!.value) / 2;
    expect(mean).toBeGreaterThan(400);
  });

  it('never falls as q grows', () => {
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, noNaN: true }), (h, q) => {
        const [low, high] = [quantileOf(h, q / 2), quantileOf(h, q)];
        expect(low?.value ?? 0).toBeLessThanOrEqual(high?.value ?? 0);
      }),
    );
  });
});
