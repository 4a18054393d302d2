import type { Knex } from 'knex';
import type { Revision } from '@isthmus/plugin-gns-common';
import { sha256 } from './auditChain';
import { changedPaths } from './changedPaths';
import type { AuditRow, RevisionRow } from './tables';

/**
 * All revisions of one definition, newest first, with the paths that changed
 * against the revision before. `agree` is false when a revision says something
 * else than its audit entry.
 */
export async function readRevisions(
  knex: Knex,
  ref: string,
): Promise<{ items: Revision[]; agree: boolean }> {
  const rows: Array<RevisionRow & { hash: string | null; details: string }> =
    await knex<RevisionRow>('gns_revisions')
      .leftJoin<AuditRow>(
        'gns_audit',
        'gns_audit.seq',
        'gns_revisions.audit_seq',
      )
      .where('gns_revisions.ref', ref)
      .orderBy('gns_revisions.generation')
      .select('gns_revisions.*', 'gns_audit.hash', 'gns_audit.details');
  const items: Revision[] = [];
  let agree = true;
  let before: unknown;
  for (const row of rows) {
    const definition =
      row.document === null
        ? undefined
        : (JSON.parse(row.document) as Record<string, unknown>);
    const details = JSON.parse(row.details ?? '{}') as Record<string, unknown>;
    agree &&=
      row.hash !== null &&
      details.generation === Number(row.generation) &&
      details.document === documentHash(row.document);
    items.push({
      generation: Number(row.generation),
      action: row.action,
      actor: row.actor,
      at: row.at,
      message: row.message,
      ...(definition ? { definition } : {}),
      changes: changedPaths(before, definition),
      hash: row.hash ?? '',
    });
    before = definition;
  }
  return { items: items.reverse(), agree };
}

/** What the audit entry of a revision keeps of its document; empty after a deletion. */
export function documentHash(document: string | null): string {
  return document === null ? '' : sha256(document);
}
