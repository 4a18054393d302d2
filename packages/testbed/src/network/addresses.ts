/*
 * Address plan, all inside the testbed's own namespaces:
 *   10.240.0.<i>       control plane of the i-th cluster: API server, istiod, DNS, Prometheus
 *   10.240.0.200-254   whatever else runs in the control-plane namespace: hub, controllers
 *   10.240.<n>.1       router of the n-th network
 *   10.240.<n>.2-9     east-west gateways of that network: the only addresses that other networks reach
 *   10.240.<n>.10-250  its pods
 *   10.<100+i>.0.0/16  Service addresses of the i-th cluster, never on a wire
 */

/** Most clusters, and most networks, of one testbed. */
export const MOST_CLUSTERS = 99;

const FIRST_EXTRA = 200;
const FIRST_GATEWAY = 2;
const FIRST_POD = 10;
const LAST_POD = 250;

/** Bridge of all networks in the control-plane namespace. */
export const BRIDGE = 'br0';

/** @returns the address of the i-th cluster's control plane (from 1) */
export function controlPlaneAddress(cluster: number): string {
  return `10.240.0.${cluster}`;
}

/** @returns the range of the i-th cluster's Service addresses */
export function serviceRange(cluster: number): string {
  return `10.${100 + cluster}.0.0/16`;
}

/** @returns the router's address of the n-th network (from 1) */
export function routerAddress(network: number): string {
  return `10.240.${network}.1`;
}

/** @returns the range of the n-th network's pods and gateways */
export function networkRange(network: number): string {
  return `10.240.${network}.0/24`;
}

/** @returns the addresses of the n-th network's gateways, as `first-last` */
export function gatewayRange(network: number): string {
  return `10.240.${network}.${FIRST_GATEWAY}-10.240.${network}.${
    FIRST_POD - 1
  }`;
}

/** @returns the k-th extra address of the control-plane namespace (from 0). @throws RangeError after 55 */
export function extraAddress(k: number): string {
  if (FIRST_EXTRA + k > 254) {
    throw new RangeError(
      `a testbed has 55 extra addresses, asked for ${k + 1}`,
    );
  }
  return `10.240.0.${FIRST_EXTRA + k}`;
}

/** Hands out the addresses of one network, each once. */
export class NetworkAddresses {
  #gateway = FIRST_GATEWAY;
  #pod = FIRST_POD;

  constructor(
    /** From 1. */
    readonly index: number,
  ) {}

  nextGateway(): string {
    if (this.#gateway === FIRST_POD) {
      throw new RangeError('a network has at most eight east-west gateways');
    }
    return `10.240.${this.index}.${this.#gateway++}`;
  }

  nextPod(): string {
    if (this.#pod > LAST_POD) {
      throw new RangeError(
        `network ${this.index} has used its ${
          LAST_POD - FIRST_POD + 1
        } pod addresses`,
      );
    }
    return `10.240.${this.index}.${this.#pod++}`;
  }
}
