import { DEFAULT_GATEWAY_PORT } from '@isthmus/plugin-gns-common';
import {
  gatewayObjectName,
  namespaceObjectName,
  servicePolicyName,
} from '../objectNames';
import { placeKey } from '../../authority/transition/types';
import type { AuthorityInForce } from '../authority';
import { ownershipOf, type Participant, type Place } from '../participants';
import { takesAllServices } from '../membership';
import type { ComposedObject } from '../types';
import {
  AUTHORIZATION_POLICY,
  composedObject,
  GATEWAY,
  ObjectName,
  PEER_AUTHENTICATION,
  PROXY_CONFIG,
  type Ownership,
} from './composed';

/** One Gateway per east-west gateway: it passes TLS of the domain's hosts through, unopened. */
export function gatewayObjects(
  { facts, owner }: Place,
  domain: string,
): ComposedObject[] {
  return facts.gateways.map(gateway =>
    composedObject(
      owner,
      new ObjectName(GATEWAY, gatewayObjectName(owner.gns, gateway)),
      gateway.namespace,
      {
        selector: gateway.selector,
        servers: [
          {
            port: {
              number: DEFAULT_GATEWAY_PORT,
              name: 'tls',
              protocol: 'TLS',
            },
            tls: { mode: 'AUTO_PASSTHROUGH' },
            hosts: [`*.${domain}`],
          },
        ],
      },
      'server',
      [],
    ),
  );
}

/**
 * The identities that may call members: every service account of every member
 * namespace, by trust domain and namespace. Four parts and a wildcard: Istio
 * rewrites the trust domain of five-part principals to its own aliases, and
 * takes `cluster.local` for whatever its own is called, but leaves these as
 * they are.
 */
export function memberPrincipals(
  places: readonly Place[],
  authority: AuthorityInForce,
): string[] {
  const principals = places.flatMap(({ facts, namespaces }) =>
    namespaces.flatMap(n =>
      authority
        .trustDomainsOf(
          placeKey({ clusterId: facts.id, namespace: n }),
          facts.trustDomain,
        )
        .map(trustDomain => `${trustDomain}/ns/${n}/*`),
    ),
  );
  return [...new Set(principals)].sort();
}

function rulesFor(principals: readonly string[]) {
  return {
    action: 'ALLOW',
    rules: [{ from: [{ source: { principals } }] }],
  };
}

function proxyConfig(
  owner: Ownership,
  namespace: string,
  environmentVariables: Record<string, string>,
): ComposedObject {
  return composedObject(
    owner,
    new ObjectName(PROXY_CONFIG, namespaceObjectName(owner.gns)),
    namespace,
    { environmentVariables },
    'policy',
    [],
  );
}

/**
 * What a namespace keeps that is no member any more: pods that start before it
 * has left the authority must get the same identity as those that run.
 */
export function leavingNamespace(
  gns: string,
  clusterId: string,
  namespace: string,
  environment: Record<string, string>,
): ComposedObject {
  return proxyConfig(ownershipOf(gns, clusterId), namespace, environment);
}

/** DNS capture, mTLS and admission in every member namespace of one cluster. */
export function namespacePolicies(
  { place, members }: Participant,
  mtls: 'strict' | 'permissive',
  membersOnly: readonly string[] | undefined,
  authority: AuthorityInForce,
): ComposedObject[] {
  const { owner, facts } = place;
  const name = namespaceObjectName(owner.gns);
  const objects: ComposedObject[] = [];
  for (const member of members) {
    const { chosen } = member;
    const namespace = chosen.namespace.name;
    const key = placeKey({ clusterId: facts.id, namespace });
    const userProxyConfig = chosen.namespace.proxyConfig?.ours === false;
    if (!userProxyConfig) {
      objects.push(
        proxyConfig(owner, namespace, {
          ISTIO_META_DNS_CAPTURE: 'true',
          ...authority.environmentOf(key),
        }),
      );
    }
    if (mtls === 'strict') {
      objects.push(
        composedObject(
          owner,
          new ObjectName(PEER_AUTHENTICATION, name),
          namespace,
          { mtls: { mode: 'STRICT' } },
          'policy',
          [],
        ),
      );
    }
    if (!membersOnly || membersOnly.length === 0) continue;
    if (!authority.isClosed(key)) continue;
    const rules = rulesFor(membersOnly);
    // Gateways hold passed-through connections without an identity: a policy for the whole namespace would cut them.
    const hasGateway = facts.gateways.some(g => g.namespace === namespace);
    if (takesAllServices(chosen) && !hasGateway) {
      objects.push(
        composedObject(
          owner,
          new ObjectName(AUTHORIZATION_POLICY, name),
          namespace,
          rules,
          'policy',
          [],
        ),
      );
      continue;
    }
    for (const offer of member.offers.offers) {
      objects.push(
        composedObject(
          owner,
          new ObjectName(
            AUTHORIZATION_POLICY,
            servicePolicyName(owner.gns, offer.service),
          ),
          namespace,
          { selector: { matchLabels: offer.selector }, ...rules },
          'policy',
          [],
        ),
      );
    }
  }
  return objects;
}
