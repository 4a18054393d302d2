import type { Knex } from 'knex';
import { inTransaction } from '../../database/inTransaction';
import type { Directory } from '../Directory';
import type { MemberRow } from '../store/rows';
import { floorTo, MINUTE, toSeconds } from '../time';

/**
 * Notes which clusters are members of which global namespace from when to
 * when: silence of a member is unknown, silence of a stranger is nothing.
 */
export async function alignMembers(
  knex: Knex,
  directory: Directory,
  now: number,
): Promise<void> {
  const at = floorTo(toSeconds(now), MINUTE);
  await inTransaction(knex, async trx => {
    const open: MemberRow[] = await trx('gns_telemetry_members')
      .whereNull('until')
      .forUpdate();
    const left = new Map(open.map(r => [`${r.gns}/${r.cluster_id}`, r]));
    for (const gns of directory.globalNamespaces) {
      for (const cluster of directory.membersOf(gns).keys()) {
        const key = `${gns}/${cluster}`;
        if (left.delete(key)) continue;
        await trx('gns_telemetry_members')
          .insert({
            gns,
            cluster_id: cluster,
            since: at,
            until: null,
            cluster_name: directory.nameOf(cluster) ?? cluster,
          })
          .onConflict(['gns', 'cluster_id', 'since'])
          .merge({ until: null });
      }
    }
    for (const { gns, cluster_id } of left.values()) {
      await trx('gns_telemetry_members')
        .where({ gns, cluster_id, until: null })
        .update({ until: at });
    }
  });
}

/** The same for one cluster that reports, so that what it tells is read at once. */
export async function noteMemberships(
  trx: Knex,
  cluster: { id: string; name: string },
  globalNamespaces: Iterable<string>,
  now: number,
): Promise<void> {
  const open: { gns: string }[] = await trx('gns_telemetry_members')
    .where({ cluster_id: cluster.id, until: null })
    .select('gns');
  const known = new Set(open.map(r => r.gns));
  for (const gns of globalNamespaces) {
    if (known.has(gns)) continue;
    await trx('gns_telemetry_members')
      .insert({
        gns,
        cluster_id: cluster.id,
        since: floorTo(toSeconds(now), MINUTE),
        until: null,
        cluster_name: cluster.name,
      })
      .onConflict(['gns', 'cluster_id', 'since'])
      .merge({ until: null });
  }
}
