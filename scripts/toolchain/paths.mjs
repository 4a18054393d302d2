import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that these scripts leave behind; git-ignored, safe to delete. */
export const STATE = join(ROOT, '.isthmus');

/** The Yarn release of this repository. */
export const YARN = join(ROOT, '.yarn/releases/yarn-4.13.0.cjs');
