import type { Series } from '../prometheus/Prometheus';
import { EDGE, EDGE_LABELS, GONE, OUTCOME, PART } from '../promql/queries';
import { istioClusterIdOf, readEdges } from './edges';

const AT = 1_000_020;
const NAMES: Record<string, string> = {
  reporter: 'source',
  source_cluster: 'east',
  source_workload_namespace: 'web',
  source_workload: 'front-v1',
  source_canonical_service: 'front',
  source_canonical_revision: 'v1',
  destination_cluster: 'west',
  destination_workload_namespace: 'depot',
  destination_workload: 'stock-v2',
  destination_canonical_service: 'stock',
  destination_canonical_revision: 'v2',
  destination_service: 'stock.shop.gns.example',
  destination_service_name: 'stock.shop.gns.example',
  destination_service_namespace: 'depot',
  request_protocol: 'http',
};
function sample(
  part: string,
  value: number,
  labels: Record<string, string> = {},
): Series {
  const names = { ...NAMES, ...labels };
  const rest = Object.entries(labels).filter(([name]) => !(name in NAMES));
  return {
    labels: {
      [EDGE]: EDGE_LABELS.map(name => names[name] ?? '').join('\n'),
      [PART]: part,
      ...Object.fromEntries(rest),
    },
    times: [AT],
    values: [value],
  };
}
const requests = (value: number, code: string, labels = {}) =>
  sample('requests', value, { response_code: code, ...labels });
const bucket = (value: number, le: string, labels = {}) =>
  sample('buckets', value, { le, [OUTCOME]: 'ok', ...labels });
const rowsOf = (counts: Series[], durations: Series[] = []) =>
  readEdges(counts, durations).get(AT) ?? [];

describe('readEdges', () => {
  it('makes one edge of all codes, policies and buckets of one pair', () => {
    expect(
      rowsOf(
        [
          requests(10, '200'),
          requests(2, '503'),
          requests(1, '200', { connection_security_policy: 'unknown' }),
          requests(4, '0', { [GONE]: 'yes' }),
        ],
        [
          bucket(3, '10'),
          bucket(1, '10.0', { x: '' }),
          bucket(9, '100'),
          bucket(11, '+Inf'),
          sample('sum', 700),
        ],
      ),
    ).toEqual([
      {
        view: 'client',
        protocol: 'http',
        source: {
          cluster: 'east',
          namespace: 'web',
          name: 'front-v1',
          app: 'front',
          version: 'v1',
        },
        destination: {
          cluster: 'west',
          namespace: 'depot',
          name: 'stock-v2',
          app: 'stock',
          version: 'v2',
        },
        service: {
          host: 'stock.shop.gns.example',
          name: 'stock.shop.gns.example',
          namespace: 'depot',
        },
        disconnected: 4,
        durationSumMs: 700,
        outcomes: [
          [200, 11],
          [503, 2],
        ],
        durations: [{ outcome: 'ok', edgesMs: [10, 100], counts: [4, 5, 2] }],
      },
    ]);
  });

  it('counts by the status of gRPC where there is one', () => {
    const grpc = { request_protocol: 'grpc' };
    const [row] = rowsOf([
      requests(5, '200', { ...grpc, grpc_response_status: '0' }),
      requests(2, '200', { ...grpc, grpc_response_status: '14' }),
      requests(1, '503', grpc),
    ]);
    expect(row.protocol).toBe('grpc');
    expect(row.outcomes).toEqual([
      [1000, 5],
      [1014, 2],
      [503, 1],
    ]);
  });

  it('believes servers alone about mutual TLS', () => {
    const policy = (connection_security_policy: string) => ({
      connection_security_policy,
      reporter: 'destination',
    });
    const rows = rowsOf([
      requests(7, '200', policy('mutual_tls')),
      requests(2, '200', policy('none')),
      requests(1, '200', policy('unknown')),
      requests(9, '200', { connection_security_policy: 'mutual_tls' }),
    ]);
    expect(rows.map(r => [r.view, r.mtls, r.plaintext])).toEqual([
      ['server', 7, 2],
      ['client', undefined, undefined],
    ]);
  });

  it('knows which way bytes of TCP go', () => {
    const tcp = {
      reporter: 'destination',
      request_protocol: 'tcp',
      connection_security_policy: 'mutual_tls',
    };
    expect(
      rowsOf([
        sample('sent', 200, tcp),
        sample('received', 100, tcp),
        sample('opened', 3, tcp),
        sample('closed', 2, tcp),
      ]),
    ).toEqual([
      expect.objectContaining({
        protocol: 'tcp',
        bytesToClient: 200,
        bytesToServer: 100,
        mtls: 300,
        connectionsOpened: 3,
        connectionsClosed: 2,
      }),
    ]);
  });

  it('takes "unknown", empty and unreadable names for none', () => {
    const [row] = rowsOf([
      requests(1, '200', {
        source_workload: 'unknown',
        destination_canonical_service: '',
        destination_cluster: 'a b',
        destination_service: 'unknown',
        destination_service_name: 'x'.repeat(300),
        destination_service_namespace: 'unknown',
      }),
    ]);
    expect(row.source).toBeUndefined();
    expect(row.service).toBeUndefined();
    expect(row.destination).toEqual({
      cluster: undefined,
      namespace: 'depot',
      name: 'stock-v2',
      app: undefined,
      version: 'v2',
    });
  });

  it('leaves out what did not rise, and keeps what is no number', () => {
    expect(rowsOf([requests(0, '200')], [bucket(0, '+Inf')])).toEqual([]);
    expect(rowsOf([requests(NaN, '200')])[0].outcomes).toEqual([[200, NaN]]);
  });

  it('lets no histogram fall', () => {
    const [row] = rowsOf(
      [requests(9, '200')],
      [bucket(5, '10'), bucket(3, '50'), bucket(9, '+Inf')],
    );
    expect(row.durations).toEqual([
      { outcome: 'ok', edgesMs: [10, 50], counts: [5, 0, 4] },
    ]);
  });

  it('refuses parts that nobody asked for', () => {
    expect(() => rowsOf([sample('more', 1)])).toThrow(/not asked for/);
    expect(() => rowsOf([], [bucket(1, 'NaN')])).toThrow(/not asked for/);
    expect(() => rowsOf([], [bucket(1, '5', { [OUTCOME]: 'x' })])).toThrow(
      /not asked for/,
    );
    expect(rowsOf([requests(1, '200', { reporter: 'ztunnel' })])).toEqual([]);
    expect(() =>
      rowsOf([requests(1, '200', { destination_service: 'a\nb' })]),
    ).toThrow(/edge of 16 parts instead of 15/);
  });

  it('learns what Istio calls this cluster', () => {
    expect(
      istioClusterIdOf(
        readEdges(
          [
            requests(1, '200'),
            requests(1, '200', {
              reporter: 'destination',
              destination_cluster: 'east',
            }),
          ],
          [],
        ),
      ),
    ).toBe('east');
    expect(istioClusterIdOf(new Map())).toBeUndefined();
  });
});
