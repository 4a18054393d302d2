import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface ReadyLine {
  cluster: string;
  url: string;
  clusterUid: string;
  gateway: { address: string; port: number };
  kubeconfigs: { admin: string; controller: string; portal: string };
}

interface Run {
  lines: ReadyLine[];
  stop(): Promise<number | null>;
}

async function start(state: string): Promise<Run> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'cli.ts'), '--state', state],
    {
      cwd: __dirname,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number | null>(resolve => {
    child.once('exit', resolve);
  });
  let errors = '';
  child.stderr.on('data', chunk => {
    errors += chunk;
  });
  const lines = await new Promise<ReadyLine[]>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const whole = text.split('\n').slice(0, -1);
      if (whole.length === 3) resolve(whole.map(line => JSON.parse(line)));
    });
    ended.then(code => reject(new Error(`ended with ${code}: ${errors}`)));
  });
  return {
    lines,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

describe('the simulator as a program', () => {
  let state: string;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'isthmus-simulator-'));
  });

  afterEach(() => rm(state, { recursive: true, force: true }));

  it('is the same world after a restart: identity, ports, tokens, objects', async () => {
    const first = await start(state);
    const [frankfurt] = first.lines;
    const kubeconfig = await readFile(frankfurt.kubeconfigs.controller, 'utf8');
    const mode = (await stat(frankfurt.kubeconfigs.controller)).mode % 0o1000;
    expect(mode).toBe(0o600);
    await expect(start(state)).rejects.toThrow(
      /ended with 1: the state folder .* is in use by process \d+/,
    );
    expect(await first.stop()).toBe(0);

    const second = await start(state);
    expect(second.lines).toEqual(first.lines);
    expect(await readFile(frankfurt.kubeconfigs.controller, 'utf8')).toBe(
      kubeconfig,
    );
    expect(await second.stop()).toBe(0);
    expect(first.lines.map(line => line.cluster)).toEqual([
      'aws-frankfurt',
      'gcp-tokyo',
      'edge-osaka',
    ]);
  }, 60_000);
});
