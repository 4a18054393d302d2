import type {
  ServiceLevelObjective,
  ServiceLevelObjectiveSpec,
  SloMethod,
  SloObjective,
} from '../kinds/ServiceLevelObjective';
import { showValue, type Problem } from '../problems';
import { ISTIO_DURATION_EDGES, positionOf } from './buckets';
import { durationMs, formatDuration } from './duration';

type Finding = Omit<Problem, 'severity' | 'value'> & { value?: unknown };
const problem = (
  severity: Problem['severity'],
  { value, ...rest }: Finding,
): Problem => ({
  severity,
  ...rest,
  ...(value === undefined ? {} : { value: showValue(value) }),
});

/** Checks across the fields of one objective. */
export function checkObjective({ spec }: ServiceLevelObjective): Problem[] {
  return [
    ...twice(spec.services, 'spec.services', 'service'),
    ...twice(
      spec.objectives.map(o => o.name),
      'spec.objectives',
      'objective',
      '.name',
    ),
    ...actionableOfOne(spec),
    ...combination(spec),
    ...ownStatuses(spec),
    ...spec.objectives.flatMap((objective, i) => [
      ...sliceOf(objective, spec.method, `spec.objectives[${i}]`),
      ...thresholdOf(objective, `spec.objectives[${i}]`),
    ]),
  ];
}

function twice(
  names: readonly string[],
  path: string,
  what: string,
  field = '',
): Problem[] {
  return names.flatMap((name, i) => {
    const first = names.indexOf(name);
    return first === i
      ? []
      : [
          problem('error', {
            code: `${what}-twice`,
            path: `${path}[${i}]${field}`,
            value: name,
            message: `The ${what} is named already, in ${path}[${first}].`,
            remedy: 'Remove one of the two, or rename it.',
          }),
        ];
  });
}

function actionableOfOne(spec: ServiceLevelObjectiveSpec): Problem[] {
  if (spec.purpose !== 'actionable' || spec.services.length === 1) return [];
  return [
    problem('error', {
      code: 'actionable-needs-one-service',
      path: 'spec.services',
      value: spec.services,
      message:
        'An actionable objective steers the scaling of one service, and this one names several.',
      remedy: 'Name exactly one service, or set purpose: monitored.',
    }),
  ];
}

function combination(spec: ServiceLevelObjectiveSpec): Problem[] {
  const { combine, method, objectives } = spec;
  if (combine !== 'all') return [];
  if (method.type === 'requests') {
    return [
      problem('error', {
        code: 'all-needs-time-slices',
        path: 'spec.combine',
        value: combine,
        message:
          'Which single requests were good for every objective cannot be told from counts.',
        remedy:
          'Use one objective of type availabilityAndLatency, or combine: worst, or time slices.',
      }),
    ];
  }
  return objectives.flatMap((objective, i) =>
    objective.target === objectives[0].target
      ? []
      : [
          problem('error', {
            code: 'one-budget-one-target',
            path: `spec.objectives[${i}].target`,
            value: objective.target,
            message: `With combine: all there is one budget, and spec.objectives[0] sets ${objectives[0].target}.`,
            remedy:
              'Write the same target for every objective, or use combine: worst.',
          }),
        ],
  );
}

function ownStatuses({
  errors,
  objectives,
}: ServiceLevelObjectiveSpec): Problem[] {
  if (errors.grpcStatuses === undefined) return [];
  return objectives.flatMap(({ indicator }, i) =>
    indicator.type === 'availabilityAndLatency'
      ? [
          problem('error', {
            code: 'statuses-without-durations',
            path: `spec.objectives[${i}].indicator.type`,
            value: indicator.type,
            message:
              'Durations are counted by class of outcome, not by single gRPC statuses.',
            remedy:
              'Remove spec.errors.grpcStatuses, or use two objectives, availability and latency.',
          }),
        ]
      : [],
  );
}

function sliceOf(
  { indicator, slice }: SloObjective,
  method: SloMethod,
  path: string,
): Problem[] {
  if (indicator.type === 'throughput' && method.type === 'requests') {
    return [
      problem('error', {
        code: 'throughput-needs-time-slices',
        path: `${path}.indicator.type`,
        value: indicator.type,
        message:
          'A floor of requests per second holds for stretches of time, not for single requests.',
        remedy: 'Set method: { type: timeSlices }.',
      }),
    ];
  }
  const wanted =
    method.type === 'timeSlices' && indicator.type !== 'throughput';
  if (wanted && slice === undefined) {
    return [
      problem('error', {
        code: 'slice-missing',
        path: `${path}.slice`,
        message:
          'With time slices an objective says which share of its requests makes a slice good.',
        remedy: 'Add slice: { good: 99 }.',
      }),
    ];
  }
  if (!wanted && slice !== undefined) {
    return [
      problem('error', {
        code: 'slice-unused',
        path: `${path}.slice`,
        value: slice,
        message:
          method.type === 'requests'
            ? 'Single requests are judged, so there are no slices.'
            : 'A throughput floor judges a slice by its floor alone.',
        remedy:
          method.type === 'requests'
            ? 'Remove it, or set method: { type: timeSlices }.'
            : 'Remove it.',
      }),
    ];
  }
  if (slice?.good === 100 && slice.atLimit === 'bad') {
    return [
      problem('error', {
        code: 'slice-never-good',
        path: `${path}.slice.good`,
        value: 100,
        message:
          'No slice has more than 100 % good requests, so every slice would be bad.',
        remedy: 'Lower it, or add atLimit: good.',
      }),
    ];
  }
  return [];
}

/** What proxies really count is known from their data; Istio's defaults are known now. */
function thresholdOf({ indicator }: SloObjective, path: string): Problem[] {
  if (!('threshold' in indicator)) return [];
  const ms = durationMs(indicator.threshold);
  const position = positionOf(ms, ISTIO_DURATION_EDGES);
  const at = {
    path: `${path}.indicator.threshold`,
    value: indicator.threshold,
  };
  const text = (index: number) => formatDuration(ISTIO_DURATION_EDGES[index]);
  switch (position.at) {
    case 'below':
      return [
        problem('warning', {
          ...at,
          code: 'threshold-below-buckets',
          message: `Proxies count durations from ${text(
            0,
          )} on: below that no request is certainly fast.`,
          remedy: `Use ${text(
            0,
          )} or more, or give the proxies finer buckets (sidecar.istio.io/statsHistogramBuckets).`,
        }),
      ];
    case 'above':
      return [
        problem('warning', {
          ...at,
          code: 'threshold-above-buckets',
          message: `Proxies tell durations above ${text(
            position.last,
          )} no further apart.`,
          remedy: `Use ${text(position.last)} or less.`,
        }),
      ];
    case 'between': {
      const lower = text(position.lower);
      const upper = text(position.upper);
      const how =
        indicator.betweenEdges === 'snapDown'
          ? `it is judged at ${lower}, so slower requests count as bad`
          : 'what lies between is estimated';
      return [
        problem('warning', {
          ...at,
          code: 'threshold-between-buckets',
          message: `Proxies with Istio's default buckets count at ${lower} and ${upper}; ${how}.`,
          remedy: `Use ${lower} or ${upper} for exact counts, or give the proxies a bucket of ${indicator.threshold} (sidecar.istio.io/statsHistogramBuckets).`,
        }),
      ];
    }
    default:
      return [];
  }
}
