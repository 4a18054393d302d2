import {
  packEdges,
  type EdgeRow,
  type SliceEdges,
} from '@isthmus/plugin-gns-common';
import {
  gnsOf,
  call,
  directoryOf,
  known,
  served,
  SHOP,
  T0,
  workload,
} from '../testFixtures';
import { incrementsOf } from './incrementsOf';
import { openSlice } from './openSlice';
import { EdgeResolver } from './resolveEdges';
import { splitEdges } from './splitEdges';

const resolverOf = (
  rows: readonly EdgeRow[],
  reporter: string,
  directory = directoryOf(),
) => new EdgeResolver(packEdges(rows), reporter, directory);

/** Requests by `<service> <view>`. */
function incrementsBy(
  rows: readonly EdgeRow[],
  reporter: string,
  options: {
    gns?: string;
    unscraped?: string[];
    directory?: ReturnType<typeof directoryOf>;
  } = {},
): Record<string, number> {
  const cells = incrementsOf(
    resolverOf(rows, reporter, options.directory),
    options.gns ?? 'shop',
    new Set(options.unscraped ?? []),
  );
  const found: Record<string, number> = {};
  cells?.columns.outcomes.edge.forEach((row, i) => {
    const key = `${cells.services[cells.service[row]]} ${
      ['client', 'server'][cells.view[row]]
    }`;
    found[key] = (found[key] ?? 0) + cells.columns.outcomes.count[i];
  });
  return found;
}

/** How many rows each global namespace gets. */
function split(rows: readonly EdgeRow[], reporter: string) {
  const { byGns, ignored } = splitEdges(resolverOf(rows, reporter));
  return {
    ...Object.fromEntries([...byGns].map(([gns, e]) => [gns, e.view.length])),
    ignored,
  };
}

const safe = workload('us', 'vault', 'safe');
const toSafe = {
  destination: safe,
  service: { host: 'safe.bank.gns.example' },
};

describe('splitEdges', () => {
  it.each<[string, EdgeRow, string, object]>([
    ['a call within', call(), 'eu', { shop: 1, ignored: 0 }],
    [
      'a call that nobody took',
      call({ destination: undefined }),
      'eu',
      { shop: 1, ignored: 0 },
    ],
    [
      'a call to another global namespace of the same cluster: both see it',
      call({ source: workload('us', 'depot', 'stock'), ...toSafe }),
      'us',
      { shop: 1, bank: 1, ignored: 0 },
    ],
    [
      'a call to another global namespace by a cluster that is no member of it',
      call(toSafe),
      'eu',
      { shop: 1, ignored: 0 },
    ],
    [
      'what another cluster is said to have called, when the server is no member',
      served({ destination: safe, service: undefined }),
      'us',
      { bank: 1, shop: 1, ignored: 0 },
    ],
    [
      'a server that claims a host of another global namespace',
      served({
        destination: workload('far', 'vault', 'evil'),
        source: workload('far', 'vault', 'evil'),
      }),
      'far',
      { bank: 1, ignored: 0 },
    ],
    [
      'a server outside that claims a host of ours',
      served({
        destination: workload('far', 'elsewhere', 'evil'),
        source: undefined,
      }),
      'far',
      { ignored: 1 },
    ],
    [
      'a stranger that claims to call us',
      call({ source: workload('far', 'vault', 'evil') }),
      'far',
      { bank: 1, ignored: 0 },
    ],
    [
      'a row that says it comes from another cluster: the reporter is what counts',
      call({ source: workload('eu', 'depot', 'front') }),
      'us',
      { shop: 1, ignored: 0 },
    ],
    [
      'calls between strangers',
      call({
        source: workload('eu', 'other', 'a'),
        destination: workload('eu', 'other', 'b'),
        service: { host: 'b.other.svc.cluster.local' },
      }),
      'eu',
      { ignored: 1 },
    ],
  ])('sorts %s', (_what, row, reporter, found) => {
    expect(split([row], reporter)).toEqual(found);
  });
});

