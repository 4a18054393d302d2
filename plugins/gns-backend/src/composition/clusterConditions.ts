import type {
  Condition,
  GlobalNamespace,
  InventoryNamespace,
} from '@isthmus/plugin-gns-common';
import { visibilityOf } from '../foreign/sidecars';
import {
  pairVerdict,
  seesOwnNetworkOnly,
  type ClusterFacts,
} from './clusterFacts';
import { isDialable } from './gatewayAddresses';
import type { Participant, Place } from './participants';
import { listNames, unknown, untrue } from './statement';
import type { ClusterView } from './types';

/** What is wrong with a cluster's gateways for this global namespace. */
function gatewayConditions(
  gns: string,
  facts: ClusterFacts,
  view: ClusterView,
): Condition[] {
  const where = { gns, cluster: facts.name };
  if (facts.drained) {
    return [
      untrue(
        'Offered',
        'Drained',
        'info',
        `${facts.name} is drained: it serves its own callers, and no other cluster is sent to it. End the drain (POST clusters/${facts.name}/undrain) when it may serve others again.`,
        where,
      ),
    ];
  }
  if (facts.gateways.length === 0) {
    return view.inventory.marks.gateways === 'never'
      ? []
      : [
          untrue(
            'GatewayPresent',
            'NoGateway',
            'error',
            `${facts.name} has no east-west gateway: its pods can call other clusters, but nobody can call it. Install Istio's east-west gateway and label its Service topology.istio.io/network.`,
            where,
          ),
        ];
  }
  const conditions: Condition[] = [];
  for (const gateway of facts.gateways) {
    const name = `${gateway.namespace}/${gateway.name}`;
    const at = { ...where, namespace: gateway.namespace, object: name };
    if (gateway.network === '') {
      conditions.push(
        untrue(
          'NetworkKnown',
          'NetworkUnset',
          'error',
          `The gateway ${name} of ${facts.name} belongs to no network, so it is not published: endpoints without a network would loop. Set topology.istio.io/network on the gateway and on istio-system, a different value in every cluster.`,
          at,
        ),
      );
    } else if (!seesOwnNetworkOnly(gateway)) {
      conditions.push(
        untrue(
          'GatewayNetworkView',
          'ViewsOtherNetworks',
          'error',
          `The gateway ${name} of ${facts.name} sees endpoints of all networks, so calls could loop between gateways; it is not published. Set ISTIO_META_REQUESTED_NETWORK_VIEW=${gateway.network} on its pods.`,
          at,
        ),
      );
    }
    const nowhere = gateway.addresses
      .map(a => ('ip' in a ? a.ip : a.hostname))
      .filter(a => !facts.simulated && !isDialable(a));
    if (nowhere.length > 0) {
      conditions.push(
        untrue(
          'GatewayAddressValid',
          'AddressLeadsNowhere',
          'error',
          `The gateway ${name} of ${facts.name} claims ${listNames(
            nowhere,
          )}, which leads no other cluster to it; it is not published. Give its Service an address that other clusters can dial.`,
          at,
        ),
      );
    }
    if (!gateway.ready) {
      conditions.push(
        untrue(
          'GatewayPresent',
          'GatewayNotReady',
          'error',
          `The gateway ${name} of ${facts.name} has no ready pod; it is not published. Check its Deployment.`,
          at,
        ),
      );
    } else if (gateway.addresses.length === 0) {
      conditions.push(
        untrue(
          'GatewayPresent',
          'NoAddress',
          'error',
          `The gateway ${name} of ${facts.name} has no address that other clusters could dial. Wait for its load balancer, or give its Service an external IP.`,
          at,
        ),
      );
    }
  }
  return conditions;
}

