import {
  type Health,
  type ServiceTrafficList,
  type TelemetryCoverage,
  type Traffic,
  type TrafficEdge,
  type TrafficFigures,
  type TrafficLevel,
  type TrafficNode,
  type TrafficRanges,
  type TrafficSeries,
} from '@isthmus/plugin-gns-common';
import { ago, shopTopology } from './fixtures';

/** Who calls whom in the web shop of the fixtures, at every level. */

export const UNKNOWN_FIGURES: TrafficFigures = {
  requests: null,
  errorShare: null,
  clientErrorShare: null,
  disconnectedShare: null,
  latencyMs: { p50: null, p95: null, p99: null, mean: null, beyond: [] },
  tcp: null,
  mtlsShare: null,
  known: 0,
};

const SILENT: TrafficFigures = { ...UNKNOWN_FIGURES, requests: 0, known: 1 };

export function figuresOf(
  requests: number,
  errorShare = 0,
  p50 = 20,
  mtlsShare = 1,
): TrafficFigures {
  return {
    requests,
    errorShare,
    clientErrorShare: 0.01,
    disconnectedShare: 0,
    latencyMs: {
      p50,
      p95: p50 * 4,
      p99: p50 * 9,
      mean: p50 * 1.4,
      beyond: p50 > 1000 ? ['p99'] : [],
    },
    tcp: null,
    mtlsShare,
    known: 1,
  };
}

const TCP: TrafficFigures = {
  ...UNKNOWN_FIGURES,
  tcp: { bytesToServer: 5200, bytesToClient: 184_000, opened: 0.2 },
  mtlsShare: 1,
  known: 1,
};

const coverage: TelemetryCoverage[] = [
  {
    cluster: 'cloud-a',
    simulated: false,
    state: 'ok',
    dataAt: ago(45),
    known: 1,
    unscraped: [],
  },
  {
    cluster: 'cloud-b',
    simulated: false,
    state: 'ok',
    dataAt: ago(50),
    known: 0.96,
    unscraped: ['shop-data'],
  },
  {
    cluster: 'edge-1',
    simulated: false,
    state: 'unreachable',
    dataAt: ago(4200),
    known: 0,
    reason: 'Prometheus answered 503 for the last hour',
    unscraped: [],
  },
];

type Call = [from: string, to: string, figures: TrafficFigures];
const A = 'service:cloud-a/';
const B = 'service:cloud-b/';
const calls: Call[] = [
  ['outside/cloud-a', `${A}shop-web/storefront`, figuresOf(182, 0, 35, 0)],
  [`${A}shop-web/storefront`, `${A}shop-api/catalog`, figuresOf(120, 0, 8)],
  [`${A}shop-web/storefront`, `${A}shop-api/cart`, figuresOf(46, 0.002, 14)],
  [`${A}shop-api/cart`, `${A}shop-api/checkout`, figuresOf(12.4, 0.034, 90)],
  [`${A}shop-api/checkout`, `${A}shop-api/orders`, figuresOf(11.8, 0, 25)],
  [
    `${A}shop-api/checkout`,
    `${B}shop-backend/payments`,
    figuresOf(11.9, 0.12, 1400),
  ],
  [
    `${A}shop-api/catalog`,
    `${B}shop-backend/search`,
    figuresOf(31, 0, 60, 0.98),
  ],
  [`${B}shop-backend/catalog`, `${B}shop-data/inventory`, figuresOf(22, 0, 5)],
  [`${B}shop-backend/catalog`, `${B}shop-data/pricing`, TCP],
  [
    `${B}shop-backend/payments`,
    'external/api.bank.example',
    figuresOf(11.7, 0.11, 1300, 0),
  ],
];

function healthOf({ errorShare }: TrafficFigures): Health {
  if (errorShare === null) return 'healthy';
  if (errorShare >= 0.1) return 'failing';
  return errorShare >= 0.001 ? 'degraded' : 'healthy';
}

function serviceNodes(): TrafficNode[] {
  const inbound = new Map<string, TrafficFigures>();
  const outbound = new Map<string, TrafficFigures>();
  for (const [from, to, figures] of calls) {
    inbound.set(to, figures);
    outbound.set(from, figures);
  }
  const known = shopTopology.nodes.map(({ total, ...node }): TrafficNode => {
    const isSilent = node.cluster === 'edge-1';
    const quiet = isSilent ? UNKNOWN_FIGURES : SILENT;
    const busy = inbound.has(node.id) || outbound.has(node.id);
    const byTraffic = healthOf(inbound.get(node.id) ?? quiet);
    return {
      ...node,
      ...(node.health === 'healthy' ? { health: byTraffic } : {}),
      ...(total === undefined ? {} : { pods: total }),
      idle: isSilent ? null : !busy,
      inbound: inbound.get(node.id) ?? quiet,
      outbound: outbound.get(node.id) ?? quiet,
    };
  });
  return [
    ...known,
    {
      id: 'outside/cloud-a',
      kind: 'outside',
      label: 'cloud-a',
      cluster: 'cloud-a',
      health: 'healthy',
      idle: false,
      inbound: SILENT,
      outbound: outbound.get('outside/cloud-a')!,
    },
    {
      id: 'external/api.bank.example',
      kind: 'external',
      label: 'api.bank.example',
      health: 'healthy',
      idle: false,
      inbound: inbound.get('external/api.bank.example')!,
      outbound: SILENT,
    },
  ];
}

const services = serviceNodes();
const byId = new Map(services.map(node => [node.id, node]));

