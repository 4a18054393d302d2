import { GRPC_SERVER_ERRORS } from '../contract/telemetry';
import { SERVICE_LABEL } from '../dns';
import type {
  ServiceLevelObjectiveSpec,
  SloIndicator,
} from '../kinds/ServiceLevelObjective';
import { durationMs, formatDuration } from '../slo/duration';
import {
  formatSelector,
  selects,
  type CounterSum,
  type Matcher,
  type Selector,
} from './selectors';

type Errors = ServiceLevelObjectiveSpec['errors'];

const REQUESTS = 'istio_requests_total';
const DURATION = 'istio_request_duration_milliseconds';

/** What queries over Istio's metrics count, in the words of an objective. */
export interface Meaning {
  readonly services: readonly string[];
  readonly view: 'client' | 'server';
  readonly indicator: SloIndicator;
  readonly errors: Errors;
  /** Conditions of the queries that an objective does not have, as text. */
  readonly dropped: readonly string[];
}

/** What is written as queries. */
export type Spoken = Pick<
  Meaning,
  'services' | 'view' | 'indicator' | 'errors'
>;

const VIEWS = { client: 'source', server: 'destination|waypoint' } as const;

/** Good and all requests as PromQL, for tools that read OpenSLO. */
export function ratioQueries(of: Spoken): { good: string; total: string } {
  const base = populationOf(of);
  const { indicator, errors } = of;
  const present: Matcher = { label: 'response_flags', op: '!=', value: 'DC' };
  const cancelled: Matcher = { ...present, op: '=' };
  const counted = errors.cancelled === 'excluded' ? [present] : [];
  const timed = 'threshold' in indicator;
  const le: Matcher[] = timed
    ? [{ label: 'le', op: '=', value: String(durationMs(indicator.threshold)) }]
    : [];
  const fine = indicator.type === 'latency' ? [] : notFailed(errors);
  const metric = timed ? `${DURATION}_bucket` : REQUESTS;
  const excluding = errors.cancelled === 'good' || errors.cancelled === 'bad';
  const good: Selector[] = [
    {
      metric,
      matchers: [...base, ...le, ...fine, ...(excluding ? [present] : counted)],
    },
    ...(errors.cancelled === 'good'
      ? [
          {
            metric: timed ? `${DURATION}_count` : REQUESTS,
            matchers: [...base, cancelled],
          },
        ]
      : []),
  ];
  const total = {
    metric: timed ? `${DURATION}_count` : REQUESTS,
    matchers: [...base, ...counted],
  };
  return {
    good: good.map(sum).join(' + '),
    total: sum(total),
  };
}

/** Requests per second, for a throughput floor. */
export function rateQuery(of: Spoken): string {
  return `sum(rate(${formatSelector({
    metric: REQUESTS,
    matchers: populationOf(of),
  })}[1m]))`;
}

function sum(selector: Selector): string {
  return `sum(${formatSelector(selector)})`;
}

function populationOf({ services, view }: Spoken): Matcher[] {
  return [
    { label: 'reporter', op: '=~', value: VIEWS[view] },
    {
      label: 'destination_service_name',
      op: '=~',
      value: services.map(s => `${s}|${s}[.].+`).join('|'),
    },
  ];
}

function notFailed({ clientErrors, grpcStatuses }: Errors): Matcher[] {
  const all = clientErrors === 'bad';
  const statuses = grpcStatuses ?? [...GRPC_SERVER_ERRORS];
  return [
    {
      label: 'response_code',
      op: '!~',
      value: all ? '[45]..|0' : '5..|0',
    },
    {
      label: 'grpc_response_status',
      op: '!~',
      value: all
        ? '[1-9][0-9]*'
        : [...statuses].sort((a, b) => a - b).join('|'),
    },
  ];
}

/** Labels that say what became of a request; all others say whose requests are counted. */
const OUTCOME_LABELS: ReadonlySet<string> = new Set([
  'response_code',
  'grpc_response_status',
  'response_flags',
  'le',
]);
const SERVICE_LABELS = [
  'destination_service_name',
  'destination_canonical_service',
  'destination_app',
  'destination_workload',
  'destination_service',
];

/**
 * Understands good (or bad) and all requests as sums over Istio's metrics.
 * Undefined: they are something else.
 */
