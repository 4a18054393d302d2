import {
  type Cluster,
  type ClusterAction,
  type Check,
  type Condition,
  type Connection,
  type Consequences,
  type Coverage,
  type Diagnosis,
  type DiagnosisChain,
  type GlobalService,
  type GnsStatus,
  type GnsSummary,
  type Hold,
  type HubStatus,
  type IndexedService,
  type JoinToken,
  type Link,
  type LinkName,
  type Revision,
  type Topology,
  type TopologyEdge,
  type TopologyNode,
} from '@isthmus/plugin-gns-common';

/** Answers of a hub with a web shop over three clusters, for tests and `yarn start`. */

/** `seconds` before `now`, RFC 3339. */
export function ago(seconds: number, now = Date.now()): string {
  return new Date(now - seconds * 1000).toISOString();
}

const coverage: Coverage[] = [
  { cluster: 'cloud-a', state: 'ok', dataAt: ago(2), simulated: true },
  { cluster: 'cloud-b', state: 'ok', dataAt: ago(3), simulated: true },
  { cluster: 'edge-1', state: 'stale', dataAt: ago(140), simulated: true },
];

const conditions: Condition[] = [
  {
    type: 'RestartNeeded',
    status: 'False',
    severity: 'info',
    reason: 'StartedBefore',
    message:
      '3 pods of shop-api started before DNS capture was on. They resolve global names from their next start: restart deployment/cart.',
    cluster: 'cloud-a',
    namespace: 'shop-api',
    lastTransitionTime: ago(3600),
  },
  {
    type: 'PortsAgree',
    status: 'False',
    severity: 'error',
    reason: 'ProtocolDiffers',
    message:
      'Port 8080 of orders is "http" in cloud-a and "tcp" in cloud-b. Name the port http-8080 in both clusters.',
    service: 'orders',
    lastTransitionTime: ago(620),
  },
  {
    type: 'Fresh',
    status: 'Unknown',
    severity: 'warning',
    reason: 'Silent',
    message:
      'edge-1 has not reported for 2 minutes. Its last endpoints stay in use. Look at the controller in isthmus-system.',
    cluster: 'edge-1',
    lastTransitionTime: ago(120),
  },
];

const layers: Record<string, Record<string, [string, number | null][]>> = {
  'cloud-a': {
    'shop-web': [
      ['storefront', 3],
      ['assets', 2],
    ],
    'shop-api': [
      ['cart', 3],
      ['catalog', 2],
      ['checkout', 2],
      ['orders', 2],
    ],
  },
  'cloud-b': {
    'shop-backend': [
      ['catalog', 2],
      ['checkout', 1],
      ['orders', 2],
      ['payments', 2],
      ['recommendations', 0],
      ['search', 2],
    ],
    'shop-data': [
      ['inventory', 2],
      ['pricing', 2],
    ],
  },
  'edge-1': {
    store: [
      ['catalog', null],
      ['inventory', null],
      ['tills', null],
    ],
  },
};

function services(): GlobalService[] {
  const byName = new Map<string, GlobalService>();
  for (const [cluster, namespaces] of Object.entries(layers)) {
    for (const [namespace, list] of Object.entries(namespaces)) {
      for (const [name, ready] of list) {
        const known = byName.get(name) ?? {
          name,
          host: `${name}.shop.gns.example`,
          address: `240.8.0.${10 + byName.size}`,
          ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }],
          endpoints: [],
          callers: ['cloud-a/shop-web', 'cloud-b/shop-backend'],
          conditions: conditions.filter(c => c.service === name),
        };
        known.endpoints.push({
          cluster,
          namespace,
          service: name,
          ready,
          total: ready === null ? null : Math.max(ready, 2),
          published: name !== 'tills',
          awaitingApproval: name === 'tills',
          workloads: [name],
        });
        byName.set(name, known);
      }
    }
  }
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export const shopSummary: GnsSummary = {
  name: 'shop',
  title: 'Web shop',
  description: 'Storefront, orders and payments over two clouds and the stores',
  owner: 'group:default/shop',
  domain: 'shop.gns.example',
  generation: 4,
  paused: false,
  health: 'degraded',
  services: services().length,
  clusters: coverage,
  conditions: { error: 1, warning: 1, info: 1 },
  holds: 1,
  updatedAt: ago(5400),
};

