import {
  SLICE_MINUTES,
  type SloIndicator,
} from '../kinds/ServiceLevelObjective';
import { problemsOfIssues } from '../kinds/problemsOfIssues';
import { parseDefinition } from '../kinds/registry';
import { API_VERSION } from '../names';
import { showValue, type Problem } from '../problems';
import { formatDuration } from '../slo/duration';
import { readResidue, type Residue } from './annotations';
import { populationIn, readRatio, type Meaning } from './istioMetrics';
import {
  OPENSLO_VERSION,
  openSloSchema,
  openSloSliSchema,
  type OpenSlo,
  type OpenSloIndicator,
  type OpenSloMetric,
  type OpenSloObjective,
} from './schemas';
import { readCounterSum } from './selectors';
import { fromTimeWindow } from './timeWindows';

export interface OpenSloImport {
  /** Definitions as they would be sent; of an SLO with an error there is none. */
  readonly definitions: readonly Record<string, unknown>[];
  /** Errors stand for SLOs that are left out, warnings for what of them is lost. */
  readonly problems: readonly Problem[];
}

type Report = (
  severity: Problem['severity'],
  path: string,
  message: string,
  remedy: string,
) => void;

/**
 * Makes definitions of OpenSLO v1 documents whose indicators are ratios of
 * Istio's own metrics. What has no like here is reported, item by item.
 * @param gns - for SLOs that do not name a global namespace themselves
 */
export function fromOpenSlo(
  documents: readonly unknown[],
  gns: string | undefined,
): OpenSloImport {
  const definitions: Record<string, unknown>[] = [];
  const problems: Problem[] = [];
  const slis = new Map(
    documents.flatMap(document => {
      const parsed = openSloSliSchema.safeParse(document);
      return parsed.success
        ? [[parsed.data.metadata.name, parsed.data.spec] as const]
        : [];
    }),
  );
  documents.forEach((document, i) => {
    const at = `documents[${i}]`;
    const report: Report = (severity, path, message, remedy) =>
      problems.push({
        severity,
        code: severity === 'error' ? 'openslo-refused' : 'openslo-loss',
        path: `${at}${path ? `.${path}` : ''}`,
        message,
        remedy,
      });
    const { apiVersion, kind } = Object(document) as Record<string, unknown>;
    if (apiVersion !== OPENSLO_VERSION) {
      report(
        'error',
        'apiVersion',
        `${showValue(apiVersion) ?? 'No version'} is not ${OPENSLO_VERSION}.`,
        `Convert it to ${OPENSLO_VERSION} first.`,
      );
      return;
    }
    if (kind !== 'SLO') return;
    const parsed = openSloSchema.safeParse(document);
    if (!parsed.success) {
      problems.push(
        ...problemsOfIssues(parsed.error.issues, document).map(p => ({
          ...p,
          path: p.path ? `${at}.${p.path}` : at,
        })),
      );
      return;
    }
    const definition = definitionOf(parsed.data, slis, gns, report);
    if (!definition) return;
    const checked = parseDefinition(definition);
    if (checked.ok) definitions.push(definition);
    else problems.push(...checked.problems.map(p => ({ ...p, path: at })));
  });
  if (
    documents.length > 0 &&
    definitions.length === 0 &&
    problems.length === 0
  ) {
    problems.push({
      severity: 'error',
      code: 'openslo-refused',
      path: '',
      message: 'There is no document of kind SLO.',
      remedy: 'Send the SLO together with the SLIs that it refers to.',
    });
  }
  return { definitions, problems };
}

