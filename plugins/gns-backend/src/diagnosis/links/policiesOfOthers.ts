import type { Evidence } from '@isthmus/plugin-gns-common';
import { judgeForeign } from '../../foreign/policies';
import { reported } from '../link';
import type { Verdict } from '../sift';
import type { Call, Server, Side } from '../types';

/** Policies that are for a namespace, with where they are, and what was not told of them. */
function policiesFor(side: Side, namespace: string) {
  const own = side.view?.inventory.namespaces.find(n => n.name === namespace);
  if (!own?.policies) return undefined;
  const others = (side.view?.inventory.namespaces ?? []).filter(
    n => n !== own && n.policies?.some(p => p.meshWide),
  );
  const places = [own, ...others];
  return {
    inForce: places.flatMap(n =>
      (n.policies ?? []).map(policy => ({ policy, at: n.name })),
    ),
    leftOut: places.reduce((sum, n) => sum + (n.policiesLeftOut ?? 0), 0),
  };
}

/** What AuthorizationPolicies of others do to the caller; undefined: nothing is in the way, and `evidence` says so. */
export function policiesOfOthers(
  { caller }: Call,
  { side, endpoint }: Server,
  told: {
    /** A policy of ours admits the caller. */
    admitted: boolean;
    parameters: Verdict['parameters'];
    evidence: Evidence[];
  },
): Verdict | undefined {
  const { namespace } = endpoint;
  const { parameters, evidence } = told;
  const what = `AuthorizationPolicies of others for ${namespace}`;
  const found = policiesFor(side, namespace);
  const unread = (said: string, remedy: string): Verdict => ({
    state: 'unknown',
    reason: 'policiesUnread',
    parameters,
    text: `Whether a policy of somebody else refuses calls to ${namespace} of ${side.name} is not known: ${side.name} reports ${said}.`,
    remedy,
    evidence: [...evidence, reported(side, what, `reported: ${said}`)],
  });
  if (!found) {
    return unread(
      'none of them',
      `Upgrade the controller in ${side.name}, and let it list and watch authorizationpolicies.`,
    );
  }
  const { inForce, leftOut } = found;
  const serving = new Set(endpoint.workloads);
  const verdict = judgeForeign(
    inForce.map(p => p.policy),
    {
      peer: {
        trustDomain: caller.side.facts?.trustDomain,
        namespace: caller.namespace,
        serviceAccount: caller.side.view?.inventory.workloads.find(
          w => w.namespace === caller.namespace && w.name === caller.workload,
        )?.serviceAccount,
      },
      pods: (side.view?.inventory.workloads ?? [])
        .filter(w => w.namespace === namespace && serving.has(w.name))
        .map(w => w.labels),
      admitted: told.admitted,
    },
  );
  if (!('by' in verdict)) {
    if (leftOut > 0) {
      return unread(
        `all but ${leftOut}`,
        `Look at them: kubectl -n ${namespace} get authorizationpolicies.`,
      );
    }
    evidence.push(
      reported(
        side,
        what,
        inForce.length === 0 ? 'none' : `${inForce.length}, none in the way`,
      ),
    );
    return undefined;
  }
  const { at } = inForce.find(p => p.policy === verdict.by)!;
  const { name, action } = verdict.by;
  const object = `AuthorizationPolicy ${at}/${name}`;
  const from = `${caller.namespace} of ${caller.side.name}`;
  const common = {
    parameters: { ...parameters, object },
    evidence: [...evidence, reported(side, object, action)],
  };
  switch (verdict.type) {
    case 'denied':
      return {
        state: 'broken',
        reason: 'deniedByOther',
        text: `${object} in ${side.name} denies ${from}. It is not ours.`,
        remedy: `Change its rules so that they leave ${from} out, or ask who owns it.`,
        ...common,
      };
    case 'notAllowed':
      return {
        state: 'broken',
        reason: 'notAllowedByOther',
        text: `${object} in ${side.name} allows others, and nobody else: ${from} is not among them. It is not ours.`,
        remedy: `Add ${from} to its rules, or ask who owns it.`,
        ...common,
      };
    default:
      return {
        state: 'unknown',
        reason: 'mayBeRefused',
        text: `${object} in ${side.name} (${action}) may refuse ${from}: that depends on the request, or on what is not reported.`,
        remedy: `Look at it: kubectl -n ${at} get authorizationpolicy ${name} -o yaml.`,
        ...common,
      };
  }
}