export function readRatio(queries: {
  good?: CounterSum;
  bad?: CounterSum;
  total: CounterSum;
}): Meaning | undefined {
  const { good, bad, total } = queries;
  const counted = good ?? bad;
  if (!counted) return undefined;
  const whose = populationIn([...counted.selectors, ...total.selectors]);
  const [first] = counted.selectors;
  const threshold = thresholdOf(first);
  const metrics = total.selectors.map(s => s.metric);
  const timed = threshold !== undefined;
  const base = timed ? `${DURATION}_count` : REQUESTS;
  if (!whose || metrics.some(m => m !== base)) return undefined;
  if (!timed && first.metric !== REQUESTS) return undefined;
  // Bad within a threshold would be those that were fast.
  if (timed && !good) return undefined;

  const ignored = new Set(
    [...counted.selectors, ...total.selectors]
      .flatMap(s => s.matchers.map(m => m.label))
      .filter(label => label === 'le' || !OUTCOME_LABELS.has(label)),
  );
  const any = (of: CounterSum, sample: Record<string, string>) =>
    of.selectors.some(selector => selects(selector, sample, ignored));
  const isTotal = (sample: Record<string, string>) => any(total, sample);
  const isGood = (sample: Record<string, string>) =>
    good ? any(good, sample) : isTotal(sample) && !any(bad ?? total, sample);

  const meaning = outcomesOf(isTotal, isGood);
  if (!meaning) return undefined;
  const { failuresCount, ...errors } = meaning;
  if (!timed && !failuresCount) return undefined;
  const latency = failuresCount ? 'availabilityAndLatency' : 'latency';
  return {
    ...whose,
    errors,
    indicator: timed
      ? { type: latency, threshold, betweenEdges: 'snapDown' }
      : { type: 'availability' },
  };
}

/** What became of requests, by trying samples of them. */
function outcomesOf(
  isTotal: (sample: Record<string, string>) => boolean,
  isGood: (sample: Record<string, string>) => boolean,
): (Errors & { failuresCount: boolean }) | undefined {
  const http = (code: string) => ({ response_code: code });
  const grpc = (status: number) => ({
    response_code: '200',
    grpc_response_status: String(status),
  });
  if (!isTotal(http('200')) || !isGood(http('200'))) return undefined;
  const gone = { response_code: '0', response_flags: 'DC' };
  const goneGood = isGood(gone) ? 'good' : 'bad';
  const cancelled = isTotal(gone) ? goneGood : 'excluded';
  const failing = ['500', '503', '0'].filter(code => !isGood(http(code)));
  const clientBad = ['400', '404', '429'].filter(code => !isGood(http(code)));
  if (![0, 3].includes(clientBad.length)) return undefined;
  if (failing.length === 0 && clientBad.length === 0) {
    return { failuresCount: false, clientErrors: 'good', cancelled };
  }
  if (isGood(http('503'))) return undefined;
  const clientErrors = clientBad.length > 0 ? 'bad' : 'good';
  const statuses = Array.from({ length: 16 }, (_, i) => i + 1).filter(
    status => !isGood(grpc(status)),
  );
  const usual = (status: number) =>
    clientErrors === 'bad' || GRPC_SERVER_ERRORS.has(status);
  const own =
    statuses.length > 0 &&
    Array.from({ length: 16 }, (_, i) => i + 1).some(
      status => usual(status) !== statuses.includes(status),
    );
  return {
    failuresCount: true,
    clientErrors,
    cancelled,
    ...(own ? { grpcStatuses: statuses } : {}),
  };
}

/** `le` of a bucket selector, as a duration. */
function thresholdOf({ metric, matchers }: Selector): string | undefined {
  if (metric !== `${DURATION}_bucket`) return undefined;
  const le = matchers.find(m => m.label === 'le' && m.op === '=');
  const ms = Number(le?.value);
  return Number.isFinite(ms) && ms > 0 ? formatDuration(ms) : undefined;
}

/** Whose requests are counted; every selector has to count the same. */
export function populationIn(
  selectors: readonly Selector[],
): Pick<Meaning, 'services' | 'view' | 'dropped'> | undefined {
  const populations = selectors.map(({ matchers }) =>
    matchers.filter(m => !OUTCOME_LABELS.has(m.label)),
  );
  const text = (matchers: readonly Matcher[]) =>
    matchers.map(m => `${m.label}${m.op}"${m.value}"`).sort();
  const [first] = populations;
  const same = JSON.stringify(text(first));
  if (populations.some(p => JSON.stringify(text(p)) !== same)) return undefined;
  const services = SERVICE_LABELS.map(label =>
    first.find(m => m.label === label),
  ).find(m => m !== undefined);
  const names = services && namesOf(services);
  if (!services || !names || names.length === 0) return undefined;
  const reporter = first.find(m => m.label === 'reporter');
  const server = reporter ? /destination|waypoint/.test(reporter.value) : false;
  const used = new Set([services, reporter]);
  return {
    services: names,
    view: server ? 'server' : 'client',
    dropped: [
      ...text(first.filter(m => !used.has(m))),
      ...(reporter ? [] : ['no reporter: each request was counted twice']),
    ],
  };
}

function namesOf({ op, value }: Matcher): string[] | undefined {
  if (op !== '=' && op !== '=~') return undefined;
  const names = (op === '=' ? [value] : value.split('|')).map(name =>
    name.replace(/(\[\.\]|\\\\?\.|\.)[\s\S]*$/, ''),
  );
  return names.every(name => SERVICE_LABEL.test(name))
    ? [...new Set(names)]
    : undefined;
}
