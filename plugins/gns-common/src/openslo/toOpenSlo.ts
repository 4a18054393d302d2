import type {
  ServiceLevelObjective,
  ServiceLevelObjectiveSpec,
  SloObjective,
} from '../kinds/ServiceLevelObjective';
import type { Problem } from '../problems';
import { ANNOTATION_OPENSLO, type Residue } from './annotations';
import { rateQuery, ratioQueries } from './istioMetrics';
import { OPENSLO_VERSION, type OpenSlo } from './schemas';
import { toTimeWindow } from './timeWindows';

/** One document of OpenSLO. */
export interface OpenSloDocument {
  apiVersion: typeof OPENSLO_VERSION;
  kind: string;
  metadata: { name: string; [field: string]: unknown };
  spec: Record<string, unknown>;
}

export interface OpenSloExport {
  readonly documents: readonly OpenSloDocument[];
  /** What other tools that read the documents will not know, item by item. */
  readonly losses: readonly Problem[];
}

const DATA_SOURCE = 'istio-prometheus';

/** 99.9 as 0.999: exact, since targets have at most five digits after the point. */
const percent = (value: number) => Math.round(value * 1e5) / 1e7;

const serviceName = (gns: string, services: readonly string[]) =>
  services.length === 1 ? services[0] : `${gns}-services`;

/** A definition as OpenSLO v1: with its services, its data source and its alert policies. */
export function toOpenSlo(definition: ServiceLevelObjective): OpenSloExport {
  const { metadata, spec } = definition;
  const [first] = spec.objectives;
  const single = spec.objectives.length === 1;
  const slo: OpenSlo = {
    apiVersion: OPENSLO_VERSION,
    kind: 'SLO',
    metadata: {
      name: metadata.name,
      ...(metadata.title ? { displayName: metadata.title } : {}),
      ...(Object.keys(metadata.labels).length > 0
        ? { labels: metadata.labels }
        : {}),
      annotations: {
        [ANNOTATION_OPENSLO]: JSON.stringify(residueOf(definition)),
      },
    },
    spec: {
      ...(metadata.description ? { description: metadata.description } : {}),
      service: serviceName(metadata.gns, spec.services),
      ...(single ? { indicator: indicatorOf(definition, first) } : {}),
      timeWindow: [toTimeWindow(spec.window)],
      budgetingMethod:
        spec.method.type === 'requests' ? 'Occurrences' : 'Timeslices',
      objectives: spec.objectives.map(objective => ({
        displayName: objective.title ?? objective.name,
        ...(objective.indicator.type === 'throughput'
          ? { op: 'gte' as const, value: objective.indicator.floor }
          : {}),
        target: percent(objective.target),
        ...(spec.method.type === 'timeSlices'
          ? {
              // A floor decides a slice by itself.
              timeSliceTarget: objective.slice
                ? percent(objective.slice.good)
                : 1,
              timeSliceWindow: spec.method.length,
            }
          : {}),
        ...(single ? {} : { indicator: indicatorOf(definition, objective) }),
        ...(spec.combine === 'weighted'
          ? { compositeWeight: objective.weight }
          : {}),
      })),
      alertPolicies: policiesOf(definition).map(p => p.metadata.name),
    },
  };
  return {
    documents: [
      slo as OpenSloDocument,
      {
        apiVersion: OPENSLO_VERSION,
        kind: 'Service',
        metadata: { name: serviceName(metadata.gns, spec.services) },
        spec: {
          description: `${spec.services.join(', ')} of the global namespace ${
            metadata.gns
          }`,
        },
      },
      {
        apiVersion: OPENSLO_VERSION,
        kind: 'DataSource',
        metadata: { name: DATA_SOURCE },
        spec: { type: 'Prometheus', connectionDetails: {} },
      },
      ...policiesOf(definition),
    ],
    losses: lossesOf(spec),
  };
}

function indicatorOf(
  { metadata, spec }: ServiceLevelObjective,
  objective: SloObjective,
) {
  const spoken = { ...spec, indicator: objective.indicator };
  const metric = (query: string) => ({
    metricSource: {
      metricSourceRef: DATA_SOURCE,
      type: 'Prometheus',
      spec: { query },
    },
  });
  const queries = ratioQueries(spoken);
  return {
    metadata: { name: `${metadata.name}-${objective.name}`.slice(0, 63) },
    spec:
      objective.indicator.type === 'throughput'
        ? { thresholdMetric: metric(rateQuery(spoken)) }
        : {
            ratioMetric: {
              counter: true,
              good: metric(queries.good),
              total: metric(queries.total),
            },
          },
  };
}

