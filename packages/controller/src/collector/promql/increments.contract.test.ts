import {
  ClusterSeries,
  Incidents,
  PrometheusApi,
  SHOP_CLUSTERS,
  type SeriesStore,
  type StoredSeries,
} from '@isthmus/simulator';
import {
  hasPrometheus,
  RealPrometheus,
  type FilledSeries,
} from '../__testUtils__/RealPrometheus';
import { HttpPrometheus } from '../prometheus/HttpPrometheus';
import { PART } from '../promql/queries';
import type { Prometheus } from '../prometheus/Prometheus';
import {
  countsQuery,
  durationsQuery,
  heartbeatQuery,
  type Question,
} from './queries';

/** A whole minute, two hours into a block of Prometheus. */
const BASE = 1_764_100_800;
const at = (seconds: number) => BASE + seconds;

const EDGE = {
  reporter: 'source',
  source_workload_namespace: 'web',
  source_workload: 'front',
  destination_workload_namespace: 'depot',
  destination_workload: 'stock',
  request_protocol: 'http',
  response_flags: '-',
};
/** Series made by hand: what counters do in their lives. */
function life(
  metric: string,
  instance: string,
  samples: [seconds: number, value: number][],
  labels: Record<string, string> = {},
): FilledSeries {
  return {
    labels: {
      __name__: metric,
      instance,
      namespace: 'web',
      ...(metric === 'istio_build' ? { component: 'proxy' } : EDGE),
      ...labels,
    },
    samples: samples.map(([seconds, v]) => ({ t: at(seconds), v })),
  };
}
/** Scrapes of one proxy, every 15 s. */
function scrapes(from: number, to: number): number[] {
  const times: number[] = [];
  for (let t = from + 3.5; t < to; t += 15) times.push(t);
  return times;
}
function beat(instance: string, from: number, to: number): FilledSeries {
  return life(
    'istio_build',
    instance,
    scrapes(from, to).map(t => [t, 1]),
  );
}
function counter(
  instance: string,
  code: string,
  from: number,
  to: number,
  value: (seconds: number) => number,
): FilledSeries {
  return life(
    'istio_requests_total',
    instance,
    scrapes(from, to).map(t => [t, value(t)]),
    { response_code: code },
  );
}

/**
 * An hour of one proxy that was always there (a), and of others that begin,
 * end, restart and pause. Codes tell the cases apart.
 */
const LIVES: FilledSeries[] = [
  beat('a:1', -4000, 1200),
  counter('a:1', '200', -4000, 1200, t => Math.floor((t + 4000) * 3)),
  // The first failures of a proxy: a label set that was not there before.
  counter('a:1', '503', 300, 1200, t => Math.floor((t - 290) / 10)),
  // A new pod, counted from its first request.
  beat('b:1', 310, 1200),
  counter('b:1', '201', 310, 1200, t => 7 + Math.floor(t - 310)),
  // A restart within its pod: all counters begin anew.
  beat('c:1', -4000, 1200),
  counter('c:1', '202', -4000, 1200, t =>
    Math.floor(t < 430 ? (t + 4000) * 2 : (t - 430) * 2),
  ),
  // A pause of ten minutes in which nobody scraped it.
  beat('d:1', -4000, 120),
  beat('d:1', 720, 1200),
  counter('d:1', '203', -4000, 120, t => Math.floor(t + 4000)),
  counter('d:1', '203', 720, 1200, t => Math.floor(t + 4000)),
  // A pod that ends.
  beat('e:1', -4000, 500),
  counter('e:1', '204', -4000, 500, t => Math.floor((t + 4000) * 5)),
];

function storeOf(all: readonly FilledSeries[]): SeriesStore {
  const byLabels = new Map<
    string,
    { labels: FilledSeries['labels']; samples: { t: number; v: number }[] }
  >();
  for (const { labels, samples } of all) {
    const key = JSON.stringify(labels);
    const found = byLabels.get(key) ?? { labels, samples: [] };
    found.samples.push(...samples);
    byLabels.set(key, found);
  }
  const stored = [...byLabels.values()].map(
    ({ labels, samples }): StoredSeries => ({
      labels,
      between: (after, until) =>
        samples.filter(s => s.t > after && s.t <= until),
      lastBetween: (after, until) =>
        samples.filter(s => s.t > after && s.t <= until).at(-1),
    }),
  );
  return {
    select: matchers =>
      stored.filter(s =>
        matchers.every(m => m.matches(s.labels[m.label] ?? '')),
      ),
  };
}

const QUESTION: Question = {
  seconds: 60,
  namespaces: ['web'],
  latencyEdgesMs: [1, 10, 100, 1000],
  selection: {},
  resources: true,
};
const RANGE = { from: at(60), to: at(1200), step: 60 };

/** An answer in an order of its own, with numbers rounded beyond what floating point does to sums. */
async function answerOf(
  prometheus: Prometheus,
  query: string,
  times: { from: number; to: number; step: number },
) {
  const { series } = await prometheus.query(query, times);
  return series
    .map(({ labels, times: t, values }) => ({
      labels: Object.entries(labels).sort().flat().join(' '),
      points: t.map((time, i) => [time, Number(values[i].toPrecision(9))]),
    }))
    .sort((a, b) => (a.labels < b.labels ? -1 : 1));
}

interface Place {
  readonly store: SeriesStore;
  readonly filled: readonly FilledSeries[];
}

