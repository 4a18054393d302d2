/**
 * Frames while the graph of 1,000 services is panned, in Chromium, beside the
 * graph component of Backstage's catalog with the same services and calls.
 *
 *   node --import tsx bench/topologyFrames.bench.ts [services, 1000 by default]
 *
 * Both are drawn by the plugin's development server (`yarn start` in
 * plugins/gns), which this starts and stops: React in development mode, so the
 * figures are for comparison. `CHROMIUM` names the browser.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, errors, type Page } from '@playwright/test';

const services = Number(process.argv[2] ?? 1000);
const ADDRESS = 'http://localhost:3000';
const STEPS = 90;
/** Longest wait for a graph to be drawn, milliseconds. */
const PATIENCE = 120_000;

function startServer(): ChildProcess {
  const root = join(__dirname, '..');
  const [yarn] = readdirSync(join(root, '.yarn/releases'));
  return spawn(
    process.execPath,
    [join(root, '.yarn/releases', yarn), 'start'],
    {
      cwd: join(root, 'plugins/gns'),
      env: { ...process.env, BROWSER: 'none' },
      stdio: 'ignore',
      detached: true,
    },
  );
}

/** A server that ended by itself is no reason to hide why the rest failed. */
function stopServer({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function reachable(server: ChildProcess): Promise<void> {
  const until = Date.now() + 300_000;
  while (Date.now() < until) {
    if (server.exitCode !== null) {
      throw new Error(
        `The server ended with ${server.exitCode}: is port 3000 in use?`,
      );
    }
    try {
      if ((await fetch(ADDRESS)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
  throw new Error(
    `Nothing answers at ${ADDRESS}: see "yarn start" in plugins/gns`,
  );
}

interface Measured {
  frames: number[];
  /** Tasks of more than 50 ms, milliseconds. */
  long: number[];
  /** Changes within nodes and edges. */
  changes: number;
}

/** Watches frames, long tasks and what changes inside nodes while the page is dragged. */
async function pan(page: Page, area: string, parts: string): Promise<Measured> {
  const box = (await page.locator(area).first().boundingBox())!;
  const x = box.x + box.width / 2;
  const y = box.y + 40;
  await page.evaluate(selector => {
    const state = { frames: [] as number[], long: [] as number[], changes: 0 };
    Object.assign(window, { measured: state });
    let last = performance.now();
    const frame = (now: number) => {
      state.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver(list =>
      list.getEntries().forEach(entry => state.long.push(entry.duration)),
    ).observe({ type: 'longtask' });
    const observer = new MutationObserver(changes => {
      state.changes += changes.length;
    });
    document.querySelectorAll(selector).forEach(part =>
      observer.observe(part, {
        attributes: true,
        childList: true,
        characterData: true,
        subtree: true,
      }),
    );
  }, parts);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= STEPS; step += 1) {
    await page.mouse.move(x + step * 3, y + step * 2);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  return await page.evaluate(
    () => (window as unknown as { measured: Measured }).measured,
  );
}

const at = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? 0;

async function measure(
  page: Page,
  what: { name: string; path: string; area: string; parts: string },
) {
  const from = Date.now();
  await page.goto(`${ADDRESS}${what.path}`);
  try {
    await page.locator(what.parts).first().waitFor({ timeout: PATIENCE });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    console.log(
      `| ${what.name} | none | not within ${PATIENCE / 1000} s | | | |`,
    );
    return;
  }
  const first = Date.now() - from;
  await page.waitForTimeout(3000);
  const mounted = await page.locator(what.parts).count();
  const { frames, long, changes } = await pan(page, what.area, what.parts);
  console.log(
    `| ${[
      what.name,
      mounted,
      `${(first / 1000).toFixed(1)} s`,
      `${at(frames, 0.5).toFixed(1)} / ${at(frames, 0.95).toFixed(
        1,
      )} / ${Math.max(...frames).toFixed(0)} ms`,
      `${long.length}, ${long.reduce((a, b) => a + b, 0).toFixed(0)} ms`,
      changes,
    ].join(' | ')} |`,
  );
}

async function main() {
  const server = startServer();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await reachable(server);
    const page = await browser.newPage({
      viewport: { width: 1400, height: 1200 },
    });
    page.setDefaultTimeout(600_000);
    // The loader names functions with a helper that the page does not have.
    await page.addInitScript('globalThis.__name = named => named');
    console.log(
      `${services} services\n\n| graph | parts mounted | first shown | frames p50 / p95 / worst | long tasks | changes in parts |\n|---|--:|--:|--:|--:|--:|`,
    );
    const of = `services=${services}`;
    await measure(page, {
      name: 'isthmus, all services in sight',
      path: `/gns/big/topology?level=service&${of}`,
      area: '.react-flow__pane',
      parts: '.react-flow__node',
    });
    await measure(page, {
      name: 'isthmus, at zoom 1',
      path: `/gns/big/topology?level=service&map=-3000,-1500,1&${of}`,
      area: '.react-flow__pane',
      parts: '.react-flow__node',
    });
    await measure(page, {
      name: 'catalog graph (DependencyGraph)',
      path: `/peer?${of}`,
      area: '[data-testid="peer"] svg',
      parts: '[data-testid="peer"] [data-testid="node"]',
    });
  } finally {
    await browser.close();
    stopServer(server);
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
