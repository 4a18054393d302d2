import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceFolder, referencePages } from './pages';

mkdirSync(referenceFolder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) {
  writeFileSync(join(referenceFolder, name), text);
}
