import { X509Certificate } from 'node:crypto';
import type { Knex } from 'knex';
import type { ReportedAuthority } from '@isthmus/plugin-gns-common';
import type { ClusterEvidence } from '../evidence';
import { isCertified, type Authority } from '../store/authorityRows';

/** A number further ahead than this is a lie: nobody loses so much history. */
const MOST_AHEAD = 1_000_000;

/** The cluster holds an issuer that a root of this authority signed: it was a member. */
function wasOurs(report: ReportedAuthority, authority: Authority): boolean {
  if (!report.issuer) return false;
  try {
    const issuer = new X509Certificate(report.issuer.certificate);
    return authority.roots
      .filter(isCertified)
      .some(root =>
        issuer.verify(new X509Certificate(root.certificate).publicKey),
      );
  } catch {
    return false;
  }
}

/**
 * A hub that was restored from an older backup counts on from what clusters
 * have seen already: numbers never fall, else clusters would take old bundles and phases for
 * acknowledged ones.
 * @returns the authority as it is now
 */
export async function overtake(
  trx: Knex,
  authority: Authority,
  clusters: ReadonlyMap<string, ClusterEvidence>,
): Promise<Authority> {
  let { bundleEpoch, lastStep } = authority;
  for (const { report } of clusters.values()) {
    if (!report) continue;
    const step = Math.max(0, ...report.namespaces.map(n => n.step));
    const ahead = report.bundleEpoch > bundleEpoch || step > lastStep;
    if (!ahead || !wasOurs(report, authority)) continue;
    if (report.bundleEpoch <= authority.bundleEpoch + MOST_AHEAD) {
      bundleEpoch = Math.max(bundleEpoch, report.bundleEpoch + 1);
    }
    if (step <= authority.lastStep + MOST_AHEAD) {
      lastStep = Math.max(lastStep, step);
    }
  }
  if (
    bundleEpoch === authority.bundleEpoch &&
    lastStep === authority.lastStep
  ) {
    return authority;
  }
  await trx('gns_authorities')
    .where({ gns: authority.gns })
    .update({ bundle_epoch: bundleEpoch, last_step: lastStep });
  return { ...authority, bundleEpoch, lastStep };
}
