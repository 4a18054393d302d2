import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './processes.mjs';
import { STATE } from './paths.mjs';
import { step } from './terminal.mjs';

/** Backstage 1.55 declares Node 22 or 24. */
const GOOD = [22, 24];
const WANTED = '24';

/**
 * The folder of a Node that Backstage supports: this one's own when it is
 * good, else Node 24 as npm packages it, kept in our state folder.
 */
export function findNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (GOOD.includes(major))
    return { executable: process.execPath, folder: undefined };
  const os = { linux: 'linux', darwin: 'darwin', win32: 'win' }[
    process.platform
  ];
  const cpu = { x64: 'x64', arm64: 'arm64' }[process.arch];
  if (!os || !cpu) {
    throw new Error(
      `This is Node ${process.versions.node}; Backstage needs 22 or 24, and npm has none for ${process.platform}-${process.arch}. Install Node 24, then run this again.`,
    );
  }
  const name = `node-${os}-${cpu}`;
  const home = join(STATE, `node-${WANTED}`);
  const folder = join(home, 'node_modules', name, 'bin');
  const executable = join(folder, os === 'win' ? 'node.exe' : 'node');
  if (!existsSync(executable)) {
    step(
      `Node ${process.versions.node} is not supported by Backstage; fetching Node ${WANTED} from npm`,
    );
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    runQuietly(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      [
        'install',
        '--prefix',
        home,
        '--no-audit',
        '--no-fund',
        '--no-save',
        '--ignore-scripts',
        `${name}@${WANTED}`,
      ],
      { cwd: home, shell: process.platform === 'win32' },
    );
  }
  return { executable, folder };
}
