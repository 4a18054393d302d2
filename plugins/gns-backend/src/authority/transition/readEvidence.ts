import type { Knex } from 'knex';
import { freshnessOf, type FreshnessLimits } from '../../members/freshness';
import type { ClusterEvidence } from '../evidence';
import type { IdentityReports } from '../store/reportRows';

/** What clusters let us know, for all authorities. */
export interface Evidence {
  /** Of one authority, by cluster id. */
  of(gns: string): ReadonlyMap<string, ClusterEvidence>;
  /** PEM of the roots of a cluster's mesh; undefined: it never said. */
  meshRootsOf(clusterId: string): readonly string[] | undefined;
}

interface Row {
  id: string;
  name: string;
  paused: number;
  last_unauthorized_at: string | null;
  last_report_at: string | null;
  paused_locally: string | null;
}

/** @param pauses - global namespaces in which nothing changes */
export async function readEvidence(
  trx: Knex,
  options: {
    reports: IdentityReports;
    freshness: FreshnessLimits;
    pauses: ReadonlySet<string>;
    now: number;
  },
): Promise<Evidence> {
  const rows: Row[] = await trx('gns_clusters as c')
    .leftJoin('gns_observations as o', 'o.cluster_id', 'c.id')
    .whereNot('c.state', 'waiting')
    .select(
      'c.id',
      'c.name',
      'c.paused',
      'c.last_unauthorized_at',
      'o.last_report_at',
      'o.paused_locally',
    );
  const stored = await options.reports.load(trx);
  return {
    of: gns =>
      new Map(
        rows.map(row => {
          const local: string[] = JSON.parse(row.paused_locally ?? '[]');
          const freshness = freshnessOf(
            {
              lastReportAt: row.last_report_at ?? undefined,
              lastUnauthorizedAt: row.last_unauthorized_at ?? undefined,
            },
            options.now,
            options.freshness,
          );
          return [
            row.id,
            {
              id: row.id,
              name: row.name,
              fresh: freshness === 'ok',
              paused:
                Boolean(row.paused) ||
                options.pauses.has(gns) ||
                local.includes('*') ||
                local.includes(gns),
              report: stored.get(row.id)?.report.authorities[gns],
            },
          ];
        }),
      ),
    meshRootsOf: clusterId => stored.get(clusterId)?.report.meshRoots,
  };
}
