import type { Knex } from 'knex';

/** True for PostgreSQL; everything else that we support is SQLite. */
export function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : '';
}

/** A row with the same key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === '23505' ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

/**
 * The transaction lost against another one and may be tried again as a whole:
 * serialization failure, deadlock, a busy SQLite file, or a row that another
 * writer inserted first.
 */
export function isLostRace(error: unknown): boolean {
  const code = codeOf(error);
  return (
    isUniqueViolation(error) ||
    code === '40001' ||
    code === '40P01' ||
    code.startsWith('SQLITE_BUSY')
  );
}
