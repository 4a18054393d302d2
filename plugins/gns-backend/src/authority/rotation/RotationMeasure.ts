import type { Knex } from 'knex';
import { readPauses } from '../../delivery/reconcileInput';
import type { FreshnessLimits } from '../../members/freshness';
import { rootIn, type Authority } from '../store/authorityRows';
import { readValidIssuers } from '../store/issuerRows';
import { IdentityReports } from '../store/reportRows';
import { readEvidence, type Evidence } from '../transition/readEvidence';
import {
  measureRotation,
  type RotationCluster,
  type RotationProof,
} from './measureRotation';

/** Reads what rotations are measured by. */
export class RotationMeasure {
  readonly #knex: Knex;
  readonly #freshness: FreshnessLimits;
  readonly #now: () => number;
  readonly #reports = new IdentityReports();

  constructor(options: {
    knex: Knex;
    freshness: FreshnessLimits;
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#freshness = options.freshness;
    this.#now = options.now;
  }

  async evidence(): Promise<Evidence> {
    return readEvidence(this.#knex, {
      reports: this.#reports,
      freshness: this.#freshness,
      pauses: await readPauses(this.#knex),
      now: this.#now(),
    });
  }

  async of(authority: Authority, evidence?: Evidence): Promise<RotationProof> {
    const now = this.#now();
    const clusters = (evidence ?? (await this.evidence())).of(authority.gns);
    const issuers = await readValidIssuers(
      this.#knex,
      { gns: authority.gns },
      now,
    );
    const ids = new Set(authority.members.map(m => m.clusterId));
    const measured = [...ids].flatMap((id): RotationCluster[] => {
      const cluster = clusters.get(id);
      if (!cluster) return [];
      const issuersEnd = new Map<string, number>();
      for (const issuer of issuers.filter(i => i.clusterId === id)) {
        const end = Date.parse(issuer.notAfter);
        const known = issuersEnd.get(issuer.rootKeyId) ?? 0;
        issuersEnd.set(issuer.rootKeyId, Math.max(known, end));
      }
      return [
        {
          evidence: cluster,
          namespaces: new Set(
            authority.members
              .filter(m => m.clusterId === id)
              .map(m => m.namespace),
          ),
          issuersEnd,
        },
      ];
    });
    return measureRotation({
      clusters: measured,
      bundleEpoch: authority.bundleEpoch,
      activeKeyId: rootIn(authority.roots, 'active')?.keyId,
      rootKeyIds: authority.roots.map(r => r.keyId),
      now,
    });
  }
}
