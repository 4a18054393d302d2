import { LABEL_SIMULATED } from '@isthmus/plugin-gns-common';
import { acceptedMembers, compose } from './compose';
import {
  clusterOf,
  gatewayOf,
  gnsOf,
  inputOf,
  meshOf,
  objectNames,
  portOf,
  servedBy,
  serviceOf,
  specOf,
  workloadOf,
} from './testFixtures';
import { servingKey, type ClusterView, type CompositionInput } from './types';

const gns = gnsOf('shop', { members: [{ namespaces: { names: ['shop'] } }] });
const HOST = 'web.shop.gns.example';

/** Composes until every cluster has acknowledged what it serves. */
function settled(
  clusters: readonly ClusterView[],
  more: Partial<CompositionInput> = {},
  definition = gns,
) {
  const first = compose(inputOf([definition], clusters, more));
  return compose(
    inputOf([definition], clusters, {
      served: servedBy(first),
      acceptedMembers: acceptedMembers(first),
      ...more,
    }),
  );
}

type Endpoint = {
  address: string;
  weight: number;
  network: string;
  locality?: string;
  ports: Record<string, number>;
};

function endpointsSeen(
  result: ReturnType<typeof compose>,
  caller: string,
  name = 'gns-shop-web-remote',
): Endpoint[] {
  return (
    (specOf(result, `id-${caller}`, 'ServiceEntry', 'shop', name)
      ?.endpoints as Endpoint[]) ?? []
  );
}

const addressesSeen = (result: ReturnType<typeof compose>, caller: string) =>
  endpointsSeen(result, caller).map(e => e.address);

const reasons = (result: ReturnType<typeof compose>) => {
  const shop = result.globalNamespaces.get('shop')!;
  return [...shop.conditions, ...shop.services.flatMap(s => s.conditions)].map(
    c => `${c.cluster ?? '*'} ${c.reason}`,
  );
};

describe('a host in two clusters', () => {
  const a = clusterOf('a', 1, ['shop/web']);
  const b = clusterOf('b', 2, ['shop/web']);

  it('has a local and a remote entry of one namespace with equal host, SANs and exportTo', () => {
    const result = settled([a, b]);
    const local = specOf(
      result,
      'id-a',
      'ServiceEntry',
      'shop',
      'gns-shop-web-local',
    )!;
    const remote = specOf(
      result,
      'id-a',
      'ServiceEntry',
      'shop',
      'gns-shop-web-remote',
    )!;
    for (const field of ['hosts', 'subjectAltNames', 'exportTo', 'location']) {
      expect(remote[field]).toEqual(local[field]);
    }
    expect(addressesSeen(result, 'a')).toEqual(['10.0.2.1']);
    expect(addressesSeen(result, 'b')).toEqual(['10.0.1.1']);
  });

  it('prefers local endpoints by a label that only remote ones carry', () => {
    expect(
      specOf(
        settled([a, b]),
        'id-a',
        'DestinationRule',
        'shop',
        'gns-shop-web',
      ),
    ).toMatchObject({
      host: HOST,
      exportTo: ['istio-gw', 'shop'],
      trafficPolicy: {
        loadBalancer: {
          localityLbSetting: {
            failoverPriority: ['gns.isthmus.dev/remote-cluster'],
          },
        },
        outlierDetection: { maxEjectionPercent: 100, consecutive5xxErrors: 0 },
      },
    });
  });

  it('publishes nobody who has not acknowledged', () => {
    const result = compose(
      inputOf([gns], [a, b], {
        served: new Set([servingKey('id-b', HOST)]),
        acceptedMembers: acceptedMembers(compose(inputOf([gns], [a, b]))),
      }),
    );
    expect(addressesSeen(result, 'a')).toEqual(['10.0.2.1']);
    expect(addressesSeen(result, 'b')).toEqual([]);
    expect(objectNames(result, 'id-b').join()).not.toContain('DestinationRule');
  });

  it('a caller without the service has the entry in its first member namespace', () => {
    const both = gnsOf('shop', {
      members: [{ namespaces: { names: ['shop', 'alpha'] } }],
    });
    const caller = clusterOf('c', 3, ['shop/cart', 'alpha/x']);
    const result = settled([a, caller], {}, both);
    expect(objectNames(result, 'id-c')).toContain(
      'ServiceEntry/alpha/gns-shop-web-remote',
    );
  });

  it('leaves out a cluster without ready mTLS pods, and says so when none is left', () => {
    const dead: ClusterView = {
      ...b,
      inventory: {
        ...b.inventory,
        workloads: [
          workloadOf('shop', 'web', 0, {
            pods: { total: 2, ready: 2, readyMtls: 0, awaitingRestart: 0 },
          }),
        ],
      },
    };
    expect(addressesSeen(settled([a, dead]), 'a')).toEqual([]);
    expect(addressesSeen(settled([a, dead]), 'b')).toEqual(['10.0.1.1']);
    expect(reasons(settled([dead]))).toContain('* NoEndpoints');
  });

  it('keeps the local entry of a service that is scaled to zero', () => {
    const served = servedBy(compose(inputOf([gns], [a, b])));
    const scaled: ClusterView = {
      ...a,
      inventory: { ...a.inventory, workloads: [] },
    };
    expect(
      objectNames(compose(inputOf([gns], [scaled, b], { served })), 'id-a'),
    ).toEqual(
      expect.arrayContaining([
        'ServiceEntry/shop/gns-shop-web-local',
        'ServiceEntry/shop/gns-shop-web-remote',
      ]),
    );
  });
});

