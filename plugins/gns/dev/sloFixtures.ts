import {
  SLO_STATES,
  type SloBudget,
  type SloDetail,
  type SloList,
  type SloPreview,
  type SloState,
  type SloSummary,
  serviceLevelObjectiveSpecSchema,
} from '@isthmus/plugin-gns-common';
import { ago } from './fixtures';

/** Answers of a hub about objectives, for tests and `yarn start`. */

const DAY = 86_400;
const HOUR = 3600;

export function budgetOf(
  sli: number,
  target: number,
  over: Partial<SloBudget> = {},
): SloBudget {
  const consumed = (1 - sli) / (1 - target / 100);
  return {
    sli,
    sliBounds: null,
    consumed,
    remaining: 1 - consumed,
    remainingBounds: null,
    estimated: false,
    forecast: false,
    ...over,
  };
}

export function sloSummary(over: Partial<SloSummary> = {}): SloSummary {
  return {
    gns: 'shop',
    name: 'checkout',
    title: 'Checkout answers',
    owner: 'group:default/payments',
    services: ['checkout'],
    purpose: 'monitored',
    generation: 3,
    state: 'healthy',
    stateSince: ago(6 * DAY),
    partial: false,
    objective: 'available',
    target: 99.9,
    window: { type: 'rolling', days: 28 },
    from: ago(28 * DAY),
    to: ago(0),
    budget: budgetOf(0.99972, 99.9),
    burn: [300, HOUR, 6 * HOUR, DAY].map(windowSeconds => ({
      windowSeconds,
      burn: 0.3,
      coverage: 1,
    })),
    exhaustedAt: null,
    coverage: 1,
    silentClusters: [],
    alerts: [],
    trend: Array.from({ length: 30 }, (_, i) => 1 - i / 110),
    evaluatedTo: ago(40),
    ...over,
  };
}

export const violated = sloSummary({
  name: 'payments',
  title: 'Payments answer fast',
  services: ['payments', 'orders'],
  state: 'violated',
  stateSince: ago(3 * HOUR),
  objective: 'fast',
  target: 99,
  budget: budgetOf(0.9882, 99),
  burn: [300, HOUR, 6 * HOUR, DAY].map((windowSeconds, i) => ({
    windowSeconds,
    burn: [22, 18.4, 9.1, 3.2][i],
    coverage: 1,
  })),
  burning: {
    objective: 'fast',
    since: ago(2 * HOUR),
    culprits: [
      { cluster: 'cloud-b', service: 'payments', share: 0.91 },
      { cluster: 'cloud-a', service: 'payments', share: 0.09 },
    ],
  },
  alerts: [{ severity: 'page', since: ago(2 * HOUR) }],
  trend: Array.from({ length: 30 }, (_, i) =>
    i < 24 ? 0.8 : 0.8 - (i - 23) * 0.16,
  ),
});

export const undecided = sloSummary({
  name: 'search',
  title: 'Search finds',
  owner: 'group:default/discovery',
  services: ['search'],
  state: 'indeterminate',
  partial: true,
  budget: budgetOf(0.9991, 99.9, {
    sliBounds: { low: 0.982, high: 0.9993 },
    remainingBounds: { low: -17, high: 0.3 },
    estimated: true,
  }),
  coverage: 0.98,
  silentClusters: ['edge-1'],
});

const unknownBudget: SloBudget = {
  sli: null,
  sliBounds: null,
  consumed: null,
  remaining: null,
  remainingBounds: null,
  estimated: false,
  forecast: false,
};

export const slos: SloSummary[] = [
  violated,
  sloSummary({
    gns: 'bank',
    name: 'ledger',
    title: 'Ledger books',
    owner: 'group:default/bank',
    services: ['ledger'],
    state: 'warning',
    stateSince: ago(1500),
    budget: budgetOf(0.99942, 99.9),
    burning: {
      objective: 'available',
      since: ago(1500),
      culprits: [{ cluster: 'cloud-a', service: 'ledger', share: 1 }],
    },
    exhaustedAt: ago(-9 * HOUR),
  }),
  undecided,
  sloSummary({
    name: 'reports',
    title: 'Reports run',
    owner: undefined,
    services: ['reports'],
    state: 'noData',
    budget: unknownBudget,
    trend: Array.from({ length: 30 }, () => null),
    coverage: 0,
  }),
  sloSummary(),
  sloSummary({
    name: 'nightly',
    title: 'Nightly import',
    owner: 'group:default/discovery',
    services: ['importer'],
    state: 'noTraffic',
    budget: unknownBudget,
  }),
];

export function sloListOf(items: SloSummary[]): SloList {
  return {
    items,
    total: items.length,
    states: Object.fromEntries(
      SLO_STATES.map(state => [
        state,
        items.filter(item => item.state === state).length,
      ]),
    ) as Record<SloState, number>,
    owners: [
      ...new Set(items.flatMap(({ owner }) => (owner ? [owner] : []))),
    ].sort(),
  };
}

/** As many as a large organisation has. */
export function manySlos(count: number): SloSummary[] {
  const order = [...SLO_STATES];
  return Array.from({ length: count }, (_, i) =>
    sloSummary({
      gns: `team-${i % 20}`,
      name: `slo-${i}`,
      title: `Objective ${i}`,
      services: [`service-${i}`],
      owner: `group:default/team-${i % 20}`,
      state: order[Math.floor((i * order.length) / count)],
    }),
  );
}