export const summaries: GnsSummary[] = [
  shopSummary,
  {
    name: 'bank',
    title: 'Bank',
    owner: 'group:default/payments',
    domain: 'bank.gns.example',
    generation: 1,
    paused: true,
    health: 'healthy',
    services: 5,
    clusters: coverage.slice(0, 2),
    conditions: { error: 0, warning: 0, info: 0 },
    holds: 0,
    updatedAt: ago(86_400 * 3),
  },
  {
    name: 'lab',
    domain: 'lab.gns.example',
    generation: 2,
    paused: false,
    health: 'unknown',
    services: 0,
    clusters: [{ cluster: 'lab-1', state: 'unreachable', simulated: false }],
    conditions: { error: 0, warning: 1, info: 0 },
    holds: 0,
    updatedAt: ago(86_400 * 30),
  },
];

export const shopStatus: GnsStatus = {
  ...shopSummary,
  mtls: 'strict',
  authority: { mode: 'mesh', trustDomain: 'cluster.local' },
  members: Object.entries(layers).flatMap(([cluster, namespaces]) =>
    Object.entries(namespaces).map(([namespace, list]) => ({
      cluster,
      namespace,
      state:
        namespace === 'store'
          ? ('awaitingApproval' as const)
          : ('member' as const),
      services: list.length,
      awaitingRestart: namespace === 'shop-api' ? 3 : 0,
    })),
  ),
  globalServices: services(),
  allConditions: conditions,
  rollout: [
    {
      cluster: 'cloud-a',
      desiredEpoch: '1.42',
      appliedEpoch: '1.42',
      objects: 26,
      failed: 0,
      upToDate: true,
    },
    {
      cluster: 'cloud-b',
      desiredEpoch: '1.42',
      appliedEpoch: '1.42',
      objects: 31,
      failed: 1,
      upToDate: true,
    },
    {
      cluster: 'edge-1',
      desiredEpoch: '1.42',
      appliedEpoch: '1.39',
      objects: 12,
      failed: 0,
      upToDate: false,
    },
  ],
};

function topology(): Topology {
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  const healthOf = (ready: number | null) => {
    if (ready === null) return 'unknown' as const;
    return ready === 0 ? ('failing' as const) : ('healthy' as const);
  };
  for (const [cluster, namespaces] of Object.entries(layers)) {
    const gateway = `gateway:${cluster}/istio-system/eastwest`;
    nodes.push({
      id: `cluster:${cluster}`,
      kind: 'cluster',
      label: cluster,
      cluster,
      health: cluster === 'edge-1' ? 'unknown' : 'healthy',
    });
    nodes.push({
      id: gateway,
      kind: 'gateway',
      label: 'eastwest',
      cluster,
      namespace: 'istio-system',
      parent: `cluster:${cluster}`,
      health: cluster === 'edge-1' ? 'unknown' : 'healthy',
    });
    for (const [namespace, list] of Object.entries(namespaces)) {
      nodes.push({
        id: `namespace:${cluster}/${namespace}`,
        kind: 'namespace',
        label: namespace,
        cluster,
        namespace,
        parent: `cluster:${cluster}`,
        health: 'healthy',
      });
      for (const [name, ready] of list) {
        const id = `service:${cluster}/${namespace}/${name}`;
        for (const other of nodes.filter(n => n.service === name)) {
          edges.push({
            id: `same:${other.id}:${id}`,
            source: other.id,
            target: id,
            kind: 'sameService',
            health: 'healthy',
          });
        }
        nodes.push({
          id,
          kind: 'service',
          label: name,
          cluster,
          namespace,
          parent: `namespace:${cluster}/${namespace}`,
          health: healthOf(ready),
          host: `${name}.shop.gns.example`,
          service: name,
          ready,
          total: ready === null ? null : Math.max(ready, 2),
        });
        if (name !== 'tills') {
          edges.push({
            id: `route ${gateway} ${id}`,
            source: gateway,
            target: id,
            kind: 'route',
            health: healthOf(ready),
            label: `${name}.shop.gns.example`,
          });
        }
      }
    }
    for (const caller of Object.keys(layers)) {
      if (caller === cluster) continue;
      edges.push({
        id: `route cluster:${caller} ${gateway}`,
        source: `cluster:${caller}`,
        target: gateway,
        kind: 'route',
        health:
          caller === 'cloud-b' && cluster === 'edge-1' ? 'failing' : 'healthy',
        label: '8 hosts',
      });
    }
  }
  return { gns: 'shop', nodes, edges, coverage, generatedAt: ago(1) };
}
export const shopTopology: Topology = topology();

