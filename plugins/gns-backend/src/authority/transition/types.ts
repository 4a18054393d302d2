import type { ClusterEvidence } from '../evidence';
import type { MemberRecord } from '../store/authorityRows';

/** Why a phase does not move yet. */
export type WaitReason =
  /** A person paused it, or the hub or the global namespace stands still. */
  | 'paused'
  /** The cluster's last report is too old to prove anything. */
  | 'clusterSilent'
  /** Its controller never spoke of this authority: too old, or it has no way to us. */
  | 'clusterWithoutCa'
  /** The namespace still follows the authority of another global namespace. */
  | 'namespaceTaken'
  /** The cluster's controller is not ready for its pods yet; its conditions say why. */
  | 'notReady'
  /** The controller does not apply this phase or this bundle yet. */
  | 'notAcknowledged'
  /** Pods have to be restarted. */
  | 'podsAwaitRestart'
  /** Nothing is known of what pods hold. */
  | 'podsUnknown'
  /** Pods have not been given the newest bundle of this phase yet. */
  | 'bundleNotHeld'
  /** Pods still have a certificate of the mesh. */
  | 'meshLeaf'
  /** Pods still have a certificate of the global namespace. */
  | 'ownLeaf'
  /** Callers outside would be cut. */
  | 'outsideCallers'
  /** Nobody measured who calls from outside. */
  | 'callersUnknown';

export interface Wait {
  readonly reason: WaitReason;
  readonly clusterId?: string;
  readonly namespace?: string;
  readonly workload?: string;
  readonly pods?: number;
}

/** A caller that is no member, as telemetry saw it. */
export interface OutsideCaller {
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string;
  /** Member namespace that it calls. */
  readonly calls: { readonly clusterId: string; readonly namespace: string };
}

export type OutsideCallers =
  | { readonly type: 'known'; readonly callers: readonly OutsideCaller[] }
  | { readonly type: 'unknown'; readonly reason: string };

export interface TransitionInput {
  readonly gns: string;
  /** Member namespaces with sidecars, `<cluster id>/<namespace>`; empty when the authority is not dedicated (any more). */
  readonly wanted: ReadonlySet<string>;
  readonly members: readonly MemberRecord[];
  /** Namespaces that follow another authority. */
  readonly taken: ReadonlySet<string>;
  /** Namespaces that a policy closes already, from the time of `mode: mesh`: they stay closed. */
  readonly closedBefore: ReadonlySet<string>;
  readonly clusters: ReadonlyMap<string, ClusterEvidence>;
  readonly bundleEpoch: number;
  readonly paused: boolean;
  readonly outside: OutsideCallers;
  readonly waivedCallers: ReadonlySet<string>;
  readonly callersWaived: boolean;
  /** Milliseconds. */
  readonly now: number;
  /** A number above all that this authority ever gave, each time. */
  readonly nextStep: () => number;
}

export interface Transition {
  /** Sorted by cluster id and namespace. */
  readonly members: readonly MemberRecord[];
  /** What keeps members from their next phase. */
  readonly waits: readonly Wait[];
}

export function placeKey(member: {
  clusterId: string;
  namespace: string;
}): string {
  return `${member.clusterId}/${member.namespace}`;
}

export function callerKey(caller: OutsideCaller): string {
  return `${caller.cluster}/${caller.namespace}/${caller.workload}`;
}
