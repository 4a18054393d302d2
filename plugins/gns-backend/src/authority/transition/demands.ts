import type { WorkloadIdentity } from '@isthmus/plugin-gns-common';
import { countHeld, type ClusterEvidence, type HeldGroup } from '../evidence';
import type { MemberRecord } from '../store/authorityRows';
import type { Wait, WaitReason } from './types';

/** What a cluster measured of the workloads of a member. */
export function workloadsOf(
  member: MemberRecord,
  cluster: ClusterEvidence | undefined,
): readonly WorkloadIdentity[] {
  return (cluster?.report?.workloads ?? []).filter(
    w => w.namespace === member.namespace,
  );
}

/** What has to hold before a member may move on. */
export interface Demand {
  /** The cluster shall be ready for its pods now. */
  readonly ready?: true;
  /** Pods shall have the set-up of the phase. */
  readonly setUp?: true;
  readonly held: (group: HeldGroup) => boolean;
  /** The wait while a group does not meet it. */
  readonly otherwise: WaitReason;
}

/** Waits of one member against a demand; none: it is proven. */
export function waitsOf(
  member: MemberRecord,
  cluster: ClusterEvidence | undefined,
  epoch: number,
  demand: Demand,
): Wait[] {
  if (!cluster?.fresh) return [waitOf('clusterSilent', member)];
  const { report } = cluster;
  if (!report) return [waitOf('clusterWithoutCa', member)];
  const said = report.namespaces.find(n => n.name === member.namespace);
  if (demand.ready && !(said?.ready && member.configured)) {
    return [waitOf('notReady', member)];
  }
  // By its step: an older report may speak of an earlier phase of the same name.
  if (said?.step !== member.step || report.bundleEpoch < epoch) {
    return [waitOf('notAcknowledged', member)];
  }
  return workloadsOf(member, cluster).flatMap(workload => {
    const at = { ...waitOf('podsUnknown', member), workload: workload.name };
    const waits: Wait[] = [];
    if (demand.setUp && workload.awaitingRestart > 0) {
      const pods = workload.awaitingRestart;
      waits.push({ ...at, reason: 'podsAwaitRestart', pods });
    }
    if (workload.unknown > 0) {
      waits.push({ ...at, pods: workload.unknown });
    }
    const { pods, meeting } = countHeld(workload, demand.held);
    const lacking = pods - workload.unknown - meeting;
    if (lacking > 0) {
      waits.push({ ...at, reason: demand.otherwise, pods: lacking });
    }
    return waits;
  });
}

export function waitOf(reason: WaitReason, member: MemberRecord): Wait {
  const { clusterId, namespace } = member;
  return { reason, clusterId, namespace };
}
