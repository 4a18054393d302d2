import fc from 'fast-check';
import {
  gatewaySchema,
  namespaceSchema,
  serviceSchema,
  workloadSchema,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../kube/KubeApi';
import { istioProtocol } from './istioProtocol';
import { PodIndex } from './PodIndex';
import { readPod } from './readPod';
import { readService } from './readService';
import { readNamespace, readPolicy } from './records';
import { reduceGateways } from './reduceGateways';
import { readMeshConfig, rootHashesOf } from './reduceMesh';
import { injectionOf, reduceNamespaces } from './reduceNamespaces';
import { reduceServices } from './reduceServices';
import { reduceWorkloads } from './reduceWorkloads';

interface PodOptions {
  name?: string;
  labels?: Record<string, string>;
  owner?: { kind: string; name: string };
  env?: Record<string, string>;
  ready?: boolean;
  phase?: string;
  node?: string;
  native?: boolean;
  deleted?: boolean;
}

function pod(options: PodOptions = {}): KubeObject {
  const proxy = {
    name: 'istio-proxy',
    env: Object.entries(options.env ?? {}).map(([name, value]) => ({
      name,
      value,
    })),
  };
  const app = {
    name: 'app',
    ports: [{ name: 'http', containerPort: 8080 }],
  };
  return {
    metadata: {
      name: options.name ?? 'stock-5d4-x1',
      namespace: 'shop',
      labels: {
        app: 'stock',
        'pod-template-hash': '5d4',
        'security.istio.io/tlsMode': 'istio',
        ...options.labels,
      },
      ownerReferences: [
        {
          controller: true,
          ...(options.owner ?? { kind: 'ReplicaSet', name: 'stock-5d4' }),
        },
      ],
      ...(options.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      serviceAccountName: 'stock',
      nodeName: options.node ?? 'n1',
      containers: options.native ? [app] : [app, proxy],
      initContainers: options.native
        ? [
            {
              ...proxy,
              restartPolicy: 'Always',
              ports: [{ name: 'http-envoy-prom', containerPort: 15090 }],
            },
            { name: 'setup', ports: [{ name: 'once', containerPort: 9 }] },
          ]
        : [],
    },
    status: {
      phase: options.phase ?? 'Running',
      conditions: [
        { type: 'Ready', status: options.ready === false ? 'False' : 'True' },
      ],
    },
  };
}

function workloads(pods: KubeObject[], asks = false) {
  const index = new PodIndex();
  for (const object of pods) index.set(readPod(object)!);
  return reduceWorkloads({
    pods: index.all(),
    localityOf: node => ({ n1: 'eu/a', n2: 'eu/b' }[node] ?? ''),
    asksDnsCapture: () => asks,
  });
}

describe('workloads', () => {
  it('are pods counted by the Deployment that made them', () => {
    const found = workloads([
      pod(),
      pod({ name: 'p2', node: 'n2' }),
      pod({ name: 'p3', ready: false }),
      pod({
        name: 'p4',
        labels: { 'pod-template-hash': '9ab', version: '2' },
        owner: { kind: 'ReplicaSet', name: 'stock-9ab' },
      }),
    ]);
    expect(found).toEqual([
      {
        namespace: 'shop',
        name: 'stock',
        kind: 'Deployment',
        labels: { app: 'stock', 'security.istio.io/tlsMode': 'istio' },
        serviceAccount: 'stock',
        namedPorts: { http: 8080 },
        pods: { total: 4, ready: 3, readyMtls: 3, awaitingRestart: 0 },
        localities: { 'eu/a': 2, 'eu/b': 1 },
      },
    ]);
    expect(workloadSchema.safeParse(found[0]).success).toBe(true);
  });

  it('do not count pods that are finished, and not as ready those that end', () => {
    const found = workloads([
      pod({ phase: 'Succeeded' }),
      pod({ name: 'ending', deleted: true }),
    ]);
    expect(found[0].pods).toMatchObject({ total: 1, ready: 0 });
  });

  it('count a sidecar that is an init container too', () => {
    const [found] = workloads([pod({ native: true })]);
    expect(found.pods.readyMtls).toBe(1);
    expect(found.namedPorts).toEqual({ http: 8080, 'http-envoy-prom': 15090 });
  });

  it('tell the pods that wait for a restart to capture DNS', () => {
    const pods = [
      pod(),
      pod({ name: 'p2', env: { ISTIO_META_DNS_CAPTURE: 'true' } }),
    ];
    expect(workloads(pods, true)[0].pods.awaitingRestart).toBe(1);
    expect(workloads(pods, false)[0].pods.awaitingRestart).toBe(0);
  });

  it('keep the name of other owners, and of bare pods', () => {
    const names = workloads([
      pod({ owner: { kind: 'StatefulSet', name: 'db' } }),
      pod({ name: 'alone', owner: { kind: 'ReplicaSet', name: 'other' } }),
    ]).map(w => `${w.kind}/${w.name}`);
    expect(names).toEqual(['StatefulSet/db', 'ReplicaSet/other']);
  });
});

describe('services', () => {
  it.each([
    ['http', 80, undefined, 'HTTP'],
    ['http2-api', 80, undefined, 'HTTP2'],
    ['grpc-web', 80, undefined, 'GRPC-WEB'],
    ['web', 80, 'grpc', 'GRPC'],
    ['web', 80, 'kubernetes.io/h2c', 'HTTP2'],
    ['http', 80, 'example.com/own', 'HTTP'],
    ['', 3306, undefined, 'TCP'],
    ['', 8080, undefined, 'TCP'],
  ])(
    'with port name "%s" %d and appProtocol %s speak %s',
    (name, port, app, protocol) => {
      expect(
        istioProtocol({ name, port, protocol: 'TCP', appProtocol: app }),
      ).toBe(protocol);
    },
  );

  it('are headless, selectorless or external when they say so', () => {
    const read = (spec: object) =>
      reduceServices([
        readService({ metadata: { name: 's', namespace: 'n' }, spec })!,
      ])[0];
    expect(read({ clusterIP: 'None', selector: { a: 'b' } })).toMatchObject({
      headless: true,
      selector: { a: 'b' },
    });
    expect(read({ type: 'ExternalName', externalName: 'x' })).toMatchObject({
      type: 'ExternalName',
    });
    expect(read({ selector: {} })).not.toHaveProperty('selector');
  });
});

describe('namespaces', () => {
  it.each([
    [{ 'istio-injection': 'enabled' }, 'sidecar'],
    [{ 'istio.io/rev': 'canary' }, 'sidecar'],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }, 'none'],
    [{ 'istio.io/dataplane-mode': 'ambient' }, 'ambient'],
    [{}, 'none'],
  ])('with labels %j get their proxy by %s', (labels, injection) => {
    expect(injectionOf(labels as Record<string, string>)).toBe(injection);
  });

  it('take the oldest policy, else the mesh-wide one', () => {
    const policy = (
      namespace: string,
      name: string,
      mode: string,
      creationTimestamp: string,
      selector?: object,
    ) =>
      readPolicy({
        metadata: { name, namespace, creationTimestamp },
        spec: { mtls: { mode }, ...(selector ? { selector } : {}) },
      })!;
    const [a, b] = reduceNamespaces({
      namespaces: ['a', 'b'].map(name => readNamespace({ metadata: { name } })),
      peerAuthentications: [
        policy('a', 'young', 'STRICT', '2026-02-01T00:00:00Z'),
        policy('a', 'old', 'DISABLE', '2026-01-01T00:00:00Z'),
        policy('a', 'some', 'PERMISSIVE', '2020-01-01T00:00:00Z', {
          matchLabels: { app: 'x' },
        }),
        policy('b', 'unset', 'UNSET', '2026-01-01T00:00:00Z'),
        policy('istio-system', 'default', 'STRICT', '2026-01-01T00:00:00Z'),
      ],
      proxyConfigs: [],
      authorizationPolicies: undefined,
      sidecars: undefined,
      destinationRules: undefined,
      rootNamespace: 'istio-system',
    });
    expect(a.peerAuthentication).toMatchObject({
      name: 'old',
      mode: 'DISABLE',
    });
    expect(b.peerAuthentication).toMatchObject({
      name: 'default',
      namespace: 'istio-system',
      mode: 'STRICT',
    });
  });
});

