import fc from 'fast-check';
import {
  durationMs,
  formatDuration,
  parseDefinition,
  parseYaml,
  sloFromTemplate,
  SLO_TEMPLATES,
  toOpenSlo,
  fromOpenSlo,
  type ServiceLevelObjective,
} from '../index';
import { openSloSchema } from './schemas';

function parsed(document: unknown): ServiceLevelObjective {
  const result = parseDefinition(document);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.definition as unknown as ServiceLevelObjective;
}
const clone = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Out and in again. */
function roundTrip(definition: ServiceLevelObjective, gns?: string) {
  const { documents } = toOpenSlo(definition);
  const back = fromOpenSlo(clone(documents), gns);
  return { ...back, definitions: back.definitions.map(parsed) };
}

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const target = fc.integer({ min: 1, max: 9_999_999 }).map(n => n / 100_000);
const threshold = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom('ms', 's'))
  // Written as short as it goes: 1s, not 1000ms.
  .map(([n, unit]) => formatDuration(durationMs(`${n}${unit}`)));
const betweenEdges = fc.constantFrom('snapDown', 'interpolate');
const byRequests = fc.oneof(
  fc.constant({ type: 'availability' }),
  fc.record({ type: fc.constant('latency'), threshold, betweenEdges }),
  fc.record({
    type: fc.constant('availabilityAndLatency'),
    threshold,
    betweenEdges,
  }),
);
const line = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
  .filter(text => text.trim() === text);

const definition = fc
  .record({
    slices: fc.boolean(),
    combine: fc.constantFrom('worst', 'weighted', 'all'),
    own: fc.option(
      fc.uniqueArray(fc.integer({ min: 1, max: 16 }), {
        minLength: 1,
        maxLength: 5,
      }),
      { nil: undefined },
    ),
    seeds: fc.uniqueArray(
      fc.record({
        name,
        title: fc.option(line, { nil: undefined }),
        target,
        indicator: byRequests,
        floor: fc.option(fc.double({ min: 0.001, max: 1e6, noNaN: true }), {
          nil: undefined,
        }),
        good: target,
        atLimit: fc.constantFrom('bad', 'good'),
        weight: fc.double({ min: 0.01, max: 1000, noNaN: true }),
      }),
      { minLength: 1, maxLength: 4, selector: o => o.name },
    ),
    metadata: fc.record({
      gns: name,
      name,
      title: fc.option(line, { nil: undefined }),
      description: fc.option(line, { nil: undefined }),
      owner: fc.option(fc.constant('group:default/shop'), { nil: undefined }),
      labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), name),
    }),
    spec: fc.record({
      services: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      view: fc.constantFrom('client', 'server'),
      clientErrors: fc.constantFrom('good', 'bad'),
      cancelled: fc.constantFrom('excluded', 'good', 'bad'),
      length: fc.constantFrom('15m', '30m', '1h'),
      judge: fc.constantFrom('together', 'anyCluster'),
      noTraffic: fc.constantFrom('good', 'ignored'),
      window: fc.oneof(
        fc.record({
          type: fc.constant('rolling'),
          days: fc.integer({ min: 1, max: 365 }),
        }),
        fc.record({
          type: fc.constant('calendar'),
          period: fc.constantFrom('week', 'month', 'quarter', 'year'),
          timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'Europe/Berlin'),
        }),
      ),
      alerts: fc.record({
        page: fc.boolean(),
        ticket: fc.boolean(),
        minBadRequests: fc.integer({ min: 1, max: 1000 }),
      }),
      purpose: fc.constantFrom('monitored', 'actionable'),
    }),
  })
  .map(({ slices, combine, own, seeds, metadata, spec }) => {
    const { clientErrors, cancelled, length, judge, noTraffic, ...rest } = spec;
    const objectives = seeds.map((seed, i) => {
      const floor = slices && seed.floor !== undefined;
      return {
        name: seed.name,
        ...(seed.title && seed.title !== seed.name
          ? { title: seed.title }
          : {}),
        target: combine === 'all' ? seeds[0].target : seed.target,
        indicator: floor
          ? { type: 'throughput', floor: seed.floor }
          : seed.indicator,
        ...(slices && !floor
          ? { slice: { good: seed.good, atLimit: seed.atLimit } }
          : {}),
        weight: seed.weight,
        i,
      };
    });
    const joint = objectives.some(
      o => o.indicator.type === 'availabilityAndLatency',
    );
    const usual = [2, 4, 13, 14, 15];
    const sorted = own && [...own].sort((a, b) => a - b);
    const speaks = objectives.some(o => o.indicator.type === 'availability');
    // Own statuses that say what is usual anyway are not told apart from none.
    const differs =
      sorted &&
      (!speaks || (sorted.join() !== usual.join() && clientErrors === 'good'));
    return {
      apiVersion: 'gns.isthmus.dev/v1',
      kind: 'ServiceLevelObjective',
      metadata: Object.fromEntries(
        Object.entries(metadata).filter(([, v]) => v !== undefined),
      ),
      spec: {
        ...rest,
        services:
          rest.purpose === 'actionable'
            ? rest.services.slice(0, 1)
            : rest.services,
        errors: {
          clientErrors,
          cancelled,
          ...(differs && !joint ? { grpcStatuses: sorted } : {}),
        },
        method: slices
          ? { type: 'timeSlices', length, judge, noTraffic }
          : { type: 'requests' },
        combine: combine === 'all' && !slices ? 'worst' : combine,
        objectives: objectives.map(({ i: _, ...o }) => o),
      },
    };
  });

