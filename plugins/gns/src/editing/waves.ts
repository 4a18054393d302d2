import { type RolloutStrategy } from '@isthmus/plugin-gns-common';

/** One wave while it is put together. */
export interface Wave {
  clusters: readonly string[];
  soakSeconds: number;
}

const SOAK_SECONDS = 60;

/** A first cluster alone, then the others together. */
export function startWaves(clusters: readonly string[]): Wave[] {
  const [first, ...others] = clusters;
  if (first === undefined) return [];
  return [[first], others]
    .filter(wave => wave.length > 0)
    .map((wave, i) => ({
      clusters: wave,
      soakSeconds: i === 0 && others.length > 0 ? SOAK_SECONDS : 0,
    }));
}

/**
 * Puts a cluster into a wave, before another cluster there or at its end. A
 * wave number beyond the last makes a new one.
 */
export function moveCluster(
  waves: readonly Wave[],
  cluster: string,
  to: number,
  before?: string,
): Wave[] {
  if (before === cluster) return [...waves];
  const without = waves.map(wave => ({
    ...wave,
    clusters: wave.clusters.filter(one => one !== cluster),
  }));
  while (without.length <= to) without.push({ clusters: [], soakSeconds: 0 });
  return without.map((wave, i) => {
    if (i !== to) return wave;
    const at = before === undefined ? -1 : wave.clusters.indexOf(before);
    const place = at < 0 ? wave.clusters.length : at;
    return {
      ...wave,
      clusters: [
        ...wave.clusters.slice(0, place),
        cluster,
        ...wave.clusters.slice(place),
      ],
    };
  });
}

/** Brings in clusters that the waves lack, at the end, and drops those that are concerned no more. */
export function fitWaves(
  waves: readonly Wave[],
  clusters: readonly string[],
): Wave[] {
  const placed = new Set(waves.flatMap(wave => wave.clusters));
  const fitting = waves.map(wave => ({
    ...wave,
    clusters: wave.clusters.filter(one => clusters.includes(one)),
  }));
  return clusters
    .filter(one => !placed.has(one))
    .reduce<Wave[]>(
      (at, one) => moveCluster(at, one, Math.max(0, at.length - 1)),
      fitting,
    );
}

/** What the hub is asked for: empty waves say nothing. */
export function wavesOf(waves: readonly Wave[]): RolloutStrategy['waves'] {
  return waves
    .filter(wave => wave.clusters.length > 0)
    .map(wave => ({ ...wave, clusters: [...wave.clusters] }));
}
