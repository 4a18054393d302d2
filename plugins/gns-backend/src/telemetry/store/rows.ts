/** Rows as both databases answer them: PostgreSQL gives bigint as text. */
export interface SourceRow {
  cluster_id: string;
  istio_cluster_id: string | null;
  slice_seconds: number | null;
  first_start: number | string | null;
  last_received_at: number | string | null;
  clock_skew_ms: number | string | null;
  edges: number | null;
  refused: number | string;
  last_refusal: string | null;
}

export type SliceState = 'KNOWN' | 'ZERO' | 'UNKNOWN';

export interface SliceRow {
  cluster_id: string;
  step: number;
  start: number | string;
  seconds: number;
  revision: number;
  state: SliceState;
  known: number;
  reason: string | null;
  message: string | null;
  final: number;
}

export interface TrafficRow {
  gns: string;
  cluster_id: string;
  step: number;
  start: number | string;
  seconds: number;
  revision: number;
  known: number;
  unscraped: string;
  edges: Buffer | null;
  edges_bytes: number;
  increments: Buffer | null;
  increments_bytes: number;
  compacted: number;
  rolled: number;
  received_at: number | string;
}

export interface IncrementRow {
  gns: string;
  service: string;
  cluster_id: string;
  step: number;
  start: number | string;
  cells: Buffer;
  bytes: number;
}

export interface MemberRow {
  gns: string;
  cluster_id: string;
  since: number | string;
  until: number | string | null;
  cluster_name: string;
}

/** Most rows of one statement: SQLite takes 32,766 values, PostgreSQL 65,535. */
export const ROWS_PER_STATEMENT = 500;

/** Splits a list for statements of bounded size. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < list.length; i += size) {
    chunks.push(list.slice(i, i + size));
  }
  return chunks;
}
