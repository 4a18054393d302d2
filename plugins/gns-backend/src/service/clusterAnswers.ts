import type { Knex } from 'knex';
import {
  formatEpoch,
  LABEL_SIMULATED,
  type Cluster,
  type Coverage,
} from '@isthmus/plugin-gns-common';
import type { EffectiveInventory } from '../composition';
import type { ClusterRecord } from '../members/clusterRows';
import type { ClusterStore } from '../members/ClusterStore';
import {
  objectConditions,
  reportedConditions,
} from '../members/observedConditions';
import { freshnessOf, type FreshnessLimits } from '../members/freshness';
import {
  readObservations,
  type FullObservation,
} from '../members/readObservations';
import type { Snapshot } from './HubView';

/** A member cluster with all that is known of it. */
export interface ClusterFacts {
  readonly cluster: ClusterRecord;
  readonly observed: FullObservation | undefined;
  readonly coverage: Coverage;
}

export function isSimulated(cluster: {
  labels: Readonly<Record<string, string>>;
}): boolean {
  return cluster.labels[LABEL_SIMULATED] === 'true';
}

/** Reads all clusters with what they last reported and how fresh it is. */
export async function readClusterFacts(options: {
  knex: Knex;
  clusters: ClusterStore;
  limits: FreshnessLimits;
  now: number;
}): Promise<ClusterFacts[]> {
  const observations = await readObservations(options.knex);
  return (await options.clusters.list()).map(cluster => {
    const observed = observations.get(cluster.id);
    return {
      cluster,
      observed,
      coverage: {
        cluster: cluster.name,
        state: freshnessOf(
          {
            lastReportAt: observed?.lastReportAt,
            lastUnauthorizedAt: cluster.lastUnauthorizedAt,
          },
          options.now,
          options.limits,
        ),
        ...(observed?.lastReportAt ? { dataAt: observed.lastReportAt } : {}),
        simulated: isSimulated(cluster),
      },
    };
  });
}

/** The REST shape of a member cluster. */
export function toCluster(
  facts: ClusterFacts,
  context: {
    snapshot: Snapshot;
    inventory: EffectiveInventory | undefined;
    tokenExpiresAt: string | undefined;
  },
): Cluster {
  const { cluster, observed, coverage } = facts;
  const { snapshot, inventory } = context;
  const mesh = inventory?.mesh;
  const composed = [...snapshot.stored.values()].flatMap(
    ({ composed: gns }) => [
      ...gns.conditions,
      ...gns.services.flatMap(s => s.conditions),
    ],
  );
  const region = mesh?.localities[0]?.split('/')[0];
  return {
    id: cluster.id,
    name: cluster.name,
    ...(cluster.title ? { title: cluster.title } : {}),
    labels: { ...cluster.labels },
    state: cluster.state,
    freshness: coverage.state,
    ...(observed?.lastReportAt ? { lastSeenAt: observed.lastReportAt } : {}),
    createdAt: cluster.createdAt,
    simulated: coverage.simulated,
    paused: cluster.paused,
    ...(cluster.observed ? { observed: true } : {}),
    drained: cluster.drained,
    pausedLocally: [...(observed?.pausedLocally ?? [])],
    ...(mesh?.network ? { network: mesh.network } : {}),
    ...(region ? { region } : {}),
    ...(mesh ? { kubernetesVersion: mesh.kubernetesVersion } : {}),
    istioVersions: [...(mesh?.istioVersions ?? [])],
    ...(observed?.controllerVersion
      ? { controllerVersion: observed.controllerVersion }
      : {}),
    ...(mesh ? { trustDomain: mesh.trustDomain } : {}),
    rootHashes: [...(mesh?.rootHashes ?? [])],
    desiredEpoch: formatEpoch({ term: snapshot.hub.term, n: cluster.desiredN }),
    appliedEpoch: formatEpoch(observed?.appliedEpoch ?? { term: 0, n: 0 }),
    gateways: (inventory?.gateways ?? []).map(g => ({
      namespace: g.namespace,
      name: g.name,
      addresses: g.addresses.map(a => ('ip' in a ? a.ip : a.hostname)),
      port: g.port,
      ready: g.ready,
    })),
    reachability: [...(observed?.reachability ?? [])],
    conditions: [
      ...composed.filter(c => c.cluster === cluster.name),
      ...reportedConditions(facts),
      ...objectConditions(facts),
    ],
    ...(context.tokenExpiresAt
      ? { tokenExpiresAt: context.tokenExpiresAt }
      : {}),
  };
}
