import {
  sliceSchema,
  type ObservationsInput,
  type ObservationsResponse,
  type SliceInput,
} from '@isthmus/plugin-gns-common';
import { HubError } from '../hub/Hub';
import { silentLogger } from '../logging';
import { Collector, type CollectorOptions } from './Collector';
import {
  PrometheusError,
  type EvaluationTimes,
  type Prometheus,
  type Series,
} from './prometheus/Prometheus';
import { EDGE, EDGE_LABELS, PART } from './promql/queries';

const START = 1_800_000_000;
const names: Record<string, string> = {
  reporter: 'source',
  source_cluster: 'east',
  source_workload_namespace: 'web',
  source_workload: 'front',
};

/** A Prometheus whose proxies count one request a second. */
class FakePrometheus implements Prometheus {
  readonly asked: { part: string; times: EvaluationTimes }[] = [];
  failure: PrometheusError | undefined;
  /** Seconds that its clock is ahead of ours. */
  ahead = 0;
  /** Times that it has samples of. */
  has: (at: number) => boolean = () => true;
  scrapeSeconds = 15;
  perSecond = 1;
  namespaces = ['web'];

  constructor(readonly name: string, readonly clock: { ms: number }) {}

  async query(promql: string, times: EvaluationTimes) {
    const parts = { scraped: 'heartbeat', requests: 'counts' };
    const [, part = 'durations'] =
      Object.entries(parts).find(([tag]) => promql.includes(`"${tag}"`)) ?? [];
    this.asked.push({ part, times });
    if (this.failure) throw this.failure;
    const at: number[] = [];
    for (let t = times.from; t <= times.to; t += times.step) {
      if (this.has(t)) at.push(t);
    }
    const series = (labels: Record<string, string>, value: number): Series => ({
      labels,
      times: at,
      values: at.map(() => value),
    });
    const all: Series[] = [];
    if (at.length > 0 && part === 'heartbeat') {
      all.push(
        ...this.namespaces.map(n =>
          series({ [PART]: 'scraped', isthmus_namespace: n }, 2),
        ),
        series({ [PART]: 'scrapes' }, times.step / this.scrapeSeconds),
      );
    }
    if (at.length > 0 && part === 'counts' && this.perSecond > 0) {
      all.push(
        series(
          {
            [PART]: 'requests',
            [EDGE]: EDGE_LABELS.map(name => names[name] ?? '').join('\n'),
            response_code: '200',
          },
          times.step * this.perSecond,
        ),
      );
    }
    return {
      series: all,
      serverTime: Math.floor((this.clock.ms + this.ahead * 1000) / 1000) * 1000,
    };
  }

  async close() {}
}

/** A collector whose time runs as it sleeps. */
function collectorOn(
  prometheus: (clock: { ms: number }) => FakePrometheus[],
  options: Partial<CollectorOptions> = {},
) {
  const time = { ms: START * 1000 + 30_000 };
  const fakes = prometheus(time);
  const taken = new Map<string, SliceInput>();
  const posts: ObservationsInput[] = [];
  const hub = {
    gone: undefined as Error | undefined,
    wanted: (): ObservationsResponse['wanted'] => [],
  };
  const abort = new AbortController();
  const collector = Collector.create({
    prometheus: fakes,
    clock: {
      now: () => time.ms,
      random: () => 1,
      sleep: async ms => {
        time.ms += ms;
      },
    },
    hubNow: () => time.ms,
    logger: silentLogger,
    plan: () => ({
      sliceSeconds: 60,
      latencyEdgesMs: [10, 100],
      resourcesEverySeconds: 0,
    }),
    members: () => ['web'],
    proxied: () => new Set(['web']),
    historySeconds: 0,
    sink: async observations => {
      if (hub.gone) throw hub.gone;
      posts.push(observations);
      for (const slice of observations.slices) {
        sliceSchema.parse(JSON.parse(JSON.stringify(slice)));
        const key = `${slice.start}/${slice.seconds}`;
        const before = taken.get(key);
        if (!before || before.revision < slice.revision) taken.set(key, slice);
      }
      return {
        taken: observations.slices.length,
        refused: [],
        ignoredEdges: 0,
        wanted: hub.wanted(),
        hubTime: new Date(time.ms).toISOString(),
      };
    },
    ...options,
  });
  return {
    collector,
    fakes,
    hub,
    posts,
    time,
    slices: () => [...taken.values()].sort((a, b) => a.start - b.start),
    /** Lets time pass. */
    async pass(seconds: number) {
      const until = time.ms + seconds * 1000;
      while (time.ms < until) {
        time.ms += await collector.step(abort.signal);
      }
    },
  };
}
const one = (clock: { ms: number }) => [new FakePrometheus('a', clock)];
const states = (slices: SliceInput[]) =>
  slices.map(s => `${s.state}${s.state === 'UNKNOWN' ? ` ${s.reason}` : ''}`);

