import type {
  AuthorityPodCounts,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';

/** Sums what clusters said of their pods. */
export function podCountsOf(
  workloads: readonly WorkloadIdentity[],
): AuthorityPodCounts {
  const counts = { total: 0, own: 0, mesh: 0, unknown: 0, awaitingRestart: 0 };
  for (const workload of workloads) {
    counts.total += workload.pods;
    counts.unknown += workload.unknown;
    counts.awaitingRestart += workload.awaitingRestart;
    for (const { leafRoot, pods } of workload.held) {
      if (leafRoot === 'mesh') counts.mesh += pods;
      else counts.own += pods;
    }
  }
  return counts;
}
