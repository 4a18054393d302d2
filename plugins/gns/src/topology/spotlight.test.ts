import { shopTopology } from '../../dev/fixtures';
import { buildGraph } from './graph';
import { spotlight } from './spotlight';

const graph = buildGraph(shopTopology);
const CHECKOUT_B = 'service:cloud-b/shop-backend/checkout';

describe('spotlight', () => {
  const light = spotlight(graph, CHECKOUT_B);

  it('lights the arcs of the callers only', () => {
    expect([...light.bundles]).toEqual([
      'bundle:["cloud-a","cloud-b"]',
      'bundle:["cloud-b","edge-1"]',
    ]);
  });

  it('leads from the gateway of its cluster to the service', () => {
    expect(light.lines.filter(line => line.type === 'inside')).toMatchObject([
      { source: 'gateway:cloud-b/istio-system/eastwest', target: CHECKOUT_B },
    ]);
  });

  it('connects the clusters that serve the same host', () => {
    expect(light.lines.filter(line => line.type === 'same')).toHaveLength(1);
    expect(light.boxes).toContain('service:cloud-a/shop-api/checkout');
  });

  it('leaves other services dark', () => {
    expect(light.boxes).not.toContain('service:cloud-b/shop-backend/search');
  });
});
