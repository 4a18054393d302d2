import type { Knex } from 'knex';
import { canonicalJson } from '@isthmus/plugin-gns-common';
import type { AuditInput } from './DefinitionStore';
import { hashEntry } from './auditChain';
import type { AuditHeadRow, AuditRow } from './tables';

/** Where the chain ends, its row locked until the transaction ends. */
export interface LockedHead {
  seq: number;
  hash: string;
  definitionsSeq: number;
}

/**
 * Locks the end of the chain. Writers wait here for each other, so take it
 * after all other locks of the transaction.
 */
export async function lockAuditHead(trx: Knex): Promise<LockedHead> {
  // An update and not "for update": SQLite has no row locks, and must become
  // the writer before it reads.
  await trx<AuditHeadRow>('gns_audit_head').where({ id: 1 }).update({ id: 1 });
  const row = await trx<AuditHeadRow>('gns_audit_head')
    .where({ id: 1 })
    .first();
  if (!row) {
    throw new Error(
      'The table gns_audit_head has lost its row: the audit cannot go on. Restore it from a backup; it holds the number and hash of the newest row of gns_audit.',
    );
  }
  return {
    seq: Number(row.seq),
    hash: row.hash,
    definitionsSeq: Number(row.definitions_seq),
  };
}

/** Appends one entry behind a locked head. Answers its number and hash. */
export async function appendAudit(
  trx: Knex,
  head: LockedHead,
  input: AuditInput,
  at: string,
  options: { changesDefinitions: boolean },
): Promise<{ seq: number; hash: string }> {
  const entry = {
    seq: head.seq + 1,
    at,
    actor: input.actor,
    action: input.action,
    subject: input.subject,
    message: input.message,
    details: canonicalJson(input.details ?? {}),
    prevHash: head.hash,
  };
  const hash = hashEntry(entry);
  const { prevHash, ...columns } = entry;
  await trx<AuditRow>('gns_audit').insert({
    ...columns,
    prev_hash: prevHash,
    hash,
  });
  await trx<AuditHeadRow>('gns_audit_head')
    .where({ id: 1 })
    .update({
      seq: entry.seq,
      hash,
      ...(options.changesDefinitions ? { definitions_seq: entry.seq } : {}),
    });
  return { seq: entry.seq, hash };
}
