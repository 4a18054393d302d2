import type { Knex } from 'knex';
import type { Revision } from '@isthmus/plugin-gns-common';
import { sha256 } from './auditChain';
import { changedPaths } from './changedPaths';
import type { AuditRow, RevisionRow } from './tables';

/**
 * One page of revisions, newest first, with the paths that changed against the
 * revision before. `agree` is false when a revision says something else than
 * its audit entry; `more`: there are older ones.
 */
export async function readRevisions(
  knex: Knex,
  ref: string,
  page: { before?: number; limit: number },
): Promise<{ items: Revision[]; agree: boolean; more: boolean }> {
  const query = knex<RevisionRow>('gns_revisions')
    .leftJoin<AuditRow>('gns_audit', 'gns_audit.seq', 'gns_revisions.audit_seq')
    .where('gns_revisions.ref', ref)
    .orderBy('gns_revisions.generation', 'desc')
    // One more, to compare the oldest of the page with.
    .limit(page.limit + 1)
    .select('gns_revisions.*', 'gns_audit.hash', 'gns_audit.details');
  if (page.before !== undefined) {
    query.where('gns_revisions.generation', '<', page.before);
  }
  const rows: RevisionWithAudit[] = await query;
  const shown = rows.slice(0, page.limit);
  return {
    items: shown.map((row, index) => toRevision(row, rows[index + 1])),
    agree: shown.every(agrees),
    more: rows.length > shown.length,
  };
}

/** A revision and its audit entry; null when that is gone. */
type RevisionWithAudit = RevisionRow & {
  hash: string | null;
  details: string | null;
};

function toRevision(
  row: RevisionWithAudit,
  before: RevisionWithAudit | undefined,
): Revision {
  const definition = readDocument(row);
  return {
    generation: Number(row.generation),
    action: row.action,
    actor: row.actor,
    at: row.at,
    message: row.message,
    ...(definition ? { definition } : {}),
    changes: changedPaths(before && readDocument(before), definition),
    hash: row.hash ?? '',
  };
}

function readDocument(row: RevisionRow): Record<string, unknown> | undefined {
  return row.document === null
    ? undefined
    : (JSON.parse(row.document) as Record<string, unknown>);
}

function agrees(row: RevisionWithAudit): boolean {
  if (row.details === null) return false;
  const details = JSON.parse(row.details) as Record<string, unknown>;
  return (
    details.generation === Number(row.generation) &&
    details.document === documentHash(row.document)
  );
}

/** What the audit entry of a revision keeps of its document; empty after a deletion. */
export function documentHash(document: string | null): string {
  return document === null ? '' : sha256(document);
}
