import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { SealedSecret } from '../keys/KeyVault';
import {
  bundleRoots,
  type Authority,
  type AuthorityRecord,
  type CrossRecord,
  type MemberRecord,
  type RootState,
} from './authorityRows';

/** What the definition says about its authority. */
export type AuthoritySpec = Pick<
  AuthorityRecord,
  'trustDomain' | 'leafTtlSeconds' | 'restart'
>;

/** A root as it is written first. */
export interface NewRoot {
  readonly keyId: string;
  readonly state: 'prepared' | 'active' | 'old';
  readonly certificate: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly createdBy: string;
  readonly origin: 'made' | 'imported';
  readonly byHand: boolean;
  readonly protector: string;
  readonly sealed: SealedSecret | undefined;
  readonly keyReference: string | undefined;
}

function slotOf(state: RootState): 'active' | 'prepared' | null {
  return state === 'active' || state === 'prepared' ? state : null;
}

export async function insertAuthority(
  trx: Knex,
  gns: string,
  spec: AuthoritySpec,
  at: string,
): Promise<void> {
  await trx('gns_authorities').insert({
    gns,
    created_at: at,
    ...specColumns(spec),
  });
}

function specColumns(spec: AuthoritySpec) {
  return {
    trust_domain: spec.trustDomain ?? null,
    leaf_ttl_seconds: spec.leafTtlSeconds,
    restart: spec.restart,
  };
}

export async function writeSpec(
  trx: Knex,
  gns: string,
  spec: AuthoritySpec,
): Promise<void> {
  await trx('gns_authorities').where({ gns }).update(specColumns(spec));
}

/** The unique slot lets at most one root be active, and one prepared. */
export async function insertRoot(
  trx: Knex,
  gns: string,
  root: NewRoot,
  at: string,
): Promise<void> {
  await trx('gns_authority_roots').insert({
    key_id: root.keyId,
    gns,
    state: root.state,
    slot: slotOf(root.state),
    certificate: root.certificate,
    serial: root.serial,
    not_before: root.notBefore,
    not_after: root.notAfter,
    created_at: at,
    created_by: root.createdBy,
    state_since: at,
    origin: root.origin,
    by_hand: root.byHand ? 1 : 0,
    protector: root.protector,
    kek_id: root.sealed?.keyId ?? null,
    sealed: root.sealed ? JSON.stringify(root.sealed) : null,
    key_reference: root.keyReference ?? null,
  });
}

/** `revoked` destroys the key in the same write. */
export async function setRootState(
  trx: Knex,
  keyId: string,
  state: RootState,
  at: string,
  byHand?: boolean,
): Promise<void> {
  await trx('gns_authority_roots')
    .where({ key_id: keyId })
    .update({
      state,
      slot: slotOf(state),
      state_since: at,
      ...(byHand === undefined ? {} : { by_hand: byHand ? 1 : 0 }),
      ...(state === 'revoked'
        ? { sealed: null, kek_id: null, key_reference: null }
        : {}),
    });
}

/** @returns false when the row was sealed anew or destroyed meanwhile */
export async function replaceSealed(
  trx: Knex,
  keyId: string,
  before: SealedSecret,
  after: SealedSecret,
): Promise<boolean> {
  const changed = await trx('gns_authority_roots')
    .where({ key_id: keyId, sealed: JSON.stringify(before) })
    .update({
      sealed: JSON.stringify(after),
      kek_id: after.keyId,
      protector: after.protector,
    });
  return changed === 1;
}

export async function insertCross(
  trx: Knex,
  cross: CrossRecord,
): Promise<void> {
  await trx('gns_authority_crosses')
    .insert({
      key_id: cross.keyId,
      signer_key_id: cross.signerKeyId,
      certificate: cross.certificate,
      not_after: cross.notAfter,
    })
    .onConflict(['key_id', 'signer_key_id'])
    .merge();
}