const STEPS = 120;
const times = Array.from({ length: STEPS }, (_, i) =>
  ago(((STEPS - 1 - i) * 28 * DAY) / STEPS),
);

/** A page of one objective: it goes wrong in the last hours; a stretch is unknown. */
export const sloDetail: SloDetail = {
  summary: violated,
  description: 'Orders are paid for while the customer waits.',
  spec: serviceLevelObjectiveSpecSchema.parse({
    services: ['payments', 'orders'],
    objectives: [
      { name: 'available', target: 99.9, indicator: { type: 'availability' } },
      {
        name: 'fast',
        target: 99,
        indicator: { type: 'latency', threshold: '300ms' },
      },
    ],
  }),
  objectives: [
    {
      name: 'available',
      target: 99.9,
      unit: 'requests',
      budget: budgetOf(0.99972, 99.9),
      good: 999_720,
      total: 1_000_000,
      bad: 280,
      allowedBad: 1000,
      unknown: 4100,
      coverage: 0.996,
      burn: violated.burn,
    },
    {
      name: 'fast',
      target: 99,
      unit: 'requests',
      budget: budgetOf(0.9882, 99),
      good: 988_200,
      total: 1_000_000,
      bad: 11_800,
      allowedBad: 10_000,
      unknown: 4100,
      coverage: 0.996,
      burn: violated.burn,
      threshold: {
        askedMs: 300,
        lowMs: 250,
        highMs: 500,
        exact: false,
        interpolated: false,
      },
    },
  ],
  rules: [
    {
      severity: 'page',
      longSeconds: HOUR,
      shortSeconds: 300,
      factor: 13.44,
      longBurn: 18.4,
      shortBurn: 22,
      state: 'burning',
    },
    {
      severity: 'ticket',
      longSeconds: 3 * DAY,
      shortSeconds: 6 * HOUR,
      factor: 0.93,
      longBurn: null,
      shortBurn: 9.1,
      state: 'unknown',
    },
  ],
  rulesDerived: false,
  rulesCapped: false,
  burnDown: {
    stepSeconds: (28 * DAY) / STEPS,
    times,
    remaining: [
      {
        objective: 'available',
        values: times.map((_, i) => (i > 40 && i < 46 ? null : 1 - i / 200)),
      },
      {
        objective: 'fast',
        values: times.map((_, i) =>
          i > 40 && i < 46 ? null : 0.8 - Math.max(0, i - 110) * 0.1,
        ),
      },
    ],
    burn: [
      { objective: 'available', values: times.map(() => 0.3) },
      {
        objective: 'fast',
        values: times.map((_, i) => (i > 110 ? 18 : 0.6)),
      },
    ],
    known: times.map((_, i) => (i > 40 && i < 46 ? 0 : 1)),
  },
  heatMap: {
    from: ago(28 * DAY),
    stepSeconds: HOUR,
    objective: 'fast',
    states: Array.from({ length: 28 * 24 }, (_, i) => {
      if (i > 660) return 'bad';
      if (i > 300 && i < 320) return 'unknown';
      return i % 24 < 4 ? 'noTraffic' : 'good';
    }),
    burn: Array.from({ length: 28 * 24 }, (_, i) => (i > 660 ? 18 : 0.4)),
  },
  latency: {
    from: ago(28 * DAY),
    to: ago(0),
    edgesMs: [5, 10, 25, 50, 100, 250, 500, 1000],
    ok: [20_000, 130_000, 400_000, 300_000, 100_000, 38_000, 9000, 2000, 300],
    failed: [0, 0, 10, 20, 50, 100, 60, 30, 10],
  },
  parts: [
    {
      objective: 'fast',
      service: 'payments',
      cluster: 'cloud-b',
      total: 400_000,
      bad: 10_600,
      known: 1,
      silent: false,
    },
    {
      objective: 'fast',
      service: 'payments',
      cluster: 'edge-1',
      total: 1200,
      bad: 12,
      known: 0.6,
      silent: true,
    },
  ],
  events: [
    {
      at: ago(2 * HOUR),
      kind: 'alert',
      severity: 'page',
      title: 'Payments answer fast burns its budget 18.4 times too fast',
    },
    {
      at: ago(2.5 * HOUR),
      kind: 'deploy',
      service: 'payments',
      title: 'payments 1.42.0',
      url: 'https://ci.example/builds/142',
    },
    {
      at: ago(9 * DAY),
      kind: 'definition',
      actor: 'user:default/ana',
      title: 'Tighten the threshold',
      paths: ['spec.objectives[1].indicator.threshold'],
      judgement: true,
    },
  ],
  dataFrom: ago(20 * DAY),
};

/** What a proposal would have said: its second objective asks more than the past gave. */
export const sloPreview: SloPreview = {
  problems: [],
  detail: { ...sloDetail, events: [] },
  past: [
    {
      objective: 'available',
      sli: 0.99972,
      worstDay: 0.9989,
      medianDay: 0.99981,
      keptTarget: 99.9,
    },
    {
      objective: 'fast',
      sli: 0.9882,
      worstDay: 0.902,
      medianDay: 0.9961,
      keptTarget: 98,
    },
  ],
  alerts: [{ severity: 'page', from: ago(2 * HOUR), to: ago(0) }],
};
