import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory from 'knex';
import { useWriteAheadLog } from './useWriteAheadLog';

describe('useWriteAheadLog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gns-wal-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const opened = (filename: string) =>
    knexFactory({
      client: 'better-sqlite3',
      connection: { filename },
      useNullAsDefault: true,
    });

  it('lets a file write ahead, and keeps each commit safe from a power failure', async () => {
    const knex = opened(join(folder, 'gns.sqlite'));
    await useWriteAheadLog(knex);
    expect(await knex.raw('PRAGMA journal_mode')).toEqual([
      { journal_mode: 'wal' },
    ]);
    expect(await knex.raw('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    await knex.destroy();
  });

  it('leaves a database in memory alone', async () => {
    const knex = opened(':memory:');
    await useWriteAheadLog(knex);
    expect(await knex.raw('PRAGMA journal_mode')).toEqual([
      { journal_mode: 'memory' },
    ]);
    await knex.destroy();
  });
});
