/**
 * The graph of 50 namespaces of six workloads, beside Kiali's own graph builder
 * (its Go module, appenders off) on the same calls. Kiali asks Prometheus for each
 * picture: its vectors are in memory here, so that only its own work is in it. Ours
 * draws from what collectors reported before: all of it is read from SQLite.
 *
 *   npm run bench -- topologyKiali
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeRow } from '../plugins/gns-common/src';
import { gnsOf } from '../plugins/gns-backend/src/telemetry/testFixtures';
import type { Scenery } from '../plugins/gns-backend/src/telemetry/topology/TrafficView';
import { GoPeer } from './processes/goPeer';
import { StoredTraffic } from './traffic/storedTraffic';

const NAMESPACES = 50;
const ROUNDS = 40;
const WARM_UP = 10;
const NOW = Math.floor(Date.now() / 60_000) * 60;
const CLUSTER = 'cluster-0';

interface Workload {
  namespace: string;
  app: string;
  version: string;
}

interface Call {
  from: Workload;
  to: Workload;
  code: number;
  count: number;
}

/** What a shop of books calls: a page, details, three versions of reviews of which two ask for ratings. */
function callsOf(namespace: string): Call[] {
  const at = (app: string, version = 'v1'): Workload => ({
    namespace,
    app,
    version,
  });
  const page = at('productpage');
  const gateway = {
    namespace: 'istio-system',
    app: 'istio-ingressgateway',
    version: 'latest',
  };
  const pairs: [Workload, Workload][] = [
    [gateway, page],
    [page, at('details')],
    ...['v1', 'v2', 'v3'].map((v): [Workload, Workload] => [
      page,
      at('reviews', v),
    ]),
    ...['v2', 'v3'].map((v): [Workload, Workload] => [
      at('reviews', v),
      at('ratings'),
    ]),
  ];
  return pairs.flatMap(([from, to], i) => [
    { from, to, code: 200, count: 600 + i },
    ...(i % 3 === 0 ? [{ from, to, code: 503, count: 2 }] : []),
  ]);
}

const namespaces = Array.from({ length: NAMESPACES }, (_, n) => `books-${n}`);
const calls = namespaces.flatMap(callsOf);
const nameOf = ({ app, version }: Workload) =>
  version === 'latest' ? app : `${app}-${version}`;
const hostOf = ({ namespace, app }: Workload) =>
  `${app}.${namespace}.svc.cluster.local`;

/** A series as Prometheus has it, with the labels that Kiali groups by. */
function seriesOf({ from, to, code, count }: Call) {
  return {
    metric: {
      source_cluster: CLUSTER,
      source_workload_namespace: from.namespace,
      source_workload: nameOf(from),
      source_canonical_service: from.app,
      source_canonical_revision: from.version,
      destination_cluster: CLUSTER,
      destination_service_namespace: to.namespace,
      destination_service: hostOf(to),
      destination_service_name: to.app,
      destination_workload_namespace: to.namespace,
      destination_workload: nameOf(to),
      destination_canonical_service: to.app,
      destination_canonical_revision: to.version,
      request_protocol: 'http',
      response_code: `${code}`,
      grpc_response_status: '',
      response_flags: '-',
    },
    value: count / 60,
  };
}

/** The same as a collector reports it, from both sides. */
function rowsOf(): EdgeRow[] {
  const workload = (one: Workload) => ({
    cluster: CLUSTER,
    namespace: one.namespace,
    name: nameOf(one),
    app: one.app,
    version: one.version,
  });
  const edges = new Map<string, Call[]>();
  for (const call of calls) {
    const key = JSON.stringify([call.from, call.to]);
    edges.set(key, [...(edges.get(key) ?? []), call]);
  }
  return [...edges.values()].flatMap(same =>
    (['client', 'server'] as const).map((view): EdgeRow => {
      const [{ from, to, count }] = same;
      return {
        view,
        protocol: 'http',
        source: workload(from),
        destination: workload(to),
        service: { host: hostOf(to) },
        outcomes: same.map(one => [one.code, one.count]),
        durations: [
          {
            outcome: 'ok',
            edgesMs: [5, 10, 25, 50, 100, 250, 500, 1000],
            counts: [count - 5, 2, 1, 1, 1, 0, 0, 0, 0],
          },
        ],
        durationSumMs: count * 7,
        ...(view === 'server' ? { mtls: count } : {}),
      };
    }),
  );
}

const shop = gnsOf(
  'shop',
  namespaces.map(name => `${CLUSTER}/${name}`),
  [],
);

const scenery: Scenery = {
  topology: {
    gns: 'shop',
    nodes: [],
    edges: [],
    coverage: [],
    generatedAt: new Date(0).toISOString(),
  },
  workloads: [],
  context: {
    clusterName: id => id,
    endpointOf: () => undefined,
    clustersOf: () => [CLUSTER],
    servicesOf: (_c, _n, name) => [name],
    isGateway: () => false,
  },
};

interface Figures {
  /** CPU milliseconds of a picture. */
  cpu: number;
  times: number[];
  nodes: number;
  edges: number;
  queries: number;
}

async function ours(): Promise<Figures> {
  const store = await StoredTraffic.create(shop, {
    clusters: [CLUSTER],
    now: NOW,
  });
  await store.take(CLUSTER, 1, rowsOf());
  const draw = async () =>
    JSON.stringify(
      await store.view(scenery).traffic('shop', {
        window: 60,
        level: 'workload',
        limit: 20_000,
        buckets: false,
      }),
    );
  for (let i = 0; i < WARM_UP; i += 1) await draw();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i += 1) {
    const start = performance.now();
    await draw();
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  const shown = JSON.parse(await draw());
  await store.knex.destroy();
  return {
    cpu: (user + system) / 1000 / ROUNDS,
    times,
    nodes: shown.nodes.length,
    edges: shown.edges.length,
    queries: 0,
  };
}

async function kialis(): Promise<Figures | undefined> {
  const peer = await GoPeer.start({
    name: 'bench-kiali',
    module: 'github.com/kiali/kiali',
    version: 'v1.89.0',
    source: join(__dirname, 'topologyKiali/main.go'),
  });
  if (!peer) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-bench-'));
  try {
    const file = join(folder, 'rows.json');
    writeFileSync(
      file,
      calls.map(call => JSON.stringify(seriesOf(call))).join('\n'),
    );
    await peer.call('rows', file);
    await peer.call('measure', WARM_UP);
    return await peer.call<Figures>('measure', ROUNDS);
  } finally {
    rmSync(folder, { recursive: true });
    await peer.stop();
  }
}

async function main() {
  const rows: [string, Figures | undefined][] = [
    ['isthmus, cold, from SQLite', await ours()],
    ['Kiali v1.89.0, Prometheus answers at once', await kialis()],
  ];
  process.stdout.write(
    `${NAMESPACES} namespaces, ${calls.length} series\n\n` +
      '| a picture | CPU ms | p50 ms | nodes | edges | queries for it |\n|---|--:|--:|--:|--:|--:|\n',
  );
  for (const [name, figures] of rows) {
    if (!figures) {
      process.stdout.write(`| ${name} | no Go here | | | | |\n`);
      continue;
    }
    const { cpu, times, nodes, edges, queries } = figures;
    const p50 = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
    process.stdout.write(
      `| ${name} | ${cpu.toFixed(1)} | ${p50.toFixed(
        1,
      )} | ${nodes} | ${edges} | ${queries} |\n`,
    );
  }
}

main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
