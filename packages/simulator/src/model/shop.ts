/** How a service of the shop speaks. */
export type ShopProtocol = 'http' | 'grpc';

/** One service of the web shop, wherever it runs. */
export interface ShopService {
  name: string;
  protocol: ShopProtocol;
  version: string;
}

/** A service in one namespace of one cluster. */
export interface ShopPlacement {
  namespace: string;
  service: string;
  replicas: number;
}

/** A namespace of a simulated cluster. */
export interface ShopNamespace {
  name: string;
  /** Pods get an Istio proxy. */
  injected: boolean;
  labels?: Record<string, string>;
}

/** One simulated member cluster of the shop. */
export interface ShopCluster {
  name: string;
  network: string;
  region: string;
  zones: readonly string[];
  /** First two numbers of its pods' addresses. */
  podNetwork: string;
  namespaces: readonly ShopNamespace[];
  placements: readonly ShopPlacement[];
}

/** Port that all services of one protocol listen on. */
export const SERVICE_PORTS: Readonly<
  Record<ShopProtocol, { port: number; targetPort: number }>
> = {
  http: { port: 80, targetPort: 8080 },
  grpc: { port: 9000, targetPort: 9000 },
};

function service(
  name: string,
  protocol: ShopProtocol = 'http',
  version = 'v1',
): ShopService {
  return { name, protocol, version };
}

/** The web shop. */
export const SHOP_SERVICES: readonly ShopService[] = [
  service('storefront', 'http', 'v3'),
  service('api-gateway', 'http', 'v2'),
  service('catalog', 'grpc', 'v2'),
  service('search'),
  service('cart'),
  service('checkout', 'http', 'v2'),
  service('payment', 'grpc'),
  service('accounts'),
  service('inventory', 'grpc', 'v4'),
  service('shipping'),
  service('recommendations', 'grpc'),
  service('notifications'),
];

/** The bank: few services that shall be alone among themselves. */
export const BANK_SERVICES: readonly ShopService[] = [
  service('ledger', 'grpc'),
  service('statements'),
  service('fraud'),
];

/** What runs beside the shop and is no part of it. */
export const OTHER_SERVICES: readonly ShopService[] = [
  service('metrics', 'http'),
  service('dashboards', 'http'),
  service('price-tags', 'http'),
];

function place(
  namespace: string,
  replicas: number,
  ...services: string[]
): ShopPlacement[] {
  return services.map(name => ({ namespace, service: name, replicas }));
}

/**
 * The shop over two clouds and an edge site. The namespaces of the shop have
 * different names in each cluster; storefront, cart, catalog and inventory
 * run in two clusters.
 */
export const SHOP_CLUSTERS: readonly ShopCluster[] = [
  {
    name: 'aws-frankfurt',
    network: 'net-aws',
    region: 'eu-central-1',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    podNetwork: '10.20',
    namespaces: [
      { name: 'shop-web', injected: true, labels: { team: 'storefront' } },
      { name: 'shop-api', injected: true, labels: { team: 'ordering' } },
      { name: 'bank-core', injected: true, labels: { team: 'payments' } },
      { name: 'monitoring', injected: false },
    ],
    placements: [
      ...place('shop-web', 3, 'storefront', 'api-gateway'),
      ...place('shop-api', 2, 'catalog', 'cart', 'checkout', 'payment'),
      ...place('shop-api', 2, 'accounts'),
      ...place('bank-core', 2, 'ledger', 'statements'),
      ...place('monitoring', 1, 'metrics', 'dashboards'),
    ],
  },
  {
    name: 'gcp-tokyo',
    network: 'net-gcp',
    region: 'asia-northeast1',
    zones: ['asia-northeast1-a', 'asia-northeast1-b'],
    podNetwork: '10.40',
    namespaces: [
      { name: 'shop', injected: true, labels: { team: 'discovery' } },
      { name: 'shop-backend', injected: true, labels: { team: 'fulfilment' } },
      { name: 'bank-risk', injected: true, labels: { team: 'payments' } },
      { name: 'monitoring', injected: false },
    ],
    placements: [
      ...place('shop', 2, 'search', 'recommendations'),
      ...place('shop-backend', 2, 'catalog', 'inventory', 'shipping'),
      ...place('shop-backend', 2, 'notifications'),
      ...place('bank-risk', 2, 'ledger', 'fraud'),
      ...place('monitoring', 1, 'metrics'),
    ],
  },
  {
    name: 'edge-osaka',
    network: 'net-edge',
    region: 'jp-osaka',
    zones: ['jp-osaka-edge-1'],
    podNetwork: '10.60',
    namespaces: [
      { name: 'store-edge', injected: true, labels: { team: 'stores' } },
      { name: 'store-devices', injected: false },
    ],
    placements: [
      ...place('store-edge', 2, 'storefront', 'cart', 'inventory'),
      ...place('store-devices', 2, 'price-tags'),
    ],
  },
];

/** The description of a service by its name. */
export function shopService(name: string): ShopService {
  const found = [...SHOP_SERVICES, ...BANK_SERVICES, ...OTHER_SERVICES].find(
    candidate => candidate.name === name,
  );
  if (!found) {
    throw new Error(
      `"${name}" is placed in a cluster but not described: add it to SHOP_SERVICES, BANK_SERVICES or OTHER_SERVICES`,
    );
  }
  return found;
}
