import { seesOwnNetworkOnly } from '../composition/clusterFacts';
import { listNames } from '../composition/statement';
import type { ConnectionFacts, Finding } from './types';

/** Whether there is an east-west gateway that other clusters could be sent to. */
export function gatewayFinding({ facts, inventory }: ConnectionFacts): Finding {
  if (!facts || !inventory || inventory.marks.gateways === 'never') {
    return {
      state: 'unknown',
      reason: 'unseen',
      evidence: 'The controller has not reported its gateways yet.',
      remedy:
        'Wait a moment; if it stays so, look at the log of the controller.',
    };
  }
  const name = (g: (typeof facts.gateways)[number]) =>
    `${g.namespace}/${g.name}`;
  const failed = (
    reason: string,
    evidence: string,
    remedy: string,
  ): Finding => ({
    state: 'failed',
    reason,
    evidence,
    remedy,
  });
  if (facts.gateways.length === 0) {
    return failed(
      'noGateway',
      'There is no east-west gateway: its pods could call other clusters, and nobody could call them.',
      "Install Istio's east-west gateway, and label its Service topology.istio.io/network.",
    );
  }
  if (facts.usable.length > 0) {
    return {
      state: 'ok',
      reason: 'usable',
      evidence: facts.usable
        .map(
          u =>
            `${name(u.gateway)} is ready at ${u.addresses
              .map(a => `${a}:${u.port}`)
              .join(', ')}`,
        )
        .join('; '),
    };
  }
  const unset = facts.gateways.find(g => g.network === '');
  if (unset) {
    return failed(
      'networkUnset',
      `The gateway ${name(unset)} belongs to no network.`,
      'Set topology.istio.io/network on the gateway and on istio-system, a different value in every cluster.',
    );
  }
  const wide = facts.gateways.find(g => !seesOwnNetworkOnly(g));
  if (wide) {
    return failed(
      'viewsOtherNetworks',
      `The gateway ${name(
        wide,
      )} sees endpoints of all networks, so calls could loop between gateways.`,
      `Set ISTIO_META_REQUESTED_NETWORK_VIEW=${wide.network} on its pods.`,
    );
  }
  const down = facts.gateways.find(g => !g.ready);
  return down
    ? failed(
        'notReady',
        `The gateway ${name(down)} has no ready pod.`,
        'Check its Deployment.',
      )
    : failed(
        'noAddress',
        'No gateway has an address that other clusters could dial.',
        'Wait for its load balancer, or give its Service an external IP.',
      );
}

/** Whether other clusters reach it, as their controllers measured. */
export function reachedFinding({
  cluster,
  neighbours,
}: ConnectionFacts): Finding {
  const asked = neighbours.filter(n => n.probes);
  if (asked.length === 0) {
    return {
      state: 'waiting',
      reason: neighbours.length === 0 ? 'alone' : 'noGlobalNamespaceYet',
      evidence:
        neighbours.length === 0
          ? 'There is no other cluster that could try.'
          : 'Other clusters try it once it is with them in a global namespace.',
    };
  }
  const tried = asked.map(n => ({
    name: n.name,
    doors: (n.observed?.reachability ?? []).filter(
      r => r.cluster === cluster.name || r.cluster === cluster.id,
    ),
  }));
  const reach = tried.filter(t => t.doors.some(d => d.reachable));
  const not = tried.filter(
    t => t.doors.length > 0 && t.doors.every(d => !d.reachable),
  );
  if (not.length > 0) {
    const [door] = not[0].doors;
    const doors = `${door.address}:${door.port}`;
    return {
      state: reach.length === 0 ? 'failed' : 'warning',
      reason: reach.length === 0 ? 'unreachable' : 'someUnreachable',
      evidence: `${listNames(not.map(t => t.name))} ${
        not.length === 1 ? 'does' : 'do'
      } not reach its gateway (${doors}) since ${door.since}${
        door.error ? `: ${door.error}` : ''
      }.`,
      remedy: `Open the way for TCP from the nodes of ${listNames(
        not.map(t => t.name),
      )} to ${doors} (firewall, security group, route).`,
    };
  }
  if (reach.length === 0) {
    return {
      state: 'unknown',
      reason: 'notMeasured',
      evidence: `${listNames(tried.map(t => t.name))} ${
        tried.length === 1 ? 'has' : 'have'
      } not tried its gateway yet.`,
      remedy: 'Wait a minute; they try by themselves.',
    };
  }
  const times = reach.flatMap(t =>
    t.doors.flatMap(d => (d.latencyMs === undefined ? [] : [d.latencyMs])),
  );
  return {
    state: 'ok',
    reason: 'reached',
    evidence: `${listNames(reach.map(t => t.name))} ${
      reach.length === 1 ? 'reaches' : 'reach'
    } its gateway${
      times.length > 0 ? ` (${Math.round(Math.min(...times))} ms)` : ''
    }.`,
  };
}
