import {
  formatRef,
  refOf,
  showValue,
  type Definition,
  type Problem,
  type ServiceLevelObjective,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';

/** Objectives as they would be after a change, and what to check them against. */
export interface ObjectiveCheck {
  /** The objectives that change. */
  readonly changed: readonly ServiceLevelObjective[];
  /** All objectives after the change, the changed ones among them. */
  readonly objectives: readonly ServiceLevelObjective[];
  /** Names of the global namespaces after the change. */
  readonly globalNamespaces: ReadonlySet<string>;
  /** Host labels by global namespace, as last composed; absent: not composed yet. */
  readonly services: ReadonlyMap<string, ReadonlySet<string>>;
}

export function isObjective(
  definition: Definition,
): definition is Definition & ServiceLevelObjective {
  return definition.kind === 'ServiceLevelObjective';
}

/** Checks objectives against each other and against the global namespaces. */
export function checkObjectives(input: ObjectiveCheck): Problem[] {
  return input.changed.flatMap(objective => {
    const gns = objective.metadata.gns;
    const problems = input.globalNamespaces.has(gns)
      ? [
          ...unknownServices(objective, input.services.get(gns)),
          ...secondActionable(objective, input.objectives),
        ]
      : [missingGlobalNamespace(gns)];
    const definition = formatRef(refOf(objective));
    return problems.map(problem => ({ ...problem, definition }));
  });
}

/** The same for one that is absent and one that the reader may not see. */
export function missingGlobalNamespace(gns: string): Problem {
  return {
    severity: 'error',
    code: 'gns-missing',
    path: 'metadata.gns',
    value: showValue(gns),
    message: `There is no global namespace ${gns}, or you may not read it.`,
    remedy: 'Correct the name, or create the global namespace first.',
  };
}

function unknownServices(
  { spec }: ServiceLevelObjective,
  known: ReadonlySet<string> | undefined,
): Problem[] {
  // What was not composed yet is unknown, not absent.
  if (!known) return [];
  return spec.services.flatMap((service, i) =>
    known.has(service)
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'service-unknown',
            path: `spec.services[${i}]`,
            value: showValue(service),
            message: 'No member cluster has this service now.',
            remedy:
              known.size > 0
                ? `Correct the name, or deploy it; there are ${listNames([
                    ...known,
                  ])}.`
                : 'Correct the name, or deploy it; it counts from when it appears.',
          },
        ],
  );
}

/** One promise per service steers its scaling. */
function secondActionable(
  objective: ServiceLevelObjective,
  all: readonly ServiceLevelObjective[],
): Problem[] {
  if (objective.spec.purpose !== 'actionable') return [];
  const [service] = objective.spec.services;
  const other = all.find(
    o =>
      o.spec.purpose === 'actionable' &&
      o.metadata.gns === objective.metadata.gns &&
      o.metadata.name !== objective.metadata.name &&
      o.spec.services[0] === service,
  );
  if (!other) return [];
  return [
    {
      severity: 'error',
      code: 'actionable-taken',
      path: 'spec.purpose',
      value: showValue('actionable'),
      message: `The service ${service} is steered by ${formatRef(
        refOf(other),
      )} already; a service has one actionable objective.`,
      remedy: `Set purpose: monitored here, or in ${other.metadata.name} first.`,
    },
  ];
}
