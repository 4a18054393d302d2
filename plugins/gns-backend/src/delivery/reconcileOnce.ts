import type { Knex } from 'knex';
import type {
  ErrorReading,
  ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import { rawTcpPlaces, settingsOfCluster } from '../authority/settings';
import { readEvidence } from '../authority/transition/readEvidence';
import { stepAuthorities } from '../authority/transition/stepAuthorities';
import type { OutsideCallers, Wait } from '../authority/transition/types';
import type { ComposedGlobalNamespace, ComposedMember } from '../composition';
import { forgetCluster } from '../members/ClusterStore';
import { DEFAULT_FRESHNESS } from '../members/freshness';
import { loadCompositionInput } from './compositionInput';
import { writeCompositions } from './compositionRows';
import { deliverCluster, type ClusterDelivered } from './deliverCluster';
import {
  purgeTombstones,
  readConfirmedDeletions,
  writeDraft,
} from './deliveryRows';
import { alignHolds } from './alignHolds';
import { consumeHold, readCurrentHolds } from './HoldStore';
import type { HubState } from './hubState';
import { bury } from './nextDelivery';
import type { ReconcileMemory, ReconciliationOptions } from './Reconciliation';
import { readAnnounced } from '../plans/PlanStore';
import { collectionPlan } from '../telemetry/collectionPlan';
import { rolloutFindings, rolloutLosses } from '../rollouts/rolloutFindings';
import { stepRollouts } from '../rollouts/stepRollouts';
import { approveMembers, readPauses } from './reconcileInput';
import { settleComposition } from './settleComposition';
import { stageRemovals, type CallerState } from './stageRemovals';
import { writeAddresses } from './writeAddresses';
import { writeHead } from './writeHead';
import type { ClusterDelivery } from './types';

/** What a run changed. */
export interface ReconcileOutcome {
  readonly revision: number;
  readonly deliveries: Map<string, ClusterDelivery>;
  /** Ids of clusters with a new desired state. */
  readonly changedClusters: readonly string[];
  /** Names of global namespaces whose status changed. */
  readonly changedStatus: ReadonlySet<string>;
  readonly holdsChanged: boolean;
  readonly clustersForgotten: boolean;
  /** Milliseconds: look again then, because a removal waits for its callers. */
  readonly retryAt: number | undefined;
  /** Global namespaces whose rollout took a step. */
  readonly rolloutsStepped: readonly string[];
  /** What a step changed has to be acted on. */
  readonly again: boolean;
  /** Global namespaces that have objects and no definition, for reasons unknown so far. */
  readonly unexplained: readonly string[];
  /** What members of authorities wait for, by global namespace. */
  readonly authorityWaits: ReadonlyMap<string, readonly Wait[]>;
  /** An authority or how far its members are changed. */
  readonly authoritiesChanged: boolean;
  readonly errors: readonly { subject: string; error: unknown }[];
}

const NOTHING: ClusterDelivery = {
  n: 0,
  objects: new Map(),
  tombstones: new Map(),
  settings: '',
  served: new Set(),
};

function failedComposition(
  gns: string,
  error: unknown,
  before: ComposedGlobalNamespace | undefined,
): ComposedGlobalNamespace | undefined {
  if (!before) return undefined;
  const others = before.conditions.filter(c => c.type !== 'Composed');
  return {
    ...before,
    conditions: [
      ...others,
      {
        type: 'Composed',
        status: 'False',
        severity: 'error',
        reason: 'CompositionFailed',
        message: `The hub could not compose this global namespace; what is delivered stays as it is. ${String(
          error,
        ).slice(0, 500)}`,
        gns,
      },
    ],
  };
}

function sameMembers(
  a: readonly ComposedMember[],
  b: readonly ComposedMember[],
): boolean {
  const keys = (list: readonly ComposedMember[]) =>
    list
      .filter(m => m.state === 'member')
      .map(m => `${m.cluster}/${m.namespace}`)
      .sort()
      .join();
  return keys(a) === keys(b);
}

/** One run, in a transaction that holds the lock of the hub's row. */
export async function reconcileOnce(
  trx: Knex,
  options: ReconciliationOptions & {
    hub: HubState;
    deliveries: ReadonlyMap<string, ClusterDelivery>;
    memory: ReconcileMemory;
    /** Errors of the services concerned, by rollout. */
    rolloutErrors: ReadonlyMap<string, ErrorReading>;
    /** By global namespace. */
    outsideCallers: ReadonlyMap<string, OutsideCallers>;
  },
): Promise<ReconcileOutcome> {
  const { hub, memory } = options;
  const now = options.now();
  const loaded = await loadCompositionInput(trx, {
    ...memory,
    definitions: options.definitions,
    options: options.compositionOptions,
    term: hub.term,
  });
  const { clusters, rollouts, stored, addresses } = loaded;
  // A cluster that joined since has nothing yet.
  const known = new Map(
    clusters.map(c => [c.id, options.deliveries.get(c.id) ?? NOTHING]),
  );
  const generations = new Map(
    loaded.input.definitions.map(d => [
      d.definition.metadata.name,
      d.generation,
    ]),
  );
  for (const gns of generations.keys()) memory.deletedDefinitions.delete(gns);
  // Who makes a definition of the same name again decides anew about newcomers.
  const deleted = [...memory.deletedDefinitions.keys()];
  if (deleted.length > 0) {
    await trx('gns_approvals').whereIn('gns', deleted).delete();
  }
  const holds = await readCurrentHolds(trx);
  const pauses = await readPauses(trx);
  const membersOf = (gns: string) => stored.get(gns)?.composed.members ?? [];
  const step = await stepAuthorities(trx, {
    authorities: loaded.authorities,
    input: loaded.input,
    membersOf,
    isDeleted: gns => memory.deletedDefinitions.has(gns),
    closedBefore: gns =>
      loaded.input.authorities?.get(gns)?.closedBefore ?? new Set(),
    evidence: await readEvidence(trx, {
      reports: memory.identityReports,
      freshness: options.freshness ?? DEFAULT_FRESHNESS,
      pauses,
      now,
    }),
    outside: options.outsideCallers,
    pauses,
    now,
  });
  const { authorities, views } = step.changed
    ? await memory.authorities.load(trx, loaded.input.definitions)
    : { authorities: loaded.authorities, views: loaded.input.authorities };
  const input = { ...loaded.input, authorities: views };
  const announced = new Map([
    ...(await readAnnounced(trx, now)),
    ...rolloutLosses(rollouts),
  ]);
  const confirmed = await readConfirmedDeletions(trx);
  const acknowledged = new Map(clusters.map(c => [c.id, c.acknowledged]));

  const settled = settleComposition(input, {
    compose: options.compose,
    addressRange: options.addressRange,
    deliveries: known,
    acknowledged: id => acknowledged.get(id),
    writtenSince: gns => stored.get(gns)?.generation !== generations.get(gns),
    asked: new Set(
      holds.filter(h => h.kind === 'newcomer').flatMap(h => h.items),
    ),
  });
  const { result, broken } = settled;
  await approveMembers(trx, settled.approvals, 'approved', 'definition', now);
  await writeAddresses(trx, {
    assigned: settled.assigned,
    known: addresses,
    // While one is broken nobody knows which hosts vanished.
    inUse:
      broken.size > 0
        ? undefined
        : new Set(
            [...result.globalNamespaces.values()].flatMap(g =>
              g.services.map(s => s.host),
            ),
          ),
    now,
  });

  const errors: { subject: string; error: unknown }[] = [...broken].map(
    ([gns, error]) => ({ subject: `The global namespace ${gns}`, error }),
  );
  const drafts = new Map<string, ClusterDelivered>();
  const unexplained = new Set<string>();
  for (const cluster of clusters) {
    const before = known.get(cluster.id) ?? NOTHING;
    try {
      drafts.set(
        cluster.id,
        deliverCluster(cluster, before, {
          composed: result.clusters.get(cluster.id),
          generations,
          pauses,
          broken,
          announced,
          deletedDefinitions: memory.deletedDefinitions,
          holds,
          confirmed: confirmed.get(cluster.id) ?? new Set(),
          firstTerm: hub.term === 1,
          inventory: input.clusters.find(c => c.id === cluster.id)?.inventory,
          now,
        }),
      );
    } catch (error) {
      errors.push({ subject: `The cluster ${cluster.name}`, error });
    }
    for (const { gns } of before.objects.values()) {
      if (!generations.has(gns) && !memory.deletedDefinitions.has(gns)) {
        unexplained.add(gns);
      }
    }
  }

  const callers = new Map<string, CallerState>(
    clusters.map(({ id, acknowledged: acked }) => {
      const draft = drafts.get(id)?.draft;
      const before = known.get(id);
      return [
        id,
        {
          delivery: {
            objects: draft?.objects ?? before?.objects ?? new Map(),
            tombstones: draft?.tombstones ?? before?.tombstones ?? new Map(),
          },
          acknowledged: acked,
        },
      ];
    }),
  );
  let retryAt: number | undefined;
  for (const [id, { draft, frozen }] of drafts) {
    const removing = [...draft.objects.values()].filter(
      o => o.removal && !frozen(o.gns),
    );
    if (removing.length === 0) continue;
    const stage = stageRemovals(id, removing, callers, now);
    for (const object of stage.now) {
      bury(draft, { ...object, reason: object.removal!.reason }, now);
    }
    if (stage.retryAt !== undefined) {
      retryAt = Math.min(retryAt ?? Infinity, stage.retryAt);
    }
  }

  const telemetry = collectionPlan(
    (
      await options.definitions.list({ kind: 'ServiceLevelObjective', trx })
    ).map(
      // Its kind's schema parsed it.
      d => (d.definition as unknown as ServiceLevelObjective).spec,
    ),
  );
  // Its pods go on asking its controller for certificates: it stays until they were walked out.
  const holdsIdentities = new Set(
    [...authorities.values()].flatMap(a => a.members.map(m => m.clusterId)),
  );
  const deliveries = new Map(known);
  const changedClusters: string[] = [];
  let rowsChanged = false;
  let forgotten = false;
  for (const cluster of clusters) {
    const delivered = drafts.get(cluster.id);
    if (!delivered) continue;
    const { draft } = delivered;
    const emptied =
      cluster.leaving &&
      !holdsIdentities.has(cluster.id) &&
      draft.objects.size === 0 &&
      [...draft.tombstones.values()].every(t => t.confirmedN !== undefined);
    if (emptied) {
      await forgetCluster(trx, cluster.id);
      deliveries.delete(cluster.id);
      forgotten = true;
      rowsChanged = true;
      continue;
    }
    await writeDraft(trx, cluster.id, draft);
    const head = await writeHead(trx, cluster, draft, {
      composed: result.clusters.get(cluster.id),
      served: settled.served.get(cluster.id) ?? draft.before.served,
      weights: result.weights,
      weightsBefore: input.weights,
      pauses,
      telemetry,
      authorities: settingsOfCluster(
        authorities,
        cluster.id,
        rawTcpPlaces(authorities, input.clusters),
      ),
    });
    deliveries.set(cluster.id, head.delivery);
    rowsChanged ||=
      head.written ||
      draft.dirtyObjects.size > 0 ||
      draft.dirtyTombstones.size > 0;
    if (head.delivered) changedClusters.push(cluster.id);
  }

  const composed = new Map(
    [...result.globalNamespaces].map(([gns, value]) => [
      gns,
      { generation: generations.get(gns) ?? 0, composed: value },
    ]),
  );
  for (const [gns, error] of broken) {
    const kept = failedComposition(gns, error, stored.get(gns)?.composed);
    if (kept) {
      composed.set(gns, {
        generation: stored.get(gns)?.generation ?? 0,
        composed: kept,
      });
    }
  }
  const changedStatus = await writeCompositions(trx, stored, composed, now);

  const names = new Map(clusters.map(c => [c.id, c.name]));
  const holdsChanged = await alignHolds(trx, holds, {
    held: new Map([...drafts].map(([id, d]) => [id, d.held])),
    newcomers: settled.newcomers,
    names,
    brokenGns: broken,
    now,
  });
  for (const { usedReleases } of drafts.values()) {
    for (const id of usedReleases) await consumeHold(trx, id);
  }
  const steps = await stepRollouts(trx, rollouts, {
    ...(await rolloutFindings(trx, rollouts, {
      clusters,
      result,
      deliveries,
      drafts,
    })),
    broken,
    generations,
    errors: options.rolloutErrors,
    now,
  });
  if (steps.retryAt !== undefined) {
    retryAt = Math.min(retryAt ?? Infinity, steps.retryAt);
  }
  const purged = await purgeTombstones(trx, now);

  let revision = hub.revision;
  if (rowsChanged || purged.size > 0) {
    revision += 1;
    await trx('gns_hub').where({ id: 1 }).update({ revision });
  }
  if (changedClusters.length > 0) {
    await options.announce?.(trx, changedClusters);
  }
  return {
    // After a purge the memory is outdated: a number that never matches.
    revision: purged.size > 0 ? -1 : revision,
    deliveries,
    changedClusters,
    changedStatus,
    holdsChanged,
    clustersForgotten: forgotten,
    retryAt,
    rolloutsStepped: steps.stepped,
    again:
      steps.again ||
      step.changed ||
      // Who belongs to an authority is read from the last composition.
      [...authorities.keys()].some(
        gns =>
          !sameMembers(
            membersOf(gns),
            result.globalNamespaces.get(gns)?.members ?? membersOf(gns),
          ),
      ),
    authorityWaits: step.waits,
    authoritiesChanged: step.changed,
    unexplained: [...unexplained],
    errors,
  };
}