describe('OpenSLO', () => {
  it('out and in again is the same definition, whatever it is', () => {
    fc.assert(
      fc.property(definition, document => {
        const before = parsed(document);
        const { definitions, problems } = roundTrip(before);
        expect(problems).toEqual([]);
        expect(definitions).toEqual([before]);
      }),
      { numRuns: 300 },
    );
  });

  it.each(SLO_TEMPLATES)(
    'the template %s survives it, and fits the schema',
    template => {
      const before = parsed(
        sloFromTemplate(template, {
          gns: 'shop',
          name: 'checkout',
          services: ['checkout'],
          owner: 'group:default/shop',
        }),
      );
      expect(roundTrip(before).definitions).toEqual([before]);
      const { documents, losses } = toOpenSlo(before);
      expect(documents.map(d => d.kind)).toEqual(
        expect.arrayContaining(['SLO', 'Service', 'DataSource', 'AlertPolicy']),
      );
      expect(openSloSchema.safeParse(documents[0]).success).toBe(true);
      expect(losses.map(l => l.path)).toContain('spec.alerts');
    },
  );

  it('losses of an export are told item by item', () => {
    const before = parsed({
      ...sloFromTemplate('tanzu', {
        gns: 'shop',
        name: 'checkout',
        services: ['checkout', 'cart'],
      }),
    });
    expect(toOpenSlo(before).losses.map(l => l.path)).toEqual([
      'spec.alerts',
      'spec.services',
      'spec.combine',
      'spec.method.judge',
      'spec.objectives[0].slice.atLimit',
      'spec.objectives[1].slice.atLimit',
    ]);
  });

  it('what people change in standard fields wins over our annotation', () => {
    const [slo, ...others] = clone(
      toOpenSlo(
        parsed(
          sloFromTemplate('webApi', {
            gns: 'shop',
            name: 'checkout',
            services: ['checkout'],
          }),
        ),
      ).documents,
    );
    slo.spec.objectives[0].target = 0.95;
    slo.spec.timeWindow[0].duration = '7d';
    const [definitionAgain] = fromOpenSlo(
      [slo, ...others],
      'bank',
    ).definitions.map(parsed);
    expect(definitionAgain).toMatchObject({
      metadata: { gns: 'bank' },
      spec: {
        window: { type: 'rolling', days: 7 },
        objectives: [{ name: 'available', target: 95 }, { target: 99 }],
      },
    });
  });
});

/** An SLO of somebody else. */
const foreign = (ratio: string, over = '', objective = 'target: 0.999') => `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-ok
  displayName: Checkout works
  labels: { team: [payments, shop] }
spec:
  service: checkout
  timeWindow: [{ duration: 4w, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ displayName: It works!, ${objective} }]
  ${over}
  indicator:
    metadata: { name: x }
    spec: { ratioMetric: { counter: true, ${ratio} } }
`;
const query = (text: string) =>
  `{ metricSource: { type: Prometheus, spec: { query: ${JSON.stringify(
    text,
  )} } } }`;
