import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import {
  canonicalJson,
  identityReportSchema,
  type IdentityReport,
} from '@isthmus/plugin-gns-common';

/** What a cluster last said about identities. */
export interface StoredIdentityReport {
  readonly clusterId: string;
  readonly receivedAt: string;
  readonly report: IdentityReport;
}

/** @returns whether anything but the time of observation changed */
export async function writeIdentityReport(
  trx: Knex,
  clusterId: string,
  report: IdentityReport,
  at: string,
): Promise<boolean> {
  const { observedAt, ...said } = report;
  const hash = createHash('sha256').update(canonicalJson(said)).digest('hex');
  const known = await trx('gns_authority_reports')
    .where({ cluster_id: clusterId })
    .first('hash');
  await trx('gns_authority_reports')
    .insert({
      cluster_id: clusterId,
      observed_at: observedAt,
      received_at: at,
      hash,
      report: JSON.stringify(report),
    })
    .onConflict('cluster_id')
    .merge();
  return known?.hash !== hash;
}

export async function hasIdentityReport(
  trx: Knex,
  clusterId: string,
): Promise<boolean> {
  const row = await trx('gns_authority_reports')
    .where({ cluster_id: clusterId })
    .first('hash');
  return row !== undefined;
}

/** Reads reports again only when their text changed. */
export class IdentityReports {
  readonly #parsed = new Map<
    string,
    { hash: string; report: IdentityReport }
  >();

  /** By cluster id. */
  async load(trx: Knex): Promise<ReadonlyMap<string, StoredIdentityReport>> {
    const heads: { cluster_id: string; received_at: string; hash: string }[] =
      await trx('gns_authority_reports').select(
        'cluster_id',
        'received_at',
        'hash',
      );
    const stale = heads.filter(
      h => this.#parsed.get(h.cluster_id)?.hash !== h.hash,
    );
    if (stale.length > 0) {
      const rows: { cluster_id: string; hash: string; report: string }[] =
        await trx('gns_authority_reports')
          .whereIn(
            'cluster_id',
            stale.map(h => h.cluster_id),
          )
          .select('cluster_id', 'hash', 'report');
      for (const { cluster_id, hash, report } of rows) {
        this.#parsed.set(cluster_id, {
          hash,
          report: identityReportSchema.parse(JSON.parse(report)),
        });
      }
    }
    return new Map(
      heads.flatMap(({ cluster_id, received_at }) => {
        const known = this.#parsed.get(cluster_id);
        return known
          ? [
              [
                cluster_id,
                {
                  clusterId: cluster_id,
                  receivedAt: received_at,
                  report: known.report,
                },
              ] as const,
            ]
          : [];
      }),
    );
  }
}
