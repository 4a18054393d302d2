import fc from 'fast-check';
import { planDeletions, type DeletionContext } from './planDeletions';
import type { ClusterDelivery, StoredObject, WantedObject } from './types';

const object = (
  key: string,
  over: Partial<StoredObject> = {},
): StoredObject => ({
  key,
  gns: 'shop',
  manifest: '{}',
  hash: key,
  role: 'client',
  hosts: [],
  changedN: 1,
  ...over,
});
const delivery = (
  objects: StoredObject[],
  over: Partial<ClusterDelivery> = {},
): ClusterDelivery => ({
  n: 1,
  objects: new Map(objects.map(o => [o.key, o])),
  tombstones: new Map(),
  settings: '',
  served: new Set(),
  ...over,
});
const keys = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const context = (
  wanted: string[],
  over: Partial<DeletionContext> = {},
): DeletionContext => ({
  wanted: new Map(wanted.map(k => [k, object(k) as WantedObject])),
  frozen: () => false,
  announced: () => undefined,
  released: new Map(),
  holdOrphans: false,
  now: 0,
  ...over,
});

describe('planDeletions', () => {
  it('five objects go unannounced, six wait', () => {
    const five = planDeletions(
      delivery(keys(5).map(k => object(k))),
      context([]),
    );
    expect([...five.removals.values()].map(r => r?.reason.type)).toEqual(
      Array(5).fill('small'),
    );
    const six = planDeletions(
      delivery(keys(6).map(k => object(k))),
      context([]),
    );
    expect(six.removals.size).toBe(0);
    expect([...six.held.keys()]).toEqual(keys(6));
  });

  it('a fifth of many goes unannounced, one more waits', () => {
    const all = keys(100);
    const plan = (left: number) =>
      planDeletions(
        delivery(all.map(k => object(k))),
        context(all.slice(0, left)),
      );
    expect(plan(80).removals.size).toBe(20);
    expect(plan(79).held.size).toBe(21);
  });

  it('what is still on its way counts: deletions do not trickle past the limit', () => {
    const gone = object('gone', {
      removal: { since: '2026-01-01T00:00:00Z', reason: { type: 'small' } },
    });
    const plan = planDeletions(
      delivery([gone, ...keys(5).map(k => object(k))]),
      context([]),
    );
    expect(plan.held.size).toBe(5);
  });

  it('announced and released deletions pass whatever their number', () => {
    const all = keys(50);
    const announced = planDeletions(
      delivery(all.map(k => object(k))),
      context([], { announced: () => ({ type: 'plan', hash: 'h' }) }),
    );
    expect(announced.removals.size).toBe(50);
    const released = planDeletions(
      delivery(all.map(k => object(k))),
      context([], { released: new Map(all.map(k => [k, 'hold-1'])) }),
    );
    expect(released.removals.size).toBe(50);
    expect([...released.usedReleases]).toEqual(['hold-1']);
  });

  it('nothing of a frozen global namespace goes, orphans neither', () => {
    const plan = planDeletions(
      delivery([object('a')]),
      context([], { frozen: () => true, owned: new Map([['stray', 'shop']]) }),
    );
    expect([plan.removals.size, plan.orphans.size, plan.held.size]).toEqual([
      0, 0, 0,
    ]);
  });

  it('a wanted object takes its decided removal back', () => {
    const a = object('a', {
      removal: { since: '2026-01-01T00:00:00Z', reason: { type: 'small' } },
    });
    const plan = planDeletions(delivery([a]), context(['a']));
    expect([...plan.removals]).toEqual([['a', undefined]]);
  });

  it('after a new term unknown objects wait, however few', () => {
    const owned = new Map([['stray', 'shop']]);
    const first = planDeletions(delivery([]), context([], { owned }));
    expect([...first.orphans.keys()]).toEqual(['stray']);
    const later = planDeletions(
      delivery([]),
      context([], { owned, holdOrphans: true }),
    );
    expect([...later.held.keys()]).toEqual(['stray']);
    expect(later.orphans.size).toBe(0);
  });

  it('never lets more go unannounced than the limit, and never a wanted object', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
        fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
        fc.uniqueArray(fc.integer({ min: 50, max: 80 })),
        (stored, wanted, owned) => {
          const current = delivery(stored.map(i => object(`k${i}`)));
          const plan = planDeletions(
            current,
            context(
              wanted.map(i => `k${i}`),
              { owned: new Map(owned.map(i => [`k${i}`, 'shop'])) },
            ),
          );
          const going = [...plan.removals.keys(), ...plan.orphans.keys()];
          expect(going.length).toBeLessThanOrEqual(
            Math.max(5, Math.floor(stored.length * 0.2)),
          );
          for (const key of [...going, ...plan.held.keys()]) {
            expect(wanted.map(i => `k${i}`)).not.toContain(key);
          }
        },
      ),
    );
  });
});
