import { reported } from '../link';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server } from '../types';
import { tlsOfCaller } from './callerConfig';

/** Whether callers speak mTLS, and the server's proxies take it. */
export function mtls(call: Call, servers: readonly Server[]): Sifted {
  const spoken = tlsOfCaller(call);
  return sift(servers, server => {
    const taken = judge(server);
    if (!spoken || taken.state === 'broken') return taken;
    return {
      ...spoken,
      evidence: [...(spoken.evidence ?? []), ...taken.evidence],
    };
  });
}

function judge({ side, endpoint }: Server): Verdict {
  const { namespace } = endpoint;
  const facts = side.view?.inventory.namespaces.find(n => n.name === namespace);
  const parameters = { cluster: side.name, namespace };
  const place = `${namespace} of ${side.name}`;
  if (!facts) {
    return {
      state: 'unknown',
      reason: 'namespaceUnseen',
      parameters,
      text: `${side.name} has not reported the namespace ${namespace}.`,
      remedy: `Check the permissions and the log of the controller in ${side.name}.`,
      evidence: [reported(side, `namespace ${namespace}`, 'not reported')],
    };
  }
  const policy = facts.peerAuthentication;
  const mode = policy?.mode ?? 'PERMISSIVE';
  const evidence = [
    reported(
      side,
      policy
        ? `PeerAuthentication ${policy.namespace}/${policy.name}`
        : `PeerAuthentication of ${namespace}`,
      policy ? mode : 'none: PERMISSIVE by default',
    ),
  ];
  if (mode === 'DISABLE') {
    return {
      state: 'broken',
      reason: 'mtlsDisabled',
      parameters: {
        ...parameters,
        policy: `${policy?.namespace}/${policy?.name}`,
      },
      text: `${place} refuses mTLS: the PeerAuthentication ${policy?.namespace}/${policy?.name} says DISABLE, and callers of a global namespace speak nothing else.`,
      remedy: `Set it to STRICT or PERMISSIVE, or delete it.`,
      evidence,
    };
  }
  return {
    state: 'ok',
    reason: mode === 'STRICT' ? 'mutual' : 'plainToo',
    parameters: { ...parameters, mode },
    text:
      mode === 'STRICT'
        ? `${place} takes mTLS, and nothing else.`
        : `${place} takes mTLS (mode ${mode}).`,
    evidence,
  };
}
