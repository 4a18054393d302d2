import {
  pairVerdict,
  seesOwnNetworkOnly,
} from '../../composition/clusterFacts';
import type { Evidence } from '@isthmus/plugin-gns-common';
import { reported } from '../link';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server, Side } from '../types';

/** Nearest to work first. */
const NEARNESS = [
  'unreachable',
  'gatewayNotReady',
  'noAddress',
  'viewsOtherNetworks',
  'networkUnset',
  'sameNetwork',
  'noGateway',
];

/** Whether the caller's cluster reaches an east-west gateway of the server's. */
export function gateway(call: Call, servers: readonly Server[]): Sifted {
  return sift(
    servers,
    server => judge(call, server),
    reason => NEARNESS.indexOf(reason),
  );
}

function gatewayEvidence(side: Side): Evidence[] {
  return (side.facts?.gateways ?? []).map(g =>
    reported(
      side,
      `gateway ${g.namespace}/${g.name}`,
      `${g.ready ? 'ready' : 'not ready'}, network ${
        g.network || 'unset'
      }, sees ${g.networkView ?? 'all networks'}, addresses ${
        g.addresses.map(a => ('ip' in a ? a.ip : a.hostname)).join(', ') ||
        'none'
      }`,
    ),
  );
}

function judge({ caller }: Call, { side }: Server): Verdict {
  const from = caller.side;
  const parameters = { cluster: side.name, caller: from.name };
  if (side.id === from.id) {
    return {
      state: 'ok',
      reason: 'notNeeded',
      parameters,
      text: `The call stays in ${from.name}: no gateway is between them.`,
      evidence: [],
    };
  }
  const evidence = gatewayEvidence(side);
  const broken = (reason: string, text: string, remedy: string): Verdict => ({
    state: 'broken',
    reason,
    parameters,
    text,
    remedy,
    evidence,
  });
  const { facts } = side;
  if (!facts || (side.view?.inventory.marks.gateways ?? 'never') === 'never') {
    return {
      ...broken(
        'gatewaysUnseen',
        `${side.name} has not reported its gateways yet.`,
        `Check the permissions and the log of the controller in ${side.name}.`,
      ),
      state: 'unknown',
    };
  }
  if (facts.gateways.length === 0) {
    return broken(
      'noGateway',
      `${side.name} has no east-west gateway, so nobody outside of it reaches its pods.`,
      `Install Istio's east-west gateway in ${side.name}, and label its Service topology.istio.io/network.`,
    );
  }
  if (from.facts && pairVerdict(from.facts, facts) === 'sameNetwork') {
    return broken(
      'sameNetwork',
      `${from.name} and ${side.name} say that they are in the same network, so nothing is routed between them: it would loop.`,
      'Give every cluster its own topology.istio.io/network.',
    );
  }
  if (facts.usable.length === 0) return unusable(side, broken);
  return measured(from, side, parameters, evidence);
}

/** There is a gateway, and it is not published. */
function unusable(
  side: Side,
  broken: (reason: string, text: string, remedy: string) => Verdict,
): Verdict {
  const gateways = side.facts?.gateways ?? [];
  const name = (g: (typeof gateways)[number]) => `${g.namespace}/${g.name}`;
  const unset = gateways.find(g => g.network === '');
  if (unset) {
    return broken(
      'networkUnset',
      `The gateway ${name(unset)} of ${
        side.name
      } belongs to no network, so it is not published.`,
      'Set topology.istio.io/network on the gateway and on istio-system, a different value in every cluster.',
    );
  }
  const wide = gateways.find(g => !seesOwnNetworkOnly(g));
  if (wide) {
    return broken(
      'viewsOtherNetworks',
      `The gateway ${name(wide)} of ${
        side.name
      } sees endpoints of all networks, so calls could loop; it is not published.`,
      `Set ISTIO_META_REQUESTED_NETWORK_VIEW=${wide.network} on its pods.`,
    );
  }
  const down = gateways.find(g => !g.ready);
  if (down) {
    return broken(
      'gatewayNotReady',
      `The gateway ${name(down)} of ${side.name} has no ready pod.`,
      'Check its Deployment.',
    );
  }
  return broken(
    'noAddress',
    `No gateway of ${side.name} has an address that other clusters could dial.`,
    'Wait for its load balancer, or give its Service an external IP.',
  );
}

/** What the caller's controller measured. */
function measured(
  from: Side,
  side: Side,
  parameters: Verdict['parameters'],
  evidence: readonly Evidence[],
): Verdict {
  const doors = (from.observed?.reachability ?? []).filter(
    r => r.cluster === side.name || r.cluster === side.id,
  );
  const all = [
    ...evidence,
    ...doors.map(d => ({
      what: `TCP from ${from.name} to ${d.address}:${d.port}`,
      found: d.reachable
        ? `reachable since ${d.since}${
            d.latencyMs === undefined ? '' : `, ${d.latencyMs} ms`
          }`
        : `unreachable since ${d.since}${d.error ? `: ${d.error}` : ''}`,
      cluster: from.name,
      at: d.checkedAt,
    })),
  ];
  const open = doors.filter(d => d.reachable);
  if (open.length > 0) {
    return {
      state: 'ok',
      reason: 'reachable',
      parameters,
      text: `${from.name} reaches the gateway of ${side.name} (${open
        .map(d => `${d.address}:${d.port}`)
        .join(', ')}).`,
      evidence: all,
    };
  }
  if (doors.length === 0) {
    return {
      state: 'unknown',
      reason: 'notMeasured',
      parameters,
      text: `${from.name} has not measured yet whether it reaches the gateway of ${side.name}.`,
      remedy: `Look again in a minute; the controller measures by itself.`,
      evidence: all,
    };
  }
  const [first] = doors;
  return {
    state: 'broken',
    reason: 'unreachable',
    parameters: {
      ...parameters,
      address: `${first.address}:${first.port}`,
      since: first.since,
    },
    text: `${from.name} does not reach the gateway of ${side.name} (${doors
      .map(d => `${d.address}:${d.port}`)
      .join(', ')}) since ${first.since}${
      first.error ? `: ${first.error}` : ''
    }.`,
    remedy: `Open the way for TCP from the nodes of ${from.name} to ${first.address}:${first.port} (firewall, security group, route).`,
    evidence: all,
  };
}