describe('Collector', () => {
  it('takes one aligned slice a minute with three queries, and tells the hub', async () => {
    const { pass, slices, fakes, posts } = collectorOn(one);
    await pass(300);
    expect(states(slices())).toEqual(Array(6).fill('KNOWN'));
    expect(slices().every(s => s.start % 60 === 0)).toBe(true);
    expect(fakes[0].asked).toHaveLength(18);
    expect(posts.at(-1)).toMatchObject({ istioClusterId: 'east' });
  });

  it('asks nothing while there is no plan or no member', async () => {
    for (const nothing of [{ plan: () => undefined }, { members: () => [] }]) {
      const { pass, fakes } = collectorOn(one, nothing);
      await pass(300);
      expect(fakes[0].asked).toEqual([]);
    }
  });

  it('tells ZERO from UNKNOWN', async () => {
    const zero = collectorOn(one);
    zero.fakes[0].perSecond = 0;
    await zero.pass(60);
    expect(states(zero.slices())).toEqual(['ZERO', 'ZERO']);

    const silent = collectorOn(one);
    silent.fakes[0].has = () => false;
    await silent.pass(60);
    expect(states(silent.slices())).toEqual(
      Array(2).fill('UNKNOWN notScraped'),
    );
    // Nothing else is asked where no proxy was scraped.
    expect(silent.fakes[0].asked).toHaveLength(2);
  });

  it('names namespaces whose proxies nobody scraped', async () => {
    const { pass, slices } = collectorOn(one, {
      members: () => ['web', 'depot', 'bare'],
      proxied: () => new Set(['web', 'depot']),
    });
    await pass(30);
    expect(slices()[0]).toMatchObject({ unscraped: ['depot'] });
  });

  it.each([
    'unreachable',
    'unauthorized',
    'timeout',
    'error',
    'partial',
  ] as const)(
    'makes a slice UNKNOWN when Prometheus is %s, and back-fills it when asked',
    async reason => {
      const { pass, slices, fakes, hub, time } = collectorOn(one);
      fakes[0].failure = new PrometheusError(reason, 'why');
      await pass(180);
      expect(new Set(states(slices()))).toEqual(new Set([`UNKNOWN ${reason}`]));
      fakes[0].failure = undefined;
      const from = START - 60;
      const to = Math.floor(time.ms / 60_000) * 60 - 120;
      hub.wanted = () => {
        const open = slices().filter(
          s => s.state === 'UNKNOWN' && s.start < to,
        );
        return open.length > 0 ? [{ from, to, seconds: 60 }] : [];
      };
      await pass(300);
      expect(
        states(slices().filter(s => s.start >= from && s.start < to)),
      ).not.toContain(`UNKNOWN ${reason}`);
      const ranges = fakes[0].asked.filter(q => q.times.to > q.times.from);
      expect(ranges.length).toBeGreaterThan(0);
      expect(ranges.length).toBeLessThanOrEqual(3);
    },
  );

  it('keeps what it measured while the hub is gone, and sends each slice once', async () => {
    const { pass, slices, hub, posts, collector } = collectorOn(one);
    hub.gone = new Error('ECONNREFUSED');
    await pass(600);
    expect(slices()).toEqual([]);
    expect(collector.status()).toMatchObject({ sinkFailure: 'ECONNREFUSED' });
    hub.gone = undefined;
    await pass(120);
    expect(slices().length).toBeGreaterThanOrEqual(12);
    const sent = posts.flatMap(p => p.slices.map(s => s.start));
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('leaves out the one slice that the hub cannot take, and no other', async () => {
    const posts: ObservationsInput[] = [];
    const bad = START;
    const guarded = collectorOn(one, {
      sink: async observations => {
        if (observations.slices.some(s => s.start === bad)) {
          throw new HubError('too large', 413);
        }
        posts.push(observations);
        return {
          taken: 1,
          refused: [],
          ignoredEdges: 0,
          wanted: [],
          hubTime: new Date().toISOString(),
        };
      },
    });
    await guarded.pass(200);
    const starts = posts.flatMap(p => p.slices.map(s => s.start));
    expect(starts).not.toContain(bad);
    expect(starts).toContain(START + 60);
  });

  it('believes one of two copies, and never adds them up', async () => {
    const two = collectorOn(clock => [
      new FakePrometheus('a', clock),
      new FakePrometheus('b', clock),
    ]);
    await two.pass(120);
    expect(two.fakes[1].asked).toEqual([]);
    two.fakes[0].failure = new PrometheusError('unreachable', 'gone');
    await two.pass(180);
    const known = two.slices();
    expect(new Set(states(known))).toEqual(new Set(['KNOWN']));
    for (const slice of known) {
      expect(slice).toMatchObject({ edges: { outcomes: { count: [60] } } });
    }
    // It stays with the one that answered.
    const asked = two.fakes[0].asked.length;
    await two.pass(180);
    expect(two.fakes[0].asked).toHaveLength(asked);
  });

  it('takes the copy that scraped where the other did not', async () => {
    const two = collectorOn(clock => [
      new FakePrometheus('a', clock),
      new FakePrometheus('b', clock),
    ]);
    two.fakes[0].has = () => false;
    await two.pass(120);
    expect(new Set(states(two.slices()))).toEqual(new Set(['KNOWN']));
  });

  it.each([600, -600])(
    'corrects times when the clock of Prometheus is %i s ahead',
    async ahead => {
      const { pass, slices, fakes, collector } = collectorOn(one);
      fakes[0].ahead = ahead;
      await pass(120);
      expect(collector.status().clockOffsets[0]).toBeCloseTo(ahead, -1);
      const [first] = slices();
      expect(first.start).toBe(START - 60);
      const asked = fakes[0].asked.filter(q => q.part === 'counts')[0].times.to;
      expect(Math.abs(asked - (START + ahead))).toBeLessThanOrEqual(1);
    },
  );

  it('is not held up by a clock that is never twice the same', async () => {
    const { pass, slices, fakes } = collectorOn(one);
    let turn = 0;
    Object.defineProperty(fakes[0], 'ahead', {
      get: () => {
        turn += 1;
        return turn * 100;
      },
    });
    await pass(180);
    expect(slices().length).toBeGreaterThan(0);
  });

  it('takes longer slices where Prometheus scrapes seldom', async () => {
    const { pass, slices, fakes } = collectorOn(one);
    fakes[0].scrapeSeconds = 60;
    await pass(900);
    expect(slices().at(-1)).toMatchObject({ seconds: 300 });
    expect(slices().length).toBeLessThan(6);
  });

  it('lets a hub that never heard of it know of its history, and fills it', async () => {
    let oldest = Infinity;
    const history = collectorOn(one, { historySeconds: 3 * 3600 });
    history.hub.wanted = () => {
      for (const s of history.slices()) oldest = Math.min(oldest, s.start);
      const known = new Set(history.slices().map(s => s.start));
      const to = Math.floor(history.time.ms / 60_000) * 60 - 180;
      for (let start = to - 60; start >= oldest; start -= 60) {
        if (!known.has(start)) {
          return [{ from: oldest, to: start + 60, seconds: 60 }];
        }
      }
      return [];
    };
    await history.pass(600);
    const starts = history.slices().map(s => s.start);
    expect(starts[0]).toBeLessThanOrEqual(START - 3 * 3600 + 60);
    expect(starts.length).toBeGreaterThan(180);
    expect(new Set(states(history.slices()))).toEqual(new Set(['KNOWN']));
  });

  it('says for good that there was nothing before Prometheus began', async () => {
    const begun = collectorOn(one, { historySeconds: 3 * 3600 });
    begun.fakes[0].has = at => at > START - 600;
    begun.hub.wanted = () => [];
    await begun.pass(120);
    expect(begun.slices()[0]).toMatchObject({
      state: 'UNKNOWN',
      reason: 'noData',
      final: true,
    });
  });

  it('hands counts that are no numbers on as such', async () => {
    const { pass, posts, fakes } = collectorOn(one, {
      sink: async observations => {
        posts.push(observations);
        return {
          taken: 1,
          refused: [],
          ignoredEdges: 0,
          wanted: [],
          hubTime: new Date().toISOString(),
        };
      },
    });
    fakes[0].perSecond = Number.POSITIVE_INFINITY;
    await pass(10);
    const [slice] = JSON.parse(JSON.stringify(posts[0])).slices;
    expect(slice.edges.outcomes.count).toEqual([null]);
  });
});
