import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Demo } from '../demo/Demo.mjs';
import { makePackedPortal } from '../packed/packedPortal.mjs';
import { ROOT } from '../toolchain/paths.mjs';
import { runToEnd } from '../toolchain/processes.mjs';
import { Results } from '../toolchain/results.mjs';
import { step } from '../toolchain/terminal.mjs';

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** By which the browser tests stop and start the portal: `POST /stop-portal`, `POST /start-portal`. */
function createRemote(demo) {
  const deeds = {
    '/stop-portal': () => demo.stopPortal(),
    '/start-portal': () => demo.startPortal(),
  };
  const server = createHttpServer((request, response) => {
    const deed = request.method === 'POST' && deeds[request.url];
    if (!deed) {
      response.writeHead(404).end();
      return;
    }
    deed().then(
      () => response.writeHead(204).end(),
      error => response.writeHead(500).end(error.message),
    );
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () =>
          resolve(`http://127.0.0.1:${server.address().port}`),
        );
      }),
    close: () => server.close(),
  };
}

/** Takes our plugins from this workspace, which is quicker, and not from packed tarballs. */
const SOURCES = '--sources';

/**
 * Browser tests: a portal that installed our plugins from their tarballs, its
 * production bundle, a fresh demo, Chromium. Arguments go to Playwright, but
 * for `--sources`.
 */
export async function run(words, context) {
  const args = words.filter(word => word !== SOURCES);
  const results = new Results();
  const browser =
    context.env.ISTHMUS_CHROMIUM ?? BROWSERS.find(path => existsSync(path));
  if (!browser) {
    throw new Error(
      'No Chromium was found. Install it (Debian: apt-get install chromium) or set ISTHMUS_CHROMIUM to its path.',
    );
  }
  const portal = words.includes(SOURCES)
    ? undefined
    : await makePackedPortal(context);
  const state = mkdtempSync(join(tmpdir(), 'isthmus-e2e-'));
  // The bundle under test is the one of these sources, never an old one.
  const env = {
    ...context.env,
    ISTHMUS_REBUILD: context.env.ISTHMUS_KEEP_BUNDLE ? '' : '1',
    ISTHMUS_QUIET: '1',
  };
  const demo = new Demo({
    ...context,
    env,
    state,
    portal,
    port: await freePort(),
    built: true,
  });
  const onSignal = () => demo.stop().then(() => process.exit(130));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const remote = createRemote(demo);
  let code = 1;
  try {
    await Promise.race([demo.start(), demo.failure]);
    step('Running the browser tests');
    code = await Promise.race([
      runToEnd(context.node, context.yarn('playwright', 'test', ...args), {
        cwd: ROOT,
        env: {
          ...env,
          CI: '1',
          PLAYWRIGHT_URL: demo.url,
          ISTHMUS_DEMO_STATE: state,
          ISTHMUS_DEMO_REMOTE: await remote.listen(),
          ISTHMUS_CHROMIUM: browser,
        },
        onLine: results.playwrightLine,
      }),
      demo.failure,
    ]);
  } finally {
    remote.close();
    await demo.stop();
    rmSync(state, { recursive: true, force: true });
  }
  return results.close('test:e2e', code);
}