export const clusters: Cluster[] = [
  memberCluster('cloud-a', 'eu-west-1', true),
  memberCluster('cloud-b', 'europe-west4', true),
  {
    ...memberCluster('edge-1', 'store-berlin', true),
    freshness: 'stale',
    lastSeenAt: ago(140),
    appliedEpoch: '1.39',
    conditions: [conditions[2]],
  },
  {
    ...memberCluster('lab-1', undefined, false),
    state: 'waiting',
    freshness: 'unreachable',
    lastSeenAt: undefined,
    kubernetesVersion: undefined,
    controllerVersion: undefined,
    trustDomain: undefined,
    rootHashes: [],
    istioVersions: [],
    network: undefined,
    gateways: [],
    reachability: [],
    desiredEpoch: '0.0',
    appliedEpoch: '0.0',
    tokenExpiresAt: new Date(Date.now() + 1_800_000).toISOString(),
  },
];

function memberCluster(
  name: string,
  region: string | undefined,
  simulated: boolean,
): Cluster {
  return {
    id: `id-${name}`,
    name,
    labels: { tier: 'prod' },
    state: 'enrolled',
    freshness: 'ok',
    lastSeenAt: ago(2),
    createdAt: ago(86_400 * 12),
    simulated,
    paused: false,
    drained: false,
    pausedLocally: [],
    network: `net-${name}`,
    region,
    kubernetesVersion: 'v1.34.2',
    istioVersions: ['1.31.0'],
    controllerVersion: '0.1.0',
    trustDomain: 'cluster.local',
    rootHashes: ['3f7a'],
    desiredEpoch: '1.42',
    appliedEpoch: '1.42',
    gateways: [
      {
        namespace: 'istio-system',
        name: 'eastwest',
        addresses: ['203.0.113.7'],
        port: 15443,
        ready: true,
      },
    ],
    reachability: ['cloud-a', 'cloud-b', 'edge-1']
      .filter(other => other !== name)
      .map(other => ({
        cluster: other,
        address: '203.0.113.7',
        port: 15443,
        reachable: !(name === 'cloud-b' && other === 'edge-1'),
        since: ago(86_400),
        checkedAt: ago(20),
        latencyMs: other === 'edge-1' ? 48 : 12,
        ...(name === 'cloud-b' && other === 'edge-1'
          ? { error: 'connect timed out after 5 s' }
          : {}),
      })),
    conditions: [],
  };
}

