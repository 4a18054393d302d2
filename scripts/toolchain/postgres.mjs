import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  chownSync,
  chmodSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuietly } from './processes.mjs';

/** The folder with initdb and postgres of version 15, or undefined. */
export function findPostgres() {
  const roots = [
    '/usr/lib/postgresql',
    '/usr/pgsql-15',
    '/opt/homebrew/opt/postgresql@15',
    '/usr/local/opt/postgresql@15',
  ];
  for (const root of roots) {
    if (!existsSync(root)) continue;
    const candidates = [
      join(root, 'bin'),
      ...readdirSync(root)
        .filter(v => v === '15')
        .map(v => join(root, v, 'bin')),
    ];
    const found = candidates.find(folder => existsSync(join(folder, 'initdb')));
    if (found) return found;
  }
  return undefined;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a throw-away PostgreSQL 15 on loopback. It refuses to run as root,
 * so root runs it as the user `postgres`.
 */
export async function startPostgres(bin) {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-postgres-'));
  const asRoot = process.getuid?.() === 0;
  let wrap = (command, args) => [command, args];
  if (asRoot) {
    const uid = Number(runQuietly('id', ['-u', 'postgres']).trim());
    const gid = Number(runQuietly('id', ['-g', 'postgres']).trim());
    chownSync(folder, uid, gid);
    chmodSync(folder, 0o700);
    wrap = (command, args) => [
      'setpriv',
      [
        `--reuid=${uid}`,
        `--regid=${gid}`,
        '--clear-groups',
        '--',
        command,
        ...args,
      ],
    ];
  }
  const port = await freePort();
  const data = join(folder, 'data');
  const call = (name, args) => {
    const [command, full] = wrap(join(bin, name), args);
    return runQuietly(command, full, { cwd: folder });
  };
  call('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
  ]);
  call('pg_ctl', [
    '-D',
    data,
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    `-p ${port} -h 127.0.0.1 -k ${folder} -c fsync=off -c full_page_writes=off -c max_connections=300`,
    'start',
  ]);
  return {
    connection: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      const [command, full] = wrap(join(bin, 'pg_ctl'), [
        '-D',
        data,
        '-m',
        'immediate',
        '-w',
        'stop',
      ]);
      spawnSync(command, full, { stdio: 'ignore', cwd: '/' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
