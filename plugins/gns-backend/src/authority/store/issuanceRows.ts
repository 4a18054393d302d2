import type { Knex } from 'knex';
import type { IssueRecord } from '@isthmus/plugin-gns-common';

/** How long a record is kept after its certificate ended, milliseconds. */
export const ISSUANCE_KEPT_MS = 30 * 24 * 3600_000;

/** Rows per statement: SQLite binds at most 32,766 values. */
const BATCH = 500;

/** Idempotent by cluster and serial number: what was taken before stays as it is. */
export async function writeIssuances(
  trx: Knex,
  clusterId: string,
  records: readonly IssueRecord[],
): Promise<void> {
  for (let i = 0; i < records.length; i += BATCH) {
    await trx('gns_issuances')
      .insert(
        records.slice(i, i + BATCH).map(record => ({
          cluster_id: clusterId,
          serial: record.serial,
          gns: record.gns,
          namespace: record.namespace,
          service_account: record.serviceAccount,
          pod: record.pod,
          pod_uid: record.podUid,
          spiffe_id: record.spiffeId,
          issuer_key_id: record.issuerKeyId,
          root_key_id: record.rootKeyId,
          bundle_epoch: record.bundleEpoch,
          // One precision, so that texts sort as times.
          issued_at: new Date(record.issuedAt).toISOString(),
          not_after: new Date(record.notAfter).toISOString(),
        })),
      )
      .onConflict(['cluster_id', 'serial'])
      .ignore();
  }
}

/** @returns how many were forgotten */
export function pruneIssuances(knex: Knex, now: number): Promise<number> {
  return knex('gns_issuances')
    .where('not_after', '<', new Date(now - ISSUANCE_KEPT_MS).toISOString())
    .delete();
}
