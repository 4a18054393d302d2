/**
 * Memory of one local controller that watches 20,000 objects, beside the
 * informers of `@kubernetes/client-node` over the same lists.
 *
 *   node --import tsx bench/controllerMemory.bench.ts
 *
 * Both are compiled and run in processes of their own, with the flags that
 * the controller ships with; the cluster is a simulated API server with TLS in
 * another process. Memory is what the kernel counts (RSS), without forcing a
 * collection.
 */
import { rmSync } from 'node:fs';
import { BenchProcess } from './processes/childProcess';
import { COMPILED, compile } from './processes/compile';
import type { LargeCluster } from './controllerMemory/clusterProcess';

/** Those of packages/controller/bin/isthmus-controller and of its image. */
const FLAGS = ['--optimize-for-size', '--max-semi-space-size=2'];
const UPDATES = 2_000;
const CHURN_SECONDS = 20;
const SYNC_PATIENCE = 180_000;
const SETTLE = 10_000;
const AIM_MIB = 150;

const pause = (ms: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, ms);
  });
const say = (text: string) => process.stderr.write(`${text}\n`);

const mib = (bytes: number) => bytes / 1024 / 1024;

interface Measured {
  name: string;
  idle: number;
  syncSeconds: number;
  synced: number;
  churned: number;
  heap: number;
  peak: number;
}

async function measure(
  name: string,
  file: string,
  cluster: { process: BenchProcess; address: LargeCluster },
  isSynced: (subject: BenchProcess) => Promise<boolean>,
): Promise<Measured> {
  const flags = process.env.BENCH_HEAP_PROFILE
    ? [
        ...FLAGS,
        '--heap-prof',
        `--heap-prof-dir=${process.env.BENCH_HEAP_PROFILE}`,
      ]
    : FLAGS;
  const subject = await BenchProcess.start(file, { execArgv: flags });
  try {
    const memory = () => subject.call<NodeJS.MemoryUsage>('memory');
    const idle = (await memory()).rss;
    const started = performance.now();
    await subject.call('start', cluster.address);
    while (!(await isSynced(subject))) {
      if (performance.now() - started > SYNC_PATIENCE) {
        throw new Error(`${name} did not sync`);
      }
      await pause(50);
    }
    const syncSeconds = (performance.now() - started) / 1000;
    await pause(SETTLE);
    const synced = (await memory()).rss;
    await cluster.process.call('churn', {
      updates: UPDATES,
      seconds: CHURN_SECONDS,
    });
    await pause(SETTLE);
    const { rss: churned, heapUsed: heap } = await memory();
    const peak = await subject.call<number>('peak');
    return { name, idle, syncSeconds, synced, churned, heap, peak };
  } finally {
    await subject.stop();
  }
}

async function main() {
  const [controller, informers] = await Promise.all([
    compile('controllerMemory/controllerEntry'),
    compile('controllerMemory/informersEntry', 'esm'),
  ]);
  say('Filling the cluster');
  const process_ = await BenchProcess.start(
    'controllerMemory/clusterProcess.ts',
  );
  const address = await process_.call<LargeCluster>('start');
  const cluster = { process: process_, address };
  say(`${address.objects} objects`);
  const rows: Measured[] = [];
  try {
    rows.push(
      await measure('local controller', controller, cluster, () =>
        process_.call<boolean>('reported'),
      ),
    );
    say(JSON.stringify(rows[0]));
    rows.push(
      await measure(
        'peer: informers of @kubernetes/client-node',
        informers,
        cluster,
        async subject =>
          (await subject.call<number>('held')) >= address.objects,
      ),
    );
  } finally {
    await process_.stop();
    rmSync(COMPILED, { recursive: true, force: true });
  }
  process.stdout.write(
    `${address.objects} objects watched, ${UPDATES} pods updated in ${CHURN_SECONDS} s, Node ${process.version}\n\n` +
      '| process | RSS before MiB | first sync s | RSS after MiB | RSS after updates MiB | of it heap in use MiB | peak MiB | aim MiB |\n' +
      `|---|--:|--:|--:|--:|--:|--:|--:|\n${rows
        .map(
          (r, i) =>
            `| ${r.name} | ${mib(r.idle).toFixed(0)} | ${r.syncSeconds.toFixed(
              1,
            )} | ${[r.synced, r.churned, r.heap, r.peak]
              .map(v => mib(v).toFixed(0))
              .join(' | ')} | ${i === 0 ? AIM_MIB : ''} |`,
        )
        .join('\n')}\n`,
  );
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
