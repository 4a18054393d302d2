import type { Knex } from 'knex';
import type { CompositionResult } from '../composition';
import { clusterFacts } from '../composition/clusterFacts';
import type { ClusterFacts } from '../service/clusterAnswers';
import type { Snapshot } from '../service/HubView';
import {
  freshnessOfSource,
  readSourceStates,
} from '../telemetry/topology/readCoverage';
import { isoOf } from '../telemetry/time';
import type { ConnectionFacts, TelemetryFacts, TokenFacts } from './types';

async function newestToken(
  knex: Knex,
  clusterId: string,
): Promise<TokenFacts | undefined> {
  const rows: {
    created_at: string;
    expires_at: string;
    used_at: string | null;
  }[] = await knex('gns_join_tokens')
    .where({ cluster_id: clusterId })
    .whereNull('replaced_at')
    .orderBy('created_at', 'desc')
    .limit(1)
    .select('created_at', 'expires_at', 'used_at');
  return rows.map(row => ({
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
  }))[0];
}

async function pausedSince(
  knex: Knex,
  cluster: string,
): Promise<string | undefined> {
  const row: { at: string } | undefined = await knex('gns_audit')
    .where({ subject: `cluster:${cluster}`, action: 'pause' })
    .orderBy('seq', 'desc')
    .first('at');
  return row?.at;
}

async function telemetryOf(
  knex: Knex,
  clusterId: string,
  now: number,
): Promise<TelemetryFacts> {
  const seconds = Math.floor(now / 1000);
  const state = (await readSourceStates(knex, seconds)).get(clusterId);
  if (!state) return { state: 'never' };
  const dataAt = state.dataAt === undefined ? undefined : isoOf(state.dataAt);
  return freshnessOfSource(state, seconds) === 'ok'
    ? { state: 'ok', dataAt }
    : {
        state: 'troubled',
        message:
          state.message ??
          `Nothing was measured since ${dataAt ?? 'it was connected'}.`,
      };
}

/** Reads all that a connection is judged by. */
export async function readConnection(
  knex: Knex,
  name: string,
  context: {
    clusters: readonly ClusterFacts[];
    snapshot: Snapshot;
    result: CompositionResult;
    now: number;
  },
): Promise<ConnectionFacts> {
  const { snapshot, clusters, result, now } = context;
  const own = clusters.find(c => c.cluster.name === name)!;
  const { cluster, observed, coverage } = own;
  const views = new Map(snapshot.input.clusters.map(c => [c.id, c]));
  const view = views.get(cluster.id);
  return {
    cluster,
    coverage,
    observed,
    inventory: view?.inventory,
    facts: view && clusterFacts(view),
    token: await newestToken(knex, cluster.id),
    pausedAt: cluster.paused ? await pausedSince(knex, name) : undefined,
    neighbours: clusters.flatMap(other => {
      const seen = views.get(other.cluster.id);
      if (other === own || !seen || seen.leaving || !seen.inventory.mesh) {
        return [];
      }
      return [
        {
          name: other.cluster.name,
          facts: clusterFacts(seen),
          observed: other.observed,
          probes:
            result.clusters
              .get(other.cluster.id)
              ?.probes.some(
                p => p.cluster === name || p.cluster === cluster.id,
              ) ?? false,
        },
      ];
    }),
    telemetry: await telemetryOf(knex, cluster.id, now),
    term: snapshot.hub.term,
    now,
  };
}
