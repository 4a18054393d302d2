import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT, STATE } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';
import { step } from '../toolchain/terminal.mjs';

/** What a portal of one's own has; all else comes from our tarballs. */
const PORTAL_FILES = [
  '.yarn/releases',
  '.yarnrc.yml',
  'app-config.yaml',
  'app-config.production.yaml',
  'backstage.json',
  'examples',
  'packages/app',
  'packages/backend',
  'tsconfig.json',
  'yarn.lock',
];

/** What builds and starts a portal. */
const PORTAL_TOOLS = [
  '@backstage/cli',
  '@backstage/cli-defaults',
  '@types/node',
  'typescript',
];

/** Never copied: what was built or installed. */
const LEFT_OUT = /(^|\/)(node_modules|dist|dist-types|coverage)$/;

/**
 * A portal outside this workspace that gets our plugins as a user does: from
 * the tarballs that `yarn pack` makes. What a package forgets to ship fails here.
 *
 * @returns its folder
 */
export async function makePackedPortal({ env, node, yarn }) {
  const folder = join(STATE, 'packed');
  const tarballs = join(folder, 'tarballs');
  const portal = join(folder, 'portal');
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const run = async (what, cwd, words, more = {}) => {
    const code = await runToEnd(node, yarn(...words), {
      cwd,
      env: { ...env, NODE_OPTIONS: '--max-old-space-size=4096', ...more },
    });
    if (code !== 0) throw new Error(`${what} failed (${code})`);
  };

  step('Building the packages that are published');
  await run('The types', ROOT, ['tsc']);
  await run('The build', ROOT, ['backstage-cli', 'repo', 'build']);

  step('Packing them');
  const packages = publishedPackages();
  for (const { name, folder: source } of packages) {
    await run(`Packing ${name}`, source, [
      'pack',
      '--out',
      join(tarballs, tarballOf(name)),
    ]);
  }

  step('Installing them into a portal of their own');
  copyPortal(portal, packages);
  await run(
    'The installation',
    portal,
    ['install', '--no-immutable', '--inline-builds'],
    {
      YARN_ENABLE_PROGRESS_BARS: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      // The tarballs change without their version.
      YARN_CHECKSUM_BEHAVIOR: 'update',
      FORCE_COLOR: '0',
    },
  );
  return portal;
}

/** Every package of this repository that is not private. */
function publishedPackages() {
  return ['packages', 'plugins']
    .flatMap(parent =>
      readdirSync(join(ROOT, parent)).map(name => join(ROOT, parent, name)),
    )
    .filter(folder => existsSync(join(folder, 'package.json')))
    .map(folder => ({ folder, ...readJson(join(folder, 'package.json')) }))
    .filter(manifest => manifest.private !== true);
}

function tarballOf(name) {
  return `${name.replace('@', '').replace('/', '-')}.tgz`;
}

function copyPortal(portal, packages) {
  // Its node_modules stay, so that a second run is quick.
  for (const file of PORTAL_FILES) {
    const target = join(portal, file);
    if (!LEFT_OUT.test(file)) removeSources(target);
    cpSync(join(ROOT, file), target, {
      recursive: true,
      filter: source => !LEFT_OUT.test(source),
    });
  }
  const root = readJson(join(ROOT, 'package.json'));
  const devDependencies = Object.fromEntries(
    Object.entries(root.devDependencies).filter(([name]) =>
      PORTAL_TOOLS.includes(name),
    ),
  );
  const tarballs = Object.fromEntries(
    packages.map(({ name }) => [name, `file:../tarballs/${tarballOf(name)}`]),
  );
  writeJson(join(portal, 'package.json'), {
    name: 'packed-portal',
    private: true,
    workspaces: ['packages/*'],
    devDependencies,
    resolutions: { ...root.resolutions, ...tarballs },
    packageManager: root.packageManager,
  });
  for (const name of ['app', 'backend']) {
    const file = join(portal, 'packages', name, 'package.json');
    const manifest = readJson(file);
    for (const kind of ['dependencies', 'devDependencies'])
      for (const [dependency, range] of Object.entries(manifest[kind] ?? {}))
        if (range.startsWith('workspace:'))
          manifest[kind][dependency] = tarballs[dependency].replace(
            'file:../',
            'file:../../../',
          );
    writeJson(file, manifest);
  }
}

/** Empties a folder but for what was installed in it. */
function removeSources(folder) {
  if (!existsSync(folder)) return;
  for (const name of safeReaddir(folder))
    if (name !== 'node_modules')
      rmSync(join(folder, name), { recursive: true, force: true });
}

function safeReaddir(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return [];
    throw error;
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
