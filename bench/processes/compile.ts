import { join } from 'node:path';
import { build } from 'esbuild';

const BENCH = join(__dirname, '..');
const ROOT = join(BENCH, '..');
/** Below a package, so that its dependencies are found; ignored by git. */
export const COMPILED = join(
  ROOT,
  'packages/controller/node_modules/.cache/bench',
);

/** Compiles one process of a benchmark, as what is published is compiled; its path. */
export async function compile(
  entry: string,
  format: 'cjs' | 'esm' = 'cjs',
): Promise<string> {
  const outfile = join(
    COMPILED,
    `${entry}.${format === 'cjs' ? 'cjs' : 'mjs'}`,
  );
  await build({
    entryPoints: [join(BENCH, `${entry}.ts`)],
    bundle: true,
    platform: 'node',
    format,
    target: 'node22',
    packages: 'external',
    alias: {
      '@isthmus/plugin-gns-common': join(
        ROOT,
        'plugins/gns-common/src/index.ts',
      ),
    },
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}
