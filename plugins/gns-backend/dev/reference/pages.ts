import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configurationPage } from './configurationPage';
import { definitionsPage } from './definitionsPage';
import { permissionsPage } from './permissionsPage';
import { restPage } from './restPage';

const repository = resolve(__dirname, '../../../..');

/** Where the pages are kept. */
export const referenceFolder = join(repository, 'docs/reference');

/** Config schemas of what we publish, the hub's first. */
function configurationFiles() {
  const folder = join(repository, 'plugins');
  return readdirSync(folder)
    .map(name => ({ name, file: join(folder, name, 'config.d.ts') }))
    .filter(({ file }) => existsSync(file))
    .sort(
      (a, b) =>
        Number(b.name === 'gns-backend') - Number(a.name === 'gns-backend') ||
        (a.name < b.name ? -1 : 1),
    )
    .map(({ name, file }) => ({
      title: `@isthmus/plugin-${name}`,
      text: readFileSync(file, 'utf8'),
    }));
}

/** Every page of the reference as it should be. */
export function referencePages(): Record<string, string> {
  return {
    'configuration.md': configurationPage(configurationFiles()),
    'definitions.md': definitionsPage(),
    'permissions.md': permissionsPage(),
    'rest.md': restPage(),
  };
}
