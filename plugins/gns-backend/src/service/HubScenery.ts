import type { Knex } from 'knex';
import {
  healthOfPods,
  topologyOf,
  type ComposedGlobalNamespace,
} from '../composition';
import { readHub } from '../delivery/hubState';
import type { ClusterStore } from '../members/ClusterStore';
import type { FreshnessLimits } from '../members/freshness';
import type { KnownWorkload } from '../telemetry/topology/picture';
import type { Scenery, SceneryReader } from '../telemetry/topology/TrafficView';
import {
  isSimulated,
  readClusterFacts,
  type ClusterFacts,
} from './clusterAnswers';
import type { HubView, Snapshot } from './HubView';

/** Labels that Istio reads a version from, in its order. */
const VERSION_LABELS = [
  'service.istio.io/canonical-revision',
  'app.kubernetes.io/version',
  'version',
];

/** What pictures of traffic draw beside it: from the composition, as pages see it. */
export class HubScenery implements SceneryReader {
  readonly #options: {
    knex: Knex;
    view: HubView;
    clusters: ClusterStore;
    freshness: FreshnessLimits;
    now: () => number;
  };

  constructor(options: {
    knex: Knex;
    view: HubView;
    clusters: ClusterStore;
    freshness: FreshnessLimits;
    now: () => number;
  }) {
    this.#options = options;
  }

  #facts(): Promise<ClusterFacts[]> {
    const { knex, clusters, freshness, now } = this.#options;
    return readClusterFacts({ knex, clusters, limits: freshness, now: now() });
  }

  async version(): Promise<string> {
    const { knex } = this.#options;
    const hub = await readHub(knex);
    const compositions: { gns: string; hash: string }[] = await knex(
      'gns_compositions',
    )
      .orderBy('gns')
      .select('gns', 'hash');
    const inventories: { version: number | string }[] = await knex(
      'gns_inventory',
    )
      .orderBy(['cluster_id', 'kind'])
      .select('version');
    const facts = await this.#facts();
    return JSON.stringify([
      hub.term,
      hub.revision,
      compositions.map(c => c.hash),
      inventories.map(i => i.version),
      facts.map(f => [f.cluster.name, f.coverage.state]),
    ]);
  }

  async simulated(): Promise<ReadonlySet<string>> {
    const clusters = await this.#options.clusters.list();
    return new Set(clusters.filter(isSimulated).map(c => c.id));
  }

  async read(gns: string): Promise<Scenery | undefined> {
    const { view, now } = this.#options;
    const snapshot = await view.snapshot();
    const result = view.composed(snapshot);
    const composed =
      snapshot.stored.get(gns)?.composed ?? result.globalNamespaces.get(gns);
    if (!composed) return undefined;
    const facts = await this.#facts();
    const fresh = new Set(
      facts.filter(f => f.coverage.state === 'ok').map(f => f.cluster.id),
    );
    return {
      topology: topologyOf({
        gns: composed,
        result,
        clusters: snapshot.input.clusters,
        coverage: facts.map(f => f.coverage),
        generatedAt: new Date(now()).toISOString(),
      }),
      workloads: workloadsOf(composed, snapshot, fresh),
      context: contextOf(composed, snapshot),
    };
  }
}

/** Global services by `<cluster id>/<namespace>/<workload>`, sorted. */
function servedBy(gns: ComposedGlobalNamespace): Map<string, string[]> {
  const served = new Map<string, string[]>();
  for (const service of gns.services) {
    for (const e of service.endpoints) {
      for (const workload of e.workloads) {
        const key = `${e.cluster}/${e.namespace}/${workload}`;
        const names = served.get(key);
        if (names) names.push(service.name);
        else served.set(key, [service.name]);
      }
    }
  }
  for (const names of served.values()) names.sort();
  return served;
}

function workloadsOf(
  gns: ComposedGlobalNamespace,
  snapshot: Snapshot,
  fresh: ReadonlySet<string>,
): KnownWorkload[] {
  const members = new Set(
    gns.members
      .filter(m => m.state === 'member')
      .map(m => `${m.cluster}/${m.namespace}`),
  );
  const served = servedBy(gns);
  return snapshot.input.clusters.flatMap(cluster => {
    const known = cluster.inventory.marks.workloads !== 'never';
    return cluster.inventory.workloads
      .filter(w => members.has(`${cluster.id}/${w.namespace}`))
      .map((w): KnownWorkload => {
        const ready = known ? w.pods.ready : null;
        const pods = known ? w.pods.total : null;
        const version = VERSION_LABELS.map(l => w.labels[l]).find(Boolean);
        return {
          cluster: cluster.name,
          namespace: w.namespace,
          name: w.name,
          version,
          services: served.get(`${cluster.id}/${w.namespace}/${w.name}`) ?? [],
          ready,
          pods,
          health: healthOfPods(ready, pods, fresh.has(cluster.id)),
        };
      });
  });
}

function contextOf(
  gns: ComposedGlobalNamespace,
  snapshot: Snapshot,
): Scenery['context'] {
  const names = new Map(snapshot.input.clusters.map(c => [c.id, c.name]));
  const endpoints = new Map(
    gns.services.flatMap(s =>
      s.endpoints.map(e => [
        `${s.name} ${e.cluster}`,
        { namespace: e.namespace, service: e.service },
      ]),
    ),
  );
  const clusters = new Map(
    gns.services.map(s => [s.name, s.endpoints.map(e => e.cluster)]),
  );
  const served = servedBy(gns);
  const gateways = new Set(
    snapshot.input.clusters.flatMap(c =>
      c.inventory.gateways.flatMap(g => [
        `${c.id}/${g.namespace}/${g.name}`,
        `${c.id}/${g.namespace}/${g.selector.app ?? g.name}`,
      ]),
    ),
  );
  return {
    clusterName: id => names.get(id),
    endpointOf: (service, cluster) => endpoints.get(`${service} ${cluster}`),
    clustersOf: service => clusters.get(service) ?? [],
    servicesOf: (cluster, namespace, workload) =>
      served.get(`${cluster}/${namespace}/${workload}`) ?? [],
    isGateway: (cluster, { namespace, name, app }) =>
      [name, app].some(
        n =>
          n !== undefined &&
          // Ingress gateways are in no inventory: they are known by their name.
          (gateways.has(`${cluster}/${namespace}/${n}`) ||
            n.endsWith('gateway')),
      ),
  };
}
