import fc from 'fast-check';
import { shopTraffic } from '../../../dev/traffic';
import { type Box, onMap } from '../arrange/boxes';
import { place } from '../arrange/place';
import { runNow } from '../arrange/slices';
import { parseQuery } from '../query/parse';
import { UNKNOWN } from '../query/testSubjects';
import { Amounts } from './amounts';
import { itemsOf } from './items';
import { keepInSight, levelFor, ZOOM_IN, ZOOM_OUT } from './levels';
import { nextTime, rangeOf, spanOf } from './replay';
import {
  DEFAULTS,
  readState,
  type TopologyState,
  writeState,
} from './urlState';
import { findIn, neighbourhoodOf, shareUnchanged, viewOf } from './view';
import { walk } from './walk';

const ALL = { edges: 'all', idle: true, strangers: true } as const;
const shop = shopTraffic();
const view = viewOf(shop, ALL);
const PAYMENTS = 'service:cloud-b/shop-backend/payments';
const CHECKOUT = 'service:cloud-a/shop-api/checkout';
const query = (text: string) => parseQuery(text).query!;

describe('viewOf', () => {
  it('counts every node and edge that it leaves out', () => {
    for (const options of [
      { ...ALL, edges: 'unhealthy' as const },
      { ...ALL, edges: 'none' as const },
      { ...ALL, idle: false },
      { ...ALL, strangers: false },
      { ...ALL, hide: query('cluster = cloud-a') },
      { ...ALL, hide: query('protocol = tcp') },
    ]) {
      const part = viewOf(shop, options);
      expect(part.nodes.size + part.hidden.nodes).toBe(shop.nodes.length);
      expect(part.edges.size + part.hidden.edges).toBe(shop.edges.length);
      expect(part.hidden.nodes + part.hidden.edges).toBeGreaterThan(0);
    }
  });

  it('hides with a box what lies in it, and the calls of that', () => {
    const part = viewOf(shop, {
      ...ALL,
      hide: query('kind = cluster cloud-b'),
    });
    expect([...part.nodes.values()].some(n => n.cluster === 'cloud-b')).toBe(
      false,
    );
    expect(
      [...part.edges.values()].some(
        e => e.source === PAYMENTS || e.target === PAYMENTS,
      ),
    ).toBe(false);
  });

  it('draws the idle and the unknown unless told otherwise', () => {
    const kinds = [...view.edges.values()].map(edge => edge.idle);
    expect(kinds).toContain(true);
    expect(kinds).toContain(null);
    const without = [...viewOf(shop, { ...ALL, idle: false }).edges.values()];
    expect(without.map(edge => edge.idle)).not.toContain(true);
    expect(without.map(edge => edge.idle)).toContain(null);
  });
});

describe('findIn', () => {
  it('finds nodes and calls', () => {
    const found = findIn(view, query('errors >= 12%'));
    expect([...found]).toEqual([PAYMENTS, `${CHECKOUT}>${PAYMENTS}>http`]);
  });
});

describe('neighbourhoodOf', () => {
  it('of a service is its calls, their other ends and the boxes around', () => {
    const lit = neighbourhoodOf(view, PAYMENTS);
    expect(lit).toContain(CHECKOUT);
    expect(lit).toContain('external/api.bank.example');
    expect(lit).toContain('cluster:cloud-a');
    expect(lit).not.toContain('service:cloud-a/shop-api/cart');
  });

  it('of a box is all that lies in it, and whom that calls', () => {
    const lit = neighbourhoodOf(view, 'cluster:cloud-b');
    expect(lit).toContain('service:cloud-b/shop-data/inventory');
    expect(lit).toContain(CHECKOUT);
  });
});

describe('shareUnchanged', () => {
  it('keeps what did not change, by identity', () => {
    const again = JSON.parse(JSON.stringify(shop)) as typeof shop;
    again.nodes.find(n => n.id === PAYMENTS)!.health = 'healthy';
    const next = shareUnchanged(view, viewOf(again, ALL));
    expect(next.nodes.get(CHECKOUT)).toBe(view.nodes.get(CHECKOUT));
    expect(next.nodes.get(PAYMENTS)).not.toBe(view.nodes.get(PAYMENTS));
    for (const [id, edge] of next.edges) expect(edge).toBe(view.edges.get(id));
  });
});

describe('walk', () => {
  const boxes = onMap(runNow(place(itemsOf(view))));
  const step = (from: Parameters<typeof walk>[2], way: 'left' | 'right') =>
    walk(view, boxes, from, way);

  it('goes to the busiest, on through its siblings, and back', () => {
    const first = step({ node: CHECKOUT }, 'right');
    expect(first).toMatchObject({ node: PAYMENTS });
    const second = walk(view, boxes, first!, 'down');
    expect(second).toMatchObject({ node: 'service:cloud-a/shop-api/orders' });
    expect(walk(view, boxes, second!, 'up')).toEqual(first);
    expect(step(second!, 'left')).toMatchObject({ node: CHECKOUT });
  });

  it('ends where nobody calls or is called', () => {
    expect(step({ node: 'outside/cloud-a' }, 'left')).toBeUndefined();
    expect(
      step({ node: 'external/api.bank.example' }, 'right'),
    ).toBeUndefined();
  });

  it('reaches every node up and down', () => {
    const leaves = [...boxes.keys()].filter(id => !view.boxes.has(id));
    for (const id of leaves) {
      const down = walk(view, boxes, { node: id }, 'down');
      const up = walk(view, boxes, { node: id }, 'up');
      expect(down ?? up).toBeDefined();
    }
  });
});

