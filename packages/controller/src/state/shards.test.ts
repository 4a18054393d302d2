import { randomBytes } from 'node:crypto';
import { serviceEntry, tombstone } from '../__testUtils__/desiredObjects';
import { stateOf } from '../__testUtils__/FakeHub';
import { MAX_SHARD_BYTES, decodeState, encodeState } from './shards';

const state = stateOf({
  epoch: { term: 2, n: 9 },
  objects: [
    serviceEntry('a'),
    serviceEntry('b'),
    serviceEntry('c', {}, 'bank'),
  ],
  tombstones: [tombstone(serviceEntry('gone'))],
  settings: { paused: ['bank'] },
});

function stored(shards: ReturnType<typeof encodeState>['shards']) {
  const byName = new Map(shards.map(s => [s.name, s.bytes]));
  return (name: string) => byName.get(name);
}

describe('the kept desired state', () => {
  it('comes back as it was', () => {
    const { index, shards } = encodeState(state);
    expect(decodeState(index, stored(shards))).toEqual(state);
  });

  it('has a shard per global namespace, and writes only those that changed', () => {
    const before = encodeState(state);
    expect(before.index.shards.map(s => s.gns)).toEqual(['', 'bank', 'shop']);
    const objects = new Map(state.objects);
    const other = serviceEntry('c', { location: 'MESH_EXTERNAL' }, 'bank');
    objects.set(other.key, other);
    const after = encodeState({ ...state, objects });
    const names = new Set(before.shards.map(s => s.name));
    expect(
      after.shards.filter(s => !names.has(s.name)).map(s => s.gns),
    ).toEqual(['bank']);
  });

  it('is split so that a Secret can hold each shard', () => {
    const objects = Array.from({ length: 40 }, (_, i) =>
      serviceEntry(`s${i}`, { noise: randomBytes(30_000).toString('base64') }),
    );
    const large = stateOf({ epoch: { term: 1, n: 1 }, objects });
    const { index, shards } = encodeState(large);
    expect(shards.length).toBeGreaterThan(2);
    for (const { bytes } of shards) {
      expect(bytes.length).toBeLessThanOrEqual(MAX_SHARD_BYTES);
      // A Secret's data is stored decoded; over the wire it is base64.
      expect(bytes.toString('base64').length).toBeLessThan(900_000);
    }
    expect(decodeState(index, stored(shards))).toEqual(large);
  });

  it('is not used when a shard is missing', () => {
    const { index, shards } = encodeState(state);
    expect(() => decodeState(index, stored(shards.slice(1)))).toThrow(
      /is missing/,
    );
  });

  it('is not used when its digest is another', () => {
    const { index, shards } = encodeState(state);
    expect(() =>
      decodeState({ ...index, digest: '0'.repeat(64) }, stored(shards)),
    ).toThrow(/digest/);
  });
});
