import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/runCommand';
import { findExecutable } from './findExecutable';

/** Commands of one Go module to build, and files of it to keep. */
export interface GoBuild {
  /** Module path, `istio.io/istio`. */
  module: string;
  version: string;
  /** Packages of the commands, relative to the module: `pilot/cmd/pilot-agent`; none: only files are kept. */
  commands: string[];
  /** Files of the module to copy beside the binaries, under their base names. */
  files: string[];
  /** Version for modules that the main module develops in its own tree and lists as v0.0.0. */
  stagingVersion?: string;
}

/**
 * The go.mod that builds a module's commands from outside.
 *
 * Kubernetes' own go.mod lists its staging modules at exactly v0.0.0, which only its tree can resolve; each is
 * published at v0.<minor>.<patch>. Other modules that start with v0.0.0 are pseudo-versions and stay.
 *
 * @param upstream - text of the module's own go.mod
 */
export function renderGoMod(build: GoBuild, upstream: string): string {
  const go = /^go .*$/m.exec(upstream)?.[0];
  if (!go) throw new Error(`go.mod of ${build.module} has no go line`);
  const staging = build.stagingVersion
    ? [...upstream.matchAll(/^\s*(\S+) v0\.0\.0$/gm)].map(match => match[1])
    : [];
  return [
    'module isthmus.dev/testbed',
    go,
    `require ${build.module} ${build.version}`,
    'tool (',
    ...build.commands.map(command => `\t${build.module}/${command}`),
    ')',
    ...[...new Set(staging)]
      .sort()
      .map(name => `replace ${name} => ${name} ${build.stagingVersion}`),
    '',
  ].join('\n');
}

/**
 * Builds the commands into a folder.
 *
 * @throws Error that says how to get Go when there is none
 */
export async function buildGoModule(
  build: GoBuild,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  if (!findExecutable('go')) {
    throw new Error(
      `go not found: ${build.module} ${build.version} is built from source; install Go (https://go.dev/dl, or a newer Debian's golang-go) and put it on PATH`,
    );
  }
  const workspace = join(folder, 'module');
  await fs.mkdir(workspace);
  const go = (...args: string[]) =>
    runCommand('go', args, { cwd: workspace, env: { GOFLAGS: '-mod=mod' } });

  log(`${build.module} ${build.version}: downloading`);
  await fs.writeFile(join(workspace, 'go.mod'), 'module isthmus.dev/testbed\n');
  const downloaded: { Dir: string; GoMod: string } = JSON.parse(
    await go('mod', 'download', '-json', `${build.module}@${build.version}`),
  );
  if (build.commands.length > 0) {
    const upstream = await fs.readFile(downloaded.GoMod, 'utf8');
    await fs.writeFile(join(workspace, 'go.mod'), renderGoMod(build, upstream));
    await go('mod', 'tidy');
  }

  const started = Date.now();
  for (const command of build.commands) {
    log(
      `${build.module} ${build.version}: building ${command} (minutes, once)`,
    );
    await go(
      'build',
      '-trimpath',
      '-ldflags',
      '-s -w',
      '-o',
      `${folder}/`,
      `${build.module}/${command}`,
    );
  }
  for (const file of build.files) {
    await fs.copyFile(
      join(downloaded.Dir, file),
      join(folder, file.split('/').pop()!),
    );
  }
  await fs.rm(workspace, { recursive: true });
  log(
    `${build.module} ${build.version}: built in ${Math.round(
      (Date.now() - started) / 1000,
    )} s`,
  );
}