const requests = (labels: string) =>
  query(`sum(rate(istio_requests_total{${labels}}[5m]))`);

function read(text: string) {
  const yaml = parseYaml(text);
  if (!yaml.ok) throw new Error(JSON.stringify(yaml.problems));
  const { definitions, problems } = fromOpenSlo(yaml.documents, 'shop');
  return { definitions: definitions.map(parsed), problems };
}

describe('OpenSLO of others', () => {
  const SERVICE = 'destination_service_name="checkout",reporter="destination"';

  it('a ratio of Istio requests becomes an objective, with every loss named', () => {
    const { definitions, problems } = read(
      foreign(
        `bad: ${requests(
          `${SERVICE},cluster="eu",response_code=~"5.*"`,
        )}, total: ${requests(`${SERVICE},cluster="eu"`)}`,
        'alertPolicies: [{ alertPolicyRef: fast-burn }]',
      ),
    );
    expect(definitions).toMatchObject([
      {
        metadata: {
          name: 'checkout-ok',
          title: 'Checkout works',
          gns: 'shop',
          labels: { team: 'payments' },
        },
        spec: {
          services: ['checkout'],
          view: 'server',
          errors: { clientErrors: 'good', cancelled: 'good' },
          window: { type: 'rolling', days: 28 },
          objectives: [
            {
              name: 'it-works',
              title: 'It works!',
              target: 99.9,
              indicator: { type: 'availability' },
            },
          ],
        },
      },
    ]);
    expect(problems.map(p => [p.severity, p.path])).toEqual([
      ['warning', 'documents[0].spec.indicator'],
      ['warning', 'documents[0].metadata.labels["team"]'],
      ['warning', 'documents[0].spec.alertPolicies'],
    ]);
    expect(problems[0].message).toContain('cluster="eu"');
  });

  it.each<[string, string, object]>([
    [
      '4xx as failures',
      `good: ${requests(
        `${SERVICE},response_code!~"4..|5..|0"`,
      )}, total: ${requests(SERVICE)}`,
      { clientErrors: 'bad' },
    ],
    [
      '5xx alone',
      `good: ${requests(`${SERVICE},response_code!~"5.."`)}, total: ${requests(
        SERVICE,
      )}`,
      { clientErrors: 'good' },
    ],
  ])('understands %s by what the query selects', (_what, ratio, errors) =>
    expect(read(foreign(ratio)).definitions[0].spec.errors).toMatchObject(
      errors,
    ),
  );

  it('understands buckets as latency, and with codes as both in one', () => {
    const metric = 'istio_request_duration_milliseconds';
    const of = (labels: string) =>
      read(
        foreign(
          `good: ${query(
            `sum(increase(${metric}_bucket{${SERVICE},le="250"${labels}}[5m]))`,
          )}, total: ${query(
            `sum(increase(${metric}_count{${SERVICE}}[5m]))`,
          )}`,
        ),
      ).definitions[0].spec.objectives[0].indicator;
    expect(of('')).toMatchObject({ type: 'latency', threshold: '250ms' });
    expect(of(',response_code!~"5..|0"')).toMatchObject({
      type: 'availabilityAndLatency',
    });
  });

  it('understands a quantile below a threshold as slices', () => {
    const text = foreign(
      '',
      '',
      'target: 0.98, op: lt, value: 500, timeSliceTarget: 1, timeSliceWindow: 5m',
    )
      .replace('Occurrences', 'Timeslices')
      .replace(
        'ratioMetric: { counter: true,  }',
        `thresholdMetric: ${query(
          `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${SERVICE}}[5m])))`,
        )}`,
      );
    const { definitions, problems } = read(text);
    expect(definitions[0].spec).toMatchObject({
      method: { type: 'timeSlices', length: '15m' },
      objectives: [
        {
          target: 98,
          indicator: { type: 'latency', threshold: '500ms' },
          slice: { good: 99, atLimit: 'bad' },
        },
      ],
    });
    expect(problems.map(p => p.path)).toContain(
      'documents[0].spec.objectives[0].timeSliceWindow',
    );
  });

  it('reads the indicator from an SLI of its own', () => {
    const slo = foreign('').replace(
      / {2}indicator:[\s\S]*$/,
      '  indicatorRef: ok\n',
    );
    const sli = `---
apiVersion: openslo/v1
kind: SLI
metadata: { name: ok }
spec: { ratioMetric: { counter: true, good: ${requests(
      `${SERVICE},response_code!~"5.."`,
    )}, total: ${requests(SERVICE)} } }
`;
    expect(read(slo + sli).definitions).toHaveLength(1);
    expect(read(slo).problems).toMatchObject([
      { severity: 'error', path: 'documents[0].spec.objectives[0]' },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'another metric',
      foreign(
        `good: ${query('sum(http_ok{job="x"})')}, total: ${query(
          'sum(http_all{job="x"})',
        )}`,
      ),
      'spec.objectives[0]',
    ],
    [
      'arithmetic',
      foreign(
        `good: ${query(
          `2 * sum(istio_requests_total{${SERVICE}})`,
        )}, total: ${requests(SERVICE)}`,
      ),
      'spec.objectives[0]',
    ],
    [
      'two populations',
      foreign(
        `good: ${requests(
          `${SERVICE},response_code!~"5.."`,
        )}, total: ${requests('destination_service_name="cart"')}`,
      ),
      'spec.objectives[0]',
    ],
    [
      'success counted as bad',
      foreign(
        `good: ${requests(`${SERVICE},response_code="500"`)}, total: ${requests(
          SERVICE,
        )}`,
      ),
      'spec.objectives[0]',
    ],
    [
      'a window of minutes',
      foreign(
        `good: ${requests(
          `${SERVICE},response_code!~"5.."`,
        )}, total: ${requests(SERVICE)}`,
      ).replace('4w', '90m'),
      'spec.timeWindow[0]',
    ],
    [
      'no target',
      foreign(
        `good: ${requests(
          `${SERVICE},response_code!~"5.."`,
        )}, total: ${requests(SERVICE)}`,
        '',
        'op: lt',
      ),
      'spec.objectives[0].target',
    ],
    [
      'another version',
      foreign('').replace('openslo/v1', 'openslo.com/v2alpha'),
      'apiVersion',
    ],
  ])(
    'refuses %s with a remedy, and makes nothing of it',
    (_what, text, path) => {
      const { definitions, problems } = read(text);
      expect(definitions).toEqual([]);
      expect(problems).toContainEqual(
        expect.objectContaining({
          severity: 'error',
          path: `documents[0].${path}`,
          remedy: expect.stringMatching(/./),
        }),
      );
    },
  );

  it.each<[string, object, object, boolean]>([
    [
      '1M',
      { startTime: '2024-01-01 00:00:00', timeZone: 'UTC' },
      { period: 'month' },
      false,
    ],
    [
      '1M',
      { startTime: '2024-01-15 00:00:00', timeZone: 'UTC' },
      { period: 'month' },
      true,
    ],
    [
      '1w',
      { startTime: '2024-01-03 00:00:00', timeZone: 'Asia/Tokyo' },
      { period: 'week', timeZone: 'Asia/Tokyo' },
      true,
    ],
    [
      '1Q',
      { startTime: '2024-04-01 00:00', timeZone: 'UTC' },
      { period: 'quarter' },
      false,
    ],
  ])('a calendar of %s from %j', (duration, calendar, window, lost) => {
    const { definitions, problems } = read(
      foreign(
        `good: ${requests(
          `${SERVICE},response_code!~"5.."`,
        )}, total: ${requests(SERVICE)}`,
      ).replace(
        '[{ duration: 4w, isRolling: true }]',
        JSON.stringify([{ duration, isRolling: false, calendar }]),
      ),
    );
    expect(definitions[0].spec.window).toMatchObject({
      type: 'calendar',
      ...window,
    });
    expect(problems.some(p => p.path.includes('timeWindow'))).toBe(lost);
  });

  it('answers whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.anything(),
            fc.object({ maxDepth: 4 }).map(spec => ({
              apiVersion: 'openslo/v1',
              kind: 'SLO',
              metadata: { name: 'x' },
              spec,
            })),
          ),
          { maxLength: 4 },
        ),
        documents => {
          expect(fromOpenSlo(documents, 'shop').definitions).toEqual([]);
        },
      ),
    );
  });
});
