import type { Evidence } from '@isthmus/plugin-gns-common';
import { decided, type Finding } from '../link';
import { objectEvidence, progressOf, resumeRemedy } from '../objectState';
import type { Call, ToldObject } from '../types';
import { hiddenBySidecar } from './callerConfig';

function isEntry(key: string): boolean {
  return key.includes('/ServiceEntry/');
}

/** Whether pods of the namespace see the entry: its `exportTo`, or its own namespace. */
function seenFrom({ manifest }: ToldObject, namespace: string): boolean {
  const { exportTo } = Object(manifest.spec) as { exportTo?: unknown };
  return (
    !Array.isArray(exportTo) ||
    exportTo.includes('*') ||
    exportTo.includes(namespace) ||
    (exportTo.includes('.') && manifest.metadata.namespace === namespace)
  );
}

/** Whether the name is one of the global namespace, and whether the caller's proxies were told of it. */
export function hostName(call: Call): Finding {
  const { gns, host, service, port, caller } = call;
  const { side } = caller;
  const parameters = { gns, host, cluster: side.name };
  if (!service) {
    return {
      state: 'broken',
      reason: 'hostUnknown',
      parameters,
      text: `${gns} has no host ${host}: no member namespace offers a Service of this name.`,
      remedy: `Check the name (GET global-namespaces/${gns} lists the hosts), create the Service in a member namespace, or take its namespace into spec.members.`,
      evidence: [decided(`hosts of ${gns}`, `no ${host}`)],
    };
  }
  const ports = service.ports.map(p => `${p.number} (${p.protocol})`);
  const known = [
    decided(
      `host ${host}`,
      `ports ${ports.join(', ')}${
        service.address ? `, address ${service.address}` : ''
      }`,
    ),
  ];
  if (port !== null && !service.ports.some(p => p.number === port)) {
    return {
      state: 'broken',
      reason: 'portUnknown',
      parameters: { ...parameters, port, ports: ports.join(', ') },
      text: `${host} has no port ${port}; it has ${ports.join(', ')}.`,
      remedy: `Call one of its ports, or add the port to the Service in every cluster that offers it.`,
      evidence: known,
    };
  }
  const told = [...side.told.values()].filter(
    o => isEntry(o.key) && o.hosts.includes(host),
  );
  const progress = told.map(o => ({
    object: o,
    at: progressOf(side, o, call),
  }));
  const evidence: Evidence[] = [
    ...known,
    ...progress.map(p => objectEvidence(side, p.object.key, p.at)),
  ];
  const failed = progress.find(p => p.at.state === 'failed');
  if (failed?.at.state === 'failed') {
    return {
      state: 'broken',
      reason: 'entryFailed',
      parameters: {
        ...parameters,
        object: failed.object.key,
        message: failed.at.message,
      },
      text: `${side.name} could not apply the entry of ${host}: ${failed.at.message}`,
      remedy: `Mend what the message names in ${side.name}; the controller tries again by itself.`,
      evidence,
    };
  }
  const wanted = [...(side.composed?.objects.values() ?? [])].filter(
    o => isEntry(o.key) && o.hosts.includes(host),
  );
  const missing = wanted.filter(o => !side.told.has(o.key));
  if (
    progress.some(p => p.at.state === 'paused') ||
    (missing.length > 0 && told.length === 0)
  ) {
    return {
      state: 'broken',
      reason: 'paused',
      parameters,
      text: `${side.name} does not hear of ${host}: ${
        call.gnsPaused ? gns : 'the cluster'
      } is paused.`,
      remedy: resumeRemedy(side, gns, call.gnsPaused),
      evidence: [
        ...evidence,
        ...missing.map(o => decided(o.key, 'not sent yet', side.name)),
      ],
    };
  }
  if (progress.some(p => p.at.state === 'pending')) {
    return {
      state: 'broken',
      reason: 'entryPending',
      parameters,
      text: `${side.name} was told of ${host} and has not applied it yet.`,
      remedy: `Wait a moment. If it stays so, look at the log of the controller in ${side.name}.`,
      evidence,
    };
  }
  if (progress.some(p => p.at.state === 'unknown')) {
    return {
      state: 'unknown',
      reason: 'entryUnknown',
      parameters,
      text: `${side.name} was told of ${host}; whether it applied that is not known, because it is silent.`,
      remedy: `Bring its controller back first.`,
      evidence,
    };
  }
  if (told.length > 0 && !told.some(o => seenFrom(o, caller.namespace))) {
    return {
      state: 'broken',
      reason: 'notExported',
      parameters: { ...parameters, namespace: caller.namespace },
      text: `The entry of ${host} in ${side.name} is not shown to ${caller.namespace}: its turn in the change that is under way has not come.`,
      remedy: 'Wait for its wave, or let the rollout go on.',
      evidence,
    };
  }
  if (told.length > 0) {
    const hidden = hiddenBySidecar(call, told, parameters, evidence);
    if (hidden) return hidden;
  }
  return {
    state: 'ok',
    reason: 'known',
    parameters,
    text:
      told.length > 0
        ? `${host} is a host of ${gns}, and ${side.name} has its entry.`
        : `${host} is a host of ${gns}. ${side.name} has no entry of it yet, for a reason that a later link tells.`,
    evidence,
  };
}
