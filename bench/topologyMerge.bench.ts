/**
 * Who calls whom, of 20,000 series from 10 clusters: cold (nothing remembered,
 * all slices read and unpacked from SQLite), warm (the same picture again), and
 * with one cluster silent.
 *
 *   node --import tsx bench/topologyMerge.bench.ts
 *
 * Beside it, on the same data: the plain way, which keeps an object per edge and
 * slice as JSON and merges those.
 */
import { performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { EdgeRow } from '../plugins/gns-common/src';
import { gnsOf } from '../plugins/gns-backend/src/telemetry/testFixtures';
import type { Scenery } from '../plugins/gns-backend/src/telemetry/topology/TrafficView';
import { StoredTraffic } from './traffic/storedTraffic';

const CLUSTERS = 10;
const SERVICES = 1000;
/** Edges of a slice and cluster: half as callers tell them, half as servers do. */
const EDGES = 2000;
const MINUTES = 5;
const ROUNDS = 15;
const NOW = Math.floor(Date.now() / 60_000) * 60;

const cluster = (index: number) => `cluster-${index}`;
/** Each service runs in two clusters, in a namespace of its own cluster. */
const placesOf = (service: number) =>
  [service % CLUSTERS, (service * 7 + 3) % CLUSTERS].map(cluster);
const namespaceOf = (service: number) => `team-${service % 20}`;

const shop = gnsOf(
  'shop',
  Array.from({ length: CLUSTERS }, (_, c) =>
    Array.from({ length: 20 }, (_u, n) => `${cluster(c)}/team-${n}`),
  ).flat(),
  Array.from({ length: SERVICES }, (_, s) => ({
    name: `service-${s}`,
    host: `service-${s}.shop.gns.example`,
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints: [...new Set(placesOf(s))].map(c => ({
      cluster: c,
      namespace: namespaceOf(s),
      service: `service-${s}`,
      readyMtls: 2,
      total: 2,
      published: true,
      awaitingApproval: false,
      workloads: [`service-${s}`],
      serviceAccounts: [],
    })),
    subjectAltNames: [],
    conditions: [],
  })),
);

const workload = (service: number, at: string) => ({
  cluster: at,
  namespace: namespaceOf(service),
  name: `service-${service}`,
  app: `service-${service}`,
  version: 'v1',
});

/** What one cluster tells of one minute. */
function rowsOf(index: number, minute: number): EdgeRow[] {
  const here = cluster(index);
  const own = Array.from({ length: SERVICES }, (_, s) => s).filter(s =>
    placesOf(s).includes(here),
  );
  return Array.from({ length: EDGES }, (_, i): EdgeRow => {
    const isClient = i < EDGES / 2;
    const mine = own[i % own.length];
    const other = (mine * 13 + (i % (EDGES / 2)) * 31 + 1) % SERVICES;
    const away = placesOf(other)[i % 2];
    const count = 10 + ((i * 37 + minute * 11 + index) % 90);
    return {
      view: isClient ? 'client' : 'server',
      protocol: 'http',
      source: isClient ? workload(mine, here) : workload(other, away),
      destination: isClient ? workload(other, away) : workload(mine, here),
      service: {
        host: `service-${isClient ? other : mine}.shop.gns.example`,
      },
      outcomes: [
        [200, count],
        ...(i % 50 === 0 ? [[503, 1] as [number, number]] : []),
      ],
      durations: [
        {
          outcome: 'ok',
          edgesMs: [5, 10, 25, 50, 100, 250, 500, 1000],
          counts: [count - 5, 2, 1, 1, 1, 0, 0, 0, 0],
        },
      ],
      durationSumMs: count * 7,
      ...(isClient ? {} : { mtls: count }),
    };
  });
}

async function fill(): Promise<StoredTraffic> {
  const store = await StoredTraffic.create(shop, {
    clusters: Array.from({ length: CLUSTERS }, (_, c) => cluster(c)),
    now: NOW,
  });
  for (let c = 0; c < CLUSTERS; c += 1) {
    for (let back = MINUTES; back >= 1; back -= 1) {
      await store.take(cluster(c), back, rowsOf(c, back));
    }
  }
  return store;
}

const endpoints = new Map(
  shop.services.flatMap(s =>
    s.endpoints.map(e => [
      `${s.name} ${e.cluster}`,
      { namespace: e.namespace, service: e.service },
    ]),
  ),
);
const scenery: Scenery = {
  topology: {
    gns: 'shop',
    nodes: shop.services.flatMap(s =>
      s.endpoints.map(e => ({
        id: `service/${e.cluster}/${e.namespace}/${e.service}`,
        kind: 'service' as const,
        label: s.name,
        cluster: e.cluster,
        namespace: e.namespace,
        health: 'healthy' as const,
        host: s.host,
        service: s.name,
        ready: 2,
        total: 2,
      })),
    ),
    edges: [],
    coverage: [],
    generatedAt: new Date(0).toISOString(),
  },
  workloads: [],
  context: {
    clusterName: id => id,
    endpointOf: (service, at) => endpoints.get(`${service} ${at}`),
    clustersOf: service => placesOf(Number(service.replace('service-', ''))),
    servicesOf: (_c, _n, name) => [name],
    isGateway: () => false,
  },
};

async function measure(rounds: number, run: () => Promise<unknown>) {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  const spent = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  return {
    best: times[0],
    p50: times[Math.floor(times.length / 2)],
    worst: times[times.length - 1],
    cpu: (spent.user + spent.system) / 1000 / rounds,
  };
}

/** The plain way: objects as JSON, one per edge, merged in a map. */
function plainWay(stored: readonly Buffer[]): number {
  const merged = new Map<
    string,
    { requests: number; errors: number; buckets: number[] }
  >();
  for (const blob of stored) {
    for (const row of JSON.parse(gunzipSync(blob).toString()) as EdgeRow[]) {
      if (row.view !== 'client') continue;
      const key = JSON.stringify([row.source, row.destination, row.service]);
      const sum = merged.get(key) ?? { requests: 0, errors: 0, buckets: [] };
      for (const [code, count] of row.outcomes ?? []) {
        sum.requests += count;
        if (code >= 500) sum.errors += count;
      }
      for (const { counts } of row.durations ?? []) {
        counts.forEach((n, i) => {
          sum.buckets[i] = (sum.buckets[i] ?? 0) + n;
        });
      }
      merged.set(key, sum);
    }
  }
  return JSON.stringify([...merged]).length;
}

async function main() {
  const store = await fill();
  const request = (window: number) => ({
    window,
    level: 'service' as const,
    limit: 20_000,
    buckets: false,
  });
  const cold = (window: number) => async () =>
    JSON.stringify(await store.view(scenery).traffic('shop', request(window)));
  const shown = JSON.parse(await cold(60)());
  const rows: Record<string, Awaited<ReturnType<typeof measure>>> = {};
  rows['merge of 20,000 series, cold'] = await measure(ROUNDS, () =>
    store.view(scenery).window('shop', { window: 60 }),
  );
  rows['the whole picture of 1 minute, cold'] = await measure(ROUNDS, cold(60));
  rows['of 5 minutes (100,000 rows), cold'] = await measure(ROUNDS, cold(300));
  const view = store.view(scenery);
  await view.traffic('shop', request(300));
  rows['the same, warm'] = await measure(ROUNDS * 3, async () =>
    JSON.stringify(await view.traffic('shop', request(300))),
  );
  const minuteLater = store.view(scenery);
  await minuteLater.traffic('shop', request(300));
  await store.take(cluster(0), 1, rowsOf(0, 9), { revision: 2 });
  rows['the same, after one new slice'] = await measure(1, async () =>
    JSON.stringify(await minuteLater.traffic('shop', request(300))),
  );
  const stored = Array.from({ length: CLUSTERS }, (_, c) =>
    gzipSync(JSON.stringify(rowsOf(c, 1))),
  );
  rows['plain way: 1 minute, JSON objects'] = await measure(ROUNDS, async () =>
    plainWay(stored),
  );
  const [{ bytes }] = await store
    .knex('gns_traffic')
    .sum({ bytes: 'edges_bytes' });
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, t]) => [
        name,
        {
          'best ms': t.best.toFixed(1),
          'p50 ms': t.p50.toFixed(1),
          'worst ms': t.worst.toFixed(1),
          'CPU ms': t.cpu.toFixed(1),
        },
      ]),
    ),
  );
  console.log(
    `${shown.nodes.length} nodes, ${shown.edges.length} edges drawn of ${
      CLUSTERS * EDGES
    } rows a minute; ${(Number(bytes) / (CLUSTERS * EDGES * MINUTES)).toFixed(
      1,
    )} bytes a row stored, ${(
      stored.reduce((sum, b) => sum + b.length, 0) /
      (CLUSTERS * EDGES)
    ).toFixed(1)} the plain way`,
  );
  await store.knex.destroy();
}

main();
