import type { Knex } from 'knex';
import type { Issuance, IssuanceQuery } from '@isthmus/plugin-gns-common';

interface Row {
  cluster_id: string;
  cluster_name: string | null;
  serial: string;
  namespace: string;
  service_account: string;
  pod: string;
  pod_uid: string;
  spiffe_id: string;
  issuer_key_id: string | null;
  root_key_id: string | null;
  bundle_epoch: number | string;
  issued_at: string;
  not_after: string;
}

/** Where the page before ended. */
export interface IssuanceCursor {
  readonly issuedAt: string;
  readonly clusterId: string;
  readonly serial: string;
}

/** A row with what its cursor needs. */
export interface ListedIssuance {
  readonly cursor: IssuanceCursor;
  readonly issuance: Issuance;
}

/** Text for LIKE in which nothing is a wildcard; goes with `escape '!'`. */
function literal(text: string): string {
  return text.replace(/[!%_]/g, c => `!${c}`);
}

function toIssuance(row: Row): ListedIssuance {
  return {
    cursor: {
      issuedAt: row.issued_at,
      clusterId: row.cluster_id,
      serial: row.serial,
    },
    issuance: {
      cluster: row.cluster_name ?? row.cluster_id,
      serial: row.serial,
      namespace: row.namespace,
      serviceAccount: row.service_account,
      pod: row.pod,
      podUid: row.pod_uid,
      spiffeId: row.spiffe_id,
      issuerKeyId: row.issuer_key_id,
      rootKeyId: row.root_key_id,
      bundleEpoch: Number(row.bundle_epoch),
      issuedAt: row.issued_at,
      notAfter: row.not_after,
    },
  };
}

const SEARCHED = ['namespace', 'service_account', 'pod', 'spiffe_id'] as const;

/** Newest first; one more than `limit`, so that it shows whether there are older ones. */
export async function listIssuances(
  knex: Knex,
  gns: string,
  query: Pick<IssuanceQuery, 'search' | 'cluster' | 'state'> & {
    limit: number;
    before: IssuanceCursor | undefined;
  },
  now: number,
): Promise<ListedIssuance[]> {
  const { search, before, limit } = query;
  const at = new Date(now).toISOString();
  const rows: Row[] = await knex('gns_issuances as i')
    .leftJoin('gns_clusters as c', 'c.id', 'i.cluster_id')
    .where('i.gns', gns)
    .modify(q => {
      if (query.cluster !== undefined) q.andWhere('c.name', query.cluster);
      if (query.state === 'valid' || query.state === 'expiring') {
        q.andWhere('i.not_after', '>', at);
      }
      if (query.state === 'expiring') {
        // Of each pod the newest only: what was replaced may end.
        q.whereNotExists(
          knex('gns_issuances as n')
            .whereRaw('n.pod_uid = i.pod_uid')
            .whereRaw('n.cluster_id = i.cluster_id')
            .whereRaw('n.issued_at > i.issued_at')
            .select(knex.raw('1')),
        );
      }
      if (search !== undefined && search !== '') {
        const pattern = `%${literal(search)}%`;
        q.andWhere(any => {
          for (const column of SEARCHED) {
            any.orWhereRaw(`?? like ? escape '!'`, [`i.${column}`, pattern]);
          }
          any.orWhereRaw(`?? like ? escape '!'`, [
            'i.serial',
            `${literal(search.toLowerCase())}%`,
          ]);
        });
      }
      if (before) {
        q.andWhere(older =>
          older
            .where('i.issued_at', '<', before.issuedAt)
            .orWhere(same =>
              same
                .where('i.issued_at', before.issuedAt)
                .andWhereRaw('(i.cluster_id, i.serial) > (?, ?)', [
                  before.clusterId,
                  before.serial,
                ]),
            ),
        );
      }
    })
    .orderBy([
      { column: 'i.issued_at', order: 'desc' },
      { column: 'i.cluster_id' },
      { column: 'i.serial' },
    ])
    .limit(query.state === 'expiring' ? 5000 : limit + 1)
    .select('i.*', { cluster_name: 'c.name' });
  const listed = rows.map(toIssuance);
  if (query.state !== 'expiring') return listed;
  return listed
    .filter(({ issuance }) => {
      const issued = Date.parse(issuance.issuedAt);
      const life = Date.parse(issuance.notAfter) - issued;
      return now > issued + (life * 3) / 4;
    })
    .slice(0, limit + 1);
}
