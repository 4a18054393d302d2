import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { readCurrentHolds } from '../delivery/HoldStore';
import { readPauses } from '../delivery/reconcileInput';
import { readClusterFacts } from './clusterAnswers';
import type { GnsContext } from './gnsAnswers';
import type { HubContext } from './HubContext';
import type { Snapshot } from './HubView';

/** Reads what the answers about these global namespaces are made of. */
export async function readGnsContexts(
  hub: HubContext,
  records: readonly DefinitionRecord[],
  snapshot: Snapshot,
): Promise<GnsContext[]> {
  const clusters = await readClusterFacts({
    ...hub,
    limits: hub.freshness,
    now: hub.now(),
  });
  const holds = await readCurrentHolds(hub.knex);
  const pauses = await readPauses(hub.knex);
  const authorities = await hub.authorityConditions();
  const rows: { cluster_id: string; gns: string; count: number | string }[] =
    await hub
      .knex('gns_desired_objects')
      .groupBy('cluster_id', 'gns')
      .select('cluster_id', 'gns')
      .count({ count: '*' });
  const counts = new Map(
    rows.map(r => [`${r.cluster_id}/${r.gns}`, Number(r.count)]),
  );
  return records.map(record => ({
    record,
    composed: snapshot.stored.get(record.definition.metadata.name)?.composed,
    clusters,
    paused: pauses.has(record.definition.metadata.name),
    holds,
    counts,
    term: snapshot.hub.term,
    authority: authorities.get(record.definition.metadata.name) ?? [],
  }));
}
