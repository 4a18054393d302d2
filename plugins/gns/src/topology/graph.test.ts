import { type TopologyEdge } from '@isthmus/plugin-gns-common';
import { shopTopology } from '../../dev/fixtures';
import { buildGraph, neighbourhood, reachableFrom, worse } from './graph';

const CATALOG_A = 'service:cloud-a/shop-api/catalog';

describe('buildGraph', () => {
  const graph = buildGraph(shopTopology);

  it('groups clusters, namespaces and services by name', () => {
    expect(graph.clusters.map(one => one.node.label)).toEqual([
      'cloud-a',
      'cloud-b',
      'edge-1',
    ]);
    expect(graph.clusters[0].namespaces.map(one => one.node.label)).toEqual([
      'shop-api',
      'shop-web',
    ]);
    expect(
      graph.clusters[0].namespaces[0].services.map(one => one.label),
    ).toEqual(['cart', 'catalog', 'checkout', 'orders']);
  });

  it('bundles all routes between two clusters, with the worst health', () => {
    expect(graph.bundles.map(one => one.between)).toEqual([
      ['cloud-a', 'cloud-b'],
      ['cloud-a', 'edge-1'],
      ['cloud-b', 'edge-1'],
    ]);
    const [first] = graph.bundles;
    expect(first.there).toHaveLength(8);
    expect(first.back).toHaveLength(6);
    expect(first.health).toBe('healthy');
    // The controller of cloud-b cannot open a connection to edge-1.
    expect(graph.bundles[2].health).toBe('failing');
    // tills waits for approval: no gateway lets it in.
    expect(graph.bundles[2].there).toEqual(['catalog', 'inventory']);
  });

  it('leaves out an edge whose end does not exist', () => {
    const edge: TopologyEdge = {
      id: 'x',
      source: CATALOG_A,
      target: 'service:gone',
      kind: 'sameService',
      health: 'healthy',
    };
    expect(buildGraph({ ...shopTopology, edges: [edge] }).edges).toEqual([]);
  });

  it('makes a box for a service whose cluster and namespace are not listed', () => {
    const alone = shopTopology.nodes.filter(node => node.id === CATALOG_A);
    const { clusters } = buildGraph({ nodes: alone, edges: [] });
    expect(clusters).toHaveLength(1);
    expect(clusters[0].node).toMatchObject({
      label: 'cloud-a',
      health: 'unknown',
    });
    expect(clusters[0].namespaces[0].services).toEqual(alone);
  });
});

describe('reachableFrom', () => {
  it('names the other clusters that can call a service', () => {
    expect(reachableFrom(buildGraph(shopTopology)).get(CATALOG_A)).toEqual([
      'cloud-b',
      'edge-1',
    ]);
  });
});

describe('neighbourhood', () => {
  it('keeps one service, its boxes, and nothing of other services', () => {
    const { nodes, edges } = neighbourhood(shopTopology, 'checkout');
    expect(
      nodes.filter(node => node.kind === 'service').map(node => node.id),
    ).toEqual([
      'service:cloud-a/shop-api/checkout',
      'service:cloud-b/shop-backend/checkout',
    ]);
    expect(nodes.map(node => node.id)).toContain('namespace:cloud-a/shop-api');
    expect(nodes.map(node => node.id)).not.toContain(
      'namespace:cloud-b/shop-data',
    );
    // Two entrances, four routes to their gateways, one link between them.
    expect(edges).toHaveLength(7);
  });

  it('of an unknown service is empty', () => {
    expect(neighbourhood(shopTopology, 'nobody')).toEqual({
      nodes: [],
      edges: [],
    });
  });
});

describe('worse', () => {
  it('takes unknown for worse than healthy and better than degraded', () => {
    expect(worse('healthy', 'unknown')).toBe('unknown');
    expect(worse('unknown', 'degraded')).toBe('degraded');
    expect(worse('failing', 'degraded')).toBe('failing');
  });
});