/** OpenSLO has one window per condition: the long one of the rule that burns slowest. */
const POLICIES = {
  page: { severity: 'page', threshold: 6, lookbackWindow: '6h' },
  ticket: { severity: 'ticket', threshold: 1, lookbackWindow: '3d' },
} as const;

function policiesOf({
  metadata,
  spec,
}: ServiceLevelObjective): OpenSloDocument[] {
  return (['page', 'ticket'] as const)
    .filter(severity => spec.alerts[severity])
    .map(severity => {
      const { threshold, lookbackWindow } = POLICIES[severity];
      const name = `${metadata.name.slice(0, 56)}-${severity}`;
      return {
        apiVersion: OPENSLO_VERSION,
        kind: 'AlertPolicy',
        metadata: { name },
        spec: {
          alertWhenBreaching: true,
          alertWhenResolved: true,
          alertWhenNoData: false,
          conditions: [
            {
              kind: 'AlertCondition',
              metadata: { name },
              spec: {
                severity,
                condition: {
                  kind: 'burnrate',
                  op: 'gt',
                  threshold,
                  lookbackWindow,
                  alertAfter: '5m',
                },
              },
            },
          ],
          notificationTargets: [],
        },
      };
    });
}

function residueOf({ metadata, spec }: ServiceLevelObjective): Residue {
  return {
    gns: metadata.gns,
    ...(metadata.owner ? { owner: metadata.owner } : {}),
    purpose: spec.purpose,
    combine: spec.combine,
    ...(spec.method.type === 'timeSlices'
      ? { judge: spec.method.judge, noTraffic: spec.method.noTraffic }
      : {}),
    minBadRequests: spec.alerts.minBadRequests,
    errors: spec.errors,
    objectives: spec.objectives.map(o => ({
      name: o.name,
      ...(o.title ? { title: o.title } : {}),
      ...('betweenEdges' in o.indicator
        ? { betweenEdges: o.indicator.betweenEdges }
        : {}),
      ...(o.slice ? { atLimit: o.slice.atLimit } : {}),
      weight: o.weight,
    })),
  };
}

function lossesOf(spec: ServiceLevelObjectiveSpec): Problem[] {
  const losses: Problem[] = [];
  const lose = (path: string, message: string, remedy: string) =>
    losses.push({
      severity: 'warning',
      code: 'openslo-loss',
      path,
      message,
      remedy,
    });
  const keep = 'Only tools that read our annotation know it.';
  if (spec.alerts.page || spec.alerts.ticket) {
    lose(
      'spec.alerts',
      'OpenSLO has one window per alert: the short windows, and all but one pair of each severity, are left out.',
      'Alert from here, or write the rules of the other tool by hand.',
    );
  }
  if (spec.purpose === 'actionable') {
    lose(
      'spec.purpose',
      'OpenSLO does not know that an objective steers scaling.',
      keep,
    );
  }
  if (spec.services.length > 1) {
    lose(
      'spec.services',
      'OpenSLO names one service: the list stands in the queries and in the description of the service.',
      keep,
    );
  }
  if (spec.combine === 'all') {
    lose(
      'spec.combine',
      'OpenSLO judges objectives one by one, not slices that are good for all.',
      keep,
    );
  }
  if (spec.method.type === 'timeSlices') {
    if (spec.method.judge === 'anyCluster') {
      lose(
        'spec.method.judge',
        'The queries add up what each Prometheus has; OpenSLO cannot say that one bad cluster makes a slice bad.',
        'Ask the Prometheus of each cluster, one objective each.',
      );
    }
    if (spec.method.noTraffic === 'ignored') {
      lose(
        'spec.method.noTraffic',
        'OpenSLO does not say what a slice without traffic is.',
        keep,
      );
    }
  }
  spec.objectives.forEach((objective, i) => {
    const path = `spec.objectives[${i}]`;
    if (objective.slice?.atLimit === 'bad') {
      lose(
        `${path}.slice.atLimit`,
        'In OpenSLO a slice that reaches its target exactly is good.',
        keep,
      );
    }
    if (
      'betweenEdges' in objective.indicator &&
      objective.indicator.betweenEdges === 'interpolate'
    ) {
      lose(
        `${path}.indicator.betweenEdges`,
        'The queries name one bucket: between two edges they find none.',
        'Use a threshold that is an edge.',
      );
    }
  });
  return losses;
}
