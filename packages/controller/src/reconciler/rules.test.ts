import { Tombstone } from '@isthmus/plugin-gns-common';
import { serviceEntry } from '../__testUtils__/desiredObjects';
import { KubeObject } from '../kube/KubeApi';
import { refusedTombstones, smallDeletionLimit } from './deletionGuard';
import { foreignFields, liveMatches } from './liveMatches';
import { mayDelete, mayRepair } from './ownership';
import { Pauses } from './pauses';
import { prepareManifest } from './prepareManifest';

describe('the deletion guard', () => {
  const small = (n: number): Tombstone[] =>
    Array.from({ length: n }, (_, i) => ({
      key: `k${i}`,
      gns: 'shop',
      reason: { type: 'small' },
    }));
  const judge = (tombstones: Tombstone[], owned: number, exists = true) =>
    refusedTombstones({ tombstones, owned, exists: () => exists }).size;

  it('lets five objects go, or 20 % where that is more', () => {
    expect([0, 10, 25, 26, 100].map(smallDeletionLimit)).toEqual([
      5, 5, 5, 5, 20,
    ]);
  });

  it('refuses all of them when they are too many', () => {
    expect(judge(small(5), 6)).toBe(0);
    expect(judge(small(6), 6)).toBe(6);
    expect(judge(small(20), 100)).toBe(0);
    expect(judge(small(21), 100)).toBe(21);
  });

  it('does not count what is gone already', () => {
    expect(judge(small(50), 6, false)).toBe(0);
  });

  it('lets confirmed plans and releases pass, and does not count them', () => {
    const planned: Tombstone[] = small(50).map(t => ({
      ...t,
      key: `p${t.key}`,
      reason: { type: 'plan', hash: 'h' },
    }));
    expect(judge([...planned, ...small(5)], 60)).toBe(0);
  });
});

describe('a manifest of the hub', () => {
  const stock = serviceEntry('stock');
  const prepare = (manifest: object, over = {}) =>
    prepareManifest(
      { ...stock, manifest: { ...stock.manifest, ...manifest }, ...over },
      'c1',
    );

  it('gets our labels and the hash of what it asks for', () => {
    const prepared = prepareManifest(stock, 'c1');
    expect(prepared).toMatchObject({
      ok: true,
      object: {
        metadata: {
          labels: {
            'app.kubernetes.io/managed-by': 'isthmus',
            'gns.isthmus.dev/gns': 'shop',
            'gns.isthmus.dev/cluster': 'c1',
          },
          annotations: { 'gns.isthmus.dev/applied-hash': expect.any(String) },
        },
      },
    });
  });

  it.each([
    ['another kind', { kind: 'Secret' }],
    ['another version', { apiVersion: 'networking.istio.io/v1alpha3' }],
    ['another name than its key', { metadata: { name: 'x', namespace: 'y' } }],
    ['no namespace', { metadata: { name: 'stock' } }],
    [
      'a finalizer',
      { metadata: { ...stock.manifest.metadata, finalizers: ['x'] } },
    ],
    [
      'an owner',
      { metadata: { ...stock.manifest.metadata, ownerReferences: [] } },
    ],
    ['a status', { status: {} }],
    [
      'the label of another global namespace',
      {
        metadata: {
          ...stock.manifest.metadata,
          labels: { 'gns.isthmus.dev/gns': 'bank' },
        },
      },
    ],
  ])('is refused with %s', (_, manifest) => {
    expect(prepare(manifest)).toMatchObject({ ok: false });
  });

  it('is refused with a name that leaves its path', () => {
    const manifest = {
      ...stock.manifest,
      metadata: { name: '../../secrets/x', namespace: 'a' },
    };
    const key = 'networking.istio.io/v1/ServiceEntry/a/../../secrets/x';
    expect(prepareManifest({ ...stock, key, manifest }, 'c1')).toMatchObject({
      ok: false,
    });
  });
});

describe('a live object', () => {
  const wanted: KubeObject = {
    metadata: { name: 'x', labels: { a: '1' } },
    spec: { hosts: ['h'], tls: { mode: 'X' }, empty: {}, ports: [{ n: 1 }] },
  };
  const live = (spec: object, labels = { a: '1', b: '2' }): KubeObject => ({
    metadata: { name: 'x', labels },
    spec,
  });
  const good = { hosts: ['h'], tls: { mode: 'X' }, ports: [{ n: 1 }] };

  it('matches with fields that others or the server added', () => {
    const more = {
      ...good,
      tls: { mode: 'X', sni: 's' },
      ports: [{ n: 1, protocol: 'TCP' }],
    };
    expect(liveMatches(wanted, live(more))).toBe(true);
    expect(foreignFields(wanted, live({ ...more, exportTo: [] }))).toEqual([
      'spec.tls.sni',
      'spec.exportTo',
    ]);
  });

  it.each([
    ['a changed field', { ...good, tls: { mode: 'Y' } }],
    ['a missing field', { hosts: ['h'], ports: [{ n: 1 }] }],
    ['a longer list', { ...good, hosts: ['h', 'i'] }],
    ['a changed element', { ...good, ports: [{ n: 2 }] }],
  ])('does not match with %s', (_, spec) => {
    expect(liveMatches(wanted, live(spec))).toBe(false);
  });

  it('does not match without our labels', () => {
    expect(liveMatches(wanted, live(good, { a: '2', b: '' }))).toBe(false);
  });

  const labels = {
    'app.kubernetes.io/managed-by': 'isthmus',
    'gns.isthmus.dev/gns': 'shop',
    'gns.isthmus.dev/cluster': 'c1',
  };
  const managedFields = [{ manager: 'isthmus', operation: 'Apply' }];
  const object = (metadata: object): KubeObject => ({
    metadata: { name: 'x', labels, managedFields, ...metadata },
  });

  it('is ours only when our own apply made it for this cluster', () => {
    expect(mayDelete('c1', object({}))).toBe(true);
    expect(mayDelete('c2', object({}))).toBe(false);
    expect(mayDelete('c1', object({ managedFields: undefined }))).toBe(false);
    expect(
      mayDelete(
        'c1',
        object({
          managedFields: [{ manager: 'isthmus', operation: 'Update' }],
        }),
      ),
    ).toBe(false);
  });

  it('that lost a label is repaired but not deleted', () => {
    const bare = object({ labels: { 'gns.isthmus.dev/cluster': 'c1' } });
    expect(mayRepair('c1', bare)).toBe(true);
    expect(mayDelete('c1', bare)).toBe(false);
  });
});

describe('pauses', () => {
  it.each([
    [['shop'], [], 'shop', true],
    [['shop'], [], 'bank', false],
    [['*'], [], 'bank', true],
    [[], ['true'], 'bank', true],
    [[], ['false'], 'bank', false],
    [[], [''], 'bank', false],
    [[], ['shop, bank'], 'bank', true],
    [[], ['shop', 'bank'], 'bank', true],
  ])('of the hub %j and annotations %j pause %s: %s', (hub, local, gns, is) => {
    expect(new Pauses(hub, local).isPaused(gns)).toBe(is);
  });
});