export const holds: Hold[] = [
  {
    id: 'hold-1',
    kind: 'deletion',
    state: 'open',
    gns: 'shop',
    cluster: 'cloud-b',
    message:
      '9 of 31 objects in cloud-b would be deleted at once. That is more than 20 %, and no confirmed plan announced it.',
    items: [
      'ServiceEntry shop-backend/gns-payments-remote',
      'ServiceEntry shop-backend/gns-search-remote',
      'DestinationRule shop-backend/gns-payments',
    ],
    createdAt: ago(480),
    permission: 'gns.rollout.approve',
    mayDecide: true,
    statements: [],
  },
  {
    id: 'hold-2',
    kind: 'newcomer',
    state: 'open',
    gns: 'shop',
    cluster: 'edge-1',
    message: 'edge-1/store begins to serve catalog.shop.gns.example.',
    items: ['edge-1/store'],
    createdAt: ago(7200),
    permission: 'gns.rollout.approve',
    mayDecide: true,
    statements: [],
  },
];

export const hub: HubStatus = {
  hubId: 'hub-1',
  term: 1,
  readOnly: false,
  simulatedClusters: 3,
  openHolds: holds.length,
};

export const revisions: Revision[] = [
  {
    generation: 2,
    action: 'update',
    actor: 'user:default/ada',
    at: ago(5400),
    message: 'Stores join the shop',
    changes: [
      {
        path: '/spec/members/2',
        after: { clusters: { prefix: 'edge-' }, namespaces: ['store'] },
      },
      { path: '/spec/mtls', before: 'permissive', after: 'strict' },
    ],
    hash: 'b1c94f60e1',
  },
  {
    generation: 1,
    action: 'create',
    actor: 'user:default/ada',
    at: ago(86_400 * 9),
    message: '',
    changes: [],
    hash: '77aa01d3c2',
  },
];

/** What an action on a cluster costs. */
export function consequences(
  cluster: string,
  action: ClusterAction,
): Consequences {
  return {
    cluster,
    action,
    hash: 'cost-1',
    totals: {
      servicesJoin: 0,
      servicesLeave: 1,
      callersGain: 0,
      callersLose: 2,
      podsToRestart: 0,
      objectsCreate: 0,
      objectsUpdate: 4,
      objectsDelete: 9,
      crossClusterShare: null,
    },
    statements: [
      {
        kind: 'callersStranded',
        weight: 'danger',
        parameters: {
          gns: 'shop',
          host: 'payments.shop.gns.example',
          callers: ['cloud-a/shop-web', 'cloud-a/shop-api'],
          calls: 42.5,
        },
        text: 'cloud-a/shop-web and cloud-a/shop-api keep payments.shop.gns.example, and nobody serves it',
      },
    ],
    text: '2 callers lose payments.shop.gns.example',
  };
}

/** What a registered cluster gets, once. */
export function joinToken(cluster: string, token: string): JoinToken {
  return {
    cluster,
    token,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    hubUrl: 'https://portal.example',
    helm: `helm install isthmus --set-string token='${token}'`,
    manifest: `kind: Secret\nstringData:\n  token: ${token}\n`,
  };
}

const CHECKS: Check['check'][] = [
  'istioVersion',
  'injection',
  'eastWestGateway',
  'gatewayReachable',
  'rootOfTrust',
  'prometheus',
  'permissions',
  'networkRegion',
  'clock',
];

/** A cluster whose controller reports and cannot be reached. */
export const connection: Connection = {
  cluster: 'lab-1',
  ready: false,
  stages: [
    { stage: 'registered', state: 'done', at: ago(900), text: '' },
    { stage: 'tokenShown', state: 'done', at: ago(900), text: '' },
    { stage: 'enrolled', state: 'done', at: ago(300), text: '' },
    { stage: 'inventory', state: 'done', at: ago(290), text: '' },
    {
      stage: 'checks',
      state: 'stuck',
      text: '1 of 9 checks failed: eastWestGateway',
    },
    { stage: 'applied', state: 'waiting', text: '' },
    { stage: 'reachable', state: 'waiting', text: '' },
    { stage: 'ready', state: 'waiting', text: '' },
  ],
  stuck: {
    reason: 'checkFailed',
    since: ago(290),
    text: 'lab-1 has no east-west gateway.',
    remedy: 'Install one with the label istio=eastwestgateway.',
  },
  checks: CHECKS.map(check =>
    check === 'eastWestGateway'
      ? {
          check,
          state: 'failed',
          reason: 'noGateway',
          evidence: 'No Deployment has the label istio=eastwestgateway',
          remedy: 'Install one with the label istio=eastwestgateway.',
          checkedAt: ago(10),
        }
      : {
          check,
          state: 'ok',
          reason: 'ok',
          evidence: `${check} was looked at`,
          remedy: '',
          checkedAt: ago(10),
        },
  ),
};

