import type { ForeignPolicy } from '@isthmus/plugin-gns-common';
import { isSelected, type Match } from './selection';

/** Who calls, as a policy sees it. */
export interface Peer {
  /** Of its mesh; undefined: not known. */
  readonly trustDomain: string | undefined;
  readonly namespace: string;
  /** Undefined: any of the namespace. */
  readonly serviceAccount: string | undefined;
}

const NOT: Readonly<Record<Match, Match>> = {
  yes: 'no',
  no: 'yes',
  maybe: 'maybe',
};

function every(matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.includes('maybe') ? 'maybe' : 'yes';
}

function some(matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes';
  return matches.includes('maybe') ? 'maybe' : 'no';
}

/** Exact, prefix (`a*`), suffix (`*a`) or presence (`*`), as Istio matches texts. */
function matchesText(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern === text;
}

/** A pattern against `ns/<namespace>/sa/<account>`, where the account may be open. */
function pathMatches(pattern: string, peer: Peer): Match {
  const known = `ns/${peer.namespace}/sa/`;
  if (peer.serviceAccount !== undefined) {
    return matchesText(pattern, known + peer.serviceAccount) ? 'yes' : 'no';
  }
  // Yes where every account matches, no where none does.
  if (!pattern.endsWith('*')) return pattern.startsWith(known) ? 'maybe' : 'no';
  const start = pattern.slice(0, -1);
  if (known.startsWith(start)) return 'yes';
  return start.startsWith(known) ? 'maybe' : 'no';
}

/**
 * Istio takes aliases of a trust domain, and `cluster.local`, for the mesh's
 * own; and a global namespace may have one of its own. So another trust domain
 * with the right path is no proof that somebody else is meant.
 */
function principalMatches(pattern: string, peer: Peer): Match {
  if (pattern === '*') return 'yes';
  if (pattern.startsWith('*')) {
    const end = pattern.slice(1);
    const account = peer.serviceAccount;
    if (account === undefined) return 'maybe';
    const path = `ns/${peer.namespace}/sa/${account}`;
    if (`/${path}`.endsWith(end)) return 'yes';
    return end.endsWith(`/${path}`) ? 'maybe' : 'no';
  }
  const slash = pattern.indexOf('/');
  const domain = slash < 0 ? pattern : pattern.slice(0, slash);
  if (slash < 0) {
    if (!domain.endsWith('*')) return 'no';
    return peer.trustDomain?.startsWith(domain.slice(0, -1)) ? 'yes' : 'maybe';
  }
  const path = pathMatches(pattern.slice(slash + 1), peer);
  return path === 'no' || domain === peer.trustDomain ? path : 'maybe';
}

type Source = ForeignPolicy['rules'][number]['sources'][number];

function sourceMatches(source: Source, peer: Peer): Match {
  const principal = (patterns: readonly string[]) =>
    some(patterns.map(p => principalMatches(p, peer)));
  const namespace = (patterns: readonly string[]): Match =>
    patterns.some(p => matchesText(p, peer.namespace)) ? 'yes' : 'no';
  return every([
    ...(source.principals ? [principal(source.principals)] : []),
    ...(source.notPrincipals ? [NOT[principal(source.notPrincipals)]] : []),
    ...(source.namespaces ? [namespace(source.namespaces)] : []),
    ...(source.notNamespaces ? [NOT[namespace(source.notNamespaces)]] : []),
    ...(source.more ? ['maybe' as const] : []),
  ]);
}

/** Whether a policy speaks of the caller, whatever it then does. */
function speaksOf(policy: ForeignPolicy, peer: Peer): Match {
  if (policy.opaque) return 'maybe';
  return some(
    policy.rules.map(({ sources, more }) =>
      every([
        sources.length === 0
          ? 'yes'
          : some(sources.map(s => sourceMatches(s, peer))),
        ...(more ? ['maybe' as const] : []),
      ]),
    ),
  );
}

/** What the policies of others do to a caller. */
export type ForeignVerdict =
  | { readonly type: 'silent' | 'allowed' }
  /** `by`: that refuses, or may. */
  | { readonly type: 'denied' | 'mayBeDenied'; readonly by: ForeignPolicy }
  | {
      readonly type: 'notAllowed' | 'mayNotBeAllowed';
      readonly by: ForeignPolicy;
    };

/**
 * Judges a caller by the AuthorizationPolicies of others, in Istio's order:
 * CUSTOM and DENY refuse whom they speak of; where an ALLOW is for the pods,
 * one of them has to speak of the caller. Pure.
 *
 * @param pods - labels of the workloads that serve
 * @param admitted - a policy of ours admits the caller
 */
export function judgeForeign(
  policies: readonly ForeignPolicy[],
  context: {
    peer: Peer;
    pods: readonly Readonly<Record<string, string>>[];
    admitted: boolean;
  },
): ForeignVerdict {
  const { peer, pods, admitted } = context;
  const judged = policies.map(policy => {
    const applies = isSelected(policy, pods);
    return {
      policy,
      applies,
      // What an external authorizer says nobody knows here.
      match: every([
        applies,
        speaksOf(policy, peer),
        ...(policy.action === 'CUSTOM' ? ['maybe' as const] : []),
      ]),
    };
  });
  const refusing = judged.filter(
    j => j.policy.action === 'DENY' || j.policy.action === 'CUSTOM',
  );
  const denied = refusing.find(j => j.match === 'yes');
  if (denied) return { type: 'denied', by: denied.policy };
  const perhaps = refusing.find(j => j.match === 'maybe');
  if (perhaps) return { type: 'mayBeDenied', by: perhaps.policy };
  const allowing = judged.filter(
    j => j.policy.action === 'ALLOW' && j.applies !== 'no',
  );
  if (admitted || allowing.length === 0) return { type: 'silent' };
  if (allowing.some(j => j.match === 'yes')) return { type: 'allowed' };
  const surely =
    allowing.some(j => j.applies === 'yes') &&
    allowing.every(j => j.match === 'no');
  return {
    type: surely ? 'notAllowed' : 'mayNotBeAllowed',
    by: allowing[0].policy,
  };
}
