import fc from 'fast-check';
import { type TopologyNode } from '@isthmus/plugin-gns-common';
import { shopTopology } from '../../dev/fixtures';
import { buildGraph } from './graph';
import { type Box, layout, SIZES } from './layout';

/** Clusters of namespaces of services, as the hub sends them. */
const shapes = fc.array(
  fc.record({
    namespaces: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
    gateways: fc.nat({ max: 3 }),
  }),
  { maxLength: 12 },
);

function nodesOf(
  shape: { namespaces: number[]; gateways: number }[],
): TopologyNode[] {
  return shape.flatMap(({ namespaces, gateways }, c) => {
    const cluster = `c${c}`;
    const base = { cluster, health: 'healthy' as const };
    return [
      { ...base, id: cluster, kind: 'cluster' as const, label: cluster },
      ...Array.from({ length: gateways }, (_, g) => ({
        ...base,
        id: `${cluster}/gw${g}`,
        kind: 'gateway' as const,
        label: `gw${g}`,
        parent: cluster,
      })),
      ...namespaces.flatMap((services, n) => [
        {
          ...base,
          id: `${cluster}/n${n}`,
          kind: 'namespace' as const,
          label: `n${n}`,
          namespace: `n${n}`,
          parent: cluster,
        },
        ...Array.from({ length: services }, (_, s) => ({
          ...base,
          id: `${cluster}/n${n}/s${s}`,
          kind: 'service' as const,
          label: `s${s}`,
          namespace: `n${n}`,
          parent: `${cluster}/n${n}`,
        })),
      ]),
    ];
  });
}

const place = (nodes: TopologyNode[]) =>
  layout(buildGraph({ nodes, edges: [] }));

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width &&
  b.x < a.x + a.width &&
  a.y < b.y + b.height &&
  b.y < a.y + a.height;

describe('layout', () => {
  it('places every box once, parents first', () => {
    fc.assert(
      fc.property(shapes, shape => {
        const nodes = nodesOf(shape);
        const seen = new Set<string>();
        for (const box of place(nodes)) {
          expect(seen.has(box.id)).toBe(false);
          expect(box.parent === undefined || seen.has(box.parent)).toBe(true);
          seen.add(box.id);
        }
        expect(seen.size).toBe(nodes.length);
      }),
      { numRuns: 25 },
    );
  });

  it('lets no two boxes of one parent overlap', () => {
    fc.assert(
      fc.property(shapes, shape => {
        const byParent = new Map<string, Box[]>();
        for (const box of place(nodesOf(shape))) {
          const siblings = byParent.get(box.parent ?? '') ?? [];
          for (const other of siblings) {
            if (overlap(box, other)) {
              throw new Error(`${box.id} lies on ${other.id}`);
            }
          }
          siblings.push(box);
          byParent.set(box.parent ?? '', siblings);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('keeps every box inside its parent', () => {
    fc.assert(
      fc.property(shapes, shape => {
        const boxes = new Map(place(nodesOf(shape)).map(box => [box.id, box]));
        for (const box of boxes.values()) {
          const parent = box.parent ? boxes.get(box.parent) : undefined;
          if (!parent) continue;
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(parent.width);
          expect(box.y + box.height).toBeLessThanOrEqual(parent.height);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is the same in whatever order the hub lists the nodes', () => {
    fc.assert(
      fc.property(
        shapes.chain(shape => {
          const nodes = nodesOf(shape);
          return fc.tuple(
            fc.constant(nodes),
            fc.shuffledSubarray(nodes, {
              minLength: nodes.length,
              maxLength: nodes.length,
            }),
          );
        }),
        ([nodes, shuffled]) => {
          expect(place(shuffled)).toEqual(place(nodes));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('moves nothing when only health changes', () => {
    const failing = shopTopology.nodes.map(node => ({
      ...node,
      health: 'failing' as const,
    }));
    expect(place(failing)).toEqual(place(shopTopology.nodes));
  });

  it('gives services their fixed size', () => {
    const ids = new Set(
      shopTopology.nodes
        .filter(node => node.kind === 'service')
        .map(node => node.id),
    );
    const sizes = place(shopTopology.nodes)
      .filter(box => ids.has(box.id))
      .map(({ width, height }) => ({ width, height }));
    expect(sizes).toEqual(sizes.map(() => SIZES.service));
    expect(sizes).toHaveLength(ids.size);
  });

  it('takes no noticeable time for a thousand services', () => {
    const nodes = nodesOf(
      Array.from({ length: 10 }, () => ({
        namespaces: [20, 20, 20, 20, 20],
        gateways: 1,
      })),
    );
    const graph = buildGraph({ nodes, edges: [] });
    const started = performance.now();
    expect(layout(graph)).toHaveLength(nodes.length);
    // The aim is 50 ms; the margin is for a busy machine.
    expect(performance.now() - started).toBeLessThan(250);
  });
});