/** Twenty minutes of the demo's smallest cluster, in the middle of an incident. */
function demo(): Place {
  const store = new ClusterSeries(
    SHOP_CLUSTERS.find(c => c.name === 'edge-osaka')!,
    SHOP_CLUSTERS,
    new Incidents([
      { kind: 'broken-certificate', from: at(200), to: at(700) },
      { kind: 'slow-payment', from: at(900) },
    ]),
    () => at(1300),
  );
  const filled = store.select([]).map(series => ({
    labels: series.labels,
    samples: series.between(
      at(series.labels.__name__ === 'istio_build' ? -4000 : -300),
      at(1300),
    ),
  }));
  return { store, filled };
}

(hasPrometheus ? describe : describe.skip).each<
  [string, () => Place, Question]
>([
  [
    'the lives of counters',
    () => ({ store: storeOf(LIVES), filled: LIVES }),
    QUESTION,
  ],
  [
    'the traffic of the demo',
    demo,
    { ...QUESTION, namespaces: ['store-edge'] },
  ],
])('%s', (_what, placeOf, question) => {
  let real: RealPrometheus;
  let simulated: PrometheusApi;
  let prometheus: HttpPrometheus;
  let simulator: HttpPrometheus;
  beforeAll(async () => {
    const { store, filled } = placeOf();
    real = await RealPrometheus.start(filled);
    prometheus = real.connect();
    simulated = await PrometheusApi.start({ store });
    simulator = HttpPrometheus.create({ url: simulated.url });
  }, 120_000);
  afterAll(async () => {
    await prometheus?.close();
    await simulator?.close();
    await simulated?.stop();
    await real?.stop();
  });

  it.each([
    ['counts', countsQuery],
    ['durations', durationsQuery],
    ['heartbeats', heartbeatQuery],
  ])(
    'are the same in the simulator as in Prometheus: %s',
    async (_name, query) => {
      const promql = query(question);
      const ranges = await answerOf(prometheus, promql, RANGE);
      expect(await answerOf(simulator, promql, RANGE)).toEqual(ranges);
      const one = { from: at(600), to: at(600), step: 60 };
      expect(await answerOf(simulator, promql, one)).toEqual(
        await answerOf(prometheus, promql, one),
      );
      const long = { from: at(900), to: at(900), step: 300 };
      const longer = query({ ...question, seconds: 300 });
      expect(await answerOf(simulator, longer, long)).toEqual(
        await answerOf(prometheus, longer, long),
      );
    },
    60_000,
  );

  it('are not empty', async () => {
    const ranges = await answerOf(prometheus, countsQuery(question), RANGE);
    expect(ranges.length).toBeGreaterThan(3);
  });
});

(hasPrometheus ? describe : describe.skip)('increments', () => {
  let real: RealPrometheus;
  let prometheus: HttpPrometheus;
  /** Increments of one code by the start of the slice, seconds from the base. */
  let of: (code: string) => Map<number, number>;
  beforeAll(async () => {
    real = await RealPrometheus.start(LIVES);
    prometheus = real.connect();
    const { series } = await prometheus.query(countsQuery(QUESTION), RANGE);
    of = code => {
      const found = series.find(
        s => s.labels.response_code === code && s.labels[PART] === 'requests',
      );
      return new Map(
        found?.times.map((t, i) => [t - BASE - 60, found.values[i]]),
      );
    };
  }, 120_000);
  afterAll(async () => {
    await prometheus?.close();
    await real?.stop();
  });
  const sum = (values: Iterable<number>) =>
    [...values].reduce((a, b) => a + b, 0);
  const lastAt = (t: number) => scrapes(-4000, t).at(-1)!;

  it('add up to what the counter rose, to the last request', () => {
    const value = (t: number) => Math.floor((t + 4000) * 3);
    expect([...of('200').keys()]).toHaveLength(20);
    expect(sum(of('200').values())).toBe(
      value(lastAt(1200)) - value(lastAt(0)),
    );
  });

  it('hold the first failures of a proxy, which `increase` loses', () => {
    const last = scrapes(300, 1200).at(-1)!;
    expect(sum(of('503').values())).toBe(Math.floor((last - 290) / 10));
    expect(of('503').get(300)).toBeGreaterThan(0);
  });

  it('count a new pod from its first request', () => {
    const last = scrapes(310, 1200).at(-1)!;
    expect(sum(of('201').values())).toBe(7 + Math.floor(last - 310));
  });

  it('never fall at a reset, and count what came after it', () => {
    const increments = of('202');
    expect(Math.min(...increments.values())).toBeGreaterThanOrEqual(0);
    // The slice of the restart: two requests a second, give or take a scrape.
    expect(increments.get(420)).toBeGreaterThan(80);
    expect(increments.get(420)).toBeLessThan(140);
    expect(increments.get(480)).toBeCloseTo(120, -1);
  });

  it('put nothing of a pause into the slice after it', () => {
    const increments = of('203');
    for (let start = 120; start < 720; start += 60) {
      expect(increments.has(start)).toBe(false);
    }
    expect(increments.get(720)).toBeLessThan(80);
    expect(increments.get(780)).toBeCloseTo(60, -1);
  });

  it('end with the pod', () => {
    const value = (t: number) => Math.floor((t + 4000) * 5);
    expect(sum(of('204').values())).toBe(
      value(scrapes(-4000, 500).at(-1)!) - value(lastAt(0)),
    );
  });

  it('count no past when Prometheus begins', async () => {
    const begun = await RealPrometheus.start([
      beat('a:1', 0, 600),
      counter('a:1', '200', 0, 600, t => 1_000_000 + Math.floor(t)),
    ]);
    const connection = begun.connect();
    try {
      const { series } = await connection.query(countsQuery(QUESTION), {
        ...RANGE,
        to: at(600),
      });
      const [{ values }] = series;
      expect(Math.max(...values)).toBeLessThan(70);
      expect(values).toHaveLength(10);
    } finally {
      await connection.close();
      await begun.stop();
    }
  }, 120_000);
});
