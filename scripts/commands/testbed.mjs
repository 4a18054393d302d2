import { ROOT } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';

/** `yarn testbed up|down|status`: real clusters for people. */
export async function run(args, { env, node }) {
  return runToEnd(
    node,
    ['--import', 'tsx', 'packages/testbed/src/cli.ts', ...args],
    { cwd: ROOT, env },
  );
}
