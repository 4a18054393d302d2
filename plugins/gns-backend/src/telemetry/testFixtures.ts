import {
  packEdges,
  type EdgeRow,
  type ObservationsInput,
  type SliceInput,
} from '@isthmus/plugin-gns-common';
import type {
  ComposedGlobalNamespace,
  ComposedService,
} from '../composition/types';
import { Directory } from './Directory';

/** A minute on the hour, so that hours and days are easy to see: 2026-11-23T10:00:00Z. */
export const T0 = Date.UTC(2026, 10, 23, 10) / 1000;

function service(
  gns: string,
  name: string,
  endpoints: readonly [cluster: string, namespace: string, service?: string][],
): ComposedService {
  return {
    name,
    host: `${name}.${gns}.gns.example`,
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints: endpoints.map(([cluster, namespace, k8s]) => ({
      cluster,
      namespace,
      service: k8s ?? name,
      readyMtls: 2,
      total: 2,
      published: true,
      awaitingApproval: false,
      workloads: [`${name}-v1`],
      serviceAccounts: [name],
    })),
    subjectAltNames: [],
    conditions: [],
  };
}

/** A global namespace of these members, `<cluster>/<namespace>`. */
export function gnsOf(
  name: string,
  members: readonly string[],
  services: readonly ComposedService[],
): ComposedGlobalNamespace {
  return {
    name,
    domain: `${name}.gns.example`,
    members: members.map(member => {
      const [cluster, namespace] = member.split('/');
      return {
        cluster,
        namespace,
        state: 'member',
        exact: true,
        services: 1,
        awaitingRestart: 0,
      };
    }),
    services,
    conditions: [],
  };
}

/** `front` in eu calls `stock` in eu and us; `bank` is another global namespace that has one namespace in us. */
export const SHOP = gnsOf(
  'shop',
  ['eu/web', 'eu/depot', 'us/depot'],
  [
    service('shop', 'front', [['eu', 'web']]),
    service('shop', 'stock', [
      ['eu', 'depot'],
      ['us', 'depot'],
    ]),
  ],
);
export const BANK = gnsOf(
  'bank',
  ['us/vault', 'far/vault'],
  [service('bank', 'safe', [['us', 'vault']])],
);
export const ISTIO_IDS: ReadonlyMap<string, string> = new Map([
  ['eu', 'istio-eu'],
  ['us', 'istio-us'],
  ['far', 'istio-far'],
]);

export function directoryOf(
  globalNamespaces: readonly ComposedGlobalNamespace[] = [SHOP, BANK],
  istioIds = ISTIO_IDS,
): Directory {
  return new Directory({
    version: 'test',
    globalNamespaces,
    clusters: ['eu', 'far', 'us'].map(id => ({ id, name: `${id}-1` })),
    istioIds,
  });
}

/** The workload of a service, as labels have it. */
export function workload(
  cluster: string,
  namespace: string,
  name: string,
  version = 'v1',
) {
  return {
    cluster: `istio-${cluster}`,
    namespace,
    name: `${name}-${version}`,
    app: name,
    version,
  };
}

export const LAYOUT = [10, 100, 1000];

/** A call of `front` in eu to `stock`, seen by the client. */
export function call(over: Partial<EdgeRow> = {}): EdgeRow {
  return {
    view: 'client',
    protocol: 'http',
    source: workload('eu', 'web', 'front'),
    destination: workload('us', 'depot', 'stock'),
    service: { host: 'stock.shop.gns.example' },
    outcomes: [[200, 10]],
    durations: [{ outcome: 'ok', edgesMs: LAYOUT, counts: [4, 3, 2, 1] }],
    durationSumMs: 1234.5,
    ...over,
  };
}

/** The same call, seen by the server. */
export function served(over: Partial<EdgeRow> = {}): EdgeRow {
  return call({ view: 'server', mtls: 10, ...over });
}

export function known(
  start: number,
  rows: readonly EdgeRow[],
  over: Partial<Extract<SliceInput, { state: 'KNOWN' }>> = {},
): SliceInput {
  return {
    start,
    seconds: 60,
    revision: 1,
    state: 'KNOWN',
    edges: packEdges(rows),
    ...over,
  };
}

export function zero(start: number, over: object = {}): SliceInput {
  return { start, seconds: 60, revision: 1, state: 'ZERO', ...over };
}

export function unknown(start: number, over: object = {}): SliceInput {
  return {
    start,
    seconds: 60,
    revision: 1,
    state: 'UNKNOWN',
    reason: 'timeout',
    ...over,
  };
}

/** A request's body, sent at a hub's time (Unix seconds). */
export function observations(
  now: number,
  slices: SliceInput[],
  over: Partial<ObservationsInput> = {},
): ObservationsInput {
  return { sentAt: new Date(now * 1000).toISOString(), slices, ...over };
}
