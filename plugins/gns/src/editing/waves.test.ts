import fc from 'fast-check';
import { fitWaves, moveCluster, startWaves, wavesOf } from './waves';

const CLUSTERS = ['a', 'b', 'c', 'd'];
const some = fc.uniqueArray(fc.constantFrom(...CLUSTERS, 'e'));
const all = (waves: { clusters: readonly string[] }[]) =>
  waves.flatMap(wave => wave.clusters);

describe('waves', () => {
  it('begin with one cluster alone, and watch it', () => {
    expect(startWaves(CLUSTERS)).toEqual([
      { clusters: ['a'], soakSeconds: 60 },
      { clusters: ['b', 'c', 'd'], soakSeconds: 0 },
    ]);
    expect(startWaves(['a'])).toEqual([{ clusters: ['a'], soakSeconds: 0 }]);
    expect(startWaves([])).toEqual([]);
  });

  it('keep every cluster once, wherever it is moved', () => {
    const move = fc.tuple(
      fc.constantFrom(...CLUSTERS),
      fc.nat(4),
      fc.option(fc.constantFrom(...CLUSTERS), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(move), moves => {
        const waves = moves.reduce(
          (at, [cluster, to, before]) => moveCluster(at, cluster, to, before),
          startWaves(CLUSTERS),
        );
        expect([...all(waves)].sort()).toEqual(CLUSTERS);
        expect(wavesOf(waves).every(wave => wave.clusters.length > 0)).toBe(
          true,
        );
      }),
    );
  });

  it('put a cluster where it was dropped', () => {
    const waves = moveCluster(startWaves(CLUSTERS), 'd', 1, 'b');
    expect(waves[1].clusters).toEqual(['d', 'b', 'c']);
    expect(moveCluster(waves, 'a', 2).map(wave => wave.clusters)).toEqual([
      [],
      ['d', 'b', 'c'],
      ['a'],
    ]);
  });

  it('fit the clusters that are concerned', () => {
    fc.assert(
      fc.property(some, some, (before, now) => {
        expect([...all(fitWaves(startWaves(before), now))].sort()).toEqual(
          [...now].sort(),
        );
      }),
    );
  });
});