function edgeOf([source, target, figures]: Call): TrafficEdge {
  const from = byId.get(source)?.cluster;
  const to = byId.get(target)?.cluster;
  return {
    id: `${source}>${target}>${figures.tcp ? 'tcp' : 'http'}`,
    source,
    target,
    protocol: figures.tcp ? 'tcp' : 'http',
    health: healthOf(figures),
    idle: false,
    crossCluster: from !== undefined && to !== undefined && from !== to,
    reportedBy: 'client',
    figures,
  };
}

const idle: TrafficEdge = {
  ...edgeOf([`${A}shop-api/orders`, `${B}shop-data/inventory`, SILENT]),
  idle: true,
  lastSeenAt: ago(7200),
};
const unknown: TrafficEdge = {
  ...edgeOf([
    'service:edge-1/store/tills',
    'service:edge-1/store/inventory',
    UNKNOWN_FIGURES,
  ]),
  health: 'unknown',
  idle: null,
};

/** The node that stands for `id` at an outer level. */
function raise(id: string, level: TrafficLevel): string {
  if (level === 'service' || level === 'workload') return id;
  let node = byId.get(id);
  while (node && node.kind !== level && node.parent !== undefined) {
    node = byId.get(node.parent);
  }
  return node?.id ?? id;
}

const SHOWN: Record<TrafficLevel, TrafficNode['kind'][]> = {
  cluster: ['cluster', 'outside', 'external'],
  namespace: ['cluster', 'namespace', 'gateway', 'outside', 'external'],
  service: [
    'cluster',
    'namespace',
    'service',
    'gateway',
    'outside',
    'external',
  ],
  workload: [
    'cluster',
    'namespace',
    'service',
    'gateway',
    'outside',
    'external',
  ],
};

export function shopTraffic(
  level: TrafficLevel = 'service',
  part: Partial<Traffic> = {},
): Traffic {
  const nodes = services.filter(node => SHOWN[level].includes(node.kind));
  const inside: TrafficNode[] =
    level === 'workload'
      ? services
          .filter(node => node.kind === 'service')
          .map(node => ({
            ...node,
            id: node.id.replace('service:', 'workload:'),
            kind: 'workload',
            parent: node.id,
            workload: `${node.label}-v1`,
            label: `${node.label}-v1`,
            version: 'v1',
          }))
      : [];
  const toWorkload = (id: string) =>
    level === 'workload' ? id.replace('service:', 'workload:') : id;
  const edges = new Map<string, TrafficEdge>();
  for (const edge of [...calls.map(edgeOf), idle, unknown]) {
    const source = toWorkload(raise(edge.source, level));
    const target = toWorkload(raise(edge.target, level));
    const id = `${source}>${target}>${edge.protocol}`;
    edges.set(id, { ...edge, id, source, target });
  }
  return {
    gns: 'shop',
    level,
    from: ago(345),
    to: ago(45),
    windowSeconds: 300,
    stepSeconds: 60,
    live: true,
    nodes: [...nodes, ...inside],
    edges: [...edges.values()],
    coverage,
    hidden: { nodes: 0, edges: 0 },
    generatedAt: ago(1),
    ...part,
  };
}

/** Only a service, its callers and what it calls. */
export function shopNeighbours(service: string): Traffic {
  const whole = shopTraffic();
  const own = new Set(
    whole.nodes.filter(n => n.service === service).map(n => n.id),
  );
  const edges = whole.edges.filter(e => own.has(e.source) || own.has(e.target));
  const kept = new Set<string>();
  const keep = (id: string | undefined) => {
    for (let at = id; at !== undefined; at = byId.get(at)?.parent) kept.add(at);
  };
  own.forEach(keep);
  for (const edge of edges) {
    keep(edge.source);
    keep(edge.target);
  }
  return { ...whole, nodes: whole.nodes.filter(n => kept.has(n.id)), edges };
}

export const shopRanges: TrafficRanges = {
  minutes: { from: ago(3 * 3600), to: ago(60), stepSeconds: 60 },
  quarters: { from: ago(7 * 86_400), to: ago(900), stepSeconds: 900 },
  coverage,
};

export function shopSeries(subject: string): TrafficSeries {
  const steps = 30;
  const wave = (base: number, by: number) =>
    Array.from({ length: steps }, (_, i) =>
      i === 12 ? null : base + by * Math.sin(i / 3),
    );
  return {
    subject,
    direction: 'inbound',
    from: ago(steps * 120),
    to: ago(0),
    stepSeconds: 120,
    groupBy: 'none',
    times: Array.from({ length: steps }, (_, i) => ago((steps - i) * 120)),
    series: [
      {
        group: '',
        points: {
          requests: wave(12, 4),
          errorShare: wave(0.03, 0.02),
          clientErrorShare: wave(0.01, 0.005),
          p50: wave(30, 8),
          p95: wave(120, 30),
          p99: wave(300, 60),
          mean: wave(40, 10),
          bytesToServer: wave(0, 0),
          bytesToClient: wave(0, 0),
          mtlsShare: wave(1, 0),
          known: Array.from({ length: steps }, (_, i) => (i === 12 ? 0 : 1)),
        },
      },
    ],
    codes: [
      { code: '200', requests: 41_020 },
      { code: '503', requests: 1290 },
    ],
    histogram: null,
    coverage,
  };
}

export function shopServices(): ServiceTrafficList {
  const names = [
    ...new Set(services.flatMap(n => (n.service ? [n.service] : []))),
  ].sort();
  return {
    gns: 'shop',
    from: ago(345),
    to: ago(45),
    items: names.map(service => ({
      service,
      host: `${service}.shop.gns.example`,
      health: 'healthy',
      figures: figuresOf(12),
      clusters: [],
      callers: 1,
      sparkline: Array.from({ length: 30 }, (_, i) => 10 + (i % 5)),
    })),
    coverage,
  };
}