function definitionOf(
  slo: OpenSlo,
  slis: ReadonlyMap<string, OpenSloIndicator>,
  gns: string | undefined,
  report: Report,
): Record<string, unknown> | undefined {
  const { metadata, spec } = slo;
  const residue = readResidue(metadata.annotations);
  const home = gns ?? residue?.gns;
  const window = fromTimeWindow(spec.timeWindow[0]);
  if (home === undefined) {
    report(
      'error',
      'metadata',
      'It is not said to which global namespace it belongs.',
      'Choose one for the import.',
    );
    return undefined;
  }
  if (!window) {
    report(
      'error',
      'spec.timeWindow[0]',
      `There is no window like ${spec.timeWindow[0].duration} here.`,
      'Use whole days up to 365d rolling, or a calendar week, month, quarter or year (1w, 1M, 1Q, 1Y).',
    );
    return undefined;
  }
  if (window.loss) {
    report(
      'warning',
      'spec.timeWindow[0]',
      window.loss,
      'Check that it is meant so.',
    );
  }
  const method = methodOf(spec, residue, report);
  const found = spec.objectives.map((objective, i) =>
    objectiveOf(slo, objective, i, { slis, residue, report }),
  );
  if (found.some(objective => objective === undefined)) return undefined;
  const read = found as NonNullable<(typeof found)[number]>[];
  const [{ meaning }] = read;
  const key = ({ services, view, errors }: Meaning) =>
    JSON.stringify([services, view, errors]);
  // What latency says of errors is nothing.
  const speaking = read
    .map(o => o.meaning)
    .filter(m => m.indicator.type.startsWith('availability'));
  const silent = { ...(residue?.errors ?? meaning.errors) };
  if ('threshold' in meaning.indicator) {
    silent.cancelled = meaning.errors.cancelled;
  }
  const errors = speaking[0]?.errors ?? silent;
  if (
    read.some(
      o => key({ ...o.meaning, errors }) !== key({ ...meaning, errors }),
    ) ||
    speaking.some(m => key(m) !== key(speaking[0]))
  ) {
    report(
      'error',
      'spec.objectives',
      'The objectives count requests of different services, sides or errors.',
      'Make one SLO of each.',
    );
    return undefined;
  }
  for (const text of new Set(read.flatMap(o => o.meaning.dropped))) {
    report(
      'warning',
      'spec.indicator',
      `A condition of the query is left out: ${text}.`,
      'Here a service counts in all clusters of its global namespace.',
    );
  }
  const weighted = spec.objectives.some(o => (o.compositeWeight ?? 1) !== 1);
  return {
    apiVersion: API_VERSION,
    kind: 'ServiceLevelObjective',
    metadata: {
      gns: home,
      name: metadata.name,
      ...(metadata.displayName ? { title: metadata.displayName } : {}),
      ...(spec.description ? { description: spec.description } : {}),
      ...(residue?.owner ? { owner: residue.owner } : {}),
      ...labelsOf(metadata.labels, report),
    },
    spec: {
      services: meaning.services,
      purpose: residue?.purpose ?? 'monitored',
      view: meaning.view,
      errors,
      method,
      window: window.window,
      objectives: read.map(o => o.objective),
      combine: residue?.combine ?? (weighted ? 'weighted' : 'worst'),
      alerts: alertsOf(spec.alertPolicies, residue, report),
    },
  };
}

function labelsOf(
  labels: OpenSlo['metadata']['labels'],
  report: Report,
): { labels?: Record<string, string> } {
  if (!labels) return {};
  const kept = Object.entries(labels).flatMap(([key, value]) => {
    const [first] = Array.isArray(value) ? value : [value];
    const fits =
      first !== undefined &&
      /^[\w./-]{1,317}$/.test(key) &&
      /^[\w.-]{0,63}$/.test(first);
    if (!fits || (Array.isArray(value) && value.length > 1)) {
      report(
        'warning',
        `metadata.labels[${showValue(key)}]`,
        'A label has one value of letters, digits, and . _ -.',
        fits ? 'The first value was taken.' : 'It was left out.',
      );
    }
    return fits ? [[key, first]] : [];
  });
  return kept.length > 0 ? { labels: Object.fromEntries(kept) } : {};
}

function methodOf(
  spec: OpenSlo['spec'],
  residue: Residue | undefined,
  report: Report,
) {
  if (spec.budgetingMethod === 'Occurrences') return { type: 'requests' };
  if (spec.budgetingMethod === 'RatioTimeslices') {
    report(
      'warning',
      'spec.budgetingMethod',
      'The mean of the ratios of slices lets a quiet night outweigh a busy day: requests are counted instead.',
      'Check the target.',
    );
    return { type: 'requests' };
  }
  const given = spec.objectives[0].timeSliceWindow ?? '15m';
  const known = Object.keys(SLICE_MINUTES).includes(given);
  if (!known) {
    report(
      'warning',
      'spec.objectives[0].timeSliceWindow',
      `Slices are of 15m, 30m or 1h; ${given} became 15m.`,
      'A shorter fault now makes a whole quarter of an hour bad: check the target.',
    );
  }
  return {
    type: 'timeSlices',
    length: known ? given : '15m',
    ...(residue?.judge ? { judge: residue.judge } : {}),
    ...(residue?.noTraffic ? { noTraffic: residue.noTraffic } : {}),
  };
}

interface ReadObjective {
  readonly meaning: Meaning;
  readonly objective: Record<string, unknown>;
}

