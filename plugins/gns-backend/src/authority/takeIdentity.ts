import type { Knex } from 'knex';
import type { Report, ReportResponse } from '@isthmus/plugin-gns-common';
import { writeIssuances } from './store/issuanceRows';
import { hasIdentityReport, writeIdentityReport } from './store/reportRows';

/** Takes what a report says of identities, and the certificates that were given out. */
export async function takeIdentity(
  trx: Knex,
  clusterId: string,
  report: Report,
  at: string,
): Promise<{ changed: boolean }> {
  if (report.issueRecords && report.issueRecords.length > 0) {
    const rows: { gns: string }[] = await trx('gns_authorities').select('gns');
    const known = new Set(rows.map(r => r.gns));
    // The cluster is the one of the verified key: it can tell stories about itself only.
    await writeIssuances(
      trx,
      clusterId,
      report.issueRecords.filter(r => known.has(r.gns)),
    );
  }
  return {
    changed: report.identity
      ? await writeIdentityReport(trx, clusterId, report.identity, at)
      : false,
  };
}

/** Tells a cluster that issues to send its identities whole. */
export async function identityWanted(
  trx: Knex,
  clusterId: string,
  report: Report,
  gap: boolean,
): Promise<Pick<ReportResponse, 'identityWanted'>> {
  if (report.identity) return {};
  const member = await trx('gns_authority_members')
    .where({ cluster_id: clusterId })
    .first('gns');
  if (!member) return {};
  const lacking = gap || !(await hasIdentityReport(trx, clusterId));
  return lacking ? { identityWanted: true } : {};
}
