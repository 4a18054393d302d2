import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { scriptCommand } from '../process/scripts';
import {
  CLAIM,
  processIdentity,
  REGISTRY,
  sweep,
  type TestbedRecord,
} from './sweep';

/** The testbed's entry in the machine's registry, and the process that watches over its owner. */
export class Registration {
  static async open(options: { dir?: string }): Promise<Registration> {
    const id = randomBytes(3).toString('hex');
    const stateDir = options.dir
      ? resolve(options.dir)
      : await fs.mkdtemp(join(tmpdir(), 'isthmus-testbed-'));
    await claim(stateDir);
    // Proxies and apps run as other users.
    await fs.chmod(stateDir, 0o755);
    const record: TestbedRecord = {
      id,
      prefix: `isthmus-${id}`,
      owner: processIdentity(process.pid)!,
      stateDir,
      removeStateDir: options.dir === undefined,
      createdAt: new Date().toISOString(),
    };
    await fs.mkdir(`${REGISTRY}/${id}`, { recursive: true });
    await fs.writeFile(
      `${REGISTRY}/${id}/record.json.new`,
      JSON.stringify(record, null, 2),
    );
    await fs.rename(
      `${REGISTRY}/${id}/record.json.new`,
      `${REGISTRY}/${id}/record.json`,
    );
    return new Registration(record, startReaper(id));
  }

  private constructor(
    readonly record: TestbedRecord,
    private readonly reaper: ChildProcess,
  ) {}

  /** Folder for unix sockets: short, because their paths hold at most 107 bytes. */
  get socketDir(): string {
    return `${REGISTRY}/${this.record.id}`;
  }

  /** Removes everything and ends the reaper. */
  async close(): Promise<void> {
    await sweep(this.record);
    if (this.reaper.exitCode !== null || this.reaper.signalCode !== null) {
      return;
    }
    this.reaper.ref();
    const ended = new Promise<void>(done =>
      this.reaper.once('exit', () => done()),
    );
    this.reaper.stdin?.end();
    await ended;
  }
}

/**
 * Takes a folder for a testbed's own use: everything but logs will be removed from it.
 *
 * @throws Error when it holds something that no testbed put there
 */
async function claim(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const names = await fs.readdir(folder);
  if (names.length > 0 && !names.includes(CLAIM)) {
    throw new Error(
      `${folder} is not empty and was not made by a testbed: name another folder`,
    );
  }
  await fs.writeFile(join(folder, CLAIM), '');
}

function startReaper(id: string): ChildProcess {
  const [command, ...args] = scriptCommand('cleanup/reaper.mts');
  const reaper = spawn(command, [...args, id], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  return reaper;
}