describe('east-west gateways', () => {
  const gateway = (over: {
    metadata?: object;
    spec?: object;
    status?: object;
  }) =>
    readService({
      metadata: {
        name: 'eastwest',
        namespace: 'istio-system',
        labels: { 'topology.istio.io/network': 'net-1' },
        ...over.metadata,
      },
      spec: {
        selector: { istio: 'eastwestgateway' },
        ports: [{ name: 'tls', port: 15443, targetPort: 15443 }],
        ...over.spec,
      },
      status: over.status,
    })!;
  const reduce = (over: Parameters<typeof gateway>[0] = {}) =>
    reduceGateways({
      services: [gateway(over)],
      podsOf: () => [
        readPod(
          pod({
            labels: { istio: 'eastwestgateway' },
            env: { ISTIO_META_REQUESTED_NETWORK_VIEW: 'net-1' },
          }),
        )!,
      ],
      network: 'default-net',
    })[0];

  it('are found by selector, with network, port, readiness and network view', () => {
    const found = reduce({
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
    });
    expect(found).toEqual({
      namespace: 'istio-system',
      name: 'eastwest',
      selector: { istio: 'eastwestgateway' },
      network: 'net-1',
      addresses: [{ ip: '203.0.113.1' }],
      port: 15443,
      ready: true,
      networkView: 'net-1',
      serviceAccount: 'stock',
    });
    expect(gatewaySchema.safeParse(found).success).toBe(true);
  });

  it('are found by network label and port, whatever their selector', () => {
    expect(reduce({ spec: { selector: { app: 'mine' } } })).toBeDefined();
    expect(
      reduce({
        metadata: { labels: {} },
        spec: { selector: { app: 'mine' } },
      }),
    ).toBeUndefined();
  });

  it('take the address that an operator wrote, then the load balancer’s, then external ones', () => {
    const spec = { externalIPs: ['198.51.100.1'] };
    const status = {
      loadBalancer: { ingress: [{ hostname: 'LB.example' }] },
    };
    expect(reduce({ spec }).addresses).toEqual([{ ip: '198.51.100.1' }]);
    expect(reduce({ spec, status }).addresses).toEqual([
      { hostname: 'lb.example' },
    ]);
    const annotations = {
      'gns.isthmus.dev/gateway-address': '192.0.2.1, gw.example, -bad-',
    };
    const metadata = {
      labels: { 'topology.istio.io/network': 'n' },
      annotations,
    };
    expect(reduce({ metadata, spec, status }).addresses).toEqual([
      { ip: '192.0.2.1' },
      { hostname: 'gw.example' },
    ]);
    expect(reduce().addresses).toEqual([]);
  });
});

