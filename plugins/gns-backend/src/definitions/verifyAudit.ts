import type { Knex } from 'knex';
import { CHAIN_START, followChain, type ChainPosition } from './auditChain';
import type { AuditHeadRow, AuditRow } from './tables';

const BATCH = 1000;

/**
 * Recomputes the whole chain from its first entry to the head that stood when
 * the reading began. False: an entry was changed, removed or put in.
 */
export async function verifyAudit(knex: Knex): Promise<boolean> {
  const head = await knex<AuditHeadRow>('gns_audit_head')
    .where({ id: 1 })
    .first();
  if (!head) return false;
  const end = Number(head.seq);
  let at: ChainPosition | undefined = CHAIN_START;
  while (at && at.seq < end) {
    const batch: AuditRow[] = await knex<AuditRow>('gns_audit')
      .where('seq', '>', at.seq)
      .where('seq', '<=', end)
      .orderBy('seq')
      .limit(BATCH);
    if (batch.length === 0) return false;
    at = followChain(
      at,
      batch.map(row => ({
        ...row,
        seq: Number(row.seq),
        prevHash: row.prev_hash,
      })),
    );
  }
  return at !== undefined && at.hash === head.hash;
}
