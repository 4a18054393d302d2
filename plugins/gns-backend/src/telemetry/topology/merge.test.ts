import { packEdges, type EdgeRow } from '@isthmus/plugin-gns-common';
import {
  call,
  directoryOf,
  gnsOf,
  LAYOUT,
  served,
  SHOP,
  T0,
  workload,
} from '../testFixtures';
import { figuresOf, healthOfTraffic, UNKNOWN_FIGURES } from './figures';
import { chooseSlices, KnownTimes, type StoredSlice } from './window';
import { WindowFold, type LoadedSlice, type WindowEdge } from './WindowFold';

interface Told {
  cluster: string;
  /** Minute. */
  at?: number;
  rows?: readonly EdgeRow[];
  known?: number;
  seconds?: number;
  step?: number;
  unscraped?: string[];
}

function sliceOf(told: Told): LoadedSlice {
  const { cluster, at = 0, rows, seconds = 60, step = 60 } = told;
  return {
    cluster,
    step,
    start: T0 + at * 60,
    seconds,
    revision: 1,
    known: told.known ?? seconds,
    unscraped: told.unscraped ?? [],
    bytes: rows ? 1 : 0,
    version: `${cluster} ${at} ${step}`,
    edges: rows && packEdges(rows),
  };
}

function fold(told: readonly Told[], directory = directoryOf()): WindowEdge[] {
  const slices = told.map(sliceOf);
  const window = new WindowFold({
    gns: 'shop',
    directory,
    known: new KnownTimes(slices),
  });
  window.add(slices);
  return window.edges();
}

const name = (p: WindowEdge['source']) =>
  p.kind === 'outside' || p.kind === 'service'
    ? `${p.kind} ${p.cluster}${p.service ? ` ${p.service}` : ''}`
    : `${p.kind === 'workload' ? '' : `${p.kind} `}${p.cluster ?? '?'}/${
        p.namespace ?? ''
      }/${p.name}`;

/** `<source> → <target>: <requests> in <seconds> s by <reporters>` */
const summary = (edges: readonly WindowEdge[]) =>
  edges
    .map(
      e =>
        `${name(e.source)} → ${name(e.target)}: ${e.counted.requests} in ${
          e.seconds
        } s by ${[...e.reporters].join('+')}`,
    )
    .sort();

const near = { destination: workload('eu', 'depot', 'stock') };
const CALL = 'eu/web/front-v1 → us/depot/stock-v1';

describe('a call is counted once', () => {
  it('by the client, though the server of another cluster saw it too', () => {
    const edges = fold([
      { cluster: 'eu', rows: [call()] },
      { cluster: 'us', rows: [served({ outcomes: [[200, 12]] })] },
    ]);
    expect(summary(edges)).toEqual([`${CALL}: 10 in 60 s by client`]);
  });

  it('by the client, though the server of the same cluster saw it too', () => {
    expect(
      summary(fold([{ cluster: 'eu', rows: [call(near), served(near)] }])),
    ).toEqual(['eu/web/front-v1 → eu/depot/stock-v1: 10 in 60 s by client']);
  });

  it('by the server, when the caller’s cluster is silent, and that is told', () => {
    const edges = fold([
      { cluster: 'eu', known: 0 },
      { cluster: 'us', rows: [served()] },
    ]);
    expect(summary(edges)).toEqual([`${CALL}: 10 in 60 s by serverFallback`]);
  });

  it('minute by minute: the client where it is known, the server where not', () => {
    const edges = fold([
      { cluster: 'eu', at: 0, rows: [call()] },
      { cluster: 'eu', at: 1, known: 0 },
      { cluster: 'us', at: 0, rows: [served()] },
      { cluster: 'us', at: 1, rows: [served({ outcomes: [[200, 30]] })] },
    ]);
    expect(summary(edges)).toEqual([
      `${CALL}: 40 in 120 s by client+serverFallback`,
    ]);
  });

  it('by the server, for callers without a proxy and of foreign clusters', () => {
    const edges = fold([
      { cluster: 'eu' },
      {
        cluster: 'us',
        rows: [
          served({ source: undefined }),
          served({
            source: { cluster: 'moon', namespace: 'web', name: 'front-v1' },
            outcomes: [[200, 7]],
          }),
        ],
      },
    ]);
    expect(summary(edges)).toEqual([
      'foreign ?/web/front-v1 → us/depot/stock-v1: 7 in 60 s by server',
      'outside us → us/depot/stock-v1: 10 in 60 s by server',
    ]);
  });

  it('not at all, when a known client that is scraped tells of no call', () => {
    expect(
      summary(fold([{ cluster: 'eu' }, { cluster: 'us', rows: [served()] }])),
    ).toEqual([]);
  });

  it('by the server, when the caller’s namespace was not scraped', () => {
    expect(
      summary(
        fold([
          { cluster: 'eu', unscraped: ['web'] },
          { cluster: 'us', rows: [served()] },
        ]),
      ),
    ).toEqual([`${CALL}: 10 in 60 s by serverFallback`]);
  });

  it('by two clusters whose namespaces have the same names, apart', () => {
    const shop = gnsOf('shop', ['eu/web', 'us/web', 'us/depot'], SHOP.services);
    const edges = fold(
      [
        { cluster: 'eu', rows: [call()] },
        {
          cluster: 'us',
          rows: [
            call({
              source: workload('us', 'web', 'front'),
              outcomes: [[200, 5]],
            }),
            served(),
          ],
        },
      ],
      directoryOf([shop]),
    );
    expect(summary(edges)).toEqual([
      `${CALL}: 10 in 60 s by client`,
      'us/web/front-v1 → us/depot/stock-v1: 5 in 60 s by client',
    ]);
  });
});

