import { topologySchema, type Coverage } from '@isthmus/plugin-gns-common';
import { acceptedMembers, compose } from './compose';
import { healthOf } from './health';
import {
  clusterOf,
  gnsOf,
  inputOf,
  servedBy,
  workloadOf,
} from './testFixtures';
import { topologyOf } from './topologyOf';
import type { ClusterView } from './types';

const gns = gnsOf('shop', { members: [{ namespaces: { names: ['shop'] } }] });
const reachable = (cluster: string, address: string, ok = true) => ({
  cluster,
  address,
  port: 15443,
  reachable: ok,
  since: '2026-01-01T00:00:00Z',
  checkedAt: '2026-01-01T00:00:00Z',
});
const a = clusterOf('a', 1, ['shop/web', 'shop/db'], {
  reachability: [reachable('b', '10.0.2.1')],
});
const b = clusterOf('b', 2, ['shop/web'], {
  reachability: [reachable('a', '10.0.1.1', false)],
});
const coverageOf = (state: Coverage['state']): Coverage[] => [
  { cluster: 'a', state: 'ok', simulated: false },
  { cluster: 'b', state, simulated: false },
];

function drawn(clusters: ClusterView[], coverage: Coverage[]) {
  const first = compose(inputOf([gns], clusters));
  const result = compose(
    inputOf([gns], clusters, {
      served: servedBy(first),
      acceptedMembers: acceptedMembers(first),
    }),
  );
  const composed = result.globalNamespaces.get('shop')!;
  const topology = topologyOf({
    gns: composed,
    result,
    clusters,
    coverage,
    generatedAt: '2026-01-01T00:00:00Z',
  });
  topologySchema.parse(topology);
  return {
    topology,
    health: new Map(topology.nodes.map(n => [n.id, n.health])),
    overall: healthOf(composed, coverage),
  };
}

describe('topologyOf', () => {
  it('has clusters, namespaces, services and gateways in their boxes', () => {
    const { topology } = drawn([a, b], coverageOf('ok'));
    expect(topology.nodes.map(n => [n.id, n.parent])).toEqual([
      ['cluster/a', undefined],
      ['cluster/b', undefined],
      ['namespace/a/shop', 'cluster/a'],
      ['namespace/b/shop', 'cluster/b'],
      ['service/a/shop/db', 'namespace/a/shop'],
      ['service/a/shop/web', 'namespace/a/shop'],
      ['service/b/shop/web', 'namespace/b/shop'],
      ['gateway/a/istio-gw/eastwest', 'cluster/a'],
      ['gateway/b/istio-gw/eastwest', 'cluster/b'],
    ]);
  });

  it('routes from a calling cluster over the gateway to the service', () => {
    const { topology } = drawn([a, b], coverageOf('ok'));
    expect(
      topology.edges.map(e => [e.kind, e.source, e.target, e.health, e.label]),
    ).toEqual([
      [
        'route',
        'cluster/a',
        'gateway/b/istio-gw/eastwest',
        'healthy',
        '1 host',
      ],
      [
        'route',
        'cluster/b',
        'gateway/a/istio-gw/eastwest',
        'failing',
        '2 hosts',
      ],
      [
        'route',
        'gateway/a/istio-gw/eastwest',
        'service/a/shop/db',
        'healthy',
        'db.shop.gns.example',
      ],
      [
        'route',
        'gateway/a/istio-gw/eastwest',
        'service/a/shop/web',
        'healthy',
        'web.shop.gns.example',
      ],
      [
        'route',
        'gateway/b/istio-gw/eastwest',
        'service/b/shop/web',
        'healthy',
        'web.shop.gns.example',
      ],
      [
        'sameService',
        'service/a/shop/web',
        'service/b/shop/web',
        'healthy',
        'web.shop.gns.example',
      ],
    ]);
  });

  it('every edge ends at nodes', () => {
    const { topology, health } = drawn([a, b], coverageOf('ok'));
    for (const edge of topology.edges) {
      expect(health.has(edge.source) && health.has(edge.target)).toBe(true);
    }
  });

  it.each(['stale', 'timeout', 'unauthorized', 'unreachable'] as const)(
    'nothing of a cluster that is %s is healthy',
    state => {
      const { topology, overall } = drawn([a, b], coverageOf(state));
      expect(
        topology.nodes.filter(n => n.cluster === 'b').map(n => n.health),
      ).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
      expect(overall).not.toBe('healthy');
    },
  );

  it('workloads that were never reported have no count, not zero', () => {
    const blind = clusterOf('b', 2, ['shop/web'], {
      inventory: {
        workloads: [],
        marks: { ...b.inventory.marks, workloads: 'never' },
      },
    });
    const { topology } = drawn([a, blind], coverageOf('ok'));
    expect(
      topology.nodes.find(n => n.id === 'service/b/shop/web'),
    ).toMatchObject({ ready: null, total: null, health: 'unknown' });
  });

  it('a service without ready pods is failing, and so is its box', () => {
    const ill: ClusterView = {
      ...b,
      inventory: {
        ...b.inventory,
        workloads: [
          workloadOf('shop', 'web', 0, {
            pods: { total: 2, ready: 0, readyMtls: 0, awaitingRestart: 0 },
          }),
        ],
      },
    };
    const { health, overall } = drawn(
      [a, { ...ill, reachability: [] }],
      coverageOf('ok'),
    );
    expect(health.get('service/b/shop/web')).toBe('failing');
    expect(health.get('cluster/b')).toBe('failing');
    expect(overall).toBe('degraded');
  });
});

describe('healthOf', () => {
  it('is healthy only when all is known and fine', () => {
    const fine = { ...b, reachability: [reachable('a', '10.0.1.1')] };
    expect(drawn([a, fine], coverageOf('ok')).overall).toBe('healthy');
  });

  it('is unknown while nobody has joined', () => {
    const empty = compose(inputOf([gns], [])).globalNamespaces.get('shop')!;
    expect(healthOf(empty, [])).toBe('unknown');
  });

  it('is failing when a host has nobody to answer it', () => {
    const dead: ClusterView = {
      ...a,
      inventory: { ...a.inventory, workloads: [] },
    };
    expect(
      drawn([dead, { ...b, reachability: [] }], coverageOf('ok')).overall,
    ).toBe('failing');
  });
});
