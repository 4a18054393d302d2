import fc from 'fast-check';
import { type Box, type Ends, type Item, onMap } from './boxes';
import { place, type PlaceInput } from './place';
import { seededMesh } from './seededMesh';
import { runInSlices, runNow } from './slices';

const service = (id: string, parent?: string): Item => ({
  id,
  parent,
  width: 200,
  height: 64,
});
const box = (id: string, parent?: string): Item => ({
  id,
  parent,
  width: 120,
  height: 60,
  head: 30,
});

const shop: PlaceInput & { items: Item[]; edges: Ends[] } = {
  items: [
    box('eu'),
    box('eu/web', 'eu'),
    box('eu/api', 'eu'),
    service('front', 'eu/web'),
    service('cart', 'eu/api'),
    service('catalog', 'eu/api'),
    service('orders', 'eu/api'),
    box('us'),
    box('us/api', 'us'),
    service('pay', 'us/api'),
    service('outside'),
  ],
  edges: [
    { source: 'outside', target: 'front' },
    { source: 'front', target: 'cart' },
    { source: 'front', target: 'catalog' },
    { source: 'cart', target: 'orders' },
    { source: 'orders', target: 'pay' },
  ],
};

const placed = (input: PlaceInput) => runNow(place(input));

const worlds = fc.record({
  services: fc.integer({ min: 1, max: 60 }),
  clusters: fc.integer({ min: 1, max: 4 }),
  namespaces: fc.integer({ min: 1, max: 4 }),
  calls: fc.integer({ min: 0, max: 3 }),
  seed: fc.nat({ max: 1000 }),
});

/** Throws where two children of one box overlap, or one leaves its box. */
function expectTidy(boxes: ReadonlyMap<string, Box>): void {
  const siblings = new Map<string, Box[]>();
  for (const one of boxes.values()) {
    const parent = one.parent === undefined ? undefined : boxes.get(one.parent);
    if (parent) {
      const isInside =
        one.x >= 0 &&
        one.y >= 0 &&
        one.x + one.width <= parent.width &&
        one.y + one.height <= parent.height;
      if (!isInside) throw new Error(`${one.id} leaves ${parent.id}`);
    }
    const others = siblings.get(one.parent ?? '') ?? [];
    for (const other of others) {
      if (
        one.x < other.x + other.width &&
        other.x < one.x + one.width &&
        one.y < other.y + other.height &&
        other.y < one.y + one.height
      ) {
        throw new Error(`${one.id} lies on ${other.id}`);
      }
    }
    others.push(one);
    siblings.set(one.parent ?? '', others);
  }
}

describe('place', () => {
  it('puts services into their boxes, callers to the left, outsiders outside', () => {
    const { boxes } = placed(shop);
    const at = onMap({ boxes, routes: new Map() });
    expect([...boxes.keys()].sort()).toEqual(
      shop.items.map(item => item.id).sort(),
    );
    expectTidy(boxes);
    expect(at.get('front')!.x).toBeLessThan(at.get('cart')!.x);
    expect(at.get('cart')!.x).toBeLessThan(at.get('orders')!.x);
    expect(at.get('outside')!.x + 200).toBeLessThan(at.get('eu')!.x);
  });

  it('lets nothing overlap and nothing leave its box, parents first', () => {
    fc.assert(
      fc.property(worlds, world => {
        const { boxes } = placed(seededMesh(world));
        expectTidy(boxes);
        const seen = new Set<string>();
        for (const one of boxes.values()) {
          expect(one.parent === undefined || seen.has(one.parent)).toBe(true);
          seen.add(one.id);
        }
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('moves nothing when the same comes again, with other calls', () => {
    const before = placed(shop);
    const again = placed({
      items: shop.items,
      edges: shop.edges.slice(2),
      before,
    });
    expect([...again.boxes]).toEqual([...before.boxes]);
  });

  it('moves nothing when something leaves, nor when it returns', () => {
    const before = placed(shop);
    const items = shop.items.filter(item => item.id !== 'catalog');
    const without = placed({ ...shop, items, before });
    for (const [id, one] of without.boxes) {
      expect(one).toEqual(before.boxes.get(id));
    }
    const back = placed({ ...shop, before: without });
    for (const [id, one] of without.boxes) {
      expect(back.boxes.get(id)).toEqual(one);
    }
    expectTidy(back.boxes);
  });

  it('lands a new service beside its neighbours and moves no other of its box', () => {
    const before = placed(shop);
    const after = placed({
      items: [...shop.items, service('stock', 'eu/api')],
      edges: [...shop.edges, { source: 'catalog', target: 'stock' }],
      before,
    });
    expectTidy(after.boxes);
    const stock = after.boxes.get('stock')!;
    const catalog = after.boxes.get('catalog')!;
    expect(stock.x).toBeGreaterThan(catalog.x);
    expect(Math.abs(stock.y - catalog.y)).toBeLessThan(150);
    for (const id of ['cart', 'catalog', 'orders', 'front', 'pay']) {
      expect(after.boxes.get(id)).toMatchObject({
        x: before.boxes.get(id)!.x,
        y: before.boxes.get(id)!.y,
      });
    }
  });

  it('keeps every other service in its place in its box when some join, in any mesh', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (world, which) => {
        const whole = seededMesh({ ...world, services: world.services + 8 });
        const leaves = whole.items.filter(one => one.id.startsWith('service/'));
        const late = leaves[which % leaves.length].id;
        const before = placed({
          ...whole,
          items: whole.items.filter(one => one.id !== late),
        });
        const after = placed({ ...whole, before });
        expectTidy(after.boxes);
        const parent = after.boxes.get(late)!.parent!;
        const alone = leaves.filter(one => one.parent === parent).length < 2;
        for (const { id } of leaves) {
          if (id === late || alone) continue;
          expect(after.boxes.get(id)).toEqual(before.boxes.get(id));
        }
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('keeps pins', () => {
    const pins = new Map([['cart', { x: 700, y: 400 }]]);
    const before = placed({ ...shop, pins });
    expect(before.boxes.get('cart')).toMatchObject({ x: 700, y: 400 });
    const after = placed({
      items: [...shop.items, service('stock', 'eu/api')],
      edges: shop.edges,
      before,
      pins,
    });
    expect(after.boxes.get('cart')).toMatchObject({ x: 700, y: 400 });
    const around = after.boxes.get('eu/api')!;
    expect(around.width).toBeGreaterThan(900);
  });

  it('puts what has no parent, or lies within itself, on the map', () => {
    const { boxes } = placed({
      items: [service('a', 'gone'), box('b', 'c'), box('c', 'b')],
      edges: [{ source: 'a', target: 'nowhere' }],
    });
    expect(boxes.get('a')).not.toHaveProperty('parent');
    expect([...boxes.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  it('pauses often enough for 1,000 services to lose no frame', async () => {
    const mesh = seededMesh({ services: 1000 });
    let time = 0;
    let pauses = 0;
    const result = await runInSlices(place(mesh), {
      budgetMs: 3,
      clock: {
        // Each look at the clock is a millisecond: no test waits for a machine.
        now: () => (time += 1),
        later: run => {
          pauses += 1;
          Promise.resolve().then(run);
        },
      },
    });
    expect(result?.boxes.size).toBe(mesh.items.length);
    expect(pauses).toBeGreaterThan(50);
  }, 30_000);

  it('stops when it is no longer wanted', async () => {
    const abort = new AbortController();
    abort.abort();
    expect(
      await runInSlices(place(shop), { signal: abort.signal }),
    ).toBeUndefined();
  });
});
