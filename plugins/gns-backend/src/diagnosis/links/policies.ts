import type { Evidence } from '@isthmus/plugin-gns-common';
import { judgeForeign, type ForeignVerdict } from '../foreignPolicies';
import { decided, reported } from '../link';
import { objectEvidence, progressOf } from '../objectState';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server, ToldObject } from '../types';

/** Whether the policies of the place that serves admit the caller: ours, and those of others. */
export function policies(call: Call, servers: readonly Server[]): Sifted {
  return sift(servers, server => judge(call, server));
}

function isPolicyOf({ key, manifest }: ToldObject, namespace: string): boolean {
  return (
    key.includes('/AuthorizationPolicy/') &&
    manifest.metadata.namespace === namespace
  );
}

/** Principals of a policy that this suite wrote: one rule, one source. */
function principalsOf({ manifest }: ToldObject): string[] {
  const { rules } = Object(manifest.spec) as {
    rules?: { from?: { source?: { principals?: string[] } }[] }[];
  };
  return (rules ?? []).flatMap(r =>
    (r.from ?? []).flatMap(f => f.source?.principals ?? []),
  );
}

function admits(principals: readonly string[], caller: string): boolean {
  return principals.some(p =>
    p.endsWith('*') ? caller.startsWith(p.slice(0, -1)) : p === caller,
  );
}

function judge(call: Call, { side, endpoint }: Server): Verdict {
  const { caller } = call;
  const { namespace } = endpoint;
  const parameters = {
    cluster: side.name,
    namespace,
    caller: `${caller.side.name}/${caller.namespace}`,
  };
  const place = `${namespace} of ${side.name}`;
  const ours = [...side.told.values()].filter(o => isPolicyOf(o, namespace));
  const evidence: Evidence[] = [];
  for (const policy of ours) {
    const progress = progressOf(side, policy, call);
    evidence.push(objectEvidence(side, policy.key, progress));
    if (progress.state === 'failed') {
      return {
        state: 'broken',
        reason: 'policyFailed',
        parameters: { ...parameters, object: policy.key },
        text: `${side.name} could not apply the policy that admits members in ${place}: ${progress.message}`,
        remedy: `Mend what the message names in ${side.name}; the controller tries again by itself.`,
        evidence,
      };
    }
    const trustDomain = caller.side.facts?.trustDomain;
    if (trustDomain === undefined) {
      return {
        state: 'unknown',
        reason: 'policyUnknown',
        parameters,
        text: `The trust domain of ${caller.side.name} is not known, so neither is whether ${place} admits it.`,
        remedy: `Check that the controller of ${caller.side.name} may read the ConfigMap istio in istio-system.`,
        evidence,
      };
    }
    const principal = `${trustDomain}/ns/${caller.namespace}/sa/`;
    if (!admits(principalsOf(policy), principal)) {
      return {
        state: 'broken',
        reason: 'notAdmitted',
        parameters: { ...parameters, object: policy.key },
        text: `${place} does not admit ${caller.namespace} of ${caller.side.name}: the turn of ${side.name} in the change that is under way has not come.`,
        remedy: 'Wait for its wave, or let the rollout go on.',
        evidence,
      };
    }
    if (progress.state !== 'applied') {
      return {
        state: progress.state === 'unknown' ? 'unknown' : 'broken',
        reason: 'policyPending',
        parameters: { ...parameters, object: policy.key },
        text: `${side.name} was told to admit ${caller.namespace} of ${caller.side.name}, and has not applied that yet.`,
        remedy: `Wait a moment. If it stays so, look at the log of the controller in ${side.name}, and whether it is paused.`,
        evidence,
      };
    }
  }
  if (ours.length === 0) {
    evidence.push(
      decided(
        `AuthorizationPolicies of ${call.gns} in ${namespace}`,
        'none',
        side.name,
      ),
    );
  }
  return (
    judgeOthers(
      call,
      { side, endpoint },
      {
        admitted: ours.length > 0,
        parameters,
        evidence,
      },
    ) ?? {
      state: 'ok',
      reason: ours.length > 0 ? 'admitted' : 'none',
      parameters,
      text:
        ours.length > 0
          ? `${place} admits ${caller.namespace} of ${caller.side.name}.`
          : `No policy restricts who calls ${place}.`,
      evidence,
    }
  );
}

