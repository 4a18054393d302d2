import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';

/** `npm run bench -- composition`: one benchmark, by hand, on a quiet machine. */
export async function run([name, ...args], { env, node }) {
  const known = readdirSync(join(ROOT, 'bench'))
    .filter(file => file.endsWith('.bench.ts'))
    .map(file => file.replace('.bench.ts', ''));
  if (!known.includes(name)) {
    throw new Error(`Name a benchmark: ${known.join(', ')}.`);
  }
  return runToEnd(
    node,
    [
      '--expose-gc',
      '--import',
      'tsx',
      join('bench', `${name}.bench.ts`),
      ...args,
    ],
    { cwd: ROOT, env },
  );
}
