import {
  canonicalJson,
  findKind,
  formatRef,
  parseDefinition,
  parseRef,
  refOf,
  showValue,
  type Coverage,
  type Definition,
  type DefinitionRef,
  type GlobalNamespace,
  type Plan,
  type Problem,
  type RolloutStrategy,
  type Statement,
} from '@isthmus/plugin-gns-common';
import {
  describeChange,
  type ChangeView,
} from '../consequences/describeChange';
import { headline } from '../consequences/headline';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import { missingGlobalNamespace } from '../slo/checkObjectives';
import type { HubView, Snapshot } from '../service/HubView';
import type { TrafficReader, TrafficReading } from '../traffic/TrafficReader';
import { distinctLosses, lossesOf } from './losses';
import { planHash } from './planHash';
import { planStages } from './planStages';
import type { RememberedPlan } from './PlanStore';

export interface PlanContext {
  readonly definitions: Pick<DefinitionStore, 'get'>;
  readonly view: HubView;
  readonly traffic: TrafficReader;
  readonly mayRead: (definition: Definition) => boolean;
  readonly coverage: () => Promise<readonly Coverage[]>;
  readonly pauses: () => Promise<ReadonlySet<string>>;
}

export interface MadePlan {
  readonly plan: Plan;
  /** Undefined: it cannot be confirmed. */
  readonly remembered: RememberedPlan | undefined;
}

const NOTHING: Omit<Plan, 'hash' | 'problems'> = {
  text: 'Nothing can be planned before the problems are mended.',
  totals: {
    servicesJoin: 0,
    servicesLeave: 0,
    callersGain: 0,
    callersLose: 0,
    podsToRestart: 0,
    objectsCreate: 0,
    objectsUpdate: 0,
    objectsDelete: 0,
    crossClusterShare: null,
  },
  statements: [],
  summary: {
    servicesJoin: [],
    servicesLeave: [],
    namespacesJoin: [],
    namespacesLeave: [],
  },
  clusters: [],
  waves: [],
};

/** A change as it was sent, read and looked up. */
interface ReadChange {
  readonly definitions: readonly Definition[];
  readonly deletions: readonly DefinitionRef[];
  readonly problems: readonly Problem[];
}

async function readChange(
  context: PlanContext,
  body: { definitions: unknown[]; deletions: string[] },
): Promise<ReadChange> {
  const definitions: Definition[] = [];
  const problems: Problem[] = [];
  for (const [index, document] of body.definitions.entries()) {
    const parsed = parseDefinition(document);
    if (!parsed.ok) {
      problems.push(
        ...parsed.problems.map(p => ({
          ...p,
          path: p.path
            ? `definitions[${index}].${p.path}`
            : `definitions[${index}]`,
        })),
      );
      continue;
    }
    const { definition } = parsed;
    const ref = refOf(definition);
    if (ref.gns !== undefined) {
      const owner = await context.definitions.get({
        kind: 'GlobalNamespace',
        name: ref.gns,
      });
      if (owner && !context.mayRead(owner.definition)) {
        problems.push({
          ...missingGlobalNamespace(ref.gns),
          definition: formatRef(ref),
        });
        continue;
      }
    }
    const previous = await context.definitions.get(ref);
    problems.push(
      ...[
        ...parsed.warnings,
        ...(previous && context.mayRead(previous.definition)
          ? findKind(definition.kind)?.checkChange?.(
              previous.definition,
              definition,
            ) ?? []
          : []),
      ].map(p => ({ ...p, definition: formatRef(ref) })),
    );
    definitions.push(definition);
  }
  const deletions: DefinitionRef[] = [];
  for (const [index, text] of body.deletions.entries()) {
    const ref = parseRef(text);
    const found = await context.definitions.get(ref);
    if (found && context.mayRead(found.definition)) {
      deletions.push(ref);
    } else {
      problems.push({
        severity: 'error',
        code: 'not-found',
        path: `deletions[${index}]`,
        value: showValue(text),
        message: 'There is no such definition, or you may not read it.',
        remedy: 'Correct the reference; GET definitions lists them.',
      });
    }
  }
  return { definitions, deletions, problems };
}

function byName(
  definitions: Snapshot['input']['definitions'],
): Map<string, GlobalNamespace> {
  return new Map(
    definitions.map(d => [d.definition.metadata.name, d.definition]),
  );
}

