/** Rows as both databases hold them; PostgreSQL answers bigint columns as text. */

export interface DefinitionRow {
  ref: string;
  kind: string;
  gns: string;
  name: string;
  owner: string;
  generation: number;
  created_order: number | string;
  document: string;
  created_at: string;
  updated_at: string;
  updated_by: string;
}

export interface RevisionRow {
  ref: string;
  generation: number;
  action: 'create' | 'update' | 'delete';
  actor: string;
  at: string;
  message: string;
  document: string | null;
  audit_seq: number | string;
}

export interface AuditRow {
  seq: number | string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  message: string;
  details: string;
  prev_hash: string;
  hash: string;
}

export interface AuditHeadRow {
  id: number;
  seq: number | string;
  hash: string;
  definitions_seq: number | string;
}
