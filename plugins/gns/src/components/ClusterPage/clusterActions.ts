import { type Cluster, type ClusterAction } from '@isthmus/plugin-gns-common';

/** What can be done with a cluster; `forget` takes it off the list at once. */
export type ClusterDeed = ClusterAction | 'forget';

/** What can be done with a cluster as it is now. */
export function deedsOf(cluster: Cluster): ClusterDeed[] {
  switch (cluster.state) {
    case 'waiting':
      return ['forget'];
    case 'disconnecting':
      return ['forget'];
    default:
      // Nothing of ours is there that could pause, and nobody is offered it.
      if (cluster.observed) return ['disconnect'];
      return [
        cluster.paused ? 'resume' : 'pause',
        cluster.drained ? 'undrain' : 'drain',
        'disconnect',
        // One that is gone for good cannot be emptied any more.
        ...(cluster.freshness === 'unreachable' ? (['forget'] as const) : []),
      ];
  }
}

/** Deeds that take something away from somebody. */
export function isGrave(deed: ClusterDeed): deed is 'disconnect' | 'forget' {
  return deed === 'disconnect' || deed === 'forget';
}
