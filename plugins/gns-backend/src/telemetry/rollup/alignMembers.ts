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
    for (const { gns, cluster_id, since } of left.values()) {
      await trx('gns_telemetry_members')
        .where({ gns, cluster_id, since })
        .update({ until: at });
    }
  });
}
