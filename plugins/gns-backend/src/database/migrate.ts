import {
  resolvePackagePath,
  type DatabaseService,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { isPostgres } from './dialect';

/** Any number that no other user of the database takes: "gns" and a one. */
const ADVISORY_LOCK = 0x676e7301;

const DEFAULT_WAIT_MS = 60_000;
const RETRY_MS = 500;

export function migrationsDirectory(): string {
  return resolvePackagePath('@isthmus/plugin-gns-backend', 'migrations');
}

/**
 * Brings the tables of the hub up to date; safe when several replicas start
 * at once. On PostgreSQL everything happens in one transaction under an
 * advisory lock: replicas wait for each other, and one that is killed half-way
 * leaves neither tables nor a lock behind. Knex's own lock, left by an older
 * way of running migrations, is waited for up to `waitMs`.
 *
 * A replica of the version before keeps running on newer tables: migrations
 * that it does not know are no error.
 *
 * @throws Error naming table, statement and remedy when knex's lock stays taken
 */
export async function migrate(
  database: DatabaseService,
  options: { waitMs?: number; logger?: LoggerService } = {},
): Promise<void> {
  if (database.migrations?.skip) return;
  const knex = await database.getClient();
  const deadline = Date.now() + (options.waitMs ?? DEFAULT_WAIT_MS);
  for (let told = false; ; told = true) {
    try {
      await migrateOnce(knex);
      return;
    } catch (error) {
      if (!isMigrationLocked(error)) throw error;
      if (Date.now() + RETRY_MS > deadline) {
        throw new Error(await describeStuckLock(knex), { cause: error });
      }
      if (!told) {
        options.logger?.info(
          'Another replica migrates the tables of the hub: waiting for it',
        );
      }
      await sleep(RETRY_MS);
    }
  }
}

async function migrateOnce(knex: Knex): Promise<void> {
  const config: Knex.MigratorConfig = {
    directory: migrationsDirectory(),
    disableMigrationsListValidation: true,
  };
  if (!isPostgres(knex)) {
    await knex.migrate.latest(config);
    return;
  }
  await knex.transaction(async trx => {
    await trx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await trx.migrate.latest(config);
  });
}

function isMigrationLocked(error: unknown): boolean {
  return error instanceof Error && error.name === 'MigrationLocked';
}

async function describeStuckLock(knex: Knex): Promise<string> {
  const list = await knex('knex_migrations_lock').select('is_locked');
  return (
    `The tables of the hub cannot be migrated: knex_migrations_lock says that another process migrates them (is_locked: ${list
      .map(row => row.is_locked)
      .join(', ')}), and it did not end. ` +
    'A process that was killed while migrating leaves the lock behind. When no other hub is starting, ' +
    'release it in the database of the plugin gns with "UPDATE knex_migrations_lock SET is_locked = 0", and start again.'
  );
}
