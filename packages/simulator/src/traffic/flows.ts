import type { ShopCluster, ShopProtocol } from '../model/shop';
import { shopService } from '../model/shop';

/** Calls of one service to another, from one cluster to another. */
export interface Flow {
  /** Undefined: callers without a proxy, such as browsers. */
  readonly caller: string | undefined;
  readonly from: string;
  readonly callee: string;
  readonly to: string;
  /** Over a day on average. */
  readonly perSecond: number;
  /** What the server takes, in the middle. */
  readonly medianMs: number;
}

const AWS = 'aws-frankfurt';
const GCP = 'gcp-tokyo';
const EDGE = 'edge-osaka';

/** Who calls whom in the shop, and in the bank. */
export const FLOWS: readonly Flow[] = [
  flow(undefined, AWS, 'storefront', AWS, 42, 90),
  flow(undefined, EDGE, 'storefront', EDGE, 6, 60),
  flow('storefront', AWS, 'api-gateway', AWS, 30, 45),
  flow('storefront', EDGE, 'api-gateway', AWS, 2.5, 45),
  flow('storefront', AWS, 'cart', AWS, 8, 12),
  flow('storefront', EDGE, 'cart', EDGE, 2, 9),
  flow('api-gateway', AWS, 'catalog', AWS, 24, 7),
  flow('api-gateway', AWS, 'catalog', GCP, 1.2, 7),
  flow('api-gateway', AWS, 'search', GCP, 10, 55),
  flow('api-gateway', AWS, 'recommendations', GCP, 12, 30),
  flow('api-gateway', AWS, 'accounts', AWS, 6, 14),
  flow('api-gateway', AWS, 'checkout', AWS, 3.2, 120),
  flow('checkout', AWS, 'payment', AWS, 3, 70),
  flow('checkout', AWS, 'cart', AWS, 3, 12),
  flow('checkout', AWS, 'inventory', GCP, 2.4, 11),
  flow('checkout', AWS, 'inventory', EDGE, 0.6, 11),
  flow('checkout', AWS, 'shipping', GCP, 2, 35),
  flow('checkout', AWS, 'notifications', GCP, 2.4, 20),
  flow('search', GCP, 'catalog', GCP, 8, 7),
  flow('recommendations', GCP, 'catalog', GCP, 9, 7),
  flow('shipping', GCP, 'inventory', GCP, 1.8, 11),
  flow('notifications', GCP, 'accounts', AWS, 0.7, 14),
  flow('cart', EDGE, 'inventory', EDGE, 1.4, 8),
  flow('statements', AWS, 'ledger', AWS, 4, 16),
  flow('statements', AWS, 'fraud', GCP, 1.5, 40),
  flow('fraud', GCP, 'ledger', GCP, 2, 16),
];

function flow(
  caller: string | undefined,
  from: string,
  callee: string,
  to: string,
  perSecond: number,
  medianMs: number,
): Flow {
  return { caller, from, callee, to, perSecond, medianMs };
}

/** Text that names a flow. */
export function flowKey({ caller, from, callee, to }: Flow): string {
  return `${from}/${caller ?? ''} ${to}/${callee}`;
}

/** How the called service speaks. */
export function protocolOf({ callee }: Flow): ShopProtocol {
  return shopService(callee).protocol;
}

/** Where a service runs in a cluster. */
export function placementOf(cluster: ShopCluster, service: string) {
  return cluster.placements.find(p => p.service === service);
}
