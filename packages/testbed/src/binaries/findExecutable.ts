import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { systemPath } from '../process/runCommand';

/** @returns the path of an executable on PATH or in the system's folders, undefined when there is none */
export function findExecutable(name: string): string | undefined {
  for (const folder of systemPath().split(':')) {
    if (!folder) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}
