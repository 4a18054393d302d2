import type { Knex } from 'knex';
import { ADDRESS_KEPT_MS } from './addresses';

/**
 * Writes new addresses, notes which hosts vanished and came back, and frees
 * addresses of hosts that are gone for 30 days.
 */
export async function writeAddresses(
  trx: Knex,
  change: {
    assigned: ReadonlyMap<string, string>;
    known: ReadonlyMap<string, { address: string; vanishedAt: string | null }>;
    /** Undefined: not known now. */
    inUse: ReadonlySet<string> | undefined;
    now: number;
  },
): Promise<void> {
  const at = new Date(change.now).toISOString();
  const rows = [...change.assigned].map(([host, address]) => ({
    host,
    address,
    assigned_at: at,
  }));
  for (let i = 0; i < rows.length; i += 500) {
    await trx('gns_addresses').insert(rows.slice(i, i + 500));
  }
  if (!change.inUse) return;
  for (const [host, { vanishedAt }] of change.known) {
    const used = change.inUse.has(host);
    if (used && vanishedAt !== null) {
      await trx('gns_addresses').where({ host }).update({ vanished_at: null });
    } else if (!used && vanishedAt === null) {
      await trx('gns_addresses').where({ host }).update({ vanished_at: at });
    }
  }
  await trx('gns_addresses')
    .where(
      'vanished_at',
      '<',
      new Date(change.now - ADDRESS_KEPT_MS).toISOString(),
    )
    .delete();
}
