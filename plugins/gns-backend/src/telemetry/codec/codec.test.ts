import fc from 'fast-check';
import {
  packEdges,
  sliceEdgesSchema,
  TRAFFIC_PROTOCOLS,
  TRAFFIC_VIEWS,
  type EdgeRow,
} from '@isthmus/plugin-gns-common';
import { EdgeTable } from '../merge/EdgeTable';
import { call, served, workload } from '../testFixtures';
import { ByteReader, ByteWriter } from './bytes';
import { decodeCells, encodeCells } from './cells';
import { decodeEdges, encodeEdges, packColumns, unpackColumns } from './edges';

const thousandths = fc.nat({ max: 2_000_000_000 }).map(n => n / 1000);
const name = fc.constantFrom('a', 'b', 'front-v1', 'x'.repeat(253));
const party = fc.record(
  { namespace: name, name, cluster: name, app: name, version: name },
  { requiredKeys: ['namespace', 'name'] },
);
const layout = fc.constantFrom([10, 100], [5], [], [0.5, 10, 1000]);
const row: fc.Arbitrary<EdgeRow> = fc.record(
  {
    view: fc.constantFrom(...TRAFFIC_VIEWS),
    protocol: fc.constantFrom(...TRAFFIC_PROTOCOLS),
    source: party,
    destination: party,
    service: fc.record(
      { host: name, name, namespace: name },
      { requiredKeys: [] },
    ),
    outcomes: fc.array(
      fc.tuple(fc.constantFrom(0, 200, 404, 503, 1014), thousandths),
      { maxLength: 4 },
    ),
    durations: fc.array(
      layout.chain(edgesMs =>
        fc.record({
          outcome: fc.constantFrom(
            'ok' as const,
            'client' as const,
            'server' as const,
          ),
          edgesMs: fc.constant(edgesMs),
          counts: fc.array(thousandths, {
            minLength: edgesMs.length + 1,
            maxLength: edgesMs.length + 1,
          }),
        }),
      ),
      { maxLength: 3 },
    ),
    mtls: thousandths,
    bytesToServer: fc.nat({ max: 2 ** 40 }),
  },
  { requiredKeys: ['view', 'protocol'] },
);

describe('bytes', () => {
  it('give back every number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(), fc.double(), (a, b, c) => {
        const writer = new ByteWriter();
        writer.uint(a);
        writer.uint(b);
        writer.double(c);
        writer.text('istio-eu');
        const reader = new ByteReader(writer.done());
        expect([
          reader.uint(),
          reader.uint(),
          reader.double(),
          reader.text(),
        ]).toEqual([a, b, c, 'istio-eu']);
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  it.each([0, 1, 7, 0.001, 12.345, 2 ** 42 - 1, 2 ** 42, 1e15, 1e18])(
    'keep the count %d',
    count => {
      const writer = new ByteWriter();
      writer.count(count);
      expect(new ByteReader(writer.done()).count()).toBe(count);
    },
  );

  it('say when they end too early', () => {
    const writer = new ByteWriter();
    writer.uint(300);
    writer.text('istio');
    const cut = (end: number) => new ByteReader(writer.done().subarray(0, end));
    expect(() => cut(1).uint()).toThrow(RangeError);
    const reader = cut(5);
    reader.uint();
    expect(() => reader.text()).toThrow(RangeError);
  });
});

describe('edges', () => {
  it('come back as they were stored', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), rows => {
        const edges = sliceEdgesSchema.parse(packEdges(rows));
        expect(unpackColumns(packColumns(edges))).toEqual(edges);
      }),
      { numRuns: 100 },
    );
  });

  it('take a few bytes each', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) =>
      call({
        source: workload('eu', `team-${i % 20}`, `service-${i}`),
        destination: workload('us', `team-${i % 7}`, `service-${i % 300}`),
        outcomes: [[200, 1000 + ((i * 37) % 400)]],
      }),
    );
    const stored = await encodeEdges(packEdges(rows));
    expect(stored.length).toBeLessThan(60 * rows.length);
    expect(await decodeEdges(stored)).toEqual(packEdges(rows));
  });

  it('of another form are refused', async () => {
    expect(() => unpackColumns(Buffer.from([9]))).toThrow(/form 9/);
    await expect(decodeEdges(Buffer.from('nonsense'))).rejects.toThrow();
  });

  it('with equal labels are one row', () => {
    const table = new EdgeTable();
    table.add(packEdges([call(), served()]));
    table.add(
      packEdges([
        call({
          outcomes: [
            [200, 5],
            [503, 1],
          ],
        }),
      ]),
    );
    const alone = new EdgeTable();
    alone.add(
      packEdges([
        call({
          outcomes: [
            [200, 15],
            [503, 1],
          ],
          durations: [
            { outcome: 'ok', edgesMs: [10, 100, 1000], counts: [8, 6, 4, 2] },
          ],
          durationSumMs: 2469,
        }),
        served(),
      ]),
    );
    expect(table.toEdges()).toEqual(alone.toEdges());
  });
});

it('cells come back as they were stored', () => {
  const { outcomes, durations, ...counts } = packEdges([call(), served()]);
  const {
    text: _text,
    workloads: _workloads,
    services: _services,
    view: _view,
    protocol: _protocol,
    source: _source,
    destination: _destination,
    service: _service,
    ...columns
  } = { outcomes, durations, ...counts };
  const cells = {
    services: ['front', 'stock'],
    service: [0, 1],
    view: [0, 1],
    cell: [59, 3],
    columns,
  };
  expect(decodeCells(encodeCells(cells))).toEqual(cells);
  expect(() => decodeCells(Buffer.from([7]))).toThrow(/form 7/);
});
