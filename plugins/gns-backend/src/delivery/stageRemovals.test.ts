import {
  CALLERS_GRACE_MS,
  stageRemovals,
  type CallerState,
} from './stageRemovals';
import type { StoredObject } from './types';

const since = '2026-01-01T00:00:00.000Z';
const at = Date.parse(since);
const object = (over: Partial<StoredObject>): StoredObject => ({
  key: 'k',
  gns: 'shop',
  manifest: '{}',
  hash: 'h',
  role: 'server',
  hosts: ['a.shop'],
  changedN: 1,
  ...over,
});
const removing = (over: Partial<StoredObject>) =>
  object({ removal: { since, reason: { type: 'small' } }, ...over });
const caller = (
  objects: StoredObject[],
  appliedN: number | undefined,
): CallerState => ({
  delivery: {
    objects: new Map(objects.map(o => [o.key, o])),
    tombstones: new Map(),
  },
  acknowledged:
    appliedN === undefined
      ? undefined
      : { appliedN, troubled: new Set<string>() },
});
const run = (
  objects: StoredObject[],
  callers: Record<string, CallerState>,
  now = at,
) => stageRemovals('server', objects, new Map(Object.entries(callers)), now);

describe('stageRemovals', () => {
  it('client objects go at once', () => {
    const stage = run([removing({ role: 'client' })], {
      other: caller([object({ role: 'client', changedN: 9 })], 1),
    });
    expect(stage.now).toHaveLength(1);
  });

  it('a server stays while a caller has not acknowledged its newest objects', () => {
    const server = removing({});
    const stage = run([server], {
      other: caller([object({ role: 'client', changedN: 9 })], 8),
    });
    expect(stage.now).toEqual([]);
    expect(stage.retryAt).toBe(at + CALLERS_GRACE_MS);
    const moved = run([server], {
      other: caller([object({ role: 'client', changedN: 9 })], 9),
    });
    expect(moved.now).toEqual([server]);
    expect(moved.retryAt).toBeUndefined();
  });

  it('a silent caller is waited for one minute, no longer', () => {
    const callers = {
      other: caller([object({ role: 'client' })], undefined),
    };
    expect(run([removing({})], callers, at + CALLERS_GRACE_MS - 1).now).toEqual(
      [],
    );
    expect(
      run([removing({})], callers, at + CALLERS_GRACE_MS).now,
    ).toHaveLength(1);
  });

  it('a caller whose object is buried but not yet acknowledged counts too', () => {
    const state: CallerState = {
      delivery: {
        objects: new Map(),
        tombstones: new Map([
          [
            'c',
            {
              key: 'c',
              gns: 'shop',
              reason: { type: 'small' },
              role: 'client',
              hosts: ['a.shop'],
              createdN: 5,
              createdAt: since,
            },
          ],
        ]),
      },
      acknowledged: { appliedN: 4, troubled: new Set() },
    };
    expect(run([removing({})], { other: state }).now).toEqual([]);
    expect(
      run([removing({})], {
        other: { ...state, acknowledged: { appliedN: 5, troubled: new Set() } },
      }).now,
    ).toHaveLength(1);
  });

  it('a caller whose object is about to go in the same run counts too', () => {
    const going = removing({ role: 'client', changedN: 1 });
    const stage = run([removing({})], { other: caller([going], 1) });
    expect(stage.now).toEqual([]);
  });

  it('callers of other hosts, and the cluster itself, hold nothing up', () => {
    const stage = run([removing({})], {
      server: caller([object({ role: 'client', changedN: 9 })], 1),
      other: caller(
        [object({ role: 'client', hosts: ['b.shop'], changedN: 9 })],
        1,
      ),
    });
    expect(stage.now).toHaveLength(1);
  });

  it('policies and gateways stay until the servers of their global namespace went', () => {
    const server = removing({ key: 's' });
    const policy = removing({ key: 'p', role: 'policy', hosts: [] });
    const gateway = removing({ key: 'g', role: 'server', hosts: [] });
    const elsewhere = removing({
      key: 'q',
      gns: 'other',
      role: 'policy',
      hosts: [],
    });
    const callers = {
      other: caller([object({ role: 'client', changedN: 9 })], 1),
    };
    expect(run([server, policy, gateway, elsewhere], callers).now).toEqual([
      elsewhere,
    ]);
  });
});
