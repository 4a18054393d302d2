import type { Knex } from 'knex';

/** Tables of the hub, with the columns by which each is ordered. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  gns_definitions: ['ref'],
  gns_revisions: ['ref', 'generation'],
  gns_audit: ['seq'],
  gns_clusters: ['id'],
  gns_join_tokens: ['token_hash'],
  gns_observations: ['cluster_id'],
  gns_inventory: ['cluster_id', 'kind'],
  gns_desired_objects: ['cluster_id', 'key'],
  gns_tombstones: ['cluster_id', 'key'],
  gns_addresses: ['host'],
  gns_holds: ['id'],
  gns_approvals: ['member'],
  gns_pauses: ['gns'],
};

/**
 * All that the hub keeps, row by row, to show that a refusal changed nothing.
 * When and why a token last failed is left out: it is noted for the page of the cluster.
 */
export async function databaseState(
  knex: Knex,
): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {};
  for (const [table, columns] of Object.entries(TABLES)) {
    const rows: Record<string, unknown>[] = await knex(table).orderBy([
      ...columns,
    ]);
    state[table] = rows.map(row => {
      const {
        last_unauthorized_at: _noted,
        last_unauthorized_why: _why,
        ...kept
      } = row;
      return kept;
    });
  }
  return state;
}