describe('endpoints are rendered only where a call can succeed', () => {
  const a = clusterOf('a', 1, ['shop/web']);

  it.each([
    [
      'without a common root',
      { mesh: meshOf('net2', { rootHashes: ['b'.repeat(64)] }) },
      ['a NoSharedRoot', 'b NoSharedRoot'],
    ],
    [
      'of an unknown root',
      { mesh: meshOf('net2', { rootHashes: [] }) },
      ['b RootUnknown'],
    ],
    [
      'in the same network',
      { mesh: meshOf('net1'), gateways: [gatewayOf('net1', '10.0.2.1')] },
      ['a DuplicateNetwork', 'b DuplicateNetwork'],
    ],
    [
      'whose gateway could loop',
      { gateways: [gatewayOf('net2', '10.0.2.1', { networkView: undefined })] },
      ['b ViewsOtherNetworks'],
    ],
    [
      'whose gateway has no network',
      { gateways: [gatewayOf('', '10.0.2.1')] },
      ['b NetworkUnset'],
    ],
    [
      'whose gateway is not ready',
      { gateways: [gatewayOf('net2', '10.0.2.1', { ready: false })] },
      ['b GatewayNotReady'],
    ],
    ['without a gateway', { gateways: [] }, ['b NoGateway']],
    [
      'whose gateway has no address',
      { gateways: [gatewayOf('net2', '', { addresses: [] })] },
      ['b NoAddress'],
    ],
    [
      'whose gateway claims an address that leads nowhere',
      { gateways: [gatewayOf('net2', '169.254.169.254')] },
      ['b AddressLeadsNowhere'],
    ],
  ])('none to a cluster %s', (_, inventory, expected) => {
    const result = settled([a, clusterOf('b', 2, ['shop/web'], { inventory })]);
    expect(addressesSeen(result, 'a')).toEqual([]);
    expect(reasons(result)).toEqual(expected);
  });

  it('simulated clusters may meet on the loopback of their host', () => {
    const b = clusterOf('b', 2, ['shop/web'], {
      labels: { [LABEL_SIMULATED]: 'true' },
      inventory: { gateways: [gatewayOf('net2', '127.0.0.1')] },
    });
    expect(addressesSeen(settled([a, b]), 'a')).toEqual(['127.0.0.1']);
  });

  it('two clusters that claim one gateway address are told so', () => {
    const b = clusterOf('b', 2, ['shop/web'], {
      inventory: { gateways: [gatewayOf('net2', '10.0.1.1')] },
    });
    expect(reasons(settled([a, b]))).toEqual([
      'a AddressClaimedTwice',
      'b AddressClaimedTwice',
    ]);
  });

  it('none while the trust domain of the server is unknown', () => {
    const b = clusterOf('b', 2, ['shop/web'], {
      inventory: { mesh: undefined },
    });
    expect(addressesSeen(settled([a, b]), 'a')).toEqual([]);
  });

  it('an unreachable gateway stays published, with a condition since when', () => {
    const caller = clusterOf('a', 1, ['shop/web'], {
      reachability: [
        {
          cluster: 'b',
          address: '10.0.2.1',
          port: 15443,
          reachable: false,
          since: '2026-01-01T00:00:00Z',
          checkedAt: '2026-01-02T00:00:00Z',
        },
      ],
    });
    const result = settled([caller, clusterOf('b', 2, ['shop/web'])]);
    expect(addressesSeen(result, 'a')).toEqual(['10.0.2.1']);
    expect(result.globalNamespaces.get('shop')!.conditions).toEqual([
      expect.objectContaining({
        type: 'GatewayReachable',
        cluster: 'a',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      }),
    ]);
  });
});