describe('silence of one cluster', () => {
  it('for an hour changes no figure of the others', () => {
    const others: Told[] = Array.from({ length: 60 }, (_, at) => ({
      cluster: 'eu',
      at,
      rows: [call(near), served(near)],
    }));
    const silent: Told[] = Array.from({ length: 60 }, (_, at) => ({
      cluster: 'us',
      at,
      known: 0,
    }));
    const [alone] = fold(others);
    const [beside] = fold([...others, ...silent]);
    expect(beside).toEqual(alone);
    expect(alone).toMatchObject({ seconds: 3600 });
  });

  it('makes its own edges a rate over what is known', () => {
    const [edge] = fold([
      { cluster: 'eu', at: 0, rows: [call()] },
      { cluster: 'eu', at: 1, known: 0 },
      { cluster: 'us', at: 0 },
      { cluster: 'us', at: 1, known: 0 },
    ]);
    expect(edge.counted.requests / edge.seconds).toBe(10 / 60);
  });
});

describe('mutual TLS', () => {
  const share = (told: readonly Told[]) => {
    const [edge] = fold(told);
    return figuresOf(edge.counted, edge.received, edge.seconds, 1).mtlsShare;
  };

  it('is what the receiving side saw, over all its rows', () => {
    expect(
      share([
        { cluster: 'eu', rows: [call()] },
        {
          cluster: 'us',
          rows: [
            served({ mtls: 6, plaintext: 2 }),
            served({ mtls: 0, plaintext: 4, outcomes: [[503, 4]] }),
          ],
        },
      ]),
    ).toBe(0.5);
  });

  it('is unknown where no receiving side told, never zero', () => {
    expect(
      share([
        { cluster: 'eu', rows: [call()] },
        { cluster: 'us', known: 0 },
      ]),
    ).toBeNull();
    // A client's word on it counts for nothing.
    const [edge] = fold([
      { cluster: 'eu', rows: [call({ mtls: 0, plaintext: 10 })] },
    ]);
    expect(
      figuresOf(edge.counted, edge.received, edge.seconds, 1).mtlsShare,
    ).toBeNull();
  });
});

