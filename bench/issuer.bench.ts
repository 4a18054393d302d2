/**
 * Certificates per second and core: P-256, the request parsed and checked, its
 * proof of possession verified, the certificate read back by OpenSSL. In the
 * function, and over gRPC and TLS; beside them Istio's own authority, built from
 * its Go module (it does neither read back nor review a token), the plain way
 * with an X.509 library (`@peculiar/x509` on WebCrypto), and the bare arithmetic.
 *
 *   npm run bench -- issuer [seconds for each]
 *
 * A second of a core is a second of CPU time of the process that signs: so the
 * figure is little changed by other work on the machine.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import {
  CREATE_CERTIFICATE_PATH,
  readCertificateAnswer,
  writeCertificateCall,
} from '../packages/controller/src/issuer/service/wire';
import { BenchProcess } from './processes/childProcess';
import { compile } from './processes/compile';
import { PODS, certificateRequests, tokenOf } from './issuer/fixture';
import { GoPeer } from './processes/goPeer';
import { VERSIONS } from '../packages/testbed/src/binaries/versions';
import type { Way } from './issuer/functionProcess';
import type { ServingBench } from './issuer/serverProcess';

const SECONDS = Number(process.argv[2] ?? 20);
/** Best and median of so many: other work on the machine only ever takes away. */
const ROUNDS = 10;
const CONNECTIONS = 8;
const CALLS_UNDER_WAY = 64;
const WARM_UP = 6;
/** Pods that start at once. */
const BURST = 2_000;
/** Calls a second of another cluster's pods meanwhile. */
const STEADY = 40;

interface Measured {
  name: string;
  /** Of each round. */
  rates: number[];
  aim?: number;
}

/** A process that serves certificates. */
interface Signer {
  call<T>(name: string): Promise<T>;
  stop(): Promise<void>;
}

/** Callers of one server, over so many connections. */
function callersOf({ port, roots, name }: ServingBench) {
  const clients = Array.from(
    { length: CONNECTIONS },
    () =>
      new grpc.Client(
        `127.0.0.1:${port}`,
        grpc.credentials.createSsl(Buffer.from(roots)),
        {
          'grpc.ssl_target_name_override': name,
          'grpc.default_authority': name,
          'grpc.use_local_subchannel_pool': 1,
        },
      ),
  );
  const calls = certificateRequests().map((csr, pod) => {
    const headers = new grpc.Metadata();
    headers.set('authorization', `Bearer ${tokenOf(pod)}`);
    headers.set('clusterid', 'Kubernetes');
    return {
      headers,
      message: writeCertificateCall({ csr, validitySeconds: 3600 }),
    };
  });
  const identity = (bytes: Buffer) => bytes;
  const ask = (i: number) =>
    new Promise<void>((resolve, reject) => {
      const { headers, message } = calls[i % PODS];
      clients[i % CONNECTIONS].makeUnaryRequest(
        CREATE_CERTIFICATE_PATH,
        identity,
        identity,
        message,
        headers,
        { deadline: Date.now() + 30_000 },
        (error, answer) => {
          if (error || !answer) reject(error);
          else if (readCertificateAnswer(answer).length < 3) {
            reject(new Error('no chain of three'));
          } else resolve();
        },
      );
    });
  return {
    ask,
    close: () => clients.forEach(client => client.close()),
  };
}

/** Rounds of calls to a server; certificates per second of its CPU time, and of the clock. */
async function overGrpc(
  server: Signer,
  at: ServingBench,
): Promise<{ rates: number[]; walls: number[] }> {
  const { ask, close } = callersOf(at);
  const burst = async (seconds: number) => {
    const until = performance.now() + seconds * 1000;
    let n = 0;
    await Promise.all(
      Array.from({ length: CALLS_UNDER_WAY }, async () => {
        while (performance.now() < until) {
          n += 1;
          await ask(n);
        }
      }),
    );
    return n;
  };
  try {
    await burst(WARM_UP);
    const rates: number[] = [];
    const walls: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await server.call<number>('cpu');
      const start = performance.now();
      const n = await burst(SECONDS / ROUNDS);
      const wall = (performance.now() - start) / 1000;
      rates.push(n / ((await server.call<number>('cpu')) - before));
      walls.push(n / wall);
    }
    return { rates, walls };
  } finally {
    close();
    await server.stop();
  }
}

interface Waits {
  p50: number;
  p99: number;
  worst: number;
}

/** Calls at a steady rate until told to end; how long each took, milliseconds. */
function steadily(ask: (i: number) => Promise<void>) {
  const waits: number[] = [];
  let n = 0;
  const timer = setInterval(() => {
    const start = performance.now();
    n += 1;
    ask(n).then(
      () => waits.push(performance.now() - start),
      error => {
        throw error;
      },
    );
  }, 1000 / STEADY);
  return (): Waits => {
    clearInterval(timer);
    waits.sort((a, b) => a - b);
    const at = (share: number) =>
      waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
    return { p50: at(0.5), p99: at(0.99), worst: at(1) };
  };
}

/**
 * Many pods that start at once in one cluster, and what callers of another
 * cluster's controller notice: here both share this machine's cores with the
 * client, which real clusters do not.
 */
