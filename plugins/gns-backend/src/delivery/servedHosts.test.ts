import { servedHosts } from './servedHosts';
import type { Acknowledgment, ClusterDelivery, WantedObject } from './types';

const wanted = new Map<string, WantedObject>(
  ['local', 'gateway'].map(key => [
    key,
    { key, gns: 'shop', manifest: '{}', hash: key, role: 'server', hosts: [] },
  ]),
);
const serving = new Map([['a.shop', ['local', 'gateway']]]);
const delivery = (
  over: { hash?: string; served?: string[]; changedN?: number } = {},
): ClusterDelivery => ({
  n: 3,
  objects: new Map(
    [...wanted.values()].map(o => [
      o.key,
      { ...o, hash: over.hash ?? o.hash, changedN: over.changedN ?? 3 },
    ]),
  ),
  tombstones: new Map(),
  settings: '',
  served: new Set(over.served),
});
const acked = (appliedN: number, ...troubled: string[]): Acknowledgment => ({
  appliedN,
  troubled: new Set(troubled),
});
const served = (
  d: ClusterDelivery,
  a: Acknowledgment | undefined,
  s: ReadonlyMap<string, readonly string[]> = serving,
) => [...servedHosts(d, s, wanted, a)];

describe('hosts that are served', () => {
  it('a host is served once all its objects are acknowledged', () => {
    expect(served(delivery(), undefined)).toEqual([]);
    expect(served(delivery(), acked(2))).toEqual([]);
    expect(served(delivery(), acked(3))).toEqual(['a.shop']);
  });

  it('not while one of them failed, or an older version was acknowledged', () => {
    expect(served(delivery(), acked(3, 'gateway'))).toEqual([]);
    expect(served(delivery({ hash: 'older' }), acked(3))).toEqual([]);
  });

  it('an update on its way does not take the endpoint from callers', () => {
    expect(
      served(delivery({ hash: 'older', served: ['a.shop'] }), acked(1)),
    ).toEqual(['a.shop']);
  });

  it('end when composition no longer lets the cluster serve it', () => {
    expect(
      served(delivery({ served: ['a.shop'] }), acked(3), new Map()),
    ).toEqual([]);
  });
});
