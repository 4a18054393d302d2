import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** @returns the folder of built binaries: `$ISTHMUS_CACHE`, else under `$XDG_CACHE_HOME`, else `~/.cache` */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env.ISTHMUS_CACHE ||
    join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isthmus');
  return join(base, 'testbed');
}

/**
 * Fills a folder of the cache once, also when several processes want it at the same time.
 *
 * @param target - folder to fill; when it exists it is complete
 * @param fill - fills the scratch folder that it is given, on the same file system
 * @returns the target
 */
export async function fillOnce(
  target: string,
  fill: (scratch: string) => Promise<void>,
  log: (line: string) => void,
): Promise<string> {
  if (await exists(target)) return target;
  await fs.mkdir(dirname(target), { recursive: true });
  const unlock = await lock(`${target}.lock`, () =>
    log(`${basename(target)}: waiting for another process that builds it`),
  );
  const scratch = `${target}.${randomBytes(4).toString('hex')}.partial`;
  try {
    if (await exists(target)) return target;
    await fs.mkdir(scratch);
    await fill(scratch);
    await fs.rename(scratch, target);
    return target;
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
    await unlock();
  }
}

/** @returns whether a path exists */
export async function exists(path: string): Promise<boolean> {
  try {
    await fs.access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Holds a lock by the kernel's flock, in a child that ends with our end of its standard input: a crash releases it.
 *
 * @returns a function that releases it
 */
async function lock(
  file: string,
  waiting: () => void,
): Promise<() => Promise<void>> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const late = setTimeout(waiting, 1_000);
  const ended = new Promise<void>(done => holder.once('close', () => done()));
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', error =>
        reject(
          new Error(
            `cannot lock ${file}: ${error.message} (flock is in Debian's util-linux)`,
          ),
        ),
      );
      holder.stdout.once('data', () => resolve());
      holder.once('exit', code =>
        reject(new Error(`cannot lock ${file}: flock ended with ${code}`)),
      );
    });
  } finally {
    clearTimeout(late);
  }
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
