import { acceptedMembers, compose } from './compose';
import {
  clusterOf,
  gnsOf,
  inputOf,
  objectNames,
  servedBy,
  specOf,
} from './testFixtures';

const shop = gnsOf('shop', {
  members: [{ namespaces: { names: ['shop-web', 'shop-api'] } }],
});
const east = clusterOf('east', 1, ['shop-web/web']);
const west = clusterOf('west', 2, ['shop-api/stock']);
const addresses = new Map([
  ['web.shop.gns.example', '10.255.0.1'],
  ['stock.shop.gns.example', '10.255.0.2'],
]);

describe('compose', () => {
  const first = compose(inputOf([shop], [east, west], { addresses }));
  const second = compose(
    inputOf([shop], [east, west], {
      addresses,
      served: servedBy(first),
      acceptedMembers: acceptedMembers(first),
    }),
  );

  it('renders servers first: no endpoint before its cluster serves', () => {
    expect(objectNames(first, 'id-east')).toEqual([
      expect.stringMatching(/^Gateway\/istio-gw\/gns-shop-[0-9a-f]{8}$/),
      'ProxyConfig/shop-web/gns-shop',
      'PeerAuthentication/shop-web/gns-shop',
      'AuthorizationPolicy/shop-web/gns-shop',
      'ServiceEntry/shop-web/gns-shop-web-local',
    ]);
    expect([...first.clusters.get('id-west')!.servingObjects]).toEqual([
      [
        'stock.shop.gns.example',
        [
          'networking.istio.io/v1/ServiceEntry/shop-api/gns-shop-stock-local',
          expect.stringMatching(
            /^networking.istio.io\/v1\/Gateway\/istio-gw\//,
          ),
        ],
      ],
    ]);
  });

  it('publishes the gateway of the serving cluster under the global host', () => {
    expect(
      specOf(
        second,
        'id-east',
        'ServiceEntry',
        'shop-web',
        'gns-shop-stock-remote',
      ),
    ).toEqual({
      hosts: ['stock.shop.gns.example'],
      addresses: ['10.255.0.2'],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      subjectAltNames: ['spiffe://cluster.local/ns/shop-api/sa/stock'],
      exportTo: ['istio-gw', 'shop-web'],
      endpoints: [
        {
          address: '10.0.2.1',
          ports: { http: 15443 },
          labels: {
            'security.istio.io/tlsMode': 'istio',
            'gns.isthmus.dev/remote-cluster': 'west',
          },
          network: 'net2',
          locality: 'eu/a',
          weight: 2,
        },
      ],
    });
  });

  it('lets the pods of the serving cluster be found by their own selector', () => {
    expect(
      specOf(
        first,
        'id-west',
        'ServiceEntry',
        'shop-api',
        'gns-shop-stock-local',
      ),
    ).toEqual({
      hosts: ['stock.shop.gns.example'],
      addresses: ['10.255.0.2'],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }],
      subjectAltNames: ['spiffe://cluster.local/ns/shop-api/sa/stock'],
      exportTo: ['istio-gw', 'shop-api'],
      workloadSelector: { labels: { app: 'stock' } },
    });
  });

  it('admits members of every cluster, and nobody else', () => {
    expect(
      specOf(first, 'id-west', 'AuthorizationPolicy', 'shop-api', 'gns-shop'),
    ).toEqual({
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: {
                principals: [
                  'cluster.local/ns/shop-api/*',
                  'cluster.local/ns/shop-web/*',
                ],
              },
            },
          ],
        },
      ],
    });
  });

  it('labels every object with its owner', () => {
    for (const [id, cluster] of second.clusters) {
      expect(cluster.objects.size).toBeGreaterThan(0);
      for (const [key, object] of cluster.objects) {
        expect(object.key).toBe(key);
        expect(object.manifest.metadata.labels).toEqual({
          'app.kubernetes.io/managed-by': 'isthmus',
          'gns.isthmus.dev/gns': 'shop',
          'gns.isthmus.dev/cluster': id,
        });
      }
    }
  });

  it('probes the gateways of the other members', () => {
    expect(second.clusters.get('id-east')!.probes).toEqual([
      { cluster: 'west', address: '10.0.2.1', port: 15443 },
    ]);
  });

  it('has nothing to complain about on the happy path', () => {
    const { conditions, services } = second.globalNamespaces.get('shop')!;
    expect(conditions).toEqual([]);
    expect(services.flatMap(s => s.conditions)).toEqual([]);
  });

  it('lists hosts that want an address', () => {
    expect(compose(inputOf([shop], [east, west])).addressesWanted).toEqual([
      'stock.shop.gns.example',
      'web.shop.gns.example',
    ]);
  });
});
