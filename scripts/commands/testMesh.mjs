import { ROOT } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';
import { Results } from '../toolchain/results.mjs';

/** Tests on real clusters: Linux and root only. Arguments go to Jest. */
export async function run(args, { env, node, yarn }) {
  const results = new Results();
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    throw new Error(
      'The mesh tests make network namespaces: they need Linux and root. Try: sudo npm run test:mesh',
    );
  }
  const code = await runToEnd(
    node,
    yarn(
      'jest',
      '--config',
      'packages/testbed/jest.mesh.config.cjs',
      '--runInBand',
      ...args,
    ),
    { cwd: ROOT, env: { ...env, CI: '1' }, onLine: results.jestLine },
  );
  return results.close('test:mesh', code);
}
