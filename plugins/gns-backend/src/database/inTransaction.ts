import type { Knex } from 'knex';
import { isLostRace, isPostgres } from './dialect';

const ATTEMPTS = 5;

/**
 * Runs `work` in one transaction, and again from its start when it lost a
 * race against another writer: then `work` sees what the other one wrote.
 */
export async function inTransaction<T>(
  knex: Knex,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await knex.transaction(work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isLostRace(error)) throw error;
    }
  }
}

/** Reads several things as they were at one moment; SQLite's transactions always do. */
export async function inSnapshot<T>(
  knex: Knex,
  read: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  return isPostgres(knex)
    ? knex.transaction(read, {
        isolationLevel: 'repeatable read',
        readOnly: true,
      })
    : knex.transaction(read);
}
