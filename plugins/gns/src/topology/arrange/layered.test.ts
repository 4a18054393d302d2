import fc from 'fast-check';
import { layered, type LayeredInput } from './layered';
import { countLineCrossings } from './lineCrossings';
import { seededMesh } from './seededMesh';
import { runNow } from './slices';

const GAPS = { layer: 90, node: 20, bend: 12 };

const inputOf = (
  nodes: number,
  edges: [number, number][],
  tallest?: number,
): LayeredInput => ({
  widths: Array.from({ length: nodes }, () => 200),
  heights: Array.from({ length: nodes }, () => 60),
  edges,
  gaps: GAPS,
  tallest,
});

const graphs = fc.integer({ min: 1, max: 30 }).chain(nodes =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(
      fc.tuple(fc.nat({ max: nodes - 1 }), fc.nat({ max: nodes - 1 })),
      { maxLength: 60 },
    ),
  }),
);

describe('layered', () => {
  it('draws callers left of what they call', () => {
    const { x } = runNow(
      layered(
        inputOf(4, [
          [0, 1],
          [1, 2],
          [0, 3],
          [3, 2],
        ]),
      ),
    );
    expect(x[0]).toBeLessThan(x[1]);
    expect(x[1]).toBe(x[3]);
    expect(x[1]).toBeLessThan(x[2]);
  });

  it('draws a source beside its server, not at the far left', () => {
    // 4 calls only the last of a chain.
    const { x } = runNow(
      layered(
        inputOf(5, [
          [0, 1],
          [1, 2],
          [2, 3],
          [4, 3],
        ]),
      ),
    );
    expect(x[4]).toBe(x[2]);
  });

  it('unties a crossing that can be untied', () => {
    const edges: [number, number][] = [
      [0, 4],
      [1, 3],
      [2, 3],
      [2, 5],
      [0, 5],
    ];
    expect(runNow(layered(inputOf(6, edges))).crossings).toBe(0);
  });

  it('lets no two nodes overlap, whatever the graph', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { x, y, width, height } = runNow(layered(inputOf(nodes, edges)));
        for (let a = 0; a < nodes; a += 1) {
          expect(x[a]).toBeGreaterThanOrEqual(0);
          expect(y[a]).toBeGreaterThanOrEqual(0);
          expect(x[a] + 200).toBeLessThanOrEqual(width);
          expect(y[a] + 60).toBeLessThanOrEqual(height + 1);
          for (let b = a + 1; b < nodes; b += 1) {
            if (x[a] === x[b] && Math.abs(y[a] - y[b]) < 60) {
              throw new Error(`${a} lies on ${b}`);
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  }, 30_000);

  it('passes a layer at a bend that lies on no node', () => {
    const edges: [number, number][] = [
      [0, 1],
      [1, 2],
      [0, 2],
    ];
    const { bends, y } = runNow(layered(inputOf(3, edges)));
    const [bend] = bends.get(2)!;
    expect(bends.size).toBe(1);
    expect(bend.y < y[1] || bend.y > y[1] + 60).toBe(true);
  });

  it('splits a column that would be too tall', () => {
    const edges = Array.from(
      { length: 30 },
      (_, i) => [0, i + 1] as [number, number],
    );
    const { height } = runNow(layered(inputOf(31, edges, 8)));
    expect(height).toBeLessThan(30 * 60);
  });

  it('crosses at most half as often as unsorted layers, for 1,000 nodes', () => {
    const { items, edges } = seededMesh({ services: 1000 });
    const leaves = items.filter(item => item.id.startsWith('service/'));
    const index = new Map(leaves.map((item, i) => [item.id, i]));
    const pairs = edges.map(
      e => [index.get(e.source)!, index.get(e.target)!] as [number, number],
    );
    const { x, y, bends } = runNow(layered(inputOf(leaves.length, pairs)));
    const middle = (top: ArrayLike<number>, v: number) => ({
      x: x[v],
      y: top[v],
    });
    const drawn = countLineCrossings(
      pairs.map(([a, b], e) => [
        middle(y, a),
        ...(bends.get(e) ?? []),
        middle(y, b),
      ]),
    );
    // The same layers, each in the order of the names.
    const rows = new Map<number, number>();
    const unsorted = Array.from(x, column => {
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return row * 80;
    });
    const plain = countLineCrossings(
      pairs.map(([a, b]) => [middle(unsorted, a), middle(unsorted, b)]),
    );
    expect(plain).toBeGreaterThan(100_000);
    expect(drawn * 2).toBeLessThan(plain);
  }, 60_000);
});
