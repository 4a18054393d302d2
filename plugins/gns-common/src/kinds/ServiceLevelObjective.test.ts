import fc from 'fast-check';
import { API_VERSION } from '../names';
import { parseDefinition } from './registry';

type Json = Record<string, unknown>;
const AVAILABLE = {
  name: 'availability',
  target: 99.9,
  indicator: { type: 'availability' },
};
const FAST = {
  name: 'fast',
  target: 99,
  indicator: { type: 'latency', threshold: '250ms' },
};

const slo = (spec: Json = {}, metadata: Json = {}) => ({
  apiVersion: API_VERSION,
  kind: 'ServiceLevelObjective',
  metadata: { gns: 'shop', name: 'checkout', ...metadata },
  spec: { services: ['checkout'], objectives: [AVAILABLE], ...spec },
});
const withObjective = (over: Json, spec: Json = {}) =>
  slo({ objectives: [{ ...AVAILABLE, ...over }], ...spec });
const SLICES = { method: { type: 'timeSlices' } };

function problems(value: unknown) {
  const parsed = parseDefinition(value);
  return parsed.ok ? parsed.warnings : parsed.problems;
}

describe('ServiceLevelObjective', () => {
  it('fills in every default', () => {
    expect(parseDefinition(slo())).toEqual({
      ok: true,
      warnings: [],
      definition: {
        ...slo(),
        metadata: { gns: 'shop', name: 'checkout', labels: {} },
        spec: {
          services: ['checkout'],
          purpose: 'monitored',
          view: 'client',
          errors: { clientErrors: 'good', cancelled: 'excluded' },
          method: { type: 'requests' },
          window: { type: 'rolling', days: 28 },
          objectives: [{ ...AVAILABLE, weight: 1 }],
          combine: 'worst',
          alerts: { page: true, ticket: true, minBadRequests: 3 },
        },
      },
    });
  });

  it('is stable: what it answers, it accepts unchanged', () => {
    const once = parseDefinition(
      slo({
        ...SLICES,
        window: { type: 'calendar', period: 'month' },
        objectives: [
          { ...FAST, slice: { good: 99 } },
          {
            name: 'busy',
            target: 95,
            indicator: { type: 'throughput', floor: 0.5 },
          },
        ],
      }),
    );
    if (!once.ok) throw new Error(JSON.stringify(once.problems));
    expect(parseDefinition(once.definition)).toEqual(once);
  });

  it.each<[string, unknown, string, string, RegExp, RegExp]>([
    [
      'no global namespace',
      slo({}, { gns: undefined }),
      'missing-field',
      'metadata.gns',
      /missing/,
      /Add it/,
    ],
    [
      'no service',
      slo({ services: [] }),
      'too-small',
      'spec.services',
      /names no service/,
      /at least one/,
    ],
    [
      'a service with its domain',
      slo({ services: ['a.shop.internal'] }),
      'invalid-format',
      'spec.services[0]',
      /is no service/,
      /before the domain/,
    ],
    [
      'a service twice',
      slo({ services: ['a', 'b', 'a'] }),
      'service-twice',
      'spec.services[2]',
      /already, in spec\.services\[0\]/,
      /Remove/,
    ],
    [
      'an objective twice',
      slo({ objectives: [AVAILABLE, AVAILABLE] }),
      'objective-twice',
      'spec.objectives[1].name',
      /already/,
      /rename/,
    ],
    [
      'a target of 100 %',
      withObjective({ target: 100 }),
      'too-big',
      'spec.objectives[0].target',
      /leaves no error budget/,
      /below 100/,
    ],
    [
      'a target of zero',
      withObjective({ target: 0 }),
      'too-small',
      'spec.objectives[0].target',
      /is no target/,
      /above 0/,
    ],
    [
      'a target as a text',
      withObjective({ target: '99.9%' }),
      'invalid-type',
      'spec.objectives[0].target',
      /is a text/,
      /a number/,
    ],
    [
      'a target with noise',
      withObjective({ target: 99.9999999 }),
      'custom',
      'spec.objectives[0].target',
      /too many digits/,
      /five/,
    ],
    [
      'no indicator type',
      withObjective({ indicator: {} }),
      'missing-field',
      'spec.objectives[0].indicator.type',
      /missing/,
      /"availability" or "latency"/,
    ],
    [
      'an unknown indicator',
      withObjective({ indicator: { type: 'saturation' } }),
      'invalid-value',
      'spec.objectives[0].indicator.type',
      /not known/,
      /"throughput"/,
    ],
    [
      'a threshold of availability',
      withObjective({ indicator: { type: 'availability', threshold: '1s' } }),
      'unknown-field',
      'spec.objectives[0].indicator.threshold',
      /not known/,
      /Remove/,
    ],
    [
      'a threshold without a unit',
      withObjective({ indicator: { type: 'latency', threshold: '250' } }),
      'invalid-format',
      'spec.objectives[0].indicator.threshold',
      /is no duration/,
      /250ms/,
    ],
    [
      'a threshold of nothing',
      withObjective({ indicator: { type: 'latency', threshold: '0.0s' } }),
      'custom',
      'spec.objectives[0].indicator.threshold',
      /out of range/,
      /above zero/,
    ],
    [
      'a floor of single requests',
      withObjective({ indicator: { type: 'throughput', floor: 1 } }),
      'throughput-needs-time-slices',
      'spec.objectives[0].indicator.type',
      /stretches of time/,
      /timeSlices/,
    ],
    [
      'slices without a share',
      withObjective({}, SLICES),
      'slice-missing',
      'spec.objectives[0].slice',
      /which share/,
      /good: 99/,
    ],
    [
      'a share without slices',
      withObjective({ slice: { good: 99 } }),
      'slice-unused',
      'spec.objectives[0].slice',
      /Single requests/,
      /Remove it/,
    ],
    [
      'a share of a floor',
      withObjective(
        {
          indicator: { type: 'throughput', floor: 1 },
          slice: { good: 99 },
        },
        SLICES,
      ),
      'slice-unused',
      'spec.objectives[0].slice',
      /floor alone/,
      /Remove it/,
    ],
    [
      'a slice that cannot be good',
      withObjective({ slice: { good: 100 } }, SLICES),
      'slice-never-good',
      'spec.objectives[0].slice.good',
      /every slice would be bad/,
      /atLimit: good/,
    ],
    [
      'a slice length that is not kept',
      withObjective(
        { slice: { good: 99 } },
        { method: { type: 'timeSlices', length: '5m' } },
      ),
      'invalid-value',
      'spec.method.length',
      /not known/,
      /"15m" or "30m" or "1h"/,
    ],
    [
      'all of single requests',
      slo({ objectives: [AVAILABLE, FAST], combine: 'all' }),
      'all-needs-time-slices',
      'spec.combine',
      /cannot be told from counts/,
      /availabilityAndLatency/,
    ],
    [
      'all with two targets',
      slo({
        ...SLICES,
        combine: 'all',
        objectives: [
          { ...AVAILABLE, slice: { good: 99 } },
          { ...FAST, slice: { good: 99 } },
        ],
      }),
      'one-budget-one-target',
      'spec.objectives[1].target',
      /sets 99\.9/,
      /same target/,
    ],
    [
      'single gRPC statuses of durations',
      withObjective(
        { indicator: { type: 'availabilityAndLatency', threshold: '1s' } },
        { errors: { grpcStatuses: [14] } },
      ),
      'statuses-without-durations',
      'spec.objectives[0].indicator.type',
      /by class of outcome/,
      /two objectives/,
    ],
    [
      'gRPC OK as a failure',
      slo({ errors: { grpcStatuses: [0] } }),
      'too-small',
      'spec.errors.grpcStatuses[0]',
      /is no failure/,
      /from 1 to 16/,
    ],
    [
      'an actionable list',
      slo({ services: ['a', 'b'], purpose: 'actionable' }),
      'actionable-needs-one-service',
      'spec.services',
      /one service/,
      /monitored/,
    ],
    [
      'a year and a day',
      slo({ window: { type: 'rolling', days: 366 } }),
      'too-big',
      'spec.window.days',
      /out of range/,
      /at most 365/,
    ],
    [
      'half a day',
      slo({ window: { type: 'rolling', days: 0.5 } }),
      'invalid-type',
      'spec.window.days',
      /is a number/,
      /whole number/,
    ],
    [
      'a zone that is none',
      slo({
        window: { type: 'calendar', period: 'month', timeZone: 'Mars/Base' },
      }),
      'custom',
      'spec.window.timeZone',
      /is no time zone/,
      /Europe\/Berlin/,
    ],
    [
      'an offset as zone',
      slo({
        window: { type: 'calendar', period: 'month', timeZone: '+05:45' },
      }),
      'custom',
      'spec.window.timeZone',
      /is no time zone/,
      /IANA/,
    ],
    [
      'a rolling month',
      slo({ window: { type: 'rolling', period: 'month' } }),
      'missing-field',
      'spec.window.days',
      /missing/,
      /a number/,
    ],
  ])(
    '%s is refused with path and remedy',
    (_what, value, code, path, message, remedy) => {
      expect(parseDefinition(value).ok).toBe(false);
      expect(problems(value)).toContainEqual(
        expect.objectContaining({
          severity: 'error',
          code,
          path,
          message: expect.stringMatching(message),
          remedy: expect.stringMatching(remedy),
        }),
      );
    },
  );

  const fasterThan = (threshold: string) =>
    withObjective({ indicator: { type: 'latency', threshold } });

  it.each(['0.5ms', '250ms', '1s', '60m'])(
    'a threshold of %s is an edge of the default buckets',
    threshold => expect(problems(fasterThan(threshold))).toEqual([]),
  );

  it.each([
    [
      '300ms',
      'threshold-between-buckets',
      /250ms and 500ms; it is judged at 250ms/,
    ],
    ['0.2ms', 'threshold-below-buckets', /from 0\.5ms on/],
    ['90m', 'threshold-above-buckets', /above 60m/],
  ])(
    'a threshold of %s is none, and is warned of',
    (threshold, code, message) =>
      expect(problems(fasterThan(threshold))).toEqual([
        expect.objectContaining({
          severity: 'warning',
          code,
          path: 'spec.objectives[0].indicator.threshold',
          message: expect.stringMatching(message),
        }),
      ]),
  );

  it.each([
    'Europe/Berlin',
    'Asia/Kathmandu',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
    'UTC',
  ])('knows the time zone %s', timeZone =>
    expect(
      problems(slo({ window: { type: 'calendar', period: 'week', timeZone } })),
    ).toEqual([]),
  );

  it('answers whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.object({ maxDepth: 4 }),
        fc.object(),
        (spec, objective) => {
          expect(
            [slo(spec), withObjective(objective)].map(
              value => typeof parseDefinition(value).ok,
            ),
          ).toEqual(['boolean', 'boolean']);
        },
      ),
      { numRuns: 200 },
    );
  });
});
