import { memberKey } from '../../composition';
import type { ComposedMember } from '../../composition';
import { decided, reported, type Finding } from '../link';
import type { Call } from '../types';

/** Whether the caller's namespace, and anybody who offers the service, is a member. */
export function membership(call: Call): Finding {
  const { gns, caller, members } = call;
  const { side, namespace } = caller;
  const parameters = { gns, cluster: side.name, namespace };
  const subject = `${namespace} of ${side.name}`;
  if (side.leaving) {
    return {
      state: 'broken',
      reason: 'callerLeaving',
      parameters,
      text: `${side.name} is being disconnected: it is a member of nothing.`,
      remedy: `Register the cluster again once it is gone from the list of clusters.`,
      evidence: [decided(`cluster ${side.name}`, 'disconnecting')],
    };
  }
  const own = members.find(
    m => m.cluster === side.id && m.namespace === namespace,
  );
  if (own && own.state !== 'member') {
    return notTakenIn(own, call, subject, parameters);
  }
  if (!own) {
    if ((side.view?.inventory.marks.namespaces ?? 'never') === 'never') {
      return {
        state: 'unknown',
        reason: 'clusterUnseen',
        parameters,
        text: `${side.name} has not reported its namespaces yet: whether ${namespace} is there is not known.`,
        remedy: `Check that the controller of ${side.name} runs and reaches the hub (GET clusters/${side.name}/connection).`,
        evidence: [reported(side, 'namespaces', 'never reported')],
      };
    }
    const exists = side.view?.inventory.namespaces.some(
      n => n.name === namespace,
    );
    return {
      state: 'broken',
      reason: 'callerNotMember',
      parameters,
      text: exists
        ? `${subject} is no member of ${gns}: it neither resolves its names nor is admitted by its services.`
        : `${side.name} has no namespace ${namespace}, so nothing of it is a member of ${gns}.`,
      remedy: `Take ${namespace} of ${side.name} into spec.members of ${gns}, or call from a member.`,
      evidence: [
        reported(side, `namespace ${namespace}`, exists ? 'is there' : 'none'),
        decided(`members of ${gns}`, 'do not choose it', side.name),
      ],
    };
  }
  const evidence = [
    decided(
      `member ${memberKey(gns, side.name, namespace)}`,
      'member',
      side.name,
    ),
  ];
  const offering = call.servers.filter(s =>
    members.some(
      m =>
        m.cluster === s.endpoint.cluster &&
        m.namespace === s.endpoint.namespace &&
        m.state === 'member',
    ),
  );
  if (call.servers.length > 0 && offering.length === 0) {
    const { side: there, endpoint } = call.servers[0];
    return {
      state: 'broken',
      reason: 'targetNotMember',
      parameters: {
        gns,
        cluster: there.name,
        namespace: endpoint.namespace,
      },
      text: `${endpoint.namespace} of ${there.name}, which offers ${call.host}, is not taken into ${gns} yet.`,
      remedy: `Decide on it under holds (POST holds/{id}/release), or name cluster and namespace exactly in spec.members.`,
      evidence: [
        ...evidence,
        decided(
          `member ${memberKey(gns, there.name, endpoint.namespace)}`,
          'awaitingApproval',
          there.name,
        ),
      ],
    };
  }
  return {
    state: 'ok',
    reason: 'member',
    parameters,
    text: `${subject} is a member of ${gns}.`,
    evidence,
  };
}

/** It is chosen, and something keeps it out. */
function notTakenIn(
  member: ComposedMember,
  { gns, conditions, caller }: Call,
  subject: string,
  parameters: { gns: string; cluster: string; namespace: string },
): Finding {
  const evidence = [
    decided(
      `member ${memberKey(gns, caller.side.name, member.namespace)}`,
      member.state,
      caller.side.name,
    ),
  ];
  switch (member.state) {
    case 'awaitingApproval':
      return {
        state: 'broken',
        reason: 'callerAwaitingApproval',
        parameters,
        text: `${subject} waits for a person to approve it: it would serve hosts that others serve already.`,
        remedy:
          'Approve it under holds (POST holds/{id}/release), or name cluster and namespace exactly in spec.members.',
        evidence,
      };
    case 'refused':
      return {
        state: 'broken',
        reason: 'callerRefused',
        parameters,
        text: `${subject} was refused by a person: it serves and calls nothing of ${gns}.`,
        remedy: `Name cluster and namespace exactly in spec.members of ${gns} to take it in after all.`,
        evidence,
      };
    default: {
      const why = conditions.find(
        c =>
          c.type === 'NamespaceFree' &&
          c.cluster === caller.side.name &&
          c.namespace === member.namespace,
      );
      return {
        state: 'broken',
        reason: 'callerOtherGns',
        parameters,
        text: `${subject} belongs to another global namespace, which came first, and a namespace belongs to one only.`,
        remedy: 'Take it out of the members of one of the two.',
        evidence: why
          ? [
              ...evidence,
              decided('condition NamespaceFree', why.reason, caller.side.name),
            ]
          : evidence,
      };
    }
  }
}
