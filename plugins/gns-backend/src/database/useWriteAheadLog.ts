import type { Knex } from 'knex';
import { isPostgres } from './dialect';

/**
 * SQLite's write-ahead log: a commit flushes one file once, and still survives
 * a power failure. The database file remembers it. PostgreSQL has its own, and
 * databases in memory have none.
 */
export async function useWriteAheadLog(knex: Knex): Promise<void> {
  if (!isPostgres(knex)) await knex.raw('PRAGMA journal_mode = WAL');
}
