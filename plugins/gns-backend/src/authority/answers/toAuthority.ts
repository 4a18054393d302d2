import { createHash, X509Certificate } from 'node:crypto';
import type {
  AuthorityCluster,
  AuthorityIssuer,
  AuthorityRoot,
  Condition,
  Coverage,
  GlobalNamespace,
  GnsAuthority,
  Transition,
  TransitionMember,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';
import type { ClusterEvidence } from '../evidence';
import { thresholdsOf } from '../rotation/decideRotation';
import type { RotationProof } from '../rotation/measureRotation';
import { rotationAllowances } from '../rotation/rotationSteps';
import type { Availability } from '../RootKeeper';
import {
  isCertified,
  rootIn,
  type Authority,
  type MemberRecord,
  type RootRecord,
} from '../store/authorityRows';
import type { IssuerRecord } from '../store/issuerRows';
import {
  callerKey,
  placeKey,
  type OutsideCallers,
  type Wait,
} from '../transition/types';
import { podCountsOf } from './podCounts';

/** All that an answer about an authority is made of. */
export interface AuthorityContext {
  readonly authority: Authority;
  readonly definition: GlobalNamespace | undefined;
  readonly availability: Availability | undefined;
  readonly evidence: ReadonlyMap<string, ClusterEvidence>;
  readonly proof: RotationProof;
  /** Valid ones of all clusters. */
  readonly issuers: readonly IssuerRecord[];
  readonly waits: readonly Wait[];
  readonly outside: OutsideCallers;
  /** By cluster id. */
  readonly coverage: ReadonlyMap<string, Coverage>;
  readonly conditions: readonly Condition[];
  readonly issuerLifeMs: number;
  readonly now: number;
}

export function toIssuer(issuer: {
  serial: string;
  keyId: string;
  rootKeyId: string;
  notBefore: string;
  notAfter: string;
}): AuthorityIssuer {
  const { serial, keyId, rootKeyId, notBefore, notAfter } = issuer;
  const half = (Date.parse(notBefore) + Date.parse(notAfter)) / 2;
  return {
    serial,
    keyId,
    rootKeyId,
    notBefore,
    notAfter,
    renewAt: new Date(half).toISOString(),
  };
}

/** `aa:bb:…` as Node writes it, in plain hex. */
function fingerprintOf(pem: string): string {
  return createHash('sha256')
    .update(new X509Certificate(pem).raw)
    .digest('hex');
}

function keyOf(root: RootRecord): AuthorityRoot['key'] {
  if (root.sealed) {
    return {
      held: 'sealed',
      protector: root.sealed.protector,
      keyId: root.sealed.keyId,
    };
  }
  return root.keyReference === undefined
    ? { held: 'none' }
    : { held: 'remote', protector: root.protector };
}

function toRoot(
  root: RootRecord,
  { authority, proof }: AuthorityContext,
): AuthorityRoot {
  const use = proof.using.get(root.keyId);
  const at = (ms: number) => new Date(ms).toISOString();
  const dueOf = () => {
    if (!isCertified(root) || root.state !== 'active') return {};
    const end = Date.parse(root.notAfter);
    const { prepareBefore, activateBefore, forceBefore } = thresholdsOf(root);
    return {
      due: {
        prepareAt: at(end - prepareBefore),
        activateAt: at(end - activateBefore),
        forceAt: at(end - forceBefore),
      },
    };
  };
  return {
    keyId: root.keyId,
    state: root.state,
    stateSince: root.stateSince,
    createdAt: root.createdAt,
    createdBy: root.createdBy,
    origin: root.origin,
    byHand: root.byHand,
    ...(isCertified(root)
      ? {
          certificate: {
            pem: root.certificate,
            serial: root.serial,
            fingerprint: fingerprintOf(root.certificate),
            notBefore: root.notBefore,
            notAfter: root.notAfter,
          },
        }
      : {}),
    key: keyOf(root),
    crossSignedBy: authority.crosses
      .filter(c => c.keyId === root.keyId)
      .map(c => ({ keyId: c.signerKeyId, notAfter: c.notAfter })),
    ...dueOf(),
    pods: use?.pods ?? 0,
    issuerClusters: [...(use?.clusters ?? [])],
  };
}

function nameOf(context: AuthorityContext, clusterId: string): string {
  return context.evidence.get(clusterId)?.name ?? clusterId;
}

function workloadsIn(
  evidence: ClusterEvidence | undefined,
  namespaces: ReadonlySet<string>,
): WorkloadIdentity[] {
  return (evidence?.report?.workloads ?? []).filter(w =>
    namespaces.has(w.namespace),
  );
}

/** One cluster with members, as it said itself and as the hub signed for it. */
export function toAuthorityCluster(
  context: Pick<
    AuthorityContext,
    'authority' | 'evidence' | 'issuers' | 'coverage'
  >,
  clusterId: string,
): AuthorityCluster {
  const evidence = context.evidence.get(clusterId);
  const namespaces = new Set(
    context.authority.members
      .filter(m => m.clusterId === clusterId)
      .map(m => m.namespace),
  );
  const held = evidence?.report?.issuer;
  const name = evidence?.name ?? clusterId;
  return {
    cluster: name,
    coverage: context.coverage.get(clusterId) ?? {
      cluster: name,
      state: 'unreachable',
      simulated: false,
    },
    ...(held ? { issuer: toIssuer(held), aloneUntil: held.notAfter } : {}),
    formerIssuers: context.issuers
      .filter(i => i.clusterId === clusterId && i.serial !== held?.serial)
      .map(toIssuer),
    ...(evidence?.report ? { bundleEpoch: evidence.report.bundleEpoch } : {}),
    pods: podCountsOf(workloadsIn(evidence, namespaces)),
  };
}

function toMember(
  member: MemberRecord,
  wanted: boolean,
  context: AuthorityContext,
): TransitionMember {
  const settled =
    wanted && member.phase === 'isolate' && member.isolatedAt !== undefined;
  const joining = settled ? 'member' : 'joining';
  return {
    cluster: nameOf(context, member.clusterId),
    namespace: member.namespace,
    direction: wanted ? joining : 'leaving',
    phase: member.phase,
    since: member.since,
    configured: member.configured,
    proven: member.proven,
    ...(member.isolatedAt ? { isolatedAt: member.isolatedAt } : {}),
    closed: member.closed,
    pods: podCountsOf(
      workloadsIn(
        context.evidence.get(member.clusterId),
        new Set([member.namespace]),
      ),
    ),
  };
}

function stateOf(
  authority: Authority,
  members: readonly TransitionMember[],
  waits: readonly Wait[],
): Transition['state'] {
  if (members.every(m => m.direction === 'member') && waits.length === 0) {
    return 'settled';
  }
  if (authority.transitionPaused) return 'paused';
  return waits.length > 0 ? 'waiting' : 'moving';
}

export function toTransition(
  context: AuthorityContext,
  wanted: ReadonlySet<string>,
): Transition {
  const { authority, outside, waits } = context;
  const members = authority.members.map(m =>
    toMember(m, wanted.has(placeKey(m)), context),
  );
  const waived = new Set(authority.waivedCallers);
  return {
    state: stateOf(authority, members, waits),
    paused: authority.transitionPaused,
    members,
    waits: waits.map(({ clusterId, ...wait }) => ({
      ...wait,
      ...(clusterId === undefined
        ? {}
        : { cluster: nameOf(context, clusterId) }),
    })),
    outside:
      outside.type === 'unknown'
        ? { state: 'unknown', reason: outside.reason }
        : {
            state: 'known',
            callers: outside.callers.map(caller => ({
              cluster: caller.cluster,
              namespace: caller.namespace,
              workload: caller.workload,
              calls: {
                cluster: nameOf(context, caller.calls.clusterId),
                namespace: caller.calls.namespace,
              },
              waived: waived.has(callerKey(caller)),
            })),
          },
    unmeasuredWaived: authority.callersWaived,
  };
}

function toRotation(context: AuthorityContext): GnsAuthority['rotation'] {
  const { authority, proof, now } = context;
  const active = rootIn(authority.roots, 'active');
  const prepared = rootIn(authority.roots, 'prepared');
  const allowances = rotationAllowances({
    roots: authority.roots,
    proof,
    paused: authority.rotationPaused,
    hasCross: authority.crosses.some(
      c => c.keyId === prepared?.keyId && c.signerKeyId === active?.keyId,
    ),
    now,
  });
  const overlap = authority.roots.some(r => r.state === 'old');
  const step = overlap ? 'overlap' : 'idle';
  const share = (s: RotationProof['issuers']) => ({
    ...s,
    waiting: [...s.waiting],
    silent: [...s.silent],
  });
  return {
    step: prepared ? 'prepared' : step,
    paused: authority.rotationPaused,
    automatic: !(prepared ?? active)?.byHand,
    proof: {
      bundleClusters: share(proof.bundleClusters),
      bundlePods: { ...proof.bundlePods },
      issuers: share(proof.issuers),
      leaves: { ...proof.leaves },
    },
    actions: allowances,
  };
}

/** The REST shape of an authority. Pure. @param wanted - places that shall belong to it */
export function toAuthority(
  context: AuthorityContext,
  wanted: ReadonlySet<string>,
): GnsAuthority {
  const { authority, definition } = context;
  const clusterIds = [...new Set(authority.members.map(m => m.clusterId))];
  const clusters = clusterIds
    .map(id => toAuthorityCluster(context, id))
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  return {
    gns: authority.gns,
    mode: definition?.spec.authority.mode ?? 'none',
    trustDomain:
      authority.trustDomain === undefined
        ? { mode: 'mesh' }
        : { mode: 'own', name: authority.trustDomain },
    leafTtlSeconds: authority.leafTtlSeconds,
    issuerTtlSeconds: Math.round(context.issuerLifeMs / 1000),
    createdAt: authority.createdAt,
    availability: context.availability ?? {
      state: 'unavailable',
      reason: 'NotCreated',
      message: 'The hub has not looked at it yet. Look again in a minute.',
    },
    bundleEpoch: authority.bundleEpoch,
    roots: authority.roots.map(root => toRoot(root, context)),
    clusters,
    pods: podCountsOf(
      clusterIds.flatMap(id =>
        workloadsIn(
          context.evidence.get(id),
          new Set(
            authority.members
              .filter(m => m.clusterId === id)
              .map(m => m.namespace),
          ),
        ),
      ),
    ),
    transition: toTransition(context, wanted),
    rotation: toRotation(context),
    conditions: [...context.conditions],
  };
}