describe('figures', () => {
  const figures = (rows: readonly EdgeRow[], seconds = 60) => {
    const [edge] = fold([{ cluster: 'eu', rows }]);
    return figuresOf(edge.counted, edge.received, seconds, 1);
  };

  it('are rates, shares and quantiles of merged counts', () => {
    const row = call({
      outcomes: [
        [200, 90],
        [404, 6],
        [503, 3],
        [0, 1],
      ],
      durations: [
        { outcome: 'ok', edgesMs: LAYOUT, counts: [0, 90, 0, 0] },
        { outcome: 'server', edgesMs: LAYOUT, counts: [0, 0, 0, 10] },
      ],
      durationSumMs: 5000,
      disconnected: 25,
    });
    expect(figures([row])).toEqual({
      requests: 100 / 60,
      errorShare: 0.04,
      clientErrorShare: 0.06,
      disconnectedShare: 0.2,
      latencyMs: {
        p50: 60,
        p95: 1000,
        p99: 1000,
        mean: 50,
        beyond: ['p95', 'p99'],
      },
      tcp: null,
      mtlsShare: null,
      known: 1,
    });
  });

  it('of gRPC go by the status', () => {
    const row = call({
      protocol: 'grpc',
      outcomes: [
        [1000, 8],
        [1014, 1],
        [1005, 1],
      ],
    });
    expect(figures([row])).toMatchObject({
      errorShare: 0.1,
      clientErrorShare: 0.1,
    });
  });

  it('of TCP are bytes, and no requests', () => {
    const row: EdgeRow = {
      ...call({ protocol: 'tcp', outcomes: [], durations: [] }),
      bytesToServer: 600,
      bytesToClient: 60,
      connectionsOpened: 6,
    };
    expect(figures([row])).toMatchObject({
      requests: null,
      errorShare: null,
      tcp: { bytesToServer: 10, bytesToClient: 1, opened: 0.1 },
    });
  });

  it('of one request in a week are not zero', () => {
    const week = 7 * 86_400;
    expect(
      figures([call({ outcomes: [[200, 1]] })], week).requests,
    ).toBeCloseTo(1 / week, 12);
  });

  it('of what is not known are null throughout', () => {
    const [edge] = fold([{ cluster: 'eu', rows: [call()] }]);
    expect(figuresOf(edge.counted, edge.received, 60, 0)).toEqual(
      UNKNOWN_FIGURES,
    );
    expect(healthOfTraffic(UNKNOWN_FIGURES)).toBeUndefined();
  });

  it.each<[number, number, string]>([
    [0, 0, 'healthy'],
    [0.0005, 0, 'healthy'],
    [0.01, 0, 'degraded'],
    [0.1, 0, 'failing'],
    [0, 0.1, 'healthy'],
    [0, 0.5, 'degraded'],
  ])('with %d server and %d client errors are %s', (server, client, health) => {
    expect(
      healthOfTraffic({
        ...UNKNOWN_FIGURES,
        errorShare: server,
        clientErrorShare: client,
      }),
    ).toBe(health);
  });
});

describe('chooseSlices', () => {
  const minute = (at: number, over: Partial<StoredSlice> = {}) => ({
    ...sliceOf({ cluster: 'eu', at }),
    ...over,
  });
  const quarter = (at: number, known = 900) =>
    sliceOf({ cluster: 'eu', at, seconds: 900, step: 900, known });
  const chosen = (slices: readonly StoredSlice[], from: number, to: number) =>
    chooseSlices(slices, { from: T0 + from * 60, to: T0 + to * 60 }).map(
      s => `${(s.start - T0) / 60}+${s.seconds / 60}`,
    );

  it('takes the roll-up of quarters within, and minutes at the edges', () => {
    const minutes = Array.from({ length: 45 }, (_, at) => minute(at));
    expect(
      chosen([...minutes, quarter(0), quarter(15), quarter(30)], 14, 31),
    ).toEqual(['14+1', '30+1', '15+15']);
  });

  it('takes minutes that know more than their roll-up', () => {
    const minutes = Array.from({ length: 15 }, (_, at) => minute(at));
    expect(chosen([...minutes, quarter(0, 840)], 0, 15)).toHaveLength(15);
    expect(chosen([minute(0), quarter(0, 900)], 0, 15)).toEqual(['0+15']);
  });

  it('takes a longer slice for a window within it', () => {
    const five = sliceOf({ cluster: 'eu', at: 0, seconds: 300 });
    expect(chosen([five], 4, 5)).toEqual(['0+5']);
    expect(chosen([five], 0, 5)).toEqual(['0+5']);
    expect(chosen([five], 4, 14)).toEqual([]);
    expect(chosen([quarter(0)], 5, 10)).toEqual(['0+15']);
  });
});
