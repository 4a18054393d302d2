import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findNode } from './node.mjs';
import { ROOT, STATE, YARN } from './paths.mjs';
import { runQuietly, runToEnd } from './processes.mjs';
import { step } from './terminal.mjs';

/** Yarn does not read npm's configuration: hand it npm's registry, so that no file names a host. */
function registry() {
  if (process.env.YARN_NPM_REGISTRY_SERVER)
    return process.env.YARN_NPM_REGISTRY_SERVER;
  const answer = runQuietly(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['config', 'get', 'registry'],
    {
      cwd: ROOT,
      shell: process.platform === 'win32',
    },
  );
  return answer.trim();
}

/** What the installed node_modules were made from. */
function fingerprint(nodeVersion) {
  const hash = createHash('sha256').update(nodeVersion);
  const manifests = ['packages', 'plugins'].flatMap(folder =>
    readdirSync(join(ROOT, folder))
      .map(name => join(ROOT, folder, name, 'package.json'))
      .filter(existsSync),
  );
  for (const file of [
    join(ROOT, 'package.json'),
    join(ROOT, 'yarn.lock'),
    ...manifests.sort(),
  ]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * Makes sure that Node, Yarn and all dependencies are there. Takes minutes on
 * a fresh machine and a blink afterwards.
 */
export async function prepare() {
  mkdirSync(STATE, { recursive: true });
  const node = findNode();
  const env = {
    ...process.env,
    YARN_NPM_REGISTRY_SERVER: registry(),
    PATH: node.folder
      ? [node.folder, process.env.PATH].join(delimiter)
      : process.env.PATH,
  };
  // Leftovers of `npm run` that confuse yarn and nested npm calls.
  for (const key of Object.keys(env))
    if (/^npm_config_(?!cache|registry)/i.test(key)) delete env[key];
  const version = runQuietly(node.executable, ['--version']).trim();
  const stamp = join(STATE, 'install.stamp');
  const wanted = fingerprint(version);
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (found !== wanted || !existsSync(join(ROOT, 'node_modules'))) {
    step(
      'Installing dependencies (once; about 2 to 4 minutes on a fresh machine)',
    );
    let last = Date.now();
    const install = () =>
      runToEnd(
        node.executable,
        [YARN, 'install', '--immutable', '--inline-builds'],
        {
          cwd: ROOT,
          env: { ...env, YARN_ENABLE_PROGRESS_BARS: 'false', FORCE_COLOR: '0' },
          onLine: () => {
            last = Date.now();
          },
        },
      );
    let code = await install();
    if (code !== 0) {
      // Yarn stumbles over what an interrupted installation left ("While cloning … ENOENT", yarnpkg/berry#3795); the next run mends it.
      step('The installation failed; once more, it goes on where it stopped');
      code = await install();
    }
    if (code !== 0) {
      throw new Error(
        `The installation failed (${code}, last output ${Math.round(
          (Date.now() - last) / 1000,
        )} s ago). If the registry was not reachable, run the same command again; it goes on where it stopped.`,
      );
    }
    writeFileSync(stamp, wanted);
  }
  return {
    env,
    node: node.executable,
    /** Arguments that run a package's binary through Yarn. */
    yarn: (...args) => [YARN, ...args],
    nodeFolder: dirname(node.executable),
  };
}
