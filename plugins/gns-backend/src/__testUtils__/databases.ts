/* eslint-disable jest/no-export -- shared by test files; it registers one skipped suite that makes a gap visible */
import {
  TestDatabases,
  type TestDatabaseId,
} from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { migrate } from '../database/migrate';

const POSTGRES: TestDatabaseId = 'POSTGRES_15';

/**
 * SQLite, and a real PostgreSQL where
 * BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING names one; without it
 * the report shows the PostgreSQL suite as skipped. Call once per test file.
 */
export function createTestDatabases(): TestDatabases {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', POSTGRES],
    disableDocker: true,
  });
  if (!databases.supports(POSTGRES)) {
    // eslint-disable-next-line jest/no-disabled-tests -- it shows in the report
    describe.skip('PostgreSQL 15: no server was named', () => {
      it.todo('runs the same cases');
    });
  }
  return databases;
}

/** A fresh database with the tables of the hub. */
export async function migratedDatabase(
  databases: TestDatabases,
  id: TestDatabaseId,
): Promise<Knex> {
  const knex = await databases.init(id);
  await migrate({ getClient: async () => knex });
  return knex;
}