function pairConditions(
  gns: string,
  caller: ClusterFacts,
  view: ClusterView,
  others: readonly ClusterFacts[],
  by: 'mesh' | 'own',
): Condition[] {
  const where = { gns, cluster: caller.name };
  const conditions: Condition[] = [];
  if (others.length === 0) return conditions;
  if (by === 'mesh' && caller.rootHashes.size === 0) {
    conditions.push(
      unknown(
        'SharedRoot',
        'RootUnknown',
        'error',
        `${caller.name} has not reported which root certificates its proxies trust, so no endpoint is published to or from it. Check that its controller may read the ConfigMap istio-ca-root-cert.`,
        where,
      ),
    );
  }
  const strangers: string[] = [];
  const sameNetwork: string[] = [];
  for (const other of others) {
    const verdict = pairVerdict(caller, other, by);
    if (verdict === 'noSharedRoot') strangers.push(other.name);
    if (verdict === 'sameNetwork') sameNetwork.push(other.name);
  }
  if (strangers.length > 0) {
    conditions.push(
      untrue(
        'SharedRoot',
        'NoSharedRoot',
        'error',
        `${caller.name} shares no root certificate with ${listNames(
          strangers,
        )}: calls between them would fail, so none are routed. Install certificates under one common root in every cluster (Istio: secret cacerts in istio-system), then restart istiod and the workloads. Or give the global namespace an authority of its own (authority.mode: dedicated): then no common root is needed.`,
        where,
      ),
    );
  }
  if (sameNetwork.length > 0) {
    conditions.push(
      untrue(
        'NetworkKnown',
        'DuplicateNetwork',
        'error',
        `${caller.name} is in the same network (${listNames([
          ...caller.networks,
        ])}) as ${listNames(
          sameNetwork,
        )}, but their pods are joined by gateways: nothing is routed between them. Give every cluster its own topology.istio.io/network.`,
        where,
      ),
    );
  }
  const doorsOf = (facts: ClusterFacts) =>
    facts.usable.flatMap(u => u.addresses.map(a => `${a}:${u.port}`));
  const own = new Set(doorsOf(caller));
  const twins = others.filter(o => doorsOf(o).some(door => own.has(door)));
  if (twins.length > 0) {
    const doors = [...new Set(twins.flatMap(doorsOf))].filter(d => own.has(d));
    conditions.push(
      untrue(
        'GatewayAddressUnique',
        'AddressClaimedTwice',
        'error',
        `${caller.name} and ${listNames(
          twins.map(t => t.name),
        )} claim the same gateway address (${listNames(
          doors,
        )}): calls for one may end at the other, which refuses them. Find out whose it is, and mend the Service of the other.`,
        where,
      ),
    );
  }
  const unreachable = view.reachability.filter(
    r =>
      !r.reachable &&
      others.some(o => o.name === r.cluster || o.id === r.cluster),
  );
  if (unreachable.length > 0) {
    const since = unreachable.map(r => r.since).sort()[0];
    const doors = unreachable.map(r => {
      const name =
        others.find(o => o.id === r.cluster || o.name === r.cluster)?.name ??
        r.cluster;
      return `${name} (${r.address}:${r.port})`;
    });
    conditions.push(
      untrue(
        'GatewayReachable',
        'Unreachable',
        'warning',
        `${caller.name} does not reach the gateway of ${listNames(
          doors,
        )} since ${since}. The routes stay; open the way for TCP from its nodes to that port.`,
        where,
        since,
      ),
    );
  }
  return conditions;
}

/** A Sidecar of somebody else keeps hosts of the global namespace from the proxies of a member. */
function hiddenHosts(
  { metadata, spec }: Pick<GlobalNamespace, 'metadata' | 'spec'>,
  { place, members }: Participant,
  { name, sidecars = [] }: InventoryNamespace,
): Condition | undefined {
  const { domain } = spec;
  const inForce = [
    ...sidecars.map(object => ({ object, at: name })),
    ...place.facts.sidecars.filter(s => s.at !== name),
  ];
  if (inForce.length === 0) return undefined;
  const hidden = members.flatMap(({ chosen: { namespace } }) => {
    const { seen, by } = visibilityOf(
      inForce,
      { host: `any.${domain}`, namespace: namespace.name },
      { namespace: name, port: null, pods: [] },
    );
    // Who lists hosts one by one has chosen.
    const listed = by?.object.egress.some(listener =>
      listener.hosts.some(host => host.endsWith(`.${domain}`)),
    );
    return seen === 'no' && by && !listed
      ? [{ by, namespace: namespace.name }]
      : [];
  });
  if (hidden.length === 0) return undefined;
  const { by } = hidden[0];
  return untrue(
    'HostsVisible',
    'HiddenBySidecar',
    'warning',
    `The Sidecar ${by.at}/${by.object.name} of ${
      place.facts.name
    } keeps the hosts of ${metadata.name} in ${listNames(
      hidden.map(h => h.namespace),
    )} from the proxies of ${name}: calls of them fail. Add */*.${domain} to the hosts of its egress.`,
    { gns: metadata.name, cluster: place.facts.name, namespace: name },
  );
}

