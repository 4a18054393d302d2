import type { Knex } from 'knex';
import { alignHold, consumeHold, openHold, type HoldRecord } from './HoldStore';

/** Brings held deletions and newcomers in line with what this run found. @returns true when a hold opened or closed */
export async function alignHolds(
  trx: Knex,
  current: readonly HoldRecord[],
  found: {
    /** Held deletions by cluster id: keys with their global namespaces. */
    held: ReadonlyMap<string, ReadonlyMap<string, string>>;
    newcomers: readonly {
      key: string;
      gns: string;
      cluster: string;
      namespace: string;
    }[];
    names: ReadonlyMap<string, string>;
    /** Of these nothing is known now: their holds stay. */
    brokenGns: ReadonlyMap<string, unknown>;
    now: number;
  },
): Promise<boolean> {
  let changed = false;
  for (const [clusterId, held] of found.held) {
    const name = found.names.get(clusterId) ?? clusterId;
    const gns = [...new Set(held.values())].sort();
    const aligned = await alignHold(
      trx,
      current,
      { kind: 'deletion', clusterId, clusterName: name },
      {
        items: [...held.keys()],
        message: `${held.size} objects of ${gns
          .slice(0, 5)
          .join(
            ', ',
          )} would be deleted in ${name}, and no confirmed plan announced it. Until somebody decides they stay as they are.`,
      },
      found.now,
    );
    changed ||= aligned;
  }
  const waiting = new Set(found.newcomers.map(n => n.key));
  const asked = new Set<string>();
  for (const hold of current) {
    if (hold.kind !== 'newcomer' || hold.state !== 'open') continue;
    const [key] = hold.items;
    if (waiting.has(key) || (hold.gns && found.brokenGns.has(hold.gns))) {
      asked.add(key);
      continue;
    }
    await trx('gns_holds')
      .where({ id: hold.id, state: 'open' })
      .update({ state: 'obsolete' });
    await consumeHold(trx, hold.id);
    changed = true;
  }
  for (const { key, gns, cluster, namespace } of found.newcomers) {
    if (asked.has(key)) continue;
    const name = found.names.get(cluster) ?? cluster;
    await openHold(
      trx,
      { kind: 'newcomer', gns, clusterId: cluster, clusterName: name },
      {
        items: [key],
        message: `The namespace ${namespace} of ${name} is new in ${gns} and would serve hosts that other clusters serve already. It waits until somebody decides.`,
      },
      found.now,
    );
    changed = true;
  }
  return changed;
}