function objectiveOf(
  { spec }: OpenSlo,
  given: OpenSloObjective,
  index: number,
  context: {
    slis: ReadonlyMap<string, OpenSloIndicator>;
    residue: Residue | undefined;
    report: Report;
  },
): ReadObjective | undefined {
  const { slis, residue, report } = context;
  const path = `spec.objectives[${index}]`;
  const ref = given.indicatorRef ?? spec.indicatorRef;
  const indicator =
    given.indicator?.spec ??
    (ref === undefined ? undefined : slis.get(ref)) ??
    spec.indicator?.spec;
  if (!indicator) {
    report(
      'error',
      path,
      ref === undefined
        ? 'It has no indicator.'
        : `The SLI ${showValue(ref)} is not among the documents.`,
      'Send the SLI together with the SLO.',
    );
    return undefined;
  }
  const slices = spec.budgetingMethod === 'Timeslices';
  const read = indicator.ratioMetric
    ? ratioOf(indicator.ratioMetric)
    : thresholdOf(indicator.thresholdMetric, given);
  if (!read) {
    report(
      'error',
      path,
      'The indicator is no ratio of istio_requests_total or istio_request_duration_milliseconds by service.',
      'Write the objective anew here, from a template; requests and durations of every service are measured already.',
    );
    return undefined;
  }
  if (read.quantile !== undefined && !slices) {
    report(
      'error',
      path,
      'A quantile is judged slice by slice.',
      'Use budgetingMethod Timeslices, or a ratio of requests within the threshold.',
    );
    return undefined;
  }
  const target =
    given.targetPercent ??
    (given.target === undefined
      ? undefined
      : Math.round(given.target * 1e7) / 1e5);
  if (target === undefined) {
    report('error', `${path}.target`, 'It has no target.', 'Add target: 0.99.');
    return undefined;
  }
  const kept = residue?.objectives[index];
  const share =
    read.quantile ??
    (given.timeSliceTarget === undefined ? 1 : given.timeSliceTarget);
  const { meaning } = read;
  const withSlice = slices && meaning.indicator.type !== 'throughput';
  const shown = given.displayName;
  const name = kept?.name ?? slug(shown) ?? `objective-${index + 1}`;
  const title = kept ? kept.title && shown : shown;
  return {
    meaning,
    objective: {
      name,
      ...(title && title !== name ? { title } : {}),
      target,
      indicator: {
        ...meaning.indicator,
        ...(kept?.betweenEdges && 'betweenEdges' in meaning.indicator
          ? { betweenEdges: kept.betweenEdges }
          : {}),
      },
      ...(withSlice
        ? {
            slice: {
              good: Math.round(share * 1e7) / 1e5,
              atLimit: kept?.atLimit ?? read.atLimit,
            },
          }
        : {}),
      weight: given.compositeWeight ?? kept?.weight ?? 1,
    },
  };
}

function slug(text: string | undefined): string | undefined {
  const name = text
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? undefined : name;
}

interface ReadIndicator {
  readonly meaning: Meaning;
  readonly atLimit: 'bad' | 'good';
  /** 0–1; only of a threshold on a quantile. */
  readonly quantile?: number;
}

const queryOf = (metric: OpenSloMetric | undefined) => {
  const query = metric?.metricSource.spec?.query;
  return typeof query === 'string' ? readCounterSum(query) : undefined;
};

function ratioOf(
  ratio: NonNullable<OpenSloIndicator['ratioMetric']>,
): ReadIndicator | undefined {
  const total = queryOf(ratio.total);
  if (!total) return undefined;
  const meaning = readRatio({
    good: queryOf(ratio.good),
    bad: queryOf(ratio.bad),
    total,
  });
  return meaning && { meaning, atLimit: 'good' };
}

const NO_ERRORS = { clientErrors: 'good', cancelled: 'excluded' } as const;

/** A floor of requests per second, or a quantile of durations. */
function thresholdOf(
  metric: OpenSloMetric | undefined,
  { op, value }: OpenSloObjective,
): ReadIndicator | undefined {
  const query = queryOf(metric);
  const whose = query && populationIn(query.selectors);
  if (!query || !whose || value === undefined || value <= 0) return undefined;
  const of = (name: string) => query.selectors.every(s => s.metric === name);
  const meaning = (indicator: SloIndicator): Meaning => ({
    ...whose,
    indicator,
    errors: NO_ERRORS,
  });
  if (of('istio_requests_total') && query.quantile === undefined) {
    return op === 'gte' || op === 'gt'
      ? {
          meaning: meaning({ type: 'throughput', floor: value }),
          atLimit: 'good',
        }
      : undefined;
  }
  const upper = op === 'lt' || op === 'lte';
  if (
    upper &&
    query.quantile !== undefined &&
    of('istio_request_duration_milliseconds_bucket')
  ) {
    return {
      meaning: meaning({
        type: 'latency',
        threshold: formatDuration(value),
        betweenEdges: 'snapDown',
      }),
      atLimit: op === 'lt' ? 'bad' : 'good',
      quantile: query.quantile,
    };
  }
  return undefined;
}

function alertsOf(
  policies: OpenSlo['spec']['alertPolicies'],
  residue: Residue | undefined,
  report: Report,
) {
  const names = (policies ?? []).map(policy => {
    if (typeof policy === 'string') return policy;
    const { metadata, alertPolicyRef } = Object(policy) as {
      metadata?: { name?: unknown };
      alertPolicyRef?: unknown;
    };
    return String(alertPolicyRef ?? metadata?.name ?? '');
  });
  const least =
    residue?.minBadRequests === undefined
      ? {}
      : { minBadRequests: residue.minBadRequests };
  if (residue) {
    return {
      page: names.some(name => name.endsWith('-page')),
      ticket: names.some(name => name.endsWith('-ticket')),
      ...least,
    };
  }
  if (names.length > 0) {
    report(
      'warning',
      'spec.alertPolicies',
      'Windows, rates and targets of alerts are derived from the budget here; the owner is told.',
      'Set spec.alerts to choose which.',
    );
  }
  return { page: names.length > 0, ticket: names.length > 0 };
}
