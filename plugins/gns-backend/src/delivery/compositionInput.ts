import type { Knex } from 'knex';
import {
  memberKey,
  servingKey,
  type ClusterView,
  type CompositionInput,
  type CompositionOptions,
} from '../composition';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import type { EffectiveInventories } from '../inventory/InventoryStore';
import { readActiveRollouts } from '../rollouts/RolloutStore';
import { isOpen, turnedClusters, type RolloutRecord } from '../rollouts/types';
import type { AuthorityViews } from '../authority/AuthorityViews';
import type { Authority } from '../authority/store/authorityRows';
import type { StoredComposition, StoredCompositions } from './compositionRows';
import {
  readApprovals,
  readClusterInputs,
  toClusterView,
  type ClusterInput,
  type VersionedDefinitions,
} from './reconcileInput';

/** All that composition looks at, with what delivery needs beside it. */
export interface LoadedInput {
  readonly input: CompositionInput;
  readonly clusters: readonly ClusterInput[];
  /** Those that are not over. */
  readonly rollouts: readonly RolloutRecord[];
  readonly stored: ReadonlyMap<string, StoredComposition>;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly addresses: ReadonlyMap<
    string,
    { address: string; vanishedAt: string | null }
  >;
}

interface HeadRow {
  id: string;
  served: string;
  weights: string;
}

/** Reads the input of composition in the caller's transaction. */
export async function loadCompositionInput(
  trx: Knex,
  context: {
    definitions: Pick<DefinitionStore, 'list'>;
    inventories: EffectiveInventories;
    compositions: StoredCompositions;
    versioned: VersionedDefinitions;
    authorities: AuthorityViews;
    options: CompositionOptions;
    term: number;
  },
): Promise<LoadedInput> {
  const definitions = context.versioned.of(
    await context.definitions.list({ kind: 'GlobalNamespace', trx }),
  );
  // After the definitions: a rollout that began between the two readings then
  // holds back what it wrote, instead of missing it.
  const rollouts = await readActiveRollouts(trx);
  const open = rollouts.filter(isOpen);
  const clusters = await readClusterInputs(trx, context.term);
  const inventories = await context.inventories.load(
    trx,
    clusters.map(c => c.id),
  );
  const views: ClusterView[] = clusters.flatMap(cluster => {
    const inventory = inventories.get(cluster.id);
    return inventory ? [toClusterView(cluster, inventory)] : [];
  });
  const heads: HeadRow[] = await trx('gns_clusters').select(
    'id',
    'served',
    'weights',
  );
  const served = new Set<string>();
  const weights = new Map<string, number>();
  for (const head of heads) {
    for (const host of JSON.parse(head.served) as string[]) {
      served.add(servingKey(head.id, host));
    }
    for (const [key, weight] of JSON.parse(head.weights) as [
      string,
      number,
    ][]) {
      weights.set(key, weight);
    }
  }
  const rows: { host: string; address: string; vanished_at: string | null }[] =
    await trx('gns_addresses').select('host', 'address', 'vanished_at');
  const addresses = new Map(
    rows.map(r => [r.host, { address: r.address, vanishedAt: r.vanished_at }]),
  );
  const stored = await context.compositions.load(trx);
  const { authorities, views: authorityViews } = await context.authorities.load(
    trx,
    definitions,
  );
  return {
    authorities,
    clusters,
    rollouts,
    stored,
    addresses,
    input: {
      definitions,
      splits: open.map(rollout => ({
        gns: rollout.gns,
        former: rollout.former,
        turned: turnedClusters(rollout),
      })),
      clusters: views,
      approvals: await readApprovals(trx),
      addresses: new Map(rows.map(r => [r.host, r.address])),
      served,
      acceptedMembers: new Set([
        ...membersOf(stored),
        ...rollouts.flatMap(r => r.accepted),
      ]),
      weights,
      authorities: authorityViews,
      options: context.options,
    },
  };
}

function membersOf(stored: ReadonlyMap<string, StoredComposition>): string[] {
  return [...stored].flatMap(([gns, { composed }]) =>
    composed.members
      .filter(m => m.state === 'member')
      .map(m => memberKey(gns, m.cluster, m.namespace)),
  );
}
