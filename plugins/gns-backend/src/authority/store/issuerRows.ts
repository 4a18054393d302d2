import type { Knex } from 'knex';

/** An issuer that was signed. */
export interface IssuerRecord {
  readonly serial: string;
  readonly gns: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly keyId: string;
  readonly rootKeyId: string;
  readonly certificate: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly issuedAt: string;
}

interface IssuerRow {
  serial: string;
  gns: string;
  cluster_id: string;
  cluster_name: string;
  key_id: string;
  root_key_id: string;
  certificate: string;
  not_before: string;
  not_after: string;
  issued_at: string;
}

function toIssuer(row: IssuerRow): IssuerRecord {
  return {
    serial: row.serial,
    gns: row.gns,
    clusterId: row.cluster_id,
    clusterName: row.cluster_name,
    keyId: row.key_id,
    rootKeyId: row.root_key_id,
    certificate: row.certificate,
    notBefore: row.not_before,
    notAfter: row.not_after,
    issuedAt: row.issued_at,
  };
}

export async function insertIssuer(
  trx: Knex,
  issuer: IssuerRecord,
): Promise<void> {
  await trx('gns_authority_issuers')
    .insert({
      serial: issuer.serial,
      gns: issuer.gns,
      cluster_id: issuer.clusterId,
      cluster_name: issuer.clusterName,
      key_id: issuer.keyId,
      root_key_id: issuer.rootKeyId,
      certificate: issuer.certificate,
      not_before: issuer.notBefore,
      not_after: issuer.notAfter,
      issued_at: issuer.issuedAt,
    })
    .onConflict('serial')
    .ignore();
}

/** Issuers that are not over, newest first. */
export async function readValidIssuers(
  trx: Knex,
  filter: { gns?: string; clusterId?: string },
  now: number,
): Promise<IssuerRecord[]> {
  const rows: IssuerRow[] = await trx('gns_authority_issuers')
    .where({
      ...(filter.gns === undefined ? {} : { gns: filter.gns }),
      ...(filter.clusterId === undefined
        ? {}
        : { cluster_id: filter.clusterId }),
    })
    .andWhere('not_after', '>', new Date(now).toISOString())
    .orderBy([{ column: 'issued_at', order: 'desc' }, { column: 'serial' }]);
  return rows.map(toIssuer);
}
