import type {
  IdentityPhase,
  ReportedAuthority,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';

/** What a cluster lets us know about one authority now. */
export interface ClusterEvidence {
  readonly id: string;
  readonly name: string;
  /** Its last report is recent: what it said still holds. */
  readonly fresh: boolean;
  /** Nothing in it changes until it is resumed. */
  readonly paused: boolean;
  /** Absent: it never spoke of this authority. */
  readonly report: ReportedAuthority | undefined;
}

/** One group of pods that were given the same. */
export type HeldGroup = WorkloadIdentity['held'][number];

/** Pods counted against a demand; never a guess: unknown counts as lacking. */
export interface PodCount {
  readonly pods: number;
  readonly meeting: number;
}

export function addCounts(a: PodCount, b: PodCount): PodCount {
  return { pods: a.pods + b.pods, meeting: a.meeting + b.meeting };
}

/** Pods of a workload that got our CA: all but those that wait for a restart. */
export function countHeld(
  workload: WorkloadIdentity,
  meets: (group: HeldGroup) => boolean,
): PodCount {
  const held = workload.held.reduce((sum, g) => sum + g.pods, 0);
  return {
    pods: held + workload.unknown,
    meeting: workload.held
      .filter(meets)
      .reduce((sum, group) => sum + group.pods, 0),
  };
}

/** Trusts the GNS and every member mesh. */
export function trustsBoth(group: HeldGroup, epoch: number): boolean {
  return group.phase !== 'isolate' && group.bundleEpoch >= epoch;
}

/** Phases in which leaves come from the pod's own istiod. */
export function isMeshPhase(phase: IdentityPhase): boolean {
  return phase === 'adopt' || phase === 'release';
}