describe('the mesh’s own settings', () => {
  it('default as in Istio, also when the ConfigMap is no YAML', () => {
    const defaults = {
      trustDomain: 'cluster.local',
      rootNamespace: 'istio-system',
    };
    expect(readMeshConfig(undefined)).toEqual(defaults);
    expect(readMeshConfig('{ unclosed')).toEqual(defaults);
    expect(readMeshConfig('- a\n- b')).toEqual(defaults);
    expect(readMeshConfig('trustDomain: td\n').trustDomain).toBe('td');
  });

  it('leave out certificates that cannot be read', () => {
    expect(
      rootHashesOf(
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      ),
    ).toEqual([]);
    expect(rootHashesOf(undefined)).toEqual([]);
  });
});

describe('hostile objects', () => {
  const name = fc.string({ minLength: 1, maxLength: 300 });
  const junk = fc.object({
    key: fc.constantFrom(
      'metadata',
      'name',
      'namespace',
      'labels',
      'spec',
      'status',
      'ports',
      'port',
      'containers',
      'selector',
      'type',
      'phase',
      'conditions',
      'ownerReferences',
    ),
    maxDepth: 4,
  });

  it('never make a reader throw', () => {
    fc.assert(
      fc.property(junk, name, (object, text) => {
        const hostile = {
          ...object,
          metadata: { ...(object.metadata as object), name: text },
        } as unknown as KubeObject;
        // Labels and annotations are checked on the wire.
        delete hostile.metadata.labels;
        delete hostile.metadata.annotations;
        readPod(hostile);
        readPolicy(hostile);
        const service = readService(hostile);
        if (service) reduceServices([service]);
        readNamespace(hostile);
      }),
    );
  });

  it('tell of Sidecars of others in the order in which istiod takes them, and of what they leave out', () => {
    const sidecar = (
      called: string,
      createdAt: string,
      selector?: Record<string, string>,
    ) => ({
      namespace: 'n',
      createdAt,
      sidecar: {
        name: called,
        opaque: false,
        egress: [],
        ...(selector ? { selector } : {}),
      },
    });
    const reduce = (count: number) =>
      namespaceSchema.parse(
        reduceNamespaces({
          namespaces: [readNamespace({ metadata: { name: 'n' } })],
          peerAuthentications: [],
          proxyConfigs: [],
          authorizationPolicies: [],
          sidecars: [
            sidecar('old', '2026-01-01T00:00:00Z'),
            sidecar('young', '2026-02-01T00:00:00Z', { app: 'x' }),
            sidecar('first', '2026-01-15T00:00:00Z', { app: 'y' }),
            ...Array.from({ length: count }, (_, i) =>
              sidecar(`more-${i}`, '2026-03-01T00:00:00Z'),
            ),
          ],
          destinationRules: undefined,
          rootNamespace: 'n',
        })[0],
      );
    const few = reduce(0);
    expect(few.sidecars?.map(s => [s.name, s.meshWide])).toEqual([
      ['first', true],
      ['young', true],
      ['old', true],
    ]);
    expect(few).toMatchObject({ policies: [] });
    expect(few.sidecarsLeftOut).toBeUndefined();
    expect(few.destinationRules).toBeUndefined();
    const many = reduce(200);
    expect(many.sidecars).toHaveLength(100);
    expect(many.sidecarsLeftOut).toBe(103);
  });

  it('within the bounds of Kubernetes satisfy the contract', () => {
    const service = readService({
      metadata: { name: 's', namespace: 'n', labels: { a: 'b' } },
      spec: {
        selector: { app: 'x' },
        ports: [{ port: 80 }, { port: 99999 }, { port: 0 }],
      },
    })!;
    const [reduced] = reduceServices([service]);
    expect(serviceSchema.parse(reduced).ports).toHaveLength(1);
    expect(
      namespaceSchema.safeParse(
        reduceNamespaces({
          namespaces: [readNamespace({ metadata: { name: 'n' } })],
          peerAuthentications: [],
          proxyConfigs: [],
          authorizationPolicies: undefined,
          sidecars: undefined,
          destinationRules: undefined,
          rootNamespace: 'istio-system',
        })[0],
      ).success,
    ).toBe(true);
  });
});
