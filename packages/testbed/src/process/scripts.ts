import { dirname, join } from 'node:path';

/** Folder of this package's sources. */
export const SOURCES = join(
  dirname(require.resolve('@isthmus/testbed/package.json')),
  'src',
);

/**
 * Command that runs one of this package's own scripts with Node alone: Node ≥ 22.18 strips the types. Such scripts
 * use only erasable TypeScript and name the files that they import with their extension.
 */
export function scriptCommand(path: string): string[] {
  return [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    join(SOURCES, path),
  ];
}
