import { spiffeId, type Condition } from '@isthmus/plugin-gns-common';
import { placeKey } from '../authority/transition/types';
import type { AuthorityInForce } from './authority';
import { sameList } from './cells';
import { equalParts } from './equalParts';
import { agreedPorts, hasPorts } from './hostPorts';
import { hostConditions } from './hostConditions';
import { ClientSpecs, type Server } from './clientSpecs';
import {
  destinationRuleName,
  localEntryName,
  remoteEntryName,
} from './objectNames';
import type { Offer } from './offers';
import type { Place } from './participants';
import {
  composedObject,
  DESTINATION_RULE,
  ObjectName,
  SERVICE_ENTRY,
} from './render/composed';
import { localEntrySpec, type HostEntry } from './render/serviceEntries';
import {
  servingKey,
  type ComposedObject,
  type ComposedService,
  type CompositionInput,
} from './types';
import type { Ways } from './ways';
import { dampedWeight } from './weights';

/** What a global namespace is to all of its hosts. */
export interface HostContext {
  readonly gns: string;
  readonly domain: string;
  /** Clusters with members, sorted by name. */
  readonly places: readonly Place[];
  readonly placeOf: ReadonlyMap<string, Place>;
  /** By cluster id. */
  readonly ways: ReadonlyMap<string, Ways>;
  readonly authority: AuthorityInForce;
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

/** SPIFFE ids of the service accounts that may serve the host, in all clusters. */
function subjectAltNames(
  offers: readonly Offer[],
  context: HostContext,
): string[] {
  const ids = offers.flatMap(offer => {
    const place = placeKey({
      clusterId: offer.cluster,
      namespace: offer.namespace,
    });
    const mesh = context.placeOf.get(offer.cluster)?.facts.trustDomain;
    return context.authority
      .trustDomainsOf(place, mesh)
      .flatMap(trustDomain =>
        offer.serviceAccounts.map(account =>
          spiffeId(trustDomain, offer.namespace, account),
        ),
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
    if (facts.drained || facts.usable.length === 0 || !serves(offer)) continue;
    const key = servingKey(offer.cluster, host);
    const weight = dampedWeight(offer.readyMtls, input.weights.get(key));
    if (weight === 0) continue;
    weights.push([key, weight]);
    servers.set(offer.cluster, { facts, weight });
  }
  const clients = new ClientSpecs(
    entry,
    ports,
    [...servers.values()],
    input.options,
  );

  const hosts = [host];
  const localName = new ObjectName(
    SERVICE_ENTRY,
    localEntryName(context.gns, label),
  );
  const remoteName = new ObjectName(
    SERVICE_ENTRY,
    remoteEntryName(context.gns, label),
  );
  const ruleName = new ObjectName(
    DESTINATION_RULE,
    destinationRuleName(context.gns, label),
  );
  const objects = new Map<string, readonly ComposedObject[]>();
  const localEntries = new Map<string, string>();
  // Without SANs Envoy would take any certificate: then nothing is rendered at all.
  for (const place of sans.length > 0 ? context.places : []) {
    const { facts, owner, exportTo } = place;
    const own: ComposedObject[] = [];
    const offer = offerOf.get(facts.id);
    const agrees = !offer || hasPorts(offer, ports);
    const namespace = offer?.namespace ?? place.home;
    // Scaled to zero, the entry stays: it selects nothing, and deleting it would only make the way back longer.
    if (offer && (offer.total > 0 || serves(offer))) {
      const spec = localEntrySpec(
        entry,
        offer,
        agrees ? ports : offer.ports,
        exportTo,
      );
      own.push(
        composedObject(owner, localName, namespace, spec, 'server', hosts),
      );
      localEntries.set(facts.id, localName.keyIn(namespace));
    }
    // istiod takes the ports of the older entry for both: entries whose ports differ must not meet.
    const client = agrees
      ? clients.for(context.ways.get(facts.id), exportTo)
      : undefined;
    if (client) {
      own.push(
        composedObject(
          owner,
          remoteName,
          namespace,
          client.entry,
          'client',
          hosts,
        ),
        composedObject(
          owner,
          ruleName,
          namespace,
          client.rule,
          'client',
          hosts,
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
