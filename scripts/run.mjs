#!/usr/bin/env node
/**
 * The one way in for people and CI: `npm start`, `npm test`, `yarn …` all end
 * here. Needs Node 18 or newer and npm; brings everything else itself.
 */
import { prepare } from './toolchain/prepare.mjs';
import { fail } from './toolchain/terminal.mjs';

const COMMANDS = {
  start: () => import('./commands/start.mjs'),
  incident: () => import('./commands/incident.mjs'),
  test: () => import('./commands/test.mjs'),
  'test:mesh': () => import('./commands/testMesh.mjs'),
  'test:e2e': () => import('./commands/testE2e.mjs'),
  testbed: () => import('./commands/testbed.mjs'),
  bench: () => import('./commands/bench.mjs'),
};

const [name, ...args] = process.argv.slice(2);
const load = COMMANDS[name];
if (!load) {
  fail(
    `There is no command ${JSON.stringify(name ?? '')}. Commands: ${Object.keys(
      COMMANDS,
    ).join(', ')}.`,
  );
} else {
  try {
    const context = await prepare();
    const { run } = await load();
    process.exitCode = await run(args, context);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    if (process.env.ISTHMUS_DEBUG) console.error(error);
  }
}
