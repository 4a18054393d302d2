import type {
  Definition,
  DefinitionRef,
  Plan,
  Problem,
  RolloutStrategy,
  Statement,
} from '@isthmus/plugin-gns-common';
import { planChanges, type CompositionResult } from '../composition';
import {
  describeChange,
  type ChangeView,
} from '../consequences/describeChange';
import { reachOf } from '../consequences/reach';
import { state } from '../consequences/statementText';
import {
  composeStages,
  wavesOf,
  type GnsChange,
} from '../rollouts/prepareRollout';
import { InvalidDefinitionError } from '../service/errors';
import type { HubView, Snapshot } from '../service/HubView';
import { lossesOf, type PlannedLoss } from './losses';

/** What each wave does, and what clusters lose on the way. */
export interface PlannedStages {
  readonly waves: Plan['waves'];
  readonly losses: readonly PlannedLoss[];
  readonly problems: readonly Problem[];
}

const NO_STAGES: PlannedStages = { waves: [], losses: [], problems: [] };

/** The one global namespace that a change is about; undefined: none, or several. */
function onlyChange(change: {
  definitions: readonly Definition[];
  deletions: readonly DefinitionRef[];
}): GnsChange | undefined {
  const [definition] = change.definitions;
  const [deletion] = change.deletions;
  if (change.definitions.length + change.deletions.length !== 1) {
    return undefined;
  }
  const ref = deletion ?? {
    kind: definition.kind,
    name: definition.metadata.name,
  };
  return ref.kind === 'GlobalNamespace'
    ? { ref, target: definition }
    : undefined;
}

/** Plans a change wave by wave. */
export function planStages(
  view: HubView,
  snapshot: Snapshot,
  change: {
    definitions: readonly Definition[];
    deletions: readonly DefinitionRef[];
  },
  strategy: RolloutStrategy,
  base: Omit<ChangeView, 'before' | 'after'>,
): PlannedStages {
  const only = onlyChange(change);
  if (!only) {
    return {
      ...NO_STAGES,
      problems: [
        {
          severity: 'error',
          code: 'strategy-needs-one',
          path: 'strategy',
          message:
            'Waves are planned for the change of one global namespace at a time.',
          remedy: 'Send one GlobalNamespace, or leave the strategy out.',
        },
      ],
    };
  }
  let waves: ReturnType<typeof wavesOf>;
  try {
    waves = wavesOf(view, snapshot, only, strategy);
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError)) throw error;
    return { ...NO_STAGES, problems: error.problems };
  }
  const stages = composeStages(view, snapshot, only, waves);
  const start = view.composed(snapshot);
  return {
    problems: [],
    losses: stages.flatMap((stage, index) =>
      lossesOf(planChanges(stages[index - 1] ?? start, stage), snapshot),
    ),
    waves: stages.map((stage, index) => {
      const described = describeChange({
        ...base,
        before: stages[index - 1] ?? start,
        after: stage,
      });
      const later = waves
        .slice(index + 1)
        .flatMap(w => w.clusters.map(c => c.name));
      return {
        clusters: waves[index].clusters.map(c => c.name),
        totals: described.totals,
        statements: [
          ...described.statements,
          ...notAdmittedYet(only.ref.name, start, stage, later, base.visible),
        ],
      };
    }),
  };
}

/** Who joins in an earlier wave is a stranger to clusters that have the former definition. */
function notAdmittedYet(
  gns: string,
  start: CompositionResult,
  stage: CompositionResult,
  later: readonly string[],
  visible: (gns: string) => boolean,
): Statement[] {
  const before = new Set(places(start, gns));
  const joined = places(stage, gns).filter(p => !before.has(p));
  const serving = new Set(
    [...reachOf(stage).values()]
      .filter(r => r.gns === gns)
      .flatMap(r => [...r.servers.keys()]),
  );
  const by = later.filter(cluster => serving.has(cluster));
  return joined.length > 0 && by.length > 0 && visible(gns)
    ? [state('notAdmittedYet', 'warning', { gns, callers: joined, by })]
    : [];
}

/** `<cluster>/<namespace>` of all members. */
function places(result: CompositionResult, gns: string): string[] {
  return [...result.clusters.values()]
    .flatMap(c => (c.members[gns] ?? []).map(n => `${c.name}/${n}`))
    .sort();
}
