import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { canonicalJson } from './canonicalJson';
import {
  desiredDigestText,
  objectKey,
  readObjectKey,
  type DesiredObject,
  type DesiredState,
  type Tombstone,
} from './desired';
import { compareEpochs, formatEpoch, readEpoch, ZERO_EPOCH } from './epoch';

const hashOf = (object: DesiredObject) =>
  createHash('sha256').update(canonicalJson(object)).digest('hex');

/** The same value with the members of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v)]),
  );
}

describe('canonicalJson', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(JSON.parse(canonicalJson(value))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is the same text for the same value only', () => {
    const small = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(
          isDeepStrictEqual(
            JSON.parse(JSON.stringify(a)),
            JSON.parse(JSON.stringify(b)),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out what JSON leaves out, and sorts by code units', () => {
    expect(
      canonicalJson({ b: 1, a: undefined, é: 2, B: [undefined, -0] }),
    ).toBe('{"B":[null,0],"b":1,"é":2}');
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe(
      '{"__proto__":{"a":2,"b":1}}',
    );
  });
});

describe('epochs', () => {
  const epoch = fc.record({
    term: fc.nat({ max: 5 }),
    n: fc.nat({ max: 5 }),
  });

  it('a new term is higher than all that came before', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (term, n, m) => {
        expect(
          compareEpochs({ term, n }, { term: term + 1, n: m }),
        ).toBeLessThan(0);
      }),
    );
  });

  it('are in one order', () => {
    fc.assert(
      fc.property(epoch, epoch, epoch, (a, b, c) => {
        expect(Math.sign(compareEpochs(a, b))).toBe(
          -Math.sign(compareEpochs(b, a)) || 0,
        );
        fc.pre(compareEpochs(a, b) <= 0 && compareEpochs(b, c) <= 0);
        expect(compareEpochs(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (term, n) => {
        expect(readEpoch(formatEpoch({ term, n }))).toEqual({ term, n });
      }),
    );
    expect(formatEpoch(ZERO_EPOCH)).toBe('0.0');
  });

  it.each([
    '',
    '1',
    '1.',
    '.1',
    '01.2',
    '1.2.3',
    '-1.2',
    '1e3.1',
    ' 1.2',
    '1.2\n',
    '9999999999999999.1',
    '١.٢',
  ])('%j is no epoch', text => {
    expect(readEpoch(text)).toBeUndefined();
  });
});

describe('object keys', () => {
  it.each([
    ['networking.istio.io/v1', 'ServiceEntry', 'shop-web', 'gns-stock-local'],
    ['v1', 'ConfigMap', 'shop', 'a'],
    ['v1', 'Namespace', undefined, 'shop'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', undefined, 'x'],
  ])(
    'of %s %s are read as they are written',
    (apiVersion, kind, namespace, name) => {
      const key = objectKey({
        apiVersion,
        kind,
        metadata: { namespace, name },
      });
      expect(readObjectKey(key)).toEqual({ apiVersion, kind, namespace, name });
    },
  );

  it.each([
    '',
    'a',
    'a/b/c',
    'v1/ConfigMap/x/',
    'v1//x/y',
    '/v1/ConfigMap/x/y',
    'a/b/c/d/e/f',
  ])('%j is none', key => {
    expect(readObjectKey(key)).toBeUndefined();
  });
});

describe('desiredDigestText', () => {
  const object = (name: string, port = 80): DesiredObject => ({
    key: `v1/Service/shop/${name}`,
    gns: 'shop',
    manifest: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { port },
    },
  });
  const state = (
    objects: DesiredObject[],
    tombstones: Tombstone[] = [],
  ): Omit<DesiredState, 'epoch'> => ({
    objects: new Map(objects.map(o => [o.key, o])),
    tombstones,
    settings: { clusterName: 'eu-1', paused: [], probes: [], members: {} },
  });
  const stone = (key: string, hash: string): Tombstone => ({
    key,
    gns: 'shop',
    reason: { type: 'plan', hash },
  });

  it('does not depend on the order of objects or tombstones', () => {
    const a = state(
      [object('a'), object('b')],
      [stone('x', '1'), stone('y', '1'), stone('x', '2')],
    );
    const b = state(
      [object('b'), object('a')],
      [stone('x', '2'), stone('y', '1'), stone('x', '1')],
    );
    expect(desiredDigestText(a, hashOf)).toBe(desiredDigestText(b, hashOf));
  });

  it.each<[string, Omit<DesiredState, 'epoch'>]>([
    ['an object less', state([object('a')])],
    ['another port', state([object('a'), object('b', 81)])],
    ['a tombstone', state([object('a'), object('b')], [stone('x', '1')])],
    [
      'a paused global namespace',
      {
        ...state([object('a'), object('b')]),
        settings: {
          clusterName: 'eu-1',
          paused: ['shop'],
          probes: [],
          members: {},
        },
      },
    ],
  ])('differs with %s', (_what, other) => {
    expect(desiredDigestText(other, hashOf)).not.toBe(
      desiredDigestText(state([object('a'), object('b')]), hashOf),
    );
  });

  it('is what it was: hubs and controllers of two versions agree', () => {
    expect(
      desiredDigestText(state([object('a')], [stone('x', '1')]), hashOf),
    ).toBe(
      [
        `v1/Service/shop/a ${hashOf(object('a'))}`,
        '[{"gns":"shop","key":"x","reason":{"hash":"1","type":"plan"}}]',
        '{"clusterName":"eu-1","members":{},"paused":[],"probes":[]}',
      ].join('\n'),
    );
  });
});
