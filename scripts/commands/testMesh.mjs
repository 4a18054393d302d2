import { join } from 'node:path';
import { ROOT } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';
import { Results } from '../toolchain/results.mjs';
import { step } from '../toolchain/terminal.mjs';

/** Tests on real clusters: Linux and root only. Arguments go to Jest and choose among the mesh tests. */
export async function run(args, { env, node, yarn }) {
  const results = new Results();
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    throw new Error(
      'The mesh tests make network namespaces: they need Linux and root. Try: sudo npm run test:mesh',
    );
  }
  step('Finding or building the binaries (about 15 minutes the first time)');
  const found = await runToEnd(
    node,
    ['--import', 'tsx', 'packages/testbed/src/cli.ts', 'binaries'],
    { cwd: ROOT, env },
  );
  if (found !== 0)
    throw new Error(`The binaries of the testbed could not be had (${found}).`);

  step('Running the tests on real clusters');
  let code = await runToEnd(
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
  if (args.length === 0) {
    step('Holding the simulator to a real API server');
    const contract = await runToEnd(
      node,
      yarn('backstage-cli', 'package', 'test', '--runInBand', 'contract'),
      {
        cwd: join(ROOT, 'packages/simulator'),
        env: { ...env, CI: '1' },
        onLine: results.jestLine,
      },
    );
    code = code || contract;
  }
  return results.close('test:mesh', code);
}
