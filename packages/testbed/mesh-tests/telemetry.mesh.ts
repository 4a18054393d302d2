import type { Traffic, TrafficSeries } from '@isthmus/plugin-gns-common';
import {
  Testbed,
  eventually,
  type Cluster,
  type LoopCounts,
  type Pod,
} from '../src';
import { answersFrom, createNamespace } from './support/calls';
import { Hub } from './support/Hub';
import { joinCluster, type LocalController } from './support/LocalController';

const GNS = 'shop';
const DOMAIN = 'shop.gns.example';
const urlOf = (service: string) => `http://${service}.${DOMAIN}/`;
const SPEC = {
  domain: DOMAIN,
  members: [
    { clusters: { names: ['east'] }, namespaces: { names: ['shop-web'] } },
    { clusters: { names: ['west'] }, namespaces: { names: ['warehouse'] } },
  ],
};

/** An edge with what its load generator counted. */
interface Load {
  readonly from: string;
  readonly to: string;
  readonly caller: () => Pod;
  readonly rate: number;
}

const MINUTE = 60_000;
/** The first whole minute that is so far ahead. */
const nextMinute = (ahead = 0) =>
  Math.ceil((Date.now() + ahead) / MINUTE) * MINUTE;
const until = (time: number) =>
  new Promise(done => {
    setTimeout(done, Math.max(0, time - Date.now()));
  });

/* The load generator's own counts are the truth that the portal is held to. */
describe('the traffic that the portal shows', () => {
  let testbed: Testbed;
  let hub: Hub;
  let east: Cluster;
  let west: Cluster;
  let web: Pod;
  let crane: Pod;
  let label: Pod;
  let westController: LocalController;
  const counted = new Map<string, LoopCounts>();
  const loads: Load[] = [
    { from: 'web', to: 'stock', caller: () => web, rate: 7 },
    { from: 'web', to: 'label', caller: () => web, rate: 3 },
    { from: 'crane', to: 'web', caller: () => crane, rate: 5 },
  ];
  const keyOf = ({ from, to }: Load) => `${from} → ${to}`;
  /** The minute in which the loops began. */
  let begin: number;
  /** A whole minute after they ended. */
  let end: number;

  const traffic = (query: string) =>
    hub.ask<Traffic>('GET', `/global-namespaces/${GNS}/traffic?${query}`);

  beforeAll(async () => {
    testbed = await Testbed.create();
    east = testbed.cluster('east');
    west = testbed.cluster('west');
    hub = await Hub.start(testbed);
    await Promise.all([east.startGateway(), west.startGateway()]);
    await createNamespace(east, 'shop-web');
    await createNamespace(west, 'warehouse');
    const join = (cluster: Cluster) =>
      joinCluster(testbed, hub, cluster, {
        args: ['--prometheus-url', cluster.prometheusUrl],
      });
    await join(east);
    westController = await join(west);
    await hub.define(GNS, SPEC);
    await hub.settled(GNS);
    web = await east.startPod({ namespace: 'shop-web', name: 'web' });
    crane = await west.startPod({ namespace: 'warehouse', name: 'crane' });
    await west.startPod({ namespace: 'warehouse', name: 'stock' });
    label = await west.startPod({ namespace: 'warehouse', name: 'label' });
    await answersFrom(web, urlOf('stock'), 'stock@west', 90_000);
    await answersFrom(web, urlOf('label'), 'label@west', 90_000);
    await answersFrom(crane, urlOf('web'), 'web@east', 90_000);
  }, 600_000);

  afterAll(async () => {
    await testbed?.close();
  }, 60_000);

  it('goes on while a cluster is silent, which is unknown and not zero', async () => {
    // What was called until now is scraped before this minute begins.
    begin = nextMinute(20_000);
    await until(begin + 6_000);
    const loops = await Promise.all(
      loads.map(async load => ({
        load,
        loop: await load.caller().loop(urlOf(load.to), load.rate),
      })),
    );
    await until(begin + 75_000);
    await westController.stop();
    // A quarter of a minute of failures, which nobody tries again.
    await label.behave({ failWith: 500 });
    await until(begin + 90_000);
    await label.behave({});
    const silent = await eventually(
      async () => {
        // The minute in which west stopped before its collector could see it.
        const at = new Date(begin + 2 * MINUTE).toISOString();
        const answer = await traffic(`window=60&level=workload&at=${at}`);
        const known = (name: string) =>
          answer.coverage.find(c => c.cluster === name)?.known;
        return known('west') === 0 && known('east') === 1 ? answer : undefined;
      },
      { what: 'west is seen to be silent', timeoutMs: 240_000 },
    );
    const isSilent = (edge: Traffic['edges'][number]) =>
      edge.source.includes('/crane');
    for (const edge of silent.edges.filter(isSilent)) {
      expect(edge.figures.requests).toBeNull();
      expect(edge.idle).toBeNull();
    }
    const heard = silent.edges.filter(edge => !isSilent(edge));
    expect(heard.length).toBeGreaterThanOrEqual(2);
    for (const edge of heard) {
      expect(edge.figures.requests).toBeGreaterThan(0);
    }
    for (const { load, loop } of loops) {
      counted.set(keyOf(load), await loop.stop());
    }
    end = nextMinute() + MINUTE;
    westController.run();
    for (const counts of counted.values()) {
      expect(counts.sent).toBeGreaterThan(300);
      expect(counts.succeeded + counts.failed).toBe(counts.sent);
    }
    expect(counted.get('web → label')!.failed).toBeGreaterThan(20);
  }, 480_000);

  it('is exactly what the load generator counted, on every edge, once the cluster is back', async () => {
    await until(end + 15_000);
    const at = new Date(end).toISOString();
    const range = (end - begin) / 1000;
    const seriesOf = async (edge: string) =>
      hub.ask<TrafficSeries>(
        'GET',
        `/global-namespaces/${GNS}/traffic/series?edge=${encodeURIComponent(
          edge,
        )}&range=${range}&step=60&at=${at}`,
      );
    const edges = await eventually(
      async () => {
        const answer = await traffic(`window=600&level=workload&at=${at}`);
        const found = loads.map(load =>
          answer.edges.find(
            e =>
              e.source.includes(`/${load.from}`) &&
              e.service === load.to &&
              e.protocol === 'http',
          ),
        );
        if (!found.every(edge => edge !== undefined)) return undefined;
        const all = await Promise.all(found.map(e => seriesOf(e!.id)));
        const isKnown = all.every(({ series }) =>
          series.every(s => s.points.known.every(k => k === 1)),
        );
        return isKnown ? all : undefined;
      },
      {
        what: 'every minute of every edge is known',
        timeoutMs: 400_000,
        intervalMs: 2_000,
      },
    );
    for (const [i, load] of loads.entries()) {
      const { sent, succeeded, failed } = counted.get(keyOf(load))!;
      const { codes, histogram, series } = edges[i];
      const byCode = Object.fromEntries(codes.map(c => [c.code, c.requests]));
      expect([keyOf(load), byCode]).toEqual([
        keyOf(load),
        failed > 0 ? { 200: succeeded, 500: failed } : { 200: succeeded },
      ]);
      const sum = (values: readonly (number | null)[]) =>
        values.reduce<number>((a, b) => a + (b ?? NaN), 0);
      expect(sum(histogram!.counts)).toBe(sent);
      // The minutes tell the same as the whole.
      expect(
        Math.round(series.reduce((n, s) => n + 60 * sum(s.points.requests), 0)),
      ).toBe(sent);
    }
  }, 480_000);
});