/** Names of global namespaces that the caller may not read. */
function hiddenNames(
  snapshot: Snapshot,
  mayRead: PlanContext['mayRead'],
): ReadonlySet<string> {
  return new Set(
    snapshot.input.definitions
      .filter(d => !mayRead(d.definition as unknown as Definition))
      .map(d => d.definition.metadata.name),
  );
}

/** Names of what comes and goes. */
function summaryOf(statements: readonly Statement[]): Plan['summary'] {
  const hosts = (kind: 'serviceJoins' | 'serviceLeaves') =>
    statements.flatMap(s => (s.kind === kind ? [s.parameters.host] : []));
  const namespaces = (kind: 'namespaceJoins' | 'namespaceLeaves') =>
    statements.flatMap(s =>
      s.kind === kind
        ? [
            {
              cluster: s.parameters.cluster,
              namespace: s.parameters.namespace,
            },
          ]
        : [],
    );
  return {
    servicesJoin: hosts('serviceJoins'),
    servicesLeave: hosts('serviceLeaves'),
    namespacesJoin: namespaces('namespaceJoins'),
    namespacesLeave: namespaces('namespaceLeaves'),
  };
}

/** What is known of the traffic in each of these. */
export async function readTraffic(
  traffic: TrafficReader,
  names: Iterable<string>,
): Promise<Map<string, TrafficReading>> {
  return new Map(
    await Promise.all(
      [...names].map(
        async gns => [gns, await traffic.callsWithin(gns)] as const,
      ),
    ),
  );
}

/** What a change would do and mean, without doing it. */
export async function makePlan(
  context: PlanContext,
  body: {
    definitions: unknown[];
    deletions: string[];
    strategy?: RolloutStrategy;
  },
): Promise<MadePlan> {
  const { definitions, deletions, problems } = await readChange(context, body);
  const documents = new Map<string, string | null>([
    ...definitions.map(d => [formatRef(refOf(d)), canonicalJson(d)] as const),
    ...deletions.map(ref => [formatRef(ref), null] as const),
  ]);
  const written = { definitions, deletions: deletions.map(formatRef) };
  const all = [
    ...problems,
    ...(await context.view.check({ definitions, deletions })),
  ];
  if (problems.some(p => p.severity === 'error')) {
    return {
      plan: {
        ...NOTHING,
        hash: planHash({ ...written, losses: [] }),
        problems: all,
      },
      remembered: undefined,
    };
  }
  const snapshot = await context.view.snapshot();
  const before = context.view.composed(snapshot);
  const after = context.view.composeChange(snapshot, {
    definitions,
    deletions,
  });
  const hidden = hiddenNames(snapshot, context.mayRead);
  const names = new Set([
    ...before.globalNamespaces.keys(),
    ...after.result.globalNamespaces.keys(),
  ]);
  const base: Omit<ChangeView, 'before' | 'after'> = {
    approvedByWrite: after.approved,
    definitions: {
      before: byName(snapshot.input.definitions),
      after: byName(after.definitions),
    },
    clusters: snapshot.input.clusters,
    traffic: await readTraffic(context.traffic, names),
    coverage: await context.coverage(),
    paused: {
      globalNamespaces: await context.pauses(),
      clusters: new Set(
        snapshot.clusters.filter(c => c.paused).map(c => c.name),
      ),
    },
    visible: gns => !hidden.has(gns),
  };
  const described = describeChange({ ...base, before, after: after.result });
  const stages = body.strategy
    ? planStages(
        context.view,
        snapshot,
        { definitions, deletions },
        body.strategy,
        base,
      )
    : { waves: [], losses: [], problems: [] };
  const losses = distinctLosses([
    ...lossesOf(described.all, snapshot),
    ...stages.losses,
  ]);
  // The hash and the announcement cover all of it, seen or not.
  const hash = planHash({ ...written, losses });
  return {
    remembered: { hash, documents, losses },
    plan: {
      hash,
      problems: [...all, ...stages.problems],
      text: headline(described.totals),
      totals: described.totals,
      statements: described.statements,
      summary: summaryOf(described.statements),
      clusters: described.changes.clusters,
      waves: stages.waves,
    },
  };
}
