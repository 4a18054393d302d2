import type { Knex } from 'knex';
import { isLostRace } from './dialect';

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
