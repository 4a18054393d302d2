import type { Knex } from 'knex';
import type { IdentityPhase } from '@isthmus/plugin-gns-common';
import type { SealedSecret } from '../keys/KeyVault';

/**
 * `pending`: its key is being made elsewhere. `prepared`: in every bundle, signs
 * nothing. `active`: signs. `old`: in every bundle, signs nothing more. `revoked`: in no
 * bundle, its key destroyed.
 */
export type RootState = 'pending' | 'prepared' | 'active' | 'old' | 'revoked';

/** A root; its key stays sealed. */
export interface RootRecord {
  readonly keyId: string;
  readonly gns: string;
  readonly state: RootState;
  /** PEM; absent while pending. */
  readonly certificate: string | undefined;
  readonly serial: string | undefined;
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly stateSince: string;
  readonly origin: 'made' | 'imported';
  readonly byHand: boolean;
  readonly protector: string;
  /** Absent: held remotely, or destroyed. */
  readonly sealed: SealedSecret | undefined;
  readonly keyReference: string | undefined;
}

/** A root whose certificate is there. */
export type CertifiedRoot = RootRecord &
  Record<'certificate' | 'serial' | 'notBefore' | 'notAfter', string>;

export interface AuthorityRecord {
  readonly gns: string;
  readonly createdAt: string;
  /** Its own trust domain; undefined: the mesh's. */
  readonly trustDomain: string | undefined;
  readonly leafTtlSeconds: number;
  /** Who restarts what waits. */
  readonly restart: 'manual' | 'rolling';
  readonly bundleEpoch: number;
  readonly bundleFingerprint: string;
  /** PEM, as delivered. */
  readonly meshRoots: readonly string[];
  /** The highest step that a member ever got. */
  readonly lastStep: number;
  readonly rotationPaused: boolean;
  readonly transitionPaused: boolean;
  /** `<cluster>/<namespace>/<workload>` of callers that a person gave up. */
  readonly waivedCallers: readonly string[];
  /** A person gave up callers that nobody can measure. */
  readonly callersWaived: boolean;
}

export interface CrossRecord {
  readonly keyId: string;
  readonly signerKeyId: string;
  readonly certificate: string;
  readonly notAfter: string;
}

/** How far a member namespace is. */
export interface MemberRecord {
  readonly gns: string;
  readonly clusterId: string;
  readonly namespace: string;
  readonly phase: IdentityPhase;
  /** Grows with every change of the phase. */
  readonly step: number;
  readonly since: string;
  /** The cluster was ready once, so its pods are sent to our CA. */
  readonly configured: boolean;
  /** Every pod holds what the phase gives. */
  readonly proven: boolean;
  /** Leaves that its pods may hold: of the mesh, of the GNS, or some of each. */
  readonly leaves: 'mesh' | 'both' | 'own';
  /** Some of its pods may trust the GNS alone. */
  readonly narrow: boolean;
  /** Since when every pod trusts the GNS alone. */
  readonly isolatedAt: string | undefined;
  /** A policy admits members only. */
  readonly closed: boolean;
}

/** One authority with all that belongs to it. */
export interface Authority extends AuthorityRecord {
  /** Oldest first. */
  readonly roots: readonly RootRecord[];
  readonly crosses: readonly CrossRecord[];
  /** Sorted by cluster id and namespace. */
  readonly members: readonly MemberRecord[];
}

export function isCertified(root: RootRecord): root is CertifiedRoot {
  return root.certificate !== undefined;
}

/**
 * The global namespace was deleted so long ago that its keys were destroyed.
 * Nothing else revokes the last root, so who defines it again gets another one.
 */
export function isEnded({ roots }: Pick<Authority, 'roots'>): boolean {
  return roots.length > 0 && roots.every(r => r.state === 'revoked');
}

