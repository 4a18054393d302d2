/*
 * Removes everything that a testbed put on the machine. This file is also run by the reaper with Node alone
 * (type stripping), so it imports nothing but Node and uses only erasable TypeScript.
 */
import { execFile } from 'node:child_process';
import { promises as fs, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Where every testbed of this machine leaves its record and its sockets: `<REGISTRY>/<id>/record.json`. */
export const REGISTRY = '/run/isthmus-testbed';

/** Marks a folder that a caller named as a testbed's. */
export const CLAIM = '.isthmus-testbed';

const NAMESPACES = '/run/netns';
const NAMESPACE_FILES = '/etc/netns';
/** How long processes may take to die after SIGKILL. */
const KILL_TIMEOUT_MS = 10_000;

/** A process that cannot be mistaken for a later one that got the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of `/proc/<pid>/stat`, in clock ticks since boot. */
  startTime: string;
}

/** What must be known to remove a testbed after its owner died. */
export interface TestbedRecord {
  id: string;
  /** Every network namespace of the testbed is called `<prefix>-…`; every process in one of them is the testbed's. */
  prefix: string;
  owner: ProcessIdentity;
  stateDir: string;
  /** False when the caller named the folder: the logs in it then stay for reading. */
  removeStateDir: boolean;
  createdAt: string;
}

/** @returns the identity of a live process, undefined when there is none (a zombie counts as dead) */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name, in parentheses, may hold spaces: count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, startTime: fields[19] };
}

/** True while exactly this process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return processIdentity(identity.pid)?.startTime === identity.startTime;
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      {
        env: {
          PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
        },
      },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
  });
}

/** @returns names of the testbed's network namespaces */
export async function namespacesOf(prefix: string): Promise<string[]> {
  return (await entries(NAMESPACES)).filter(name =>
    name.startsWith(`${prefix}-`),
  );
}

/** @returns pids of the processes inside a network namespace; none when it is gone */
export async function pidsIn(namespace: string): Promise<number[]> {
  if (!(await entries(NAMESPACES)).includes(namespace)) return [];
  const listed = await run('ip', ['netns', 'pids', namespace]);
  return listed.split('\n').filter(Boolean).map(Number);
}

/** Kills every process in a network namespace and waits until they are gone. */
export async function emptyNamespace(namespace: string): Promise<void> {
  const end = Date.now() + KILL_TIMEOUT_MS;
  for (;;) {
    const pids = await pidsIn(namespace);
    if (pids.length === 0) return;
    if (Date.now() > end) {
      throw new Error(
        `processes ${pids.join(
          ', ',
        )} in network namespace ${namespace} survived SIGKILL for ${KILL_TIMEOUT_MS} ms`,
      );
    }
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await delay(20);
  }
}

/** Kills what runs in a network namespace, then removes it with its files under /etc/netns. */
export async function removeNamespace(namespace: string): Promise<void> {
  await emptyNamespace(namespace);
  if ((await entries(NAMESPACES)).includes(namespace)) {
    try {
      await run('ip', ['netns', 'del', namespace]);
    } catch (error) {
      // Two sweeps may meet (the reaper's and the next start's): only a namespace that is still there is a failure.
      if ((await entries(NAMESPACES)).includes(namespace)) throw error;
    }
  }
  await fs.rm(`${NAMESPACE_FILES}/${namespace}`, {
    recursive: true,
    force: true,
  });
}

/** Removes everything but logs below a folder: keys and tokens of clusters that are gone help nobody. */
async function keepLogs(folder: string): Promise<void> {
  for (const name of await entries(folder)) {
    const path = `${folder}/${name}`;
    const status = await fs.lstat(path);
    if (status.isDirectory()) {
      await keepLogs(path);
      if ((await entries(path)).length === 0) await fs.rmdir(path);
    } else if (!name.endsWith('.log') && name !== CLAIM) {
      await fs.rm(path, { force: true });
    }
  }
}

/** Removes processes, namespaces, resolver files, folders and at last the record itself. Safe to repeat. */
export async function sweep(record: TestbedRecord): Promise<void> {
  for (const namespace of await namespacesOf(record.prefix)) {
    await removeNamespace(namespace);
  }
  for (const name of await entries(NAMESPACE_FILES)) {
    if (name.startsWith(`${record.prefix}-`)) {
      await fs.rm(`${NAMESPACE_FILES}/${name}`, {
        recursive: true,
        force: true,
      });
    }
  }
  if (record.removeStateDir) {
    await fs.rm(record.stateDir, { recursive: true, force: true });
  } else {
    await keepLogs(record.stateDir);
  }
  await fs.rm(`${REGISTRY}/${record.id}`, { recursive: true, force: true });
}

/** @returns the records of all testbeds of this machine, the dead owners' included */
export async function readRecords(): Promise<TestbedRecord[]> {
  const records: TestbedRecord[] = [];
  for (const id of await entries(REGISTRY)) {
    try {
      records.push(
        JSON.parse(await fs.readFile(`${REGISTRY}/${id}/record.json`, 'utf8')),
      );
    } catch (error) {
      // Another sweep removed it, or its owner has not written it yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return records;
}

/** Removes what dead owners left. @returns ids of the testbeds removed */
export async function sweepDeadTestbeds(): Promise<string[]> {
  const dead = (await readRecords()).filter(record => !isAlive(record.owner));
  for (const record of dead) await sweep(record);
  return dead.map(record => record.id);
}
