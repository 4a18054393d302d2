import { decided, reported } from '../link';
import { objectEvidence, progressOf } from '../objectState';
import { sift, type Sifted, type Verdict } from '../sift';
import type { Call, Server } from '../types';

/** Nearest to work first. */
const NEARNESS = [
  'serverEntryPending',
  'serverEntryFailed',
  'drained',
  'awaitingApproval',
  'portsDiffer',
  'notInjected',
  'noReadyPods',
  'scaledToZero',
];

/** Whether somebody is there to answer, and says so to the hub. */
export function endpoints(call: Call): Sifted {
  if (call.servers.length === 0) {
    return {
      left: [],
      finding: {
        state: 'broken',
        reason: 'nobodyServes',
        parameters: { gns: call.gns, host: call.host },
        text: `Nobody offers ${call.host}.`,
        remedy: `Deploy the Service in a member namespace of ${call.gns}.`,
        evidence: [decided(`endpoints of ${call.host}`, 'none')],
      },
    };
  }
  return sift(
    call.servers,
    server => judge(call, server),
    reason => NEARNESS.indexOf(reason),
  );
}

function judge(call: Call, { side, endpoint }: Server): Verdict {
  const { host, caller } = call;
  const local = side.id === caller.side.id;
  const place = `${endpoint.namespace} of ${side.name}`;
  const parameters = {
    host,
    cluster: side.name,
    namespace: endpoint.namespace,
    service: endpoint.service,
  };
  const inventory = side.view?.inventory;
  if ((inventory?.marks.workloads ?? 'never') === 'never') {
    return {
      state: 'unknown',
      reason: 'workloadsUnseen',
      parameters,
      text: `${side.name} has not reported its pods yet: whether one serves ${host} is not known.`,
      remedy: `Check the permissions and the log of the controller in ${side.name}.`,
      evidence: [reported(side, 'workloads', 'never reported')],
    };
  }
  const ready = (inventory?.workloads ?? [])
    .filter(
      w =>
        w.namespace === endpoint.namespace &&
        endpoint.workloads.includes(w.name),
    )
    .reduce((total, w) => total + w.pods.ready, 0);
  const evidence = [
    reported(
      side,
      `pods of ${endpoint.namespace}/${endpoint.service}`,
      `${endpoint.total} in all, ${ready} ready, ${endpoint.readyMtls} ready with a proxy`,
    ),
  ];
  const broken = (
    reason: string,
    text: string,
    remedy: string,
    more: Verdict['evidence'] = [],
  ): Verdict => ({
    state: 'broken',
    reason,
    parameters,
    text,
    remedy,
    evidence: [...evidence, ...more],
  });
  if (endpoint.total === 0) {
    return broken(
      'scaledToZero',
      `No pod is behind the Service ${endpoint.service} in ${place}.`,
      `Scale its Deployment up, or correct the selector of the Service.`,
    );
  }
  if (endpoint.readyMtls === 0) {
    return ready > 0
      ? broken(
          'notInjected',
          `The pods behind ${endpoint.service} in ${place} are ready, but have no proxy: nobody can call them with mTLS.`,
          `Label the namespace istio-injection=enabled (or istio.io/rev), then restart them: kubectl -n ${endpoint.namespace} rollout restart deployment.`,
        )
      : broken(
          'noReadyPods',
          `None of the ${endpoint.total} pods behind ${endpoint.service} in ${place} is ready.`,
          `Look at them: kubectl -n ${endpoint.namespace} get pods.`,
        );
  }
  if (endpoint.awaitingApproval) {
    return broken(
      'awaitingApproval',
      `${place} waits for a person to approve it: until then nobody is sent there.`,
      'Approve it under holds (POST holds/{id}/release), or name cluster and namespace exactly in spec.members.',
    );
  }
  const differs = call.conditions.find(
    c =>
      c.type === 'PortsAgree' &&
      c.service === call.service?.name &&
      c.cluster === side.name &&
      c.namespace === endpoint.namespace,
  );
  if (differs && !local) {
    return broken(
      'portsDiffer',
      differs.message,
      'Give the Service the same port numbers, names and protocols in every cluster.',
      [decided('condition PortsAgree', differs.reason, side.name)],
    );
  }
  if (side.drained && !local) {
    return broken(
      'drained',
      `${side.name} is drained: it is offered to no other cluster.`,
      `End the drain when it may serve others again (POST clusters/${side.name}/undrain).`,
      [decided(`cluster ${side.name}`, 'drained')],
    );
  }
  const entry = [...side.told.values()].find(
    o => o.key.endsWith('-local') && o.hosts.includes(host),
  );
  const progress = entry && progressOf(side, entry, call);
  if (entry && progress?.state === 'failed') {
    return broken(
      'serverEntryFailed',
      `${side.name} could not apply what lets it serve ${host}: ${progress.message}`,
      `Mend what the message names in ${side.name}; the controller tries again by itself.`,
      [objectEvidence(side, entry.key, progress)],
    );
  }
  if (!entry || (progress && progress.state !== 'applied')) {
    return {
      ...broken(
        'serverEntryPending',
        `${side.name} has not confirmed yet that it serves ${host}: callers are sent there only once it did.`,
        `Wait a moment. If it stays so, look at the log of the controller in ${side.name}, and whether it is paused.`,
        entry && progress ? [objectEvidence(side, entry.key, progress)] : [],
      ),
      ...(progress?.state === 'unknown' ? { state: 'unknown' as const } : {}),
    };
  }
  return {
    state: 'ok',
    reason: local ? 'local' : 'remote',
    parameters: { ...parameters, pods: endpoint.readyMtls },
    text: `${endpoint.readyMtls} ready pods of ${place} serve ${host}${
      local ? ', in the same cluster as the caller' : ''
    }.`,
    evidence: [...evidence, objectEvidence(side, entry.key, progress!)],
  };
}