async function burstOfPods(): Promise<string> {
  const file = await compile('issuer/serverProcess');
  const servers = await Promise.all([
    BenchProcess.start(file),
    BenchProcess.start(file),
  ]);
  const [busy, other] = await Promise.all(
    servers.map(async server =>
      callersOf(await server.call<ServingBench>('start')),
    ),
  );
  try {
    for (const { ask } of [busy, other]) {
      await Promise.all(Array.from({ length: 500 }, (_, i) => ask(i)));
    }
    let end = steadily(other.ask);
    await new Promise(resolve => setTimeout(resolve, 5_000));
    const alone = end();
    end = steadily(other.ask);
    const start = performance.now();
    const ended: number[] = [];
    await Promise.all(
      Array.from({ length: BURST }, async (_, i) => {
        await busy.ask(i);
        ended.push(performance.now() - start);
      }),
    );
    const meanwhile = end();
    const row = (name: string, { p50, p99, worst }: Waits) =>
      `| ${name} | ${[p50, p99, worst].map(ms => ms.toFixed(1)).join(' | ')} |`;
    ended.sort((a, b) => a - b);
    return [
      '| wait for a certificate, ms | p50 | p99 | worst |',
      '|---|--:|--:|--:|',
      row(`another cluster, ${STEADY} a second, alone`, alone),
      row(`the same while ${BURST} pods start at once here`, meanwhile),
      row(`these ${BURST} pods`, {
        p50: ended[Math.floor(BURST * 0.5)],
        p99: ended[Math.floor(BURST * 0.99)],
        worst: ended[BURST - 1],
      }),
    ].join('\n');
  } finally {
    busy.close();
    other.close();
    await Promise.all(servers.map(server => server.stop()));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** `BENCH_CPU_PROFILE`: a folder for profiles of the processes that sign. */
function profiling(): string[] {
  const folder = process.env.BENCH_CPU_PROFILE;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

/** By turns, so that what else the machine does takes from all of them alike. */
async function inTheFunction(
  istiod: GoPeer | undefined,
): Promise<Record<Way | 'istiod', number[]>> {
  const file = await compile('issuer/functionProcess');
  const rates: Record<Way | 'istiod', number[]> = {
    arithmetic: [],
    function: [],
    library: [],
    istiod: [],
  };
  const ways: Way[] = ['arithmetic', 'function', 'library'];
  await istiod?.call('measure', 3);
  const processes = await Promise.all(
    ways.map(() => BenchProcess.start(file, { execArgv: profiling() })),
  );
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, way] of ways.entries()) {
        rates[way].push(
          await processes[i].call<number>('measure', {
            way,
            seconds: SECONDS / ROUNDS,
          }),
        );
      }
      if (istiod) {
        rates.istiod.push(await istiod.call('measure', SECONDS / ROUNDS));
      }
    }
    return rates;
  } finally {
    await Promise.all(processes.map(p => p.stop()));
  }
}

async function ours(): Promise<Measured[]> {
  const server = await BenchProcess.start(
    await compile('issuer/serverProcess'),
    { execArgv: profiling() },
  );
  const { rates, walls } = await overGrpc(server, await server.call('start'));
  return [
    { name: 'over gRPC and TLS, caller checked', rates, aim: 3_240 },
    { name: 'the same by the clock, client beside it', rates: walls },
  ];
}

async function main() {
  const before = loadavg()[0];
  const istiod = await GoPeer.start({
    name: 'bench-istiod',
    module: 'istio.io/istio',
    version: VERSIONS.istio,
    source: join(__dirname, 'issuer/istiod/main.go'),
  });
  const rates = await inTheFunction(istiod);
  const library: Measured = {
    name: 'peer: @peculiar/x509 in the function',
    rates: rates.library,
  };
  const rows: Measured[] = [
    {
      name: 'bare arithmetic: one signature, one verification',
      rates: rates.arithmetic,
    },
    { name: 'in the function', rates: rates.function, aim: 8_000 },
    ...(rates.istiod.length > 0
      ? [{ name: 'peer: istiod in the function', rates: rates.istiod }]
      : []),
    library,
    ...(await ours()),
  ];
  if (istiod) {
    const served = await overGrpc(istiod, await istiod.call('serve'));
    rows.push({
      name: 'peer: istiod over gRPC and TLS, caller not checked',
      rates: served.rates,
    });
  } else process.stderr.write('No Go here: istiod is not measured\n');
  const best = (row: Measured) => Math.max(...row.rates);
  process.stdout.write(
    `P-256, ${PODS} keys, Node ${
      process.version
    }, load average ${before.toFixed(1)} before and ${loadavg()[0].toFixed(
      1,
    )} after\n\n` +
      '| certificates per second and core | best | median | aim | times the peer |\n' +
      `|---|--:|--:|--:|--:|\n${rows
        .map(
          row =>
            `| ${row.name} | ${best(row).toFixed(0)} | ${median(
              row.rates,
            ).toFixed(0)} | ${row.aim ?? ''} | ${(
              best(row) / best(library)
            ).toFixed(1)} |`,
        )
        .join('\n')}\n\n${await burstOfPods()}\n`,
  );
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
