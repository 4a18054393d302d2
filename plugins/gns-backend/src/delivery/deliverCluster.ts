import type { ComposedCluster, EffectiveInventory } from '../composition';
import type { HoldRecord } from './HoldStore';
import { draftDelivery, type DeliveryDraft } from './nextDelivery';
import { planDeletions } from './planDeletions';
import type { ClusterInput } from './reconcileInput';
import type { ClusterDelivery, DeletionReason } from './types';
import { toWantedMap } from './wantedObjects';

export interface DeliverContext {
  /** Undefined: it was never seen, so nothing was composed for it. */
  readonly composed: ComposedCluster | undefined;
  readonly generations: ReadonlyMap<string, number>;
  readonly pauses: ReadonlySet<string>;
  readonly broken: ReadonlyMap<string, unknown>;
  /** `<cluster id>/<key>` → hash of the confirmed plan. */
  readonly announced: ReadonlyMap<string, string>;
  readonly deletedDefinitions: ReadonlyMap<string, string>;
  readonly holds: readonly HoldRecord[];
  readonly confirmed: ReadonlySet<string>;
  /** In later terms lost history may explain unknown objects: they wait. */
  readonly firstTerm: boolean;
  readonly inventory: EffectiveInventory | undefined;
  readonly now: number;
}

export interface ClusterDelivered {
  readonly draft: DeliveryDraft;
  readonly frozen: (gns: string) => boolean;
  /** Keys that wait for a person, with their global namespaces. */
  readonly held: ReadonlyMap<string, string>;
  readonly usedReleases: ReadonlySet<string>;
}

/** Kinds without which composition would see a cluster as empty. */
const NEEDED = ['namespaces', 'services', 'workloads'] as const;

/** Plans and drafts the next delivery of one cluster. Pure. */
export function deliverCluster(
  cluster: ClusterInput,
  before: ClusterDelivery,
  context: DeliverContext,
): ClusterDelivered {
  const frozen = (gns: string) =>
    cluster.paused || context.pauses.has(gns) || context.broken.has(gns);
  const wanted = toWantedMap(context.composed?.objects ?? new Map());
  const released = new Map(
    context.holds
      .filter(
        h =>
          h.kind === 'deletion' &&
          h.state === 'released' &&
          h.clusterId === cluster.id,
      )
      .flatMap(h => h.items.map(key => [key, h.id] as const)),
  );
  const announced = (key: string, gns: string): DeletionReason | undefined => {
    if (cluster.leaving) return { type: 'plan', hash: `cluster:${cluster.id}` };
    const hash =
      context.announced.get(`${cluster.id}/${key}`) ??
      (context.generations.has(gns)
        ? undefined
        : context.deletedDefinitions.get(gns));
    return hash === undefined ? undefined : { type: 'plan', hash };
  };
  const blind = NEEDED.some(
    kind => (context.inventory?.marks[kind] ?? 'never') === 'never',
  );
  const plan = planDeletions(before, {
    wanted,
    // A cluster of which we know nothing loses nothing that nobody announced.
    frozen: gns =>
      frozen(gns) ||
      (blind &&
        !cluster.leaving &&
        !(
          !context.generations.has(gns) && context.deletedDefinitions.has(gns)
        )),
    announced,
    released,
    owned: cluster.owned,
    holdOrphans: !context.firstTerm,
    now: context.now,
  });
  // A release whose objects are all gone or wanted again is carried out too.
  const usedReleases = new Set(plan.usedReleases);
  for (const id of released.values()) {
    const waits = [...released].some(
      ([key, hold]) =>
        hold === id &&
        before.objects.has(key) &&
        !wanted.has(key) &&
        frozen(before.objects.get(key)!.gns),
    );
    if (!waits) usedReleases.add(id);
  }
  return {
    draft: draftDelivery(before, wanted, plan, {
      frozen,
      confirmed: context.confirmed,
      now: context.now,
    }),
    frozen,
    held: plan.held,
    usedReleases,
  };
}
