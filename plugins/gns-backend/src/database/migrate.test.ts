import { randomBytes } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import knexFactory, { type Knex } from 'knex';
import { parseDefinition } from '@isthmus/plugin-gns-common';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { migrate, migrationsDirectory } from './migrate';
import { createTestDatabases } from '../__testUtils__/databases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const config = { directory: migrationsDirectory() };
const DEFINITIONS = '20261123010000_definitions.js';

async function tables(knex: Knex): Promise<string[]> {
  const rows: Array<{ name: string }> =
    knex.client.config.client === 'pg'
      ? await knex('pg_tables')
          .where('schemaname', 'public')
          .select({ name: 'tablename' })
      : await knex('sqlite_master').where('type', 'table').select('name');
  return rows.map(r => r.name).filter(name => name.startsWith('gns_'));
}

describe.each(databases.eachSupportedId())('migrations on %s', id => {
  let knex: Knex;
  beforeEach(async () => {
    knex = await databases.init(id);
  });
  afterEach(() => knex.destroy());

  it(`${DEFINITIONS} makes a store that works, and leaves nothing when it goes`, async () => {
    await knex.migrate.up({ ...config, name: DEFINITIONS });
    const store = DatabaseDefinitionStore.create({ knex });
    const parsed = parseDefinition({
      apiVersion: 'gns.isthmus.dev/v1',
      kind: 'GlobalNamespace',
      metadata: { name: 'shop' },
      spec: { domain: 'shop.gns.internal' },
    });
    if (!parsed.ok) throw new Error('bad test');
    await store.put(
      parsed.definition,
      { type: 'absent' },
      { actor: 'user:default/jo', message: 'first' },
    );
    expect(
      (await store.get({ kind: 'GlobalNamespace', name: 'shop' }))?.definition,
    ).toEqual(parsed.definition);
    expect(
      await store.revisions({ kind: 'GlobalNamespace', name: 'shop' }),
    ).toMatchObject({ intact: true, items: [{ message: 'first' }] });

    await knex.migrate.down({ ...config, name: DEFINITIONS });
    expect(await tables(knex)).toEqual([]);
    await knex.migrate.up({ ...config, name: DEFINITIONS });
    expect(await DatabaseDefinitionStore.create({ knex }).list()).toEqual([]);
  });

  it('all migrations go up, down and up again', async () => {
    await migrate({ getClient: async () => knex });
    const made = await tables(knex);
    expect(made).toContain('gns_definitions');
    await knex.migrate.rollback(config, true);
    expect(await tables(knex)).toEqual([]);
    await migrate({ getClient: async () => knex });
    expect((await tables(knex)).sort()).toEqual(made.sort());
  });

  it('a second start changes nothing', async () => {
    await migrate({ getClient: async () => knex });
    const before = await knex('knex_migrations');
    await migrate({ getClient: async () => knex });
    expect(await knex('knex_migrations')).toEqual(before);
  });

  it('database.migrations.skip is honoured', async () => {
    await migrate({ getClient: async () => knex, migrations: { skip: true } });
    expect(await tables(knex)).toEqual([]);
  });

  it('the version before runs on newer tables', async () => {
    await migrate({ getClient: async () => knex });
    await knex('knex_migrations').insert({
      name: '29990101000000_future.js',
      batch: 2,
      migration_time: new Date(),
    });
    await expect(
      migrate({ getClient: async () => knex }),
    ).resolves.toBeUndefined();
  });

  it('a lock that stays is named, with what to do', async () => {
    await migrate({ getClient: async () => knex });
    // Something must be left to do, else knex does not ask for its lock.
    await knex.migrate.rollback(config, true);
    await knex('knex_migrations_lock').update({ is_locked: 1 });
    await expect(
      migrate({ getClient: async () => knex }, { waitMs: 600 }),
    ).rejects.toThrow(
      /knex_migrations_lock says .*is_locked: 1.*UPDATE knex_migrations_lock SET is_locked = 0/,
    );
    await knex('knex_migrations_lock').update({ is_locked: 0 });
    await migrate({ getClient: async () => knex });
    expect(await tables(knex)).toContain('gns_definitions');
  });

  it('a lock that is released meanwhile is waited for', async () => {
    await migrate({ getClient: async () => knex });
    await knex.migrate.rollback(config, true);
    await knex('knex_migrations_lock').update({ is_locked: 1 });
    const logger = mockServices.logger.mock();
    const told = new Promise<void>(resolve => {
      logger.info.mockImplementation(() => resolve());
    });
    const waiting = migrate({ getClient: async () => knex }, { logger });
    await told;
    await knex('knex_migrations_lock').update({ is_locked: 0 });
    await waiting;
    expect(await tables(knex)).toContain('gns_definitions');
  });
});

const server = process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;

(server ? describe : describe.skip)('three replicas on PostgreSQL', () => {
  it('start at once on an empty database, again and again', async () => {
    const admin = knexFactory({ client: 'pg', connection: server });
    try {
      for (let round = 0; round < 5; round += 1) {
        const name = `replicas${randomBytes(8).toString('hex')}`;
        await admin.raw('create database ??', [name]);
        const url = new URL(server!);
        url.pathname = `/${name}`;
        const replicas = [1, 2, 3].map(() =>
          knexFactory({
            client: 'pg',
            connection: url.toString(),
            pool: { min: 0, max: 5 },
          }),
        );
        try {
          await Promise.all(
            replicas.map(knex => migrate({ getClient: async () => knex })),
          );
          expect(
            await replicas[0]('knex_migrations').where({ name: DEFINITIONS }),
          ).toHaveLength(1);
          expect(await replicas[0]('gns_audit_head')).toHaveLength(1);
          expect(await replicas[1]('knex_migrations_lock')).toMatchObject([
            { is_locked: 0 },
          ]);
        } finally {
          await Promise.all(replicas.map(knex => knex.destroy()));
          await admin.raw('drop database ??', [name]);
        }
      }
    } finally {
      await admin.destroy();
    }
  });
});