/** Namespace-wide statements: DNS capture, mTLS, hosts that are hidden, pods that wait for a restart. */
export function memberConditions(
  definition: Pick<GlobalNamespace, 'metadata' | 'spec'>,
  participant: Participant,
): Condition[] {
  const { place, members } = participant;
  const gns = definition.metadata.name;
  const { mtls } = definition.spec;
  const conditions: Condition[] = [];
  const cluster = place.facts.name;
  for (const { chosen, offers } of members) {
    const { name, peerAuthentication, proxyConfig } = chosen.namespace;
    const where = { gns, cluster, namespace: name };
    if (proxyConfig?.ours === false) {
      conditions.push(
        untrue(
          'DnsCapture',
          'ForeignProxyConfig',
          'warning',
          `${name} of ${cluster} has the ProxyConfig ${proxyConfig.name}, and Istio uses only one: ours is left out. Add ISTIO_META_DNS_CAPTURE: "true" to its environmentVariables, or delete it.`,
          where,
        ),
      );
    }
    const hidden = hiddenHosts(definition, participant, chosen.namespace);
    if (hidden) conditions.push(hidden);
    if (offers.awaitingRestart > 0) {
      conditions.push(
        untrue(
          'PodsRestarted',
          'PodsAwaitRestart',
          'warning',
          `${offers.awaitingRestart} pods of ${name} of ${cluster} started before DNS capture was on and do not resolve global names yet. Restart them: kubectl -n ${name} rollout restart deployment.`,
          where,
        ),
      );
    }
    const mode = peerAuthentication?.mode;
    const foreign =
      peerAuthentication !== undefined &&
      !peerAuthentication.ours &&
      peerAuthentication.namespace === name;
    if (mtls === 'strict' && foreign && mode !== 'STRICT') {
      conditions.push(
        untrue(
          'MtlsEffective',
          'ForeignPeerAuthentication',
          'warning',
          `${name} of ${cluster} accepts ${mode}, not STRICT: its PeerAuthentication ${peerAuthentication?.name} is older than ours and wins. Set it to STRICT, or delete it.`,
          where,
        ),
      );
    } else if (mtls === 'permissive' && mode === 'DISABLE') {
      conditions.push(
        untrue(
          'MtlsEffective',
          'MtlsDisabled',
          'error',
          `${name} of ${cluster} refuses mTLS (PeerAuthentication ${peerAuthentication?.namespace}/${peerAuthentication?.name}), so calls of other clusters fail. Set it to PERMISSIVE or STRICT.`,
          where,
        ),
      );
    }
  }
  return conditions;
}

/** What an observed cluster is in a global namespace, and how it becomes more. */
function observedCondition(gns: string, cluster: string): Condition {
  return untrue(
    'Joined',
    'OnlyObserved',
    'info',
    `${cluster} is only observed: its services and traffic are shown, nothing is written to it, and its services are offered to no other cluster. To join it, take it out of gns.observedClusters, disconnect it, and connect it with a controller.`,
    { gns, cluster },
  );
}

/** Statements about one participant's gateways, and about its ways to the other participants. */
export function wayConditions(
  place: Place,
  view: ClusterView,
  places: readonly Place[],
  by: 'mesh' | 'own',
): Condition[] {
  const { gns } = place.owner;
  if (view.observed) return [observedCondition(gns, view.name)];
  const others = places.filter(p => p !== place).map(p => p.facts);
  return [
    ...gatewayConditions(gns, place.facts, view),
    ...pairConditions(gns, place.facts, view, others, by),
  ];
}
