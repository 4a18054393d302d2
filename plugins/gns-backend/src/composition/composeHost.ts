import type { Condition } from '@isthmus/plugin-gns-common';
import { sameList } from './cells';
import type { ClusterFacts } from './clusterFacts';
import { equalParts } from './equalParts';
import {
  agreedPorts,
  describePorts,
  hasPorts,
  type HostPort,
} from './hostPorts';
import {
  destinationRuleName,
  localEntryName,
  remoteEntryName,
} from './objectNames';
import type { Offer } from './offers';
import { by } from './order';
import type { Place } from './participants';
import {
  composedObject,
  DESTINATION_RULE,
  SERVICE_ENTRY,
} from './render/composed';
import { destinationRuleSpec } from './render/destinationRule';
import {
  gatewayEndpoints,
  localEntrySpec,
  remoteEntrySpec,
  type HostEntry,
} from './render/serviceEntries';
import { listNames, unknown, untrue } from './statement';
import {
  servingKey,
  type ComposedObject,
  type ComposedService,
  type CompositionInput,
} from './types';
import type { Ways } from './ways';
import { capShares, dampedWeight } from './weights';

/** What a global namespace is to all of its hosts. */
export interface HostContext {
  readonly gns: string;
  readonly domain: string;
  /** Clusters with members, sorted by name. */
  readonly places: readonly Place[];
  readonly placeOf: ReadonlyMap<string, Place>;
  /** By cluster id. */
  readonly ways: ReadonlyMap<string, Ways>;
}

/** What is offered under one host label. */
export interface HostOffers {
  readonly label: string;
  /** One per cluster, sorted by cluster name. */
  readonly offers: readonly Offer[];
  /** Offers of namespaces that wait for approval or were refused. */
  readonly waiting: readonly Offer[];
  readonly conditions: readonly Condition[];
}

export interface ComposedHost {
  readonly service: ComposedService;
  /** Objects by cluster id. */
  readonly objects: ReadonlyMap<string, readonly ComposedObject[]>;
  /** Key of the local entry by cluster id: what a cluster must have applied to serve the host. */
  readonly localEntries: ReadonlyMap<string, string>;
  /** Damped weights by `servingKey`. */
  readonly weights: readonly (readonly [string, number])[];
}

interface Server {
  readonly facts: ClusterFacts;
  readonly weight: number;
}

/** SPIFFE ids of the service accounts that may serve the host, in all clusters. */
function subjectAltNames(
  offers: readonly Offer[],
  context: HostContext,
): string[] {
  const ids = offers.flatMap(offer => {
    const trustDomain = context.placeOf.get(offer.cluster)?.facts.trustDomain;
    return trustDomain === undefined
      ? []
      : offer.serviceAccounts.map(
          account =>
            `spiffe://${trustDomain}/ns/${offer.namespace}/sa/${account}`,
        );
  });
  return [...new Set(ids)].sort();
}

/** Composes one host of a global namespace for all of its clusters. */
export function composeHost(
  context: HostContext,
  { label, offers, waiting, conditions: found }: HostOffers,
  input: Pick<CompositionInput, 'served' | 'weights' | 'addresses' | 'options'>,
): ComposedHost {
  const host = `${label}.${context.domain}`;
  const address = input.addresses.get(host);
  const offerOf = new Map(offers.map(o => [o.cluster, o]));
  const serves = (o: Offer) => input.served.has(servingKey(o.cluster, host));
  const ports = agreedPorts(offers, serves);
  const sans = subjectAltNames(offers, context);
  const entry: HostEntry = { host, address, subjectAltNames: sans };

  const weights: [string, number][] = [];
  const servers = new Map<string, Server>();
  for (const offer of offers) {
    const facts = context.placeOf.get(offer.cluster)?.facts;
    if (!facts || facts.trustDomain === undefined) continue;
    if (offer.serviceAccounts.length === 0 || !hasPorts(offer, ports)) continue;
    if (facts.usable.length === 0 || !serves(offer)) continue;
    const key = servingKey(offer.cluster, host);
    const weight = dampedWeight(offer.readyMtls, input.weights.get(key));
    if (weight === 0) continue;
    weights.push([key, weight]);
    servers.set(offer.cluster, { facts, weight });
  }

  const endpointLists = new Map<string, readonly object[]>();
  const specs = new Map<string, object>();
  const shared = <T extends object>(key: string, make: () => T): object => {
    const before = specs.get(key);
    if (before) return before;
    const made = make();
    specs.set(key, made);
    return made;
  };

  /** Endpoints for one caller; callers with the same servers share one list. */
  const endpointsFor = (caller: ClusterFacts): [string, readonly object[]] => {
    const near = nearestServers(
      context.ways.get(caller.id),
      servers,
      input.options.nearestClusters,
    );
    near.sort(by(s => s.facts.name));
    const key = near.map(s => s.facts.id).join(' ');
    const before = endpointLists.get(key);
    if (before) return [key, before];
    const capped = capShares(
      near.map(s => s.weight),
      input.options.maxClusterShare,
    );
    const endpoints = near.flatMap((s, i) =>
      gatewayEndpoints(s.facts, ports, capped[i]),
    );
    endpointLists.set(key, endpoints);
    return [key, endpoints];
  };

  const objects = new Map<string, readonly ComposedObject[]>();
  const localEntries = new Map<string, string>();
  for (const { facts, owner, home, exportTo } of context.places) {
    const own: ComposedObject[] = [];
    const offer = offerOf.get(facts.id);
    const agrees = !offer || hasPorts(offer, ports);
    const namespace = offer?.namespace ?? home;
    // Scaled to zero, the entry stays: it selects nothing, and deleting it would only make the way back longer.
    if (offer && sans.length > 0 && (offer.total > 0 || serves(offer))) {
      const listed: readonly HostPort[] = agrees ? ports : offer.ports;
      const object = composedObject(
        owner,
        SERVICE_ENTRY,
        localEntryName(context.gns, label),
        namespace,
        localEntrySpec(entry, offer, listed, exportTo),
        'server',
        [host],
      );
      own.push(object);
      localEntries.set(facts.id, object.key);
    }
    // istiod takes the ports of the older entry for both: entries whose ports differ must not meet.
    const [set, endpoints] = agrees ? endpointsFor(facts) : ['', []];
    if (endpoints.length > 0 && sans.length > 0) {
      const visible = exportTo.join(' ');
      own.push(
        composedObject(
          owner,
          SERVICE_ENTRY,
          remoteEntryName(context.gns, label),
          namespace,
          shared(`entry ${set}|${visible}`, () =>
            remoteEntrySpec(entry, ports, endpoints, exportTo),
          ),
          'client',
          [host],
        ),
        composedObject(
          owner,
          DESTINATION_RULE,
          destinationRuleName(context.gns, label),
          namespace,
          shared(`rule ${visible}`, () => destinationRuleSpec(host, exportTo)),
          'client',
          [host],
        ),
      );
    }
    if (own.length > 0) objects.set(facts.id, own);
  }

  return {
    objects,
    localEntries,
    weights,
    service: {
      name: label,
      host,
      ...(address === undefined ? {} : { address }),
      ports,
      endpoints: [...offers, ...waiting].map(offer => ({
        cluster: offer.cluster,
        namespace: offer.namespace,
        service: offer.service,
        readyMtls: offer.readyMtls,
        total: offer.total,
        published:
          offerOf.get(offer.cluster) === offer && servers.has(offer.cluster),
        awaitingApproval: waiting.includes(offer),
        workloads: offer.workloads,
        serviceAccounts: offer.serviceAccounts,
      })),
      subjectAltNames: sans,
      conditions: [
        ...found,
        ...hostConditions(context, label, host, ports, offers),
      ],
    },
  };
}