describe('weights and the choice of clusters', () => {
  const sized = (name: string, index: number, pods: number, region = 'eu') =>
    clusterOf(name, index, [], {
      inventory: {
        mesh: meshOf(`net${index}`, { localities: [`${region}/z`] }),
        namespaces: [{ name: 'shop', labels: {}, injection: 'sidecar' }],
        services: [serviceOf('shop', 'web')],
        workloads: [workloadOf('shop', 'web', pods)],
      },
    });
  const caller = clusterOf('caller', 9, ['shop/cart']);

  it('no cluster takes more than its share, whatever it claims', () => {
    const result = settled([
      caller,
      sized('honest', 1, 10),
      sized('greedy', 2, 100_000),
    ]);
    expect(
      endpointsSeen(result, 'caller').map(e => [e.address, e.weight]),
    ).toEqual([
      ['10.0.2.1', 40],
      ['10.0.1.1', 10],
    ]);
  });

  it('small changes keep the published weight, large ones do not', () => {
    const clusters = (pods: number) => [
      caller,
      sized('one', 1, 10),
      sized('two', 2, pods),
    ];
    const published = settled(clusters(10)).weights;
    const weightOf = (pods: number) =>
      endpointsSeen(
        settled(clusters(pods), { weights: published }),
        'caller',
      ).map(e => e.weight);
    expect(weightOf(11)).toEqual([10, 10]);
    expect(weightOf(12)).toEqual([10, 12]);
    expect(weightOf(9)).toEqual([10, 10]);
    expect(weightOf(0)).toEqual([10]);
  });

  it('keeps the nearest clusters: region, then latency, then name', () => {
    const reachability = (
      [
        ['far-fast', '10.0.3.1', 2],
        ['far-slow', '10.0.4.1', 90],
      ] as const
    ).map(([cluster, address, latencyMs]) => ({
      cluster,
      address,
      port: 15443,
      reachable: true,
      since: '2026-01-01T00:00:00Z',
      checkedAt: '2026-01-01T00:00:00Z',
      latencyMs,
    }));
    const clusters = [
      { ...caller, reachability },
      sized('near-1', 1, 1),
      sized('near-2', 2, 1),
      sized('far-fast', 3, 1, 'us'),
      sized('far-slow', 4, 1, 'us'),
    ];
    const nearest = (nearestClusters: number) =>
      addressesSeen(
        settled(clusters, { options: { nearestClusters, maxClusterShare: 1 } }),
        'caller',
      ).sort();
    expect(nearest(2)).toEqual(['10.0.1.1', '10.0.2.1']);
    expect(nearest(3)).toEqual(['10.0.1.1', '10.0.2.1', '10.0.3.1']);
  });

  it('splits the weight of a cluster among the addresses of its gateways', () => {
    const many = sized('many', 1, 8);
    const gateways = [
      gatewayOf('net1', '', {
        port: 31443,
        addresses: [{ ip: '10.0.1.1' }, { hostname: 'lb.example.net' }],
      }),
    ];
    const result = settled([
      caller,
      { ...many, inventory: { ...many.inventory, gateways } },
    ]);
    expect(
      endpointsSeen(result, 'caller').map(e => [e.address, e.weight, e.ports]),
    ).toEqual([
      ['10.0.1.1', 4, { http: 31443 }],
      ['lb.example.net', 4, { http: 31443 }],
    ]);
  });
});