/** What AuthorizationPolicies of others do; undefined: nothing is in the way. */
function judgeOthers(
  { caller }: Call,
  { side, endpoint }: Server,
  told: {
    admitted: boolean;
    parameters: Verdict['parameters'];
    evidence: Evidence[];
  },
): Verdict | undefined {
  const { namespace } = endpoint;
  const { parameters, evidence } = told;
  const place = `${namespace} of ${side.name}`;
  const namespaces = side.view?.inventory.namespaces ?? [];
  const own = namespaces.find(n => n.name === namespace);
  const what = `AuthorizationPolicies of others for ${namespace}`;
  if (!own?.policies) {
    return {
      state: 'unknown',
      reason: 'policiesUnread',
      parameters,
      text: `Whether a policy of somebody else refuses calls to ${place} is not known: ${side.name} does not report them.`,
      remedy: `Upgrade the controller in ${side.name}, and let it list and watch authorizationpolicies.`,
      evidence: [...evidence, reported(side, what, 'not reported')],
    };
  }
  const inForce = [
    ...own.policies.map(policy => ({ policy, at: namespace })),
    ...namespaces
      .filter(n => n.name !== namespace)
      .flatMap(n =>
        (n.policies ?? [])
          .filter(p => p.meshWide)
          .map(policy => ({ policy, at: n.name })),
      ),
  ];
  const trustDomain = caller.side.facts?.trustDomain;
  if (inForce.length === 0) {
    evidence.push(reported(side, what, 'none'));
    return undefined;
  }
  const workloads = side.view?.inventory.workloads ?? [];
  const serving = new Set(endpoint.workloads);
  const verdict: ForeignVerdict = judgeForeign(
    inForce.map(p => p.policy),
    {
      peer: {
        trustDomain: trustDomain ?? '',
        namespace: caller.namespace,
        serviceAccount: caller.side.view?.inventory.workloads.find(
          w => w.namespace === caller.namespace && w.name === caller.workload,
        )?.serviceAccount,
      },
      pods: workloads
        .filter(w => w.namespace === namespace && serving.has(w.name))
        .map(w => w.labels),
      admitted: told.admitted,
    },
  );
  if (!('by' in verdict)) {
    evidence.push(reported(side, what, `${inForce.length}, none in the way`));
    return undefined;
  }
  const { by } = verdict;
  const { at } = inForce.find(p => p.policy === by)!;
  const object = `AuthorizationPolicy ${at}/${by.name}`;
  const from = `${caller.namespace} of ${caller.side.name}`;
  const found = [...evidence, reported(side, object, by.action)];
  const withObject = { ...parameters, object };
  switch (verdict.type) {
    case 'denied':
      return {
        state: 'broken',
        reason: 'deniedByOther',
        parameters: withObject,
        text: `${object} in ${side.name} denies ${from}. It is not ours.`,
        remedy: `Change its rules so that they leave ${from} out, or ask who owns it.`,
        evidence: found,
      };
    case 'notAllowed':
      return {
        state: 'broken',
        reason: 'notAllowedByOther',
        parameters: withObject,
        text: `${object} in ${side.name} allows others, and nobody else: ${from} is not among them. It is not ours.`,
        remedy: `Add ${from} to its rules, or ask who owns it.`,
        evidence: found,
      };
    default:
      return {
        state: 'unknown',
        reason: 'mayBeRefused',
        parameters: withObject,
        text: `${object} in ${side.name} (${by.action}) may refuse ${from}: that depends on the request, or on what is not reported.`,
        remedy: `Look at it: kubectl -n ${at} get authorizationpolicy ${by.name} -o yaml.`,
        evidence: found,
      };
  }
}