export const readyConnection: Connection = {
  cluster: 'cloud-a',
  ready: true,
  stages: connection.stages.map(one => ({
    stage: one.stage,
    state: 'done',
    at: ago(200),
    text: '',
  })),
  checks: CHECKS.map(check => ({
    check,
    state: 'ok',
    reason: 'ok',
    evidence: `${check} was looked at`,
    remedy: '',
    checkedAt: ago(10),
  })),
};

export const serviceIndex: IndexedService[] = shopStatus.globalServices.map(
  service => ({
    gns: 'shop',
    gnsTitle: 'Web shop',
    owner: 'group:default/shop',
    name: service.name,
    host: service.host,
    places: service.endpoints.map(({ cluster, namespace, service: name }) => ({
      cluster,
      namespace,
      service: name,
      labels: {},
    })),
  }),
);

const HOLDS: [link: LinkName, reason: string][] = [
  ['membership', 'member'],
  ['hostName', 'known'],
  ['dnsCapture', 'captured'],
  ['endpoints', 'remote'],
  ['gateway', 'reachable'],
  ['trust', 'sharedRoot'],
  ['mtls', 'mutual'],
  ['policies', 'admitted'],
  ['freshness', 'fresh'],
];

function chain(
  caller: DiagnosisChain['caller'],
  broken: LinkName | null,
): DiagnosisChain {
  const at = HOLDS.findIndex(([link]) => link === broken);
  return {
    caller,
    answer: broken ? 'broken' : 'ok',
    first: broken,
    links: HOLDS.map(([link, reason], i): Link => {
      if (at === -1 || i < at) {
        return {
          link,
          state: 'ok',
          reason,
          parameters: {},
          text: `${link} of ${caller.cluster} holds`,
          remedy: '',
          evidence: [
            {
              what: `${link} of payments`,
              found: 'as it should be',
              cluster: caller.cluster,
              at: ago(12),
            },
          ],
        };
      }
      return i === at
        ? {
            link,
            state: 'broken',
            reason: 'unreachable',
            parameters: { cluster: 'cloud-b' },
            text: 'edge-1 cannot open a connection to 203.0.113.7:15443 of cloud-b.',
            remedy: 'Let edge-1 reach 203.0.113.7:15443.',
            evidence: [
              {
                what: 'Gateway reachability',
                found: 'connect timed out after 5 s',
                cluster: 'edge-1',
                at: ago(40),
              },
            ],
          }
        : {
            link,
            state: 'unknown',
            reason: 'earlierBroken',
            parameters: {},
            text: '',
            remedy: '',
            evidence: [],
          };
    }),
  };
}

/** From two places: one cannot reach the gateway, the other calls. */
export const diagnosis: Diagnosis = {
  from: { type: 'service', gns: 'shop', service: 'tills', host: 'tills' },
  to: {
    type: 'service',
    gns: 'shop',
    service: 'payments',
    host: 'payments.shop.gns.example',
  },
  port: null,
  chains: [
    chain({ cluster: 'edge-1', namespace: 'store', workload: null }, 'gateway'),
    chain(
      { cluster: 'cloud-a', namespace: 'shop-web', workload: 'storefront' },
      null,
    ),
  ],
  answer: 'broken',
  text: 'edge-1 cannot open a connection to 203.0.113.7:15443 of cloud-b.',
  remedy: 'Let edge-1 reach 203.0.113.7:15443.',
  at: ago(1),
};