/** Roots that workloads trust, sorted by key id. */
export function bundleRoots(roots: readonly RootRecord[]): CertifiedRoot[] {
  return roots
    .filter(isCertified)
    .filter(r => r.state !== 'revoked' && r.state !== 'pending')
    .sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

export function rootIn(
  roots: readonly RootRecord[],
  state: 'active' | 'prepared',
): CertifiedRoot | undefined {
  return roots.filter(isCertified).find(r => r.state === state);
}

interface RootRow {
  key_id: string;
  gns: string;
  state: RootState;
  certificate: string | null;
  serial: string | null;
  not_before: string | null;
  not_after: string | null;
  created_at: string;
  created_by: string;
  state_since: string;
  origin: 'made' | 'imported';
  by_hand: number;
  protector: string;
  sealed: string | null;
  key_reference: string | null;
}

export function toRoot(row: RootRow): RootRecord {
  return {
    keyId: row.key_id,
    gns: row.gns,
    state: row.state,
    certificate: row.certificate ?? undefined,
    serial: row.serial ?? undefined,
    notBefore: row.not_before ?? undefined,
    notAfter: row.not_after ?? undefined,
    createdAt: row.created_at,
    createdBy: row.created_by,
    stateSince: row.state_since,
    origin: row.origin,
    byHand: Boolean(row.by_hand),
    protector: row.protector,
    sealed: row.sealed ? JSON.parse(row.sealed) : undefined,
    keyReference: row.key_reference ?? undefined,
  };
}

interface AuthorityRow {
  gns: string;
  created_at: string;
  trust_domain: string | null;
  leaf_ttl_seconds: number | string;
  restart: 'manual' | 'rolling';
  bundle_epoch: number | string;
  bundle_fingerprint: string;
  mesh_roots: string;
  last_step: number | string;
  rotation_paused: number;
  transition_paused: number;
  waived_callers: string;
  callers_waived: number;
}

function toAuthority(row: AuthorityRow): AuthorityRecord {
  return {
    gns: row.gns,
    createdAt: row.created_at,
    trustDomain: row.trust_domain ?? undefined,
    leafTtlSeconds: Number(row.leaf_ttl_seconds),
    restart: row.restart,
    bundleEpoch: Number(row.bundle_epoch),
    bundleFingerprint: row.bundle_fingerprint,
    meshRoots: JSON.parse(row.mesh_roots),
    lastStep: Number(row.last_step),
    rotationPaused: Boolean(row.rotation_paused),
    transitionPaused: Boolean(row.transition_paused),
    waivedCallers: JSON.parse(row.waived_callers),
    callersWaived: Boolean(row.callers_waived),
  };
}

interface MemberRow {
  gns: string;
  cluster_id: string;
  namespace: string;
  phase: IdentityPhase;
  step: number | string;
  since: string;
  configured: number;
  proven: number;
  leaves: MemberRecord['leaves'];
  narrow: number;
  isolated_at: string | null;
  closed: number;
}

function toMember(row: MemberRow): MemberRecord {
  return {
    gns: row.gns,
    clusterId: row.cluster_id,
    namespace: row.namespace,
    phase: row.phase,
    step: Number(row.step),
    since: row.since,
    configured: Boolean(row.configured),
    proven: Boolean(row.proven),
    leaves: row.leaves,
    narrow: Boolean(row.narrow),
    isolatedAt: row.isolated_at ?? undefined,
    closed: Boolean(row.closed),
  };
}

function group<T extends { gns: string }>(
  list: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const known = groups.get(item.gns);
    if (known) known.push(item);
    else groups.set(item.gns, [item]);
  }
  return groups;
}

/** All authorities, by global namespace. */
export async function readAuthorities(
  trx: Knex,
): Promise<Map<string, Authority>> {
  const authorities: AuthorityRow[] = await trx('gns_authorities').orderBy(
    'gns',
  );
  const roots: RootRow[] = await trx('gns_authority_roots').orderBy([
    'created_at',
    'key_id',
  ]);
  const crosses: {
    key_id: string;
    signer_key_id: string;
    certificate: string;
    not_after: string;
  }[] = await trx('gns_authority_crosses').orderBy(['key_id', 'signer_key_id']);
  const members: MemberRow[] = await trx('gns_authority_members').orderBy([
    'cluster_id',
    'namespace',
  ]);
  const rootsOf = group(roots.map(toRoot));
  const membersOf = group(members.map(toMember));
  return new Map(
    authorities.map(row => {
      const own = rootsOf.get(row.gns) ?? [];
      const ids = new Set(own.map(r => r.keyId));
      return [
        row.gns,
        {
          ...toAuthority(row),
          roots: own,
          crosses: crosses
            .filter(c => ids.has(c.key_id))
            .map(c => ({
              keyId: c.key_id,
              signerKeyId: c.signer_key_id,
              certificate: c.certificate,
              notAfter: c.not_after,
            })),
          members: membersOf.get(row.gns) ?? [],
        },
      ];
    }),
  );
}

/** Something that authorities deliver changed: the next reconciliation reads it. */
export async function bumpAuthorityRevision(trx: Knex): Promise<void> {
  await trx('gns_hub').where({ id: 1 }).increment('authority_revision', 1);
}

/**
 * Reads authorities again only after a change.
 */
export class CachedAuthorities {
  #known: { revision: number; authorities: Map<string, Authority> } | undefined;

  async load(trx: Knex): Promise<ReadonlyMap<string, Authority>> {
    const { authority_revision: text } = await trx('gns_hub')
      .where({ id: 1 })
      .first('authority_revision');
    const revision = Number(text);
    if (this.#known?.revision !== revision) {
      this.#known = { revision, authorities: await readAuthorities(trx) };
    }
    return this.#known.authorities;
  }
}
