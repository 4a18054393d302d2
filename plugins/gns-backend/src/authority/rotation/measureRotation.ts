import {
  addCounts,
  countHeld,
  type ClusterEvidence,
  type PodCount,
} from '../evidence';

/** A cluster with members of the authority, as rotations see it. */
export interface RotationCluster {
  readonly evidence: ClusterEvidence;
  /** Its member namespaces, also those that are leaving. */
  readonly namespaces: ReadonlySet<string>;
  /** End of the last issuer that it was given under each root, milliseconds. */
  readonly issuersEnd: ReadonlyMap<string, number>;
}

/** A share of clusters, with the names of those that lack. */
export interface ClusterShare {
  readonly clusters: number;
  readonly meeting: number;
  /** Recent reports say that they do not meet it yet. */
  readonly waiting: readonly string[];
  /** Nothing recent is known. */
  readonly silent: readonly string[];
}

export interface UseOfRoot {
  /** Pods whose leaf is under it. */
  readonly pods: number;
  /** Clusters with an issuer under it that is still valid, as far as anybody knows. */
  readonly clusters: readonly string[];
}

/** What was measured of a rotation; every number comes from reports. */
export interface RotationProof {
  /** Who stored and serves the newest bundle. */
  readonly bundleClusters: ClusterShare;
  /** Pods that hold it, of those with our CA. */
  readonly bundlePods: PodCount;
  /** Clusters whose issuer is under the active root. */
  readonly issuers: ClusterShare;
  /** Leaves under the active root, of those of this authority. */
  readonly leaves: PodCount;
  /** By key id of the root. */
  readonly using: ReadonlyMap<string, UseOfRoot>;
}

function shareOf(
  clusters: readonly RotationCluster[],
  meets: (cluster: RotationCluster) => boolean,
): ClusterShare {
  const names = (list: readonly RotationCluster[]) =>
    list.map(c => c.evidence.name).sort();
  const known = clusters.filter(c => c.evidence.fresh && c.evidence.report);
  const meeting = known.filter(meets);
  return {
    clusters: clusters.length,
    meeting: meeting.length,
    waiting: names(known.filter(c => !meeting.includes(c))),
    silent: names(clusters.filter(c => !known.includes(c))),
  };
}

function workloadsOf({ evidence, namespaces }: RotationCluster) {
  return (evidence.report?.workloads ?? []).filter(w =>
    namespaces.has(w.namespace),
  );
}

/** Measures what rotations wait for. Pure. */
export function measureRotation(options: {
  clusters: readonly RotationCluster[];
  bundleEpoch: number;
  activeKeyId: string | undefined;
  rootKeyIds: readonly string[];
  /** Milliseconds. */
  now: number;
}): RotationProof {
  const { clusters, bundleEpoch, activeKeyId, now } = options;
  const none: PodCount = { pods: 0, meeting: 0 };
  /** When the last issuer under other roots than the active ended: until then a silent cluster may give out leaves under them. */
  const ended = ({ evidence, issuersEnd }: RotationCluster) =>
    !evidence.fresh &&
    [...issuersEnd].every(([keyId, at]) => keyId === activeKeyId || at <= now);
  const all = clusters.flatMap(workloadsOf);
  const current = clusters.filter(c => !ended(c)).flatMap(workloadsOf);
  const useOf = (keyId: string): UseOfRoot => ({
    pods: current.reduce(
      (sum, w) => sum + countHeld(w, g => g.leafRoot === keyId).meeting,
      0,
    ),
    clusters: clusters
      .filter(({ evidence, issuersEnd }) => {
        // What a cluster said recently counts; of a silent one, what it may still have.
        const held = evidence.report?.issuer;
        if (evidence.fresh && held) return held.rootKeyId === keyId;
        return (issuersEnd.get(keyId) ?? 0) > now;
      })
      .map(c => c.evidence.name)
      .sort(),
  });
  return {
    bundleClusters: shareOf(
      clusters,
      c => (c.evidence.report?.bundleEpoch ?? 0) >= bundleEpoch,
    ),
    bundlePods: all
      .map(w => countHeld(w, group => group.bundleEpoch >= bundleEpoch))
      .reduce(addCounts, none),
    issuers: shareOf(
      clusters,
      c =>
        activeKeyId !== undefined &&
        c.evidence.report?.issuer?.rootKeyId === activeKeyId,
    ),
    leaves: current
      .map(w => {
        const own = countHeld(w, group => group.leafRoot === activeKeyId);
        const mesh = countHeld(w, group => group.leafRoot === 'mesh').meeting;
        return { pods: own.pods - mesh, meeting: own.meeting };
      })
      .reduce(addCounts, none),
    using: new Map(options.rootKeyIds.map(keyId => [keyId, useOf(keyId)])),
  };
}

/** Every cluster serves the newest bundle, and every pod holds it. */
export function bundleIsKnown({
  bundleClusters,
  bundlePods,
}: RotationProof): boolean {
  return (
    bundleClusters.meeting === bundleClusters.clusters &&
    bundlePods.meeting === bundlePods.pods
  );
}

/**
 * Nobody uses the root any more: no pod has a leaf under it, of no pod the leaf
 * is unknown, and no cluster has a valid issuer under it. A silent cluster counts
 * as using it until its last issuer ended.
 */
export function isUnused(proof: RotationProof, keyId: string): boolean {
  const use = proof.using.get(keyId);
  return (
    use !== undefined &&
    use.pods === 0 &&
    use.clusters.length === 0 &&
    proof.leaves.meeting === proof.leaves.pods
  );
}
