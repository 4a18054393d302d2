/**
 * From a saved definition to the objects in 100 clusters, beside a central
 * process that writes to all clusters itself.
 *
 *   node --import tsx bench/propagation.bench.ts [clusters] [edits] [SQLite|PostgreSQL]
 *
 * The edit switches `mtls`: it makes or takes away two policies in each
 * cluster, and no cluster has to wait for another. The clock runs from sending
 * the PUT until the API server of a cluster has stored the last of its changes.
 * Person and controllers reach the hub through a relay that holds every piece
 * of data for half a round trip each way; a controller and its API server are
 * neighbours.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CentralPush } from './propagation/centralPush';
import {
  BenchProcess,
  cpuSeconds,
  machineClock,
} from './processes/childProcess';
import type { ClusterAddress } from './propagation/clustersProcess';
import type { Joining } from './propagation/controllersProcess';
import { DelayProxy } from './propagation/DelayProxy';

const CLUSTERS = Number(process.argv[2] ?? 100);
const EDITS = Number(process.argv[3] ?? 20);
/** One database alone; default: all that are there. */
const ONLY = process.argv[4] ?? '';
const WARM_UP = 2;
const ROUND_TRIPS = [0, 80];
/** An edit follows when the hub has been quiet since the one before: share of a core, milliseconds. */
const QUIET = { share: 0.25, over: 300, patience: 8_000 };
const PATIENCE = 20_000;
const ADMIN_TOKEN = 'benchmark-admin';
const NAMESPACE = 'team';
const AIM = 250;

let roundTrip = 0;
const half = () => roundTrip / 2;
const pause = (ms: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, ms);
  });
const say = (text: string) => process.stderr.write(`${text}\n`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => {
    server.close(resolve);
  });
  return port;
}

function spread(times: number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { p50: at(0.5), p99: at(0.99), max: sorted[sorted.length - 1] };
}

/** The person who edits, on the same distance from the hub as the controllers. */
class Editor {
  #generation = 0;

  constructor(
    private readonly base: string,
    private readonly token: string,
    private readonly clusters: readonly string[],
  ) {}

  async send(method: string, path: string, body?: object, headers = {}) {
    const answer = await fetch(`${this.base}/api/gns/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text || '{}') as Record<string, unknown>;
  }

  /** Opens the connection, as a person has it open who has just read the page. */
  async look() {
    await this.send('GET', '/definitions/GlobalNamespace/shop');
  }

  async save(mtls: 'strict' | 'permissive') {
    await this.send(
      'PUT',
      '/definitions/GlobalNamespace/shop',
      {
        apiVersion: 'gns.isthmus.dev/v1',
        kind: 'GlobalNamespace',
        metadata: { name: 'shop' },
        spec: {
          domain: 'shop.gns.internal',
          // By exact name: nobody has to approve them.
          members: [
            {
              clusters: { names: this.clusters },
              namespaces: { names: [NAMESPACE] },
            },
          ],
          mtls,
        },
      },
      this.#generation === 0
        ? { 'if-none-match': '*' }
        : { 'if-match': `"${this.#generation}"` },
    );
    this.#generation += 1;
  }
}

interface Row {
  name: string;
  roundTrip: number;
  p50: number;
  p99: number;
  max: number;
  answered: number;
  cpu: string;
}

interface Processes {
  clusters: BenchProcess;
  hub?: BenchProcess;
  controllers?: BenchProcess;
}

/** Waits until reports and confirmed deletions of the last edit are dealt with. */
async function untilQuiet(hub: BenchProcess | undefined) {
  const until = performance.now() + QUIET.patience;
  for (;;) {
    const before = (await hub?.call<number>('cpu')) ?? 0;
    await pause(QUIET.over);
    const used = ((await hub?.call<number>('cpu')) ?? 0) - before;
    const calm = used * 1000 < QUIET.share * QUIET.over;
    if (calm || performance.now() > until) return;
  }
}

/** Measures edits; `edit` resolves when whoever makes it has its answer. */
async function measure(
  name: string,
  prefix: string,
  { clusters, hub, controllers }: Processes,
  edit: (strict: boolean) => Promise<void>,
  before: () => Promise<void> = async () => {},
): Promise<Row> {
  const times: number[] = [];
  const answered: number[] = [];
  const cpuOf = async () =>
    Promise.all([
      hub?.call<number>('cpu') ?? cpuSeconds(),
      controllers?.call<number>('cpu') ?? 0,
      clusters.call<number>('cpu'),
    ]);
  let cpu = await cpuOf();
  for (let n = 0; n < WARM_UP + EDITS; n += 1) {
    if (n === WARM_UP) {
      cpu = await cpuOf();
      times.length = 0;
      answered.length = 0;
    }
    await before();
    await clusters.call('begin', prefix);
    const sent = machineClock();
    const stored = clusters.call<{ last: number[]; missing: number }>(
      'stored',
      PATIENCE,
    );
    await edit(n % 2 === 1);
    answered.push(machineClock() - sent);
    const { last, missing } = await stored;
    if (missing > 0) {
      throw new Error(`${name}: ${missing} changes did not arrive`);
    }
    times.push(...last.map(at => at - sent));
    if (process.env.BENCH_TRACE) {
      say(
        `  ${n % 2 === 1 ? 'strict' : 'permissive'} answered ${answered
          .at(-1)
          ?.toFixed(0)} first ${(Math.min(...last) - sent).toFixed(0)} last ${(
          Math.max(...last) - sent
        ).toFixed(0)}`,
      );
    }
    await untilQuiet(hub);
  }
  const after = await cpuOf();
  return {
    name,
    roundTrip,
    ...spread(times),
    answered: spread(answered).p50,
    cpu: after
      .map((seconds, i) => (((seconds - cpu[i]) / EDITS) * 1000).toFixed(0))
      .join(' / '),
  };
}

async function joined(
  addresses: readonly ClusterAddress[],
  editor: Editor,
  hubUrl: string,
): Promise<Joining[]> {
  const joining: Joining[] = [];
  for (const { name, port } of addresses) {
    const { token } = await editor.send('POST', '/clusters', { name });
    joining.push({
      hubUrl,
      joinToken: String(token),
      kubeUrl: `http://127.0.0.1:${port}`,
      kubeToken: ADMIN_TOKEN,
    });
  }
  return joining;
}

