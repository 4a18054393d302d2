import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { Demo, refuseTakenPort } from '../demo/Demo.mjs';
import { STATE } from '../toolchain/paths.mjs';
import { note, step } from '../toolchain/terminal.mjs';

const HELP = `npm start -- [options]
  --reset          forget the demo's database, clusters and identities first
  --built          serve the production bundle instead of the development server
  --port <n>       port of the backend (7007)
  --state <dir>    where the demo keeps its state (.isthmus/demo)
  --help           this text`;

/** The portal with its live demo, until Ctrl-C. */
export async function run(args, context) {
  const { values } = parseArgs({
    args,
    options: {
      reset: { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
      port: { type: 'string', default: '7007' },
      state: { type: 'string', default: join(STATE, 'demo') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.reset) {
    // A demo that runs would go on without its files.
    await refuseTakenPort(Number(values.port));
    step('Forgetting the demo');
    rmSync(values.state, { recursive: true, force: true });
  }
  const demo = new Demo({
    ...context,
    state: values.state,
    port: Number(values.port),
    built: values.built,
  });
  let stop;
  const stopped = new Promise(resolve => {
    stop = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      note('Stopping …');
      stop();
    });
  }
  // npm does not pass every signal on; when it is gone, nobody could stop us any more.
  const parent = process.ppid;
  const orphaned = setInterval(() => process.ppid !== parent && stop(), 1000);
  try {
    const started = await Promise.race([
      demo.start().then(() => true),
      demo.failure,
      stopped.then(() => false),
    ]);
    if (started) {
      console.log(
        `\n  The portal is ready: ${demo.url}/gns\n  Sign in as one of three people; Ctrl-C stops everything.\n  To let something go wrong, in another terminal: npm run incident\n`,
      );
      await Promise.race([stopped, demo.failure]);
    }
    return 0;
  } finally {
    clearInterval(orphaned);
    await demo.stop();
    note('Stopped.');
  }
}