function memberRow(member: MemberRecord) {
  return {
    cluster_id: member.clusterId,
    namespace: member.namespace,
    gns: member.gns,
    phase: member.phase,
    step: member.step,
    since: member.since,
    configured: member.configured ? 1 : 0,
    proven: member.proven ? 1 : 0,
    leaves: member.leaves,
    narrow: member.narrow ? 1 : 0,
    isolated_at: member.isolatedAt ?? null,
    closed: member.closed ? 1 : 0,
  };
}

/** Writes what differs. @returns whether anything did */
export async function writeMembers(
  trx: Knex,
  gns: string,
  before: readonly MemberRecord[],
  after: readonly MemberRecord[],
): Promise<boolean> {
  const textOf = (m: MemberRecord) => JSON.stringify(memberRow(m));
  const keyOf = (m: MemberRecord) => `${m.clusterId}/${m.namespace}`;
  const known = new Map(before.map(m => [keyOf(m), textOf(m)]));
  const kept = new Set(after.map(keyOf));
  const gone = before.filter(m => !kept.has(keyOf(m)));
  const changed = after.filter(m => known.get(keyOf(m)) !== textOf(m));
  for (const { clusterId, namespace } of gone) {
    await trx('gns_authority_members')
      .where({ cluster_id: clusterId, namespace, gns })
      .delete();
  }
  for (const member of changed) {
    await trx('gns_authority_members')
      .insert(memberRow(member))
      .onConflict(['cluster_id', 'namespace'])
      .merge();
  }
  if (changed.length > 0) {
    await trx('gns_authorities')
      .where({ gns })
      .update({ last_step: Math.max(...changed.map(m => m.step)) })
      .andWhere('last_step', '<', Math.max(...changed.map(m => m.step)));
  }
  return gone.length + changed.length > 0;
}

/** Equal for equal sets of certificates. */
function fingerprintOf(
  roots: readonly string[],
  meshRoots: readonly string[],
): string {
  const set = (list: readonly string[]) => [...new Set(list)].sort();
  return createHash('sha256')
    .update(JSON.stringify([set(roots), set(meshRoots)]))
    .digest('hex');
}

/**
 * Counts the bundle up when what it holds is another set than before. A root
 * that comes or goes, and a mesh root beside it, are the same thing to whoever
 * waits for an acknowledgment.
 * @returns whether it changed
 */
export async function alignBundle(
  trx: Knex,
  authority: Pick<
    Authority,
    'gns' | 'roots' | 'meshRoots' | 'bundleEpoch' | 'bundleFingerprint'
  >,
  meshRoots: readonly string[] = authority.meshRoots,
): Promise<boolean> {
  const roots = bundleRoots(authority.roots).map(r => r.certificate);
  const fingerprint = fingerprintOf(roots, meshRoots);
  if (fingerprint === authority.bundleFingerprint) return false;
  await trx('gns_authorities')
    .where({ gns: authority.gns })
    .update({
      bundle_epoch: authority.bundleEpoch + 1,
      bundle_fingerprint: fingerprint,
      mesh_roots: JSON.stringify([...new Set(meshRoots)].sort()),
    });
  return true;
}

/** A key that is being made elsewhere: its name is known before it exists. */
export async function insertPending(
  trx: Knex,
  gns: string,
  pending: {
    placeholder: string;
    protector: string;
    keyReference: string;
    createdBy: string;
    byHand: boolean;
  },
  at: string,
): Promise<void> {
  await trx('gns_authority_roots').insert({
    key_id: pending.placeholder,
    gns,
    state: 'pending',
    slot: null,
    created_at: at,
    created_by: pending.createdBy,
    state_since: at,
    origin: 'made',
    by_hand: pending.byHand ? 1 : 0,
    protector: pending.protector,
    key_reference: pending.keyReference,
  });
}

/** @returns false when another replica completed or dropped it */
export async function takePending(
  trx: Knex,
  placeholder: string,
): Promise<boolean> {
  const taken = await trx('gns_authority_roots')
    .where({ key_id: placeholder, state: 'pending' })
    .delete();
  return taken === 1;
}
