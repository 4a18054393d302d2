import { pairVerdict } from '../../composition/clusterFacts';
import { decided, reported } from '../link';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server, Side } from '../types';

/** Conditions of controllers that say: certificates are missing or about to be. */
const IDENTITY = new Set([
  'IssuerReady',
  'IssuerLifetime',
  'IssuingHealthy',
  'ServingRootPublished',
]);

/** Whether both proxies trust one root, and have certificates under it. */
export function trust(call: Call, servers: readonly Server[]): Sifted {
  return sift(servers, server => judge(call, server));
}

function roots(side: Side): string {
  const hashes = [...(side.facts?.rootHashes ?? [])];
  return hashes.length > 0
    ? hashes.map(h => h.slice(0, 16)).join(', ')
    : 'not reported';
}

function judge(call: Call, { side }: Server): Verdict {
  const from = call.caller.side;
  const parameters = { cluster: side.name, caller: from.name };
  const both = side.id === from.id ? [from] : [from, side];
  const evidence = both.map(s =>
    reported(s, 'roots that its proxies trust (SHA-256)', roots(s)),
  );
  for (const at of both) {
    const bad = (at.observed?.conditions ?? []).find(
      c =>
        IDENTITY.has(c.type) &&
        c.status === 'False' &&
        c.severity === 'error' &&
        (c.gns === undefined || c.gns === call.gns),
    );
    if (bad) {
      return {
        state: 'broken',
        reason: 'issuer',
        parameters: { ...parameters, cluster: at.name, message: bad.message },
        text: `${at.name} cannot issue certificates: ${bad.message}`,
        remedy: `Do what the condition ${bad.type} of ${at.name} says.`,
        evidence: [
          ...evidence,
          reported(at, `condition ${bad.type}`, bad.reason),
        ],
      };
    }
  }
  if (side.id === from.id) {
    return {
      state: 'ok',
      reason: 'sameCluster',
      parameters,
      text: `Both are in ${from.name}: one authority signs for both.`,
      evidence,
    };
  }
  const verdict =
    from.facts && side.facts
      ? pairVerdict(from.facts, side.facts)
      : 'rootUnknown';
  if (verdict === 'noSharedRoot') {
    return {
      state: 'broken',
      reason: 'noSharedRoot',
      parameters,
      text: `${from.name} and ${side.name} share no root certificate: their proxies refuse each other, so nothing is routed between them.`,
      remedy:
        'Install certificates under one common root in both clusters (Istio: secret cacerts in istio-system), then restart istiod and the workloads. Or give the global namespace an authority of its own (authority.mode: dedicated): then no common root is needed.',
      evidence: [
        ...evidence,
        decided('condition SharedRoot', 'NoSharedRoot', from.name),
      ],
    };
  }
  if (verdict === 'rootUnknown') {
    const blind = both.filter(s => (s.facts?.rootHashes.size ?? 0) === 0);
    const names = blind.map(s => s.name).join(', ');
    return {
      state: 'unknown',
      reason: 'rootUnknown',
      parameters: { ...parameters, blind: names },
      text: `${names} has not reported which roots its proxies trust.`,
      remedy:
        'Check that its controller may read the ConfigMap istio-ca-root-cert.',
      evidence,
    };
  }
  return {
    state: 'ok',
    reason: 'sharedRoot',
    parameters,
    text: `Proxies of ${from.name} and ${side.name} trust a common root.`,
    evidence,
  };
}