describe('the level by zoom', () => {
  it('changes one at a time, with room between in and out', () => {
    expect(levelFor('service', ZOOM_OUT - 0.01)).toBe('namespace');
    expect(levelFor('service', 1)).toBe('service');
    expect(levelFor('service', ZOOM_IN + 0.01)).toBe('workload');
    expect(levelFor('cluster', 0.01)).toBe('cluster');
    expect(levelFor('workload', 3)).toBe('workload');
  });

  it('keeps in the middle what was there, at a zoom that changes no level again', () => {
    const box = (id: string, x: number, width: number): Box => ({
      id,
      x,
      y: 0,
      width,
      height: 100,
    });
    const before = new Map([
      ['a', box('a', 0, 200)],
      ['b', box('b', 400, 200)],
    ]);
    const after = new Map([
      ['a', box('a', 0, 2000)],
      ['b', box('b', 3000, 1500)],
    ]);
    const screen = { width: 1000, height: 600 };
    // The middle of the screen shows the middle of b.
    const viewport = { zoom: 1.8, x: 500 - 500 * 1.8, y: 300 - 50 * 1.8 };
    const next = keepInSight(before, after, viewport, screen);
    expect((500 - next.x) / next.zoom).toBeCloseTo(3750);
    expect(next.zoom).toBeGreaterThan(ZOOM_OUT);
    expect(next.zoom).toBeLessThan(ZOOM_IN);
  });
});

describe('the address', () => {
  const states: fc.Arbitrary<TopologyState> = fc.record(
    {
      view: fc.constantFrom('graph' as const, 'table' as const),
      level: fc.constantFrom('auto' as const, 'cluster' as const),
      window: fc.constantFrom(60, 300, 604_800),
      at: fc
        .integer({ min: 0, max: 4e12 })
        .map(time => new Date(time).toISOString()),
      quantile: fc.constantFrom('p50' as const, 'p95' as const, 'p99' as const),
      label: fc.constantFrom('rate' as const, 'mtls' as const),
      edges: fc.constantFrom('all' as const, 'unhealthy' as const),
      idle: fc.boolean(),
      strangers: fc.boolean(),
      find: fc.string(),
      hide: fc.string(),
      selected: fc.string({ minLength: 1 }),
      viewport: fc.record({
        x: fc.integer({ min: -9999, max: 9999 }),
        y: fc.integer({ min: -9999, max: 9999 }),
        zoom: fc.constantFrom(0.05, 0.5, 1, 2.125),
      }),
    },
    {
      requiredKeys: [
        'view',
        'level',
        'window',
        'quantile',
        'label',
        'edges',
        'idle',
        'strangers',
        'find',
        'hide',
      ],
    },
  );

  it('brings back every state, and leaves the parameters of others alone', () => {
    fc.assert(
      fc.property(states, state => {
        const link = writeState(state, new URLSearchParams('other=1'));
        expect(link.get('other')).toBe('1');
        const read = readState(new URLSearchParams(link.toString()));
        // -0 and 0 are the same place.
        expect(JSON.parse(JSON.stringify(read))).toEqual(
          JSON.parse(JSON.stringify(state)),
        );
      }),
    );
  });

  it('is empty while everything is as usual', () => {
    expect(writeState(DEFAULTS, new URLSearchParams()).toString()).toBe('');
  });

  it('that nobody wrote reads as usual', () => {
    expect(
      readState(
        new URLSearchParams(
          'window=7&level=x&at=yesterday&map=1,NaN,0&latency=p42&view=../..',
        ),
      ),
    ).toEqual(DEFAULTS);
  });
});

describe('amounts', () => {
  const amounts = new Amounts('en');

  it('tell little from nothing, and unknown from both', () => {
    expect(amounts.rate(0)).toBe('0/s');
    expect(amounts.rate(0.0004)).toBe('<0.01/s');
    expect(amounts.rate(null)).toBeUndefined();
    expect(amounts.share(0)).toBe('0%');
    expect(amounts.share(0.00001)).toBe('<0.01%');
    expect(amounts.share(0.99999)).toBe('>99.99%');
    expect(amounts.share(1)).toBe('100%');
    expect(amounts.share(null)).toBeUndefined();
  });

  it('say when a quantile lies beyond what was measured', () => {
    const latencyMs = {
      ...UNKNOWN.latencyMs,
      p99: 10_000,
      beyond: ['p99' as const],
    };
    expect(amounts.quantile({ ...UNKNOWN, latencyMs }, 'p99')).toBe('>10 s');
  });

  it('write bytes where no requests are', () => {
    const tcp = { bytesToServer: 1000, bytesToClient: 2500, opened: null };
    expect(amounts.flow({ ...UNKNOWN, tcp })).toBe('3.5 kB/s');
    expect(amounts.flow(UNKNOWN)).toBeUndefined();
  });
});

describe('replay', () => {
  const ranges = {
    minutes: {
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-01T03:00:00.000Z',
      stepSeconds: 60 as const,
    },
    quarters: { from: null, to: null, stepSeconds: 900 as const },
    coverage: [],
  };

  it('steps until the present', () => {
    const range = rangeOf(ranges, '3h')!;
    expect(nextTime(range, '2026-01-01T01:00:00.000Z')).toBe(
      '2026-01-01T01:01:00.000Z',
    );
    expect(nextTime(range, '2026-01-01T02:59:30.000Z')).toBeUndefined();
    // What is no longer kept is skipped.
    expect(nextTime(range, '2025-12-31T00:00:00.000Z')).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it('has nothing where nothing is stored', () => {
    expect(rangeOf(ranges, '7d')).toBeUndefined();
  });

  it('names spans in whole units', () => {
    expect(spanOf(300, 'en')).toBe('5 minutes');
    expect(spanOf(604_800, 'en')).toBe('7 days');
    expect(spanOf(3600, 'ja')).toBe('1 時間');
  });
});
