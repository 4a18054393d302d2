import type { Evidence } from '@isthmus/plugin-gns-common';
import { decided } from '../link';
import { objectEvidence, progressOf } from '../objectState';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server, ToldObject } from '../types';
import { policiesOfOthers } from './policiesOfOthers';

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
    policiesOfOthers(
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
