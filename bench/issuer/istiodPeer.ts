/** Istio's own certificate authority, built from its Go module: the peer that is in use everywhere. */
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
import { VERSIONS } from '../../packages/testbed/src/binaries/versions';

const SOURCE = join(__dirname, 'istiod/main.go');
const MODULE = { module: 'istio.io/istio', version: VERSIONS.istio };

/** Builds it once, minutes on a machine that never built Istio; undefined where there is no Go. */
export async function buildIstiodPeer(): Promise<string | undefined> {
  if (!findExecutable('go')) return undefined;
  const source = createHash('sha256')
    .update(readFileSync(SOURCE))
    .digest('hex');
  const target = join(
    cacheFolder(),
    `istiod-peer-${VERSIONS.istio}-${source.slice(0, 12)}`,
  );
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
      await copyFile(SOURCE, join(scratch, 'main.go'));
      await writeFile(join(scratch, 'go.mod'), 'module isthmus.dev/bench\n');
      const { GoMod } = JSON.parse(
        go('mod', 'download', '-json', `${MODULE.module}@${MODULE.version}`),
      );
      const build = { ...MODULE, commands: [], files: [] };
      await writeFile(
        join(scratch, 'go.mod'),
        renderGoMod(build, readFileSync(GoMod, 'utf8')),
      );
      go('mod', 'tidy');
      go('build', '-trimpath', '-o', 'istiod-peer', '.');
    },
    line => process.stderr.write(`${line}\n`),
  );
  return join(folder, 'istiod-peer');
}

/** The running peer: one command at a time, each answered with a line of JSON. */
export class IstiodPeer {
  readonly #lines: AsyncIterableIterator<string>;

  private constructor(private readonly child: ChildProcess) {
    this.#lines = createInterface({ input: child.stdout! })[
      Symbol.asyncIterator
    ]();
  }

  /** Undefined where it cannot be built. */
  static async start(): Promise<IstiodPeer | undefined> {
    const file = await buildIstiodPeer();
    if (file === undefined) return undefined;
    const peer = new IstiodPeer(
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
    if (done) throw new Error('The peer istiod ended');
    return JSON.parse(value);
  }
}