describe('ports', () => {
  const withPorts = (
    name: string,
    index: number,
    ports: ReturnType<typeof portOf>[],
    namedPorts = {},
  ) =>
    clusterOf(name, index, [], {
      inventory: {
        namespaces: [{ name: 'shop', labels: {}, injection: 'sidecar' }],
        services: [serviceOf('shop', 'web', { ports })],
        workloads: [workloadOf('shop', 'web', 2, { namedPorts })],
      },
    });

  it('resolve named target ports through the workloads', () => {
    const result = settled([
      withPorts('a', 1, [portOf({ targetPort: 'web' })], { web: 9000 }),
    ]);
    expect(
      specOf(result, 'id-a', 'ServiceEntry', 'shop', 'gns-shop-web-local'),
    ).toMatchObject({ ports: [{ number: 80, targetPort: 9000 }] });
  });

  it('a cluster that disagrees serves its own pods only', () => {
    const result = settled([
      withPorts('a', 1, [portOf()]),
      withPorts('b', 2, [portOf()]),
      withPorts('c', 3, [portOf({ istioProtocol: 'TCP', name: 'tcp' })]),
    ]);
    expect(addressesSeen(result, 'a')).toEqual(['10.0.2.1']);
    expect(addressesSeen(result, 'c')).toEqual([]);
    expect(
      specOf(result, 'id-c', 'ServiceEntry', 'shop', 'gns-shop-web-local'),
    ).toMatchObject({ ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }] });
    expect(reasons(result)).toEqual(['c PortsDiffer']);
  });

  it('one port more in one cluster disturbs nobody', () => {
    const metrics = portOf({ name: 'http-metrics', number: 9090 });
    const result = settled([
      withPorts('a', 1, [portOf()]),
      withPorts('b', 2, [portOf(), metrics]),
    ]);
    expect(endpointsSeen(result, 'a').map(e => e.ports)).toEqual([
      { http: 15443 },
    ]);
    expect(reasons(result)).toEqual([]);
  });
});

describe('services that cannot be global', () => {
  it.each([
    ['headless', { headless: true }],
    ['ExternalName', { type: 'ExternalName' as const }],
    ['selectorless', { selector: undefined }],
  ])('%s ones are left out with a condition', (_, more) => {
    const a = clusterOf('a', 1, [], {
      inventory: {
        namespaces: [{ name: 'shop', labels: {}, injection: 'sidecar' }],
        services: [serviceOf('shop', 'web', more)],
        workloads: [workloadOf('shop', 'web')],
      },
    });
    const result = settled([a]);
    expect(objectNames(result, 'id-a').join()).not.toContain('ServiceEntry');
    expect(reasons(result)).toEqual(['a NotSupported']);
  });

  it('ambient namespaces serve and call nothing, and say so', () => {
    const a = clusterOf('a', 1, ['shop/web'], {
      inventory: {
        namespaces: [{ name: 'shop', labels: {}, injection: 'ambient' }],
      },
    });
    const result = settled([a, clusterOf('b', 2, ['shop/web'])]);
    expect(objectNames(result, 'id-a')).toEqual([]);
    expect(reasons(result)).toEqual(['a NotSupported']);
  });

  it('of two services under one name in a cluster, the first namespace keeps it', () => {
    const two = gnsOf('shop', {
      members: [{ namespaces: { names: ['shop', 'alpha'] } }],
    });
    const a = clusterOf('a', 1, ['shop/web', 'alpha/web']);
    const result = settled([a], {}, two);
    expect(
      objectNames(result, 'id-a').filter(n => n.includes('local')),
    ).toEqual(['ServiceEntry/alpha/gns-shop-web-local']);
    expect(reasons(result)).toEqual(['a HostConflict']);
    const renamed = gnsOf('shop', {
      members: [{ namespaces: { names: ['shop', 'alpha'] } }],
      hostnames: [{ namespace: 'shop', service: 'web', hostname: 'web-2' }],
    });
    expect(reasons(settled([a], {}, renamed))).toEqual([]);
  });
});
