import { Command } from 'commander';
import { spawn } from 'node:child_process';
import { promises as fs, openSync, readFileSync } from 'node:fs';
import { ensureBinaries } from './binaries/ensureBinaries';
import { installSystemPackages } from './binaries/systemPackages';
import {
  isAlive,
  readRecords,
  REGISTRY,
  sweep,
  type TestbedRecord,
} from './cleanup/sweep';
import { startDemo, type DemoStatus } from './demo';
import { eventually } from './process/eventually';
import { Testbed } from './Testbed';

const UP_TIMEOUT_MS = 40 * 60_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Testbeds that `up` started; those of tests are left alone. */
async function ours(): Promise<
  { record: TestbedRecord; status: DemoStatus }[]
> {
  const found = [];
  for (const record of await readRecords()) {
    try {
      const text = await fs.readFile(statusFile(record.id), 'utf8');
      found.push({ record, status: JSON.parse(text) as DemoStatus });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return found;
}

function statusFile(id: string): string {
  return `${REGISTRY}/${id}/status.json`;
}

/** Owns the testbed until it is told to end. */
async function serve(names: string[], bare: boolean): Promise<void> {
  const testbed = await Testbed.create({
    clusters: names.map(name => ({ name })),
    log: say,
  });
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await testbed.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  const status = await startDemo(testbed, { bare, log: say });
  await fs.writeFile(`${statusFile(testbed.id)}.new`, JSON.stringify(status));
  await fs.rename(`${statusFile(testbed.id)}.new`, statusFile(testbed.id));
  setInterval(() => undefined, 60_000);
}

async function up(options: {
  clusters: string;
  bare?: boolean;
  foreground?: boolean;
}): Promise<void> {
  const count = Number(options.clusters);
  if (!Number.isInteger(count) || count < 1 || count > 9) {
    throw new Error(`--clusters ${options.clusters}: want 1 to 9`);
  }
  const running = (await ours()).filter(one => isAlive(one.record.owner));
  if (running.length > 0) {
    show(running[0].status);
    return;
  }
  const names = ['east', 'west', 'third', 'fourth', 'fifth'];
  for (let i = names.length; i < count; i++) names.push(`cluster-${i + 1}`);
  names.length = count;
  if (options.foreground) {
    await serve(names, options.bare ?? false);
    return;
  }
  await installSystemPackages(say);
  await ensureBinaries(say);
  const log = `/tmp/isthmus-testbed-up.${process.pid}.log`;
  const output = openSync(log, 'w');
  const owner = spawn(
    process.execPath,
    [
      ...process.execArgv,
      ...[process.argv[1], 'up', '--foreground', '--clusters', `${count}`],
      ...(options.bare ? ['--bare'] : []),
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  let shown = 0;
  const tell = () => {
    const text = readFileSync(log, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
  try {
    const { status } = await eventually(
      async () => {
        tell();
        const found = (await ours()).find(
          one => one.record.owner.pid === owner.pid,
        );
        return found ?? (owner.exitCode !== null && { status: undefined });
      },
      { what: 'the testbed is up', timeoutMs: UP_TIMEOUT_MS },
    );
    if (!status) throw new Error(`the testbed did not start: see above`);
    show(status);
    owner.unref();
  } finally {
    await fs.rm(log, { force: true });
  }
}

function show(status: DemoStatus): void {
  say(`testbed ${status.id}, logs in ${status.dir}`);
  for (const cluster of status.clusters) {
    say(`\n${cluster.name} (network ${cluster.network})`);
    say(`  kubectl --kubeconfig ${cluster.kubeconfig} get pods -A`);
    say(`  Prometheus  ${cluster.prometheus}`);
    for (const pod of cluster.pods) {
      say(`  pod         ${pod.namespace}/${pod.workload}  ${pod.address}`);
      say(`              ip netns exec ${pod.netns} <command>`);
    }
  }
}

async function showAll(): Promise<void> {
  const found = await ours();
  if (found.length === 0) say('no testbed is up: start one with "up"');
  for (const one of found) {
    if (isAlive(one.record.owner)) show(one.status);
    else
      say(`testbed ${one.record.id}: its owner died; "down" removes the rest`);
  }
}

async function down(): Promise<void> {
  for (const { record } of await ours()) {
    if (isAlive(record.owner)) {
      process.kill(record.owner.pid, 'SIGTERM');
      await eventually(() => !isAlive(record.owner), {
        what: `testbed ${record.id} ends`,
        timeoutMs: 60_000,
      });
    }
    await sweep(record);
    say(`testbed ${record.id} is down`);
  }
  for (const record of await readRecords()) {
    if (isAlive(record.owner)) continue;
    await sweep(record);
    say(`removed what testbed ${record.id} left`);
  }
}

const program = new Command('testbed').description(
  'Real Istio clusters on this machine, without containers. Needs Linux and root.',
);
program
  .command('up')
  .description('bring clusters up and leave them running')
  .option('--clusters <number>', 'how many', '2')
  .option('--bare', 'no gateways and no pods')
  .option('--foreground', 'stay, and bring them down on Ctrl-C')
  .action(up);
program.command('status').description('what is up').action(showAll);
program.command('down').description('bring all down').action(down);
program
  .command('binaries')
  .description(
    'find, build and download what the testbed runs, and start nothing',
  )
  .action(async () => {
    await installSystemPackages(say);
    say(JSON.stringify(await ensureBinaries(say), null, 2));
  });

// `… status | head` closes the pipe early.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  process.exit(0);
});

program.parseAsync().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
