/** A peer that is written in Go: built once from its module, then asked by lines. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  cacheFolder,
  fillOnce,
} from '../../packages/testbed/src/binaries/cacheFolder';
import { findExecutable } from '../../packages/testbed/src/binaries/findExecutable';
import { renderGoMod } from '../../packages/testbed/src/binaries/goModule';

/** What to build. */
export interface GoPeerBuild {
  /** Of the folder in the cache. */
  name: string;
  module: string;
  version: string;
  /** Path of `main.go`. */
  source: string;
}

/** Builds it once, which may take minutes; undefined where there is no Go. */
async function buildGoPeer(build: GoPeerBuild): Promise<string | undefined> {
  if (!findExecutable('go')) return undefined;
  const { name, module, version } = build;
  const hash = createHash('sha256')
    .update(readFileSync(build.source))
    .digest('hex');
  const target = join(cacheFolder(), `${name}-${version}-${hash.slice(0, 12)}`);
  const folder = await fillOnce(
    target,
    async scratch => {
      const go = (...args: string[]) =>
        execFileSync('go', args, {
          cwd: scratch,
          env: { ...process.env, GOFLAGS: '-mod=mod' },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      await copyFile(build.source, join(scratch, 'main.go'));
      await writeFile(join(scratch, 'go.mod'), 'module isthmus.dev/bench\n');
      const { GoMod } = JSON.parse(
        go('mod', 'download', '-json', `${module}@${version}`),
      );
      const required = { module, version, commands: [], files: [] };
      await writeFile(
        join(scratch, 'go.mod'),
        renderGoMod(required, readFileSync(GoMod, 'utf8')),
      );
      go('mod', 'tidy');
      go('build', '-trimpath', '-o', 'peer', '.');
    },
    line => process.stderr.write(`${line}\n`),
  );
  return join(folder, 'peer');
}

/** The running peer: one command at a time, each answered with a line of JSON. */
export class GoPeer {
  readonly #lines: AsyncIterableIterator<string>;

  private constructor(private readonly child: ChildProcess) {
    this.#lines = createInterface({ input: child.stdout! })[
      Symbol.asyncIterator
    ]();
  }

  /** Undefined where it cannot be built. */
  static async start(build: GoPeerBuild): Promise<GoPeer | undefined> {
    const file = await buildGoPeer(build);
    if (file === undefined) return undefined;
    const peer = new GoPeer(
      spawn(file, [], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    await peer.#answer();
    return peer;
  }

  async call<T>(command: string, argument?: unknown): Promise<T> {
    const line = argument === undefined ? command : `${command} ${argument}`;
    this.child.stdin!.write(`${line}\n`);
    return (await this.#answer()) as T;
  }

  async stop(): Promise<void> {
    // It ends with its input.
    this.child.stdin!.end();
  }

  async #answer(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error('A peer of the benchmark ended');
    return JSON.parse(value);
  }
}
