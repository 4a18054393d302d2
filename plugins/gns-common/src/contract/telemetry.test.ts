import { packEdges, type EdgeRow } from '../telemetry/packEdges';
import {
  GRPC_CODE,
  NO_RESPONSE,
  observationsSchema,
  outcomeClassOf,
  sliceSchema,
  type SliceEdges,
  type SliceInput,
} from './telemetry';

const FRONT = {
  cluster: 'Kubernetes',
  namespace: 'web',
  name: 'front-v1',
  app: 'front',
  version: 'v1',
};
const STOCK = { cluster: 'us', namespace: 'depot', name: 'stock-v2' };
const ROWS: EdgeRow[] = [
  {
    view: 'client',
    protocol: 'http',
    source: FRONT,
    destination: STOCK,
    service: { host: 'stock.shop.gns.example' },
    outcomes: [
      [200, 12.5],
      [503, 1],
    ],
    durations: [
      { outcome: 'ok', edgesMs: [10, 100], counts: [10, 2, 0.5] },
      { outcome: 'server', edgesMs: [10, 100], counts: [1, 0, 0] },
    ],
    durationSumMs: 500,
  },
  {
    view: 'server',
    protocol: 'tcp',
    destination: FRONT,
    mtls: 0,
    plaintext: 300,
    bytesToServer: 100,
    bytesToClient: 200,
  },
];
const known = (edges: SliceEdges): SliceInput => ({
  start: 1_800_000_000,
  seconds: 60,
  revision: 1,
  state: 'KNOWN',
  edges,
});

describe('packEdges', () => {
  it('writes each text, workload, service and layout once', () => {
    const edges = packEdges([...ROWS, ...ROWS]);
    expect(edges).toMatchObject({
      text: [
        'Kubernetes',
        'web',
        'front-v1',
        'front',
        'v1',
        'us',
        'depot',
        'stock-v2',
        'stock.shop.gns.example',
      ],
      workloads: { name: [2, 7], app: [3, -1] },
      services: { host: [8], name: [-1], namespace: [-1] },
      view: [0, 1, 0, 1],
      source: [0, -1, 0, -1],
      service: [0, -1, 0, -1],
      plaintext: [0, 300, 0, 300],
      outcomes: { edge: [0, 0, 2, 2], code: [200, 503, 200, 503] },
      durations: {
        layouts: [[10, 100]],
        edge: [0, 0, 2, 2],
        outcome: [0, 2, 0, 2],
        counts: [10, 2, 0.5, 1, 0, 0, 10, 2, 0.5, 1, 0, 0],
      },
    });
    expect(sliceSchema.parse(known(edges))).toMatchObject({ unscraped: [] });
  });
});

describe('observations', () => {
  it.each<[string, (edges: SliceEdges) => void]>([
    ['a negative count', e => (e.mtls[0] = -1)],
    ['no number', e => (e.mtls[0] = NaN)],
    ['no finite number', e => (e.outcomes.count[0] = Infinity)],
    ['more than can be', e => (e.bytesToClient[0] = 1e16)],
    ['a name with a line break', e => (e.text[0] = 'a\nb')],
    ['an empty name', e => (e.text[0] = '')],
    ['an unknown view', e => (e.view[0] = 3)],
    ['a code that does not exist', e => (e.outcomes.code[0] = 2000)],
    ['bucket edges that fall', e => (e.durations.layouts[0] = [100, 10])],
    ['a bucket edge twice', e => (e.durations.layouts[0] = [10, 10])],
    ['a bucket edge of +Inf', e => (e.durations.layouts[0] = [10, Infinity])],
  ])('with %s are refused', (_what, spoil) => {
    const edges = packEdges(ROWS);
    spoil(edges);
    expect(sliceSchema.safeParse(known(edges)).success).toBe(false);
  });

  it('say of a slice one of three things', () => {
    const at = { start: 1_800_000_000, seconds: 60 as const, revision: 1 };
    const slices: SliceInput[] = [
      { ...at, state: 'ZERO' },
      { ...at, state: 'UNKNOWN', reason: 'timeout' },
      known(packEdges([])),
    ];
    expect(
      observationsSchema
        .parse({ sentAt: '2027-01-15T08:00:00Z', slices })
        .slices.map(s => s.state),
    ).toEqual(['ZERO', 'UNKNOWN', 'KNOWN']);
    for (const bad of [
      { ...at, state: 'KNOWN' },
      { ...at, state: 'UNKNOWN' },
      { ...at, state: 'ZERO', edges: packEdges([]) },
      { ...at, state: 'ZERO', seconds: 7 },
      { ...at, state: 'ZERO', revision: 0 },
      { ...at, state: 'ZERO', cluster: 'another' },
    ]) {
      expect(sliceSchema.safeParse(bad).success).toBe(false);
    }
  });
});

it.each([
  [200, 'ok'],
  [101, 'ok'],
  [302, 'ok'],
  [404, 'client'],
  [499, 'client'],
  [500, 'server'],
  [NO_RESPONSE, 'server'],
  [GRPC_CODE, 'ok'],
  [GRPC_CODE + 5, 'client'],
  [GRPC_CODE + 14, 'server'],
])('code %s counts as %s', (code, outcome) => {
  expect(outcomeClassOf(code)).toBe(outcome);
});