/** Waits until every controller has applied all that it was given, twice in a row. */
async function settle(controllers: BenchProcess, expected: number) {
  let quiet = 0;
  let before = '';
  for (let waited = 0; quiet < 4; waited += 1) {
    if (waited > 240) throw new Error(`The clusters did not settle: ${before}`);
    await pause(1_000);
    const progress = await controllers.call<{
      applied: number;
      other: number;
      current: number;
    }>('progress');
    const now = JSON.stringify(progress);
    quiet =
      progress.current === expected && progress.other === 0 && now === before
        ? quiet + 1
        : 0;
    before = now;
  }
  say(`  settled: ${before}`);
}

async function ofHub(
  name: string,
  database: object,
  clusters: BenchProcess,
  addresses: readonly ClusterAddress[],
): Promise<Row[]> {
  const rows: Row[] = [];
  const token = randomUUID();
  const port = await freePort();
  const profile = process.env.BENCH_PROFILE
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`]
    : [];
  const hub = await BenchProcess.start('propagation/hubProcess.ts', {
    argv: [String(port), token, JSON.stringify(database)],
    execArgv: profile,
  });
  const relay = await DelayProxy.start(port, half);
  const base = `http://127.0.0.1:${relay.port}`;
  const editor = new Editor(
    base,
    token,
    addresses.map(({ name: cluster }) => cluster),
  );
  const controllers = await BenchProcess.start(
    'propagation/controllersProcess.ts',
    { execArgv: profile },
  );
  try {
    roundTrip = 0;
    await editor.save('strict');
    await controllers.call('start', await joined(addresses, editor, base));
    await settle(controllers, addresses.length);
    const owned = await clusters.call<number[]>('owned');
    say(
      `  ${owned.reduce((a, b) => a + b, 0)} objects in ${
        owned.length
      } clusters`,
    );
    for (roundTrip of ROUND_TRIPS) {
      await untilQuiet(hub);
      rows.push(
        await measure(
          name,
          'gns-shop',
          { clusters, hub, controllers },
          async strict => {
            await editor.save(strict ? 'strict' : 'permissive');
          },
          () => editor.look(),
        ),
      );
      say(`  ${JSON.stringify(rows.at(-1))}`);
    }
    return rows;
  } finally {
    await controllers.stop();
    await relay.stop();
    await hub.stop();
  }
}

async function ofPush(
  clusters: BenchProcess,
  addresses: readonly ClusterAddress[],
): Promise<Row[]> {
  const rows: Row[] = [];
  const relays = await Promise.all(
    addresses.map(({ port }) => DelayProxy.start(port, half)),
  );
  try {
    const push = new CentralPush(
      relays.map(({ port }) => `http://127.0.0.1:${port}`),
      ADMIN_TOKEN,
      NAMESPACE,
      'central-push',
    );
    roundTrip = 0;
    await push.edit(true);
    for (roundTrip of ROUND_TRIPS) {
      rows.push(
        await measure(
          'peer: central push, @kubernetes/client-node',
          'central-push',
          { clusters },
          strict => push.edit(strict),
        ),
      );
      say(`  ${JSON.stringify(rows.at(-1))}`);
    }
    return rows;
  } finally {
    await Promise.all(relays.map(relay => relay.stop()));
  }
}

async function main() {
  const rows: Row[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-bench-'));
  const databases: [string, object][] = [
    [
      'Isthmus, SQLite',
      { client: 'better-sqlite3', connection: { directory: folder } },
    ],
  ];
  const postgres =
    process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;
  if (postgres) {
    databases.push([
      'Isthmus, PostgreSQL 15',
      { client: 'pg', connection: postgres },
    ]);
  }
  try {
    for (const [name, database] of databases) {
      if (!name.includes(ONLY)) continue;
      const clusters = await BenchProcess.start(
        'propagation/clustersProcess.ts',
      );
      try {
        say(`${name}: starting ${CLUSTERS} clusters`);
        const addresses = await clusters.call<ClusterAddress[]>(
          'start',
          CLUSTERS,
        );
        rows.push(...(await ofHub(name, database, clusters, addresses)));
        if (database === databases[0][1]) {
          rows.push(...(await ofPush(clusters, addresses)));
        }
      } finally {
        await clusters.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    `${CLUSTERS} clusters, ${EDITS} edits of two objects in each, Node ${process.version}\n\n` +
      '| way | round trip ms | p50 ms | p99 ms | max ms | aim p99 ms | answer to the PUT p50 ms | CPU ms per edit: hub / controllers / API servers |\n' +
      `|---|--:|--:|--:|--:|--:|--:|--:|\n${rows
        .map(
          r =>
            `| ${r.name} | ${r.roundTrip} | ${[r.p50, r.p99, r.max]
              .map(v => v.toFixed(0))
              .join(' | ')} | ${
              r.roundTrip === 80 ? AIM : ''
            } | ${r.answered.toFixed(0)} | ${r.cpu} |`,
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