describe('incrementsOf', () => {
  it.each<[string, EdgeRow[], string, Record<string, number>]>([
    ['the client', [call()], 'eu', { 'stock client': 10 }],
    ['the server', [served()], 'us', { 'stock server': 10 }],
    [
      'client and server in one cluster once each',
      [
        call({ destination: workload('eu', 'depot', 'stock') }),
        served({ destination: workload('eu', 'depot', 'stock') }),
      ],
      'eu',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'callers without a proxy as the server saw them',
      [served({ source: undefined })],
      'us',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'callers of clusters that we do not know',
      [
        served({
          source: { ...workload('eu', 'web', 'front'), cluster: 'moon' },
        }),
      ],
      'us',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'a foreign gateway by its own word, where it gives it',
      [
        call({
          source: workload('us', 'istio-system', 'ingress'),
          outcomes: [[503, 4]],
        }),
        served({ source: workload('us', 'istio-system', 'ingress') }),
      ],
      'us',
      { 'stock client': 4, 'stock server': 10 },
    ],
    [
      'a foreign caller that says nothing by the server’s word',
      [served({ source: workload('us', 'elsewhere', 'cron') })],
      'us',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'a caller without a sidecar by the waypoint',
      [
        served({
          view: 'waypoint',
          source: workload('eu', 'web', 'front'),
          destination: workload('eu', 'depot', 'stock'),
        }),
      ],
      'eu',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'a caller with a sidecar that passes a waypoint once',
      [
        call({ destination: workload('eu', 'depot', 'stock') }),
        served({
          view: 'waypoint',
          source: workload('eu', 'web', 'front'),
          destination: workload('eu', 'depot', 'stock'),
        }),
      ],
      'eu',
      { 'stock client': 10, 'stock server': 10 },
    ],
    [
      'a call that reached nobody',
      [call({ destination: undefined, outcomes: [[503, 3]] })],
      'eu',
      { 'stock client': 3 },
    ],
    [
      'a call by the name in Kubernetes',
      [
        call({
          service: { host: 'stock.depot.svc.cluster.local' },
          destination: workload('eu', 'depot', 'stock'),
        }),
      ],
      'eu',
      { 'stock client': 10 },
    ],
    [
      'a server of a service that it has not as nothing',
      [
        served({
          destination: workload('us', 'depot', 'other'),
          service: { host: 'front.shop.gns.example' },
        }),
      ],
      'us',
      {},
    ],
  ])('counts %s', (_what, rows, reporter, found) => {
    expect(incrementsBy(rows, reporter)).toEqual(found);
  });

  it('takes the server’s word for callers whose namespace nobody scraped', () => {
    const rows = [
      served({
        source: workload('eu', 'web', 'front'),
        destination: workload('eu', 'depot', 'stock'),
      }),
    ];
    expect(incrementsBy(rows, 'eu')).toEqual({ 'stock server': 10 });
    expect(incrementsBy(rows, 'eu', { unscraped: ['web'] })).toEqual({
      'stock client': 10,
      'stock server': 10,
    });
  });

  it('tells clusters apart that kept Istio’s default id, by what runs in them', () => {
    const ids = new Map([
      ['eu', 'Kubernetes'],
      ['us', 'Kubernetes'],
    ]);
    const shop = gnsOf(
      'shop',
      ['eu/web', 'us/depot'],
      [
        SHOP.services[0],
        { ...SHOP.services[1], endpoints: [SHOP.services[1].endpoints[1]] },
      ],
    );
    const directory = directoryOf([shop], ids);
    const front = { ...workload('eu', 'web', 'front'), cluster: 'Kubernetes' };
    const stock = {
      ...workload('us', 'depot', 'stock'),
      cluster: 'Kubernetes',
    };
    expect(directory.peerCluster(front, 'us')).toBe('eu');
    expect(directory.peerCluster(stock, 'eu')).toBe('us');
    expect(
      incrementsBy([served({ source: front, destination: stock })], 'us', {
        directory,
      }),
    ).toEqual({ 'stock server': 10 });
  });

  it('takes a peer without a cluster for a neighbour (istio/istio#29373)', () => {
    const { cluster: _, ...stock } = workload('eu', 'depot', 'stock');
    expect(directoryOf().peerCluster(stock, 'eu')).toBe('eu');
    expect(
      directoryOf().peerCluster({ namespace: 'x', name: 'y' }, 'eu'),
    ).toBeUndefined();
  });
});

describe('openSlice', () => {
  const opened = (spoil: (edges: SliceEdges) => void) => {
    const slice = known(T0, [call(), served()]);
    if (slice.state !== 'KNOWN') throw new Error('bad test');
    spoil(slice.edges);
    return openSlice(JSON.parse(JSON.stringify(slice)));
  };

  it.each<[string, (e: SliceEdges) => void, number]>([
    ['a negative count', e => (e.mtls[1] = -1), 1],
    ['no number', e => (e.durationSumMs[0] = NaN), 0],
    ['a request count beyond measure', e => (e.outcomes.count[1] = 1e300), 1],
    ['a bucket below nothing', e => (e.durations.counts[5] = -0.5), 1],
  ])('loses one row to %s', (_what, spoil, row) => {
    const result = opened(spoil);
    expect(result).toMatchObject({ ok: true, badRows: new Set([row]) });
  });

  it.each<[string, (e: SliceEdges) => void, RegExp]>([
    ['a short column', e => e.mtls.pop(), /mtls: has 1 elements instead of 2/],
    ['a missing service', e => (e.service[0] = 7), /service\[0\]: 7 refers/],
    ['a missing text', e => (e.workloads.name[0] = 99), /workloads\.name\[0\]/],
    ['a missing layout', e => (e.durations.layout[1] = 4), /layout\[1\]: 4/],
    [
      'too few buckets',
      e => e.durations.counts.pop(),
      /7 elements instead of 8/,
    ],
    ['a hidden name', e => (e.text[0] = 'a\u202eb'), /text\[0\]/],
    ['a foreign field', e => Object.assign(e, { gns: 'bank' }), /edges/],
    ['no columns', e => Object.assign(e, { outcomes: null }), /outcomes/],
  ])('is lost to %s', (_what, spoil, message) => {
    const result = opened(spoil);
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.message).toMatch(message);
  });

  it('is lost to a start between slices, and to what is no slice', () => {
    expect(openSlice(known(T0 + 30, [call()]))).toMatchObject({
      ok: false,
      message: expect.stringContaining('no multiple of 60'),
    });
    for (const raw of [null, 7, 'KNOWN', [], {}, { state: 'KNOWN' }]) {
      expect(openSlice(raw).ok).toBe(false);
    }
  });
});
