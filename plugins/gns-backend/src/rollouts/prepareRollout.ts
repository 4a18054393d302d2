import {
  conditionKey,
  type Condition,
  type Definition,
  type DefinitionRef,
  type GlobalNamespace,
  type RolloutStrategy,
} from '@isthmus/plugin-gns-common';
import {
  acceptedMembers,
  allConditions,
  planChanges,
  type CompositionResult,
} from '../composition';
import type { HubView, Snapshot } from '../service/HubView';
import { InvalidDefinitionError } from '../service/errors';
import { involvedClusters, planWaves, unsplittable } from './planWaves';
import type { RolloutRecord } from './types';

/** A change of one global namespace: its new definition, or its deletion. */
export interface GnsChange {
  readonly ref: DefinitionRef;
  /** Undefined: it is deleted. */
  readonly target: Definition | undefined;
}

/** What a rollout has to know before it begins. */
export type PreparedRollout = Pick<
  RolloutRecord,
  'waves' | 'accepted' | 'known' | 'hosts'
>;

export function asChange({ ref, target }: GnsChange) {
  return {
    definitions: target ? [target] : [],
    deletions: target ? [] : [ref],
  };
}

/** What the change leads to, wave by wave; the last one is all of it. */
export function composeStages(
  view: HubView,
  snapshot: Snapshot,
  change: GnsChange,
  waves: PreparedRollout['waves'],
): CompositionResult[] {
  return waves.map((_, index) => {
    if (index === waves.length - 1) {
      return view.composeChange(snapshot, asChange(change)).result;
    }
    const turned = new Set(
      waves.slice(0, index + 1).flatMap(w => w.clusters.map(c => c.id)),
    );
    return view.composeChange(snapshot, asChange(change), turned).result;
  });
}

/**
 * Reads a strategy against what is there.
 * @throws InvalidDefinitionError with every problem of the strategy
 */
export function wavesOf(
  view: HubView,
  snapshot: Snapshot,
  change: GnsChange,
  strategy: Pick<RolloutStrategy, 'waves'>,
): PreparedRollout['waves'] {
  const gns = change.ref.name;
  const before = view.composed(snapshot);
  const after = view.composeChange(snapshot, asChange(change)).result;
  const { waves, problems } = planWaves(
    strategy,
    snapshot.clusters.filter(c => !c.leaving),
    involvedClusters(gns, [before, after]),
  );
  const former = snapshot.input.definitions.find(
    d => d.definition.metadata.name === gns,
  )?.definition;
  const all = [
    ...problems,
    ...(waves.length > 1
      ? unsplittable(gns, {
          former,
          target: change.target as GlobalNamespace | undefined,
          before,
          after,
        })
      : []),
  ];
  if (all.length > 0) throw InvalidDefinitionError.of(all);
  return waves;
}

/** Everything about a rollout that follows from what is there now. */
export function prepareRollout(
  view: HubView,
  snapshot: Snapshot,
  change: GnsChange,
  strategy: Pick<RolloutStrategy, 'waves'>,
  /** Those that are not True now, whoever said so. */
  current: readonly Condition[],
): PreparedRollout {
  const gns = change.ref.name;
  const waves = wavesOf(view, snapshot, change, strategy);
  const before = view.composed(snapshot);
  const stages = composeStages(view, snapshot, change, waves);
  const foreseen = stages.flatMap(allConditions);
  return {
    waves,
    accepted: [...acceptedMembers(before)].filter(key =>
      key.startsWith(`${gns}/`),
    ),
    known: [
      ...new Set(
        [...current, ...foreseen].filter(c => c.gns === gns).map(conditionKey),
      ),
    ],
    hosts: hostsConcerned(gns, before, stages),
  };
}

/** Hosts whose objects change; all of them when something changes that holds for all. */
function hostsConcerned(
  gns: string,
  before: CompositionResult,
  stages: readonly CompositionResult[],
): string[] {
  const changed = new Set<string>();
  let all = false;
  for (const stage of stages) {
    for (const { cluster, objects } of planChanges(before, stage).clusters) {
      for (const { key, gns: owner } of objects) {
        if (owner !== gns) continue;
        const hosts = [before, stage].flatMap(
          r =>
            [...r.clusters.values()]
              .find(c => c.name === cluster)
              ?.objects.get(key)?.hosts ?? [],
        );
        hosts.forEach(h => changed.add(h));
        all ||= hosts.length === 0;
      }
    }
  }
  const known = [before, ...stages].flatMap(r =>
    (r.globalNamespaces.get(gns)?.services ?? []).map(s => s.host),
  );
  return [...new Set(known)].filter(h => all || changed.has(h)).sort();
}
