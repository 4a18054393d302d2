/**
 * Composition for 1,000 services in 50 clusters: all of it, and after one
 * endpoint change, beside a full recomputation of the same change.
 *
 *   node --import tsx bench/composition.bench.ts
 */
import {
  acceptedMembers,
  compose,
  createComposer,
  type ClusterView,
  type CompositionInput,
} from '../plugins/gns-backend/src/composition';
import {
  clusterOf,
  gnsOf,
  inputOf,
  meshOf,
  namespaceOf,
  servedBy,
  serviceOf,
  workloadOf,
} from '../plugins/gns-backend/src/composition/testFixtures';

const CLUSTERS = 50;
const GLOBAL_NAMESPACES = 10;
const SERVICES_EACH = 100;
/** Clusters that serve each host; all 50 call it. */
const COPIES = 2;
const ROUNDS = 20;

function clusterNumber(index: number): ClusterView {
  const services: [string, string][] = [];
  for (let gns = 0; gns < GLOBAL_NAMESPACES; gns += 1) {
    for (let s = 0; s < SERVICES_EACH; s += 1) {
      const place = gns * SERVICES_EACH + s;
      for (let copy = 0; copy < COPIES; copy += 1) {
        if ((place + copy * 17) % CLUSTERS === index) {
          services.push([`team-${gns}`, `service-${s}`]);
        }
      }
    }
  }
  return clusterOf(`cluster-${String(index).padStart(2, '0')}`, index, [], {
    inventory: {
      mesh: meshOf(`net${index}`, { localities: [`region-${index % 5}/a`] }),
      namespaces: Array.from({ length: GLOBAL_NAMESPACES }, (_, gns) =>
        namespaceOf(`team-${gns}`),
      ),
      services: services.map(([n, s]) => serviceOf(n, s)),
      workloads: services.map(([n, s]) => workloadOf(n, s, 10)),
    },
  });
}

/** The same cluster after a report with another number of ready pods of one workload. */
function withReadyPods(cluster: ClusterView, pods: number): ClusterView {
  const { workloads } = cluster.inventory;
  const reported = workloads.map((w, i) =>
    i === 0 ? workloadOf(w.namespace, w.name, pods) : w,
  );
  return {
    ...cluster,
    inventory: { ...cluster.inventory, workloads: reported },
  };
}

function measure(rounds: number, run: (round: number) => unknown) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    run(round);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (q: number) =>
    times[Math.min(times.length - 1, Math.floor(q * times.length))];
  return { best: times[0], p50: at(0.5), p99: at(0.99) };
}

const definitions = Array.from({ length: GLOBAL_NAMESPACES }, (_, gns) =>
  gnsOf(
    `gns-${gns}`,
    { members: [{ namespaces: { names: [`team-${gns}`] } }] },
    gns,
  ),
);
const clusters = Array.from({ length: CLUSTERS }, (_, i) => clusterNumber(i));
const fresh = compose(inputOf(definitions, clusters));
const settled: CompositionInput = inputOf(definitions, clusters, {
  served: servedBy(fresh),
  acceptedMembers: acceptedMembers(fresh),
  addresses: new Map(
    fresh.addressesWanted.map((host, i) => [
      host,
      `240.16.${i >> 8}.${i & 255}`,
    ]),
  ),
});
const whole = compose(settled);
const objects = [...whole.clusters.values()].reduce(
  (sum, c) => sum + c.objects.size,
  0,
);

/** The settled input with one cluster as it is in this round. */
function changed(round: number, pods: (round: number) => number) {
  const copy = [...clusters];
  copy[7] = withReadyPods(clusters[7], pods(round));
  return { ...settled, clusters: copy, weights: whole.weights };
}

/** Changes everywhere: the weight leaves the band in which it is damped. */
const loud = (round: number) => (round % 2 === 0 ? 30 : 10);
/** Changes one status only: the published weight stays. */
const quiet = (round: number) => (round % 2 === 0 ? 11 : 10);

const rows: [string, ReturnType<typeof measure>, string][] = [];
measure(5, () => compose({ ...settled }));
rows.push(['full', measure(ROUNDS, () => compose({ ...settled })), '100']);
for (const [name, pods] of [
  ['one endpoint change, weight published', loud],
  ['one endpoint change, weight damped', quiet],
] as const) {
  const composer = createComposer();
  composer({ ...settled, weights: whole.weights });
  rows.push([
    name,
    measure(ROUNDS * 3, round => composer(changed(round, pods))),
    '5',
  ]);
  rows.push([
    `  the same by full recomputation`,
    measure(ROUNDS, round => compose(changed(round, pods))),
    '',
  ]);
}

process.stdout.write(
  `${CLUSTERS} clusters, ${
    GLOBAL_NAMESPACES * SERVICES_EACH
  } services, ${objects} objects, Node ${process.version}\n\n` +
    `| composition | best ms | p50 ms | p99 ms | aim ms |\n|---|--:|--:|--:|--:|\n${rows
      .map(
        ([name, { best, p50, p99 }, aim]) =>
          `| ${name} | ${best.toFixed(2)} | ${p50.toFixed(2)} | ${p99.toFixed(
            2,
          )} | ${aim} |`,
      )
      .join('\n')}\n`,
);