function hostConditions(
  context: HostContext,
  label: string,
  host: string,
  ports: readonly HostPort[],
  offers: readonly Offer[],
): Condition[] {
  const conditions: Condition[] = [];
  const where = { gns: context.gns, service: label };
  for (const offer of offers) {
    if (hasPorts(offer, ports)) continue;
    conditions.push(
      untrue(
        'PortsAgree',
        'PortsDiffer',
        'error',
        `${host} has the ports ${describePorts(
          ports,
        )} elsewhere, but ${describePorts(offer.ports)} in ${
          offer.namespace
        } of ${
          offer.clusterName
        }: there it serves and finds only its own pods. Give the Service the same port numbers, names and protocols in every cluster.`,
        { ...where, cluster: offer.clusterName, namespace: offer.namespace },
      ),
    );
  }
  const blind = offers.filter(
    o => context.placeOf.get(o.cluster)?.facts.workloadsUnknown,
  );
  if (offers.length > 0 && offers.every(o => o.readyMtls === 0)) {
    if (blind.length > 0) {
      conditions.push(
        unknown(
          'HasEndpoints',
          'EndpointsUnknown',
          'warning',
          `Whether a pod serves ${host} is unknown: ${listNames(
            blind.map(o => o.clusterName),
          )} has not reported its workloads. Check the permissions and the log of its controller.`,
          where,
        ),
      );
      return conditions;
    }
    conditions.push(
      untrue(
        'HasEndpoints',
        'NoEndpoints',
        'error',
        `No ready pod with a sidecar serves ${host} in ${listNames(
          offers.map(o => o.clusterName),
        )}: calls fail. Start its pods, or check why they are not ready or not injected.`,
        where,
      ),
    );
  }
  return conditions;
}

/** The serving clusters that a caller is given, in no particular order. */
function nearestServers(
  ways: Ways | undefined,
  servers: ReadonlyMap<string, Server>,
  limit: number,
): Server[] {
  if (!ways || servers.size === 0) return [];
  const near: Server[] = [];
  if (servers.size <= limit) {
    for (const [id, server] of servers) {
      if (ways.allowed.has(id)) near.push(server);
    }
    return near;
  }
  for (const facts of ways.nearest) {
    const server = servers.get(facts.id);
    if (server) near.push(server);
    if (near.length === limit) break;
  }
  return near;
}

/** The parts of `next` that equal those of `before` are replaced by them. */
export function keepEqual(
  before: ComposedHost | undefined,
  next: ComposedHost,
): ComposedHost {
  if (!before) return next;
  const objects = new Map<string, readonly ComposedObject[]>();
  let changed = before.objects.size !== next.objects.size;
  for (const [cluster, list] of next.objects) {
    const old = before.objects.get(cluster);
    const kept = list.map((object, i) =>
      old?.[i] && equalParts(old[i], object) ? old[i] : object,
    );
    const same = old !== undefined && sameList(kept, old);
    changed ||= !same;
    objects.set(cluster, same ? old : kept);
  }
  return {
    ...next,
    objects: changed ? objects : before.objects,
    localEntries: equalParts([...before.localEntries], [...next.localEntries])
      ? before.localEntries
      : next.localEntries,
    weights: equalParts(before.weights, next.weights)
      ? before.weights
      : next.weights,
  };
}
