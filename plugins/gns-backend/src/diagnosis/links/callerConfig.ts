import type { Evidence, Link } from '@isthmus/plugin-gns-common';
import { foreignTls } from '../../foreign/destinationRules';
import type { At } from '../../foreign/selection';
import { visibilityOf } from '../../foreign/sidecars';
import { reported, type Finding } from '../link';
import type { Call, Side, ToldObject } from '../types';

type Parameters = Link['parameters'];

/** Objects of others in the caller's cluster, the caller's namespace first; undefined: not all were read. */
function foreign<K extends 'sidecars' | 'destinationRules'>(
  side: Side,
  namespace: string,
  kind: K,
) {
  const all = side.view?.inventory.namespaces ?? [];
  const own = all.find(n => n.name === namespace);
  // Of several the first counts, or the nearest: without all of them nothing is certain.
  if (!own?.[kind] || own[`${kind}LeftOut`]) return undefined;
  type One = NonNullable<(typeof own)[K]>[number];
  const of = (n: (typeof all)[number]): At<One>[] =>
    ((n[kind] ?? []) as One[]).map(object => ({ object, at: n.name }));
  return [...of(own), ...all.filter(n => n !== own).flatMap(of)];
}

/** Labels of the pods that call. */
function podsOf({ caller }: Call) {
  const all = caller.side.view?.inventory.workloads ?? [];
  return all
    .filter(
      w =>
        w.namespace === caller.namespace &&
        (caller.workload === null || w.name === caller.workload),
    )
    .map(w => w.labels);
}

/** Whether a Sidecar of somebody else keeps the host from the caller's proxies; undefined: none does, and `evidence` says so. */
export function hiddenBySidecar(
  call: Call,
  told: readonly ToldObject[],
  parameters: Parameters,
  evidence: Evidence[],
): Finding | undefined {
  const { host, port, caller } = call;
  const { side, namespace } = caller;
  const what = `Sidecars for ${namespace}`;
  const sidecars = foreign(side, namespace, 'sidecars');
  const where = { ...parameters, namespace };
  if (!sidecars) {
    return {
      state: 'unknown',
      reason: 'sidecarsUnread',
      parameters: where,
      text: `Whether a Sidecar keeps ${host} from ${namespace} of ${side.name} is not known: ${side.name} does not report them.`,
      remedy: `Look at them: kubectl -n ${namespace} get sidecars. Upgrade the controller in ${side.name}, and let it list and watch sidecars.`,
      evidence: [...evidence, reported(side, what, 'not reported')],
    };
  }
  const inForce = sidecars.filter(s => s.at === namespace || s.object.meshWide);
  const entryNamespace = told[0].manifest.metadata.namespace ?? '';
  const { seen, by } = visibilityOf(
    inForce,
    { host, namespace: entryNamespace },
    { namespace, port, pods: podsOf(call) },
  );
  if (!by) {
    evidence.push(reported(side, what, 'none'));
    return undefined;
  }
  const object = `Sidecar ${by.at}/${by.object.name}`;
  const shown = by.object.opaque
    ? 'not understood'
    : by.object.egress.flatMap(l => l.hosts).join(', ') || 'all hosts';
  evidence.push(reported(side, object, shown));
  if (seen === 'yes') return undefined;
  const line = `${entryNamespace}/${host}`;
  return {
    state: seen === 'no' ? 'broken' : 'unknown',
    reason: seen === 'no' ? 'hiddenBySidecar' : 'mayBeHidden',
    parameters: { ...where, object, line },
    text:
      seen === 'no'
        ? `The ${object} of ${side.name} tells its proxies of other hosts only: those of ${namespace} do not know ${host}. It is not ours.`
        : `The ${object} of ${side.name} may keep ${host} from the proxies of ${namespace}: that depends on the pod or the port, or on what is not reported.`,
    remedy: `Add ${line} to the hosts of an egress listener of it (${entryNamespace}/*.${host
      .split('.')
      .slice(1)
      .join('.')} for all of ${call.gns}), or ask who owns it.`,
    evidence,
  };
}

/** Whether a DestinationRule of somebody else has the caller speak something else than mTLS; undefined: none does. */
export function tlsOfCaller(call: Call): Finding | undefined {
  const { host, caller } = call;
  const { side, namespace } = caller;
  const rules = foreign(side, namespace, 'destinationRules');
  const parameters = { cluster: side.name, namespace, host };
  const what = `DestinationRules of others for ${host}`;
  if (!rules) {
    return {
      state: 'unknown',
      reason: 'rulesUnread',
      parameters,
      text: `Whether a DestinationRule has ${namespace} of ${side.name} call ${host} without mTLS is not known: ${side.name} does not report them.`,
      remedy: `Look at them: kubectl -n ${namespace} get destinationrules. Upgrade the controller in ${side.name}, and let it list and watch destinationrules.`,
      evidence: [reported(side, what, 'not reported')],
    };
  }
  const told = [...side.told.values()].filter(o => o.hosts.includes(host));
  const found = foreignTls(rules, {
    host,
    entryNamespace:
      told.find(o => o.key.includes('/ServiceEntry/'))?.manifest.metadata
        .namespace ?? '',
    namespace,
    pods: podsOf(call),
    own: told
      .filter(o => o.key.includes('/DestinationRule/'))
      .map(o => ({ namespace: o.manifest.metadata.namespace ?? '', host })),
  });
  if (!found) return undefined;
  const { object: rule, at } = found.by;
  const object = `DestinationRule ${at}/${rule.name}`;
  const isSure = found.type === 'overridden';
  const mode = rule.tls ?? 'a mode that is not reported';
  return {
    state: isSure ? 'broken' : 'unknown',
    reason: isSure ? 'callerSpeaksNoMtls' : 'callerMaySpeakNoMtls',
    parameters: { ...parameters, object, mode: rule.tls ?? '?' },
    text: isSure
      ? `The ${object} of ${side.name} has callers speak ${mode} to ${rule.host}: the mTLS that ${host} takes is not among that. It is not ours.`
      : `The ${object} of ${side.name} may have callers of ${host} speak something else than mTLS: that depends on the pod or the port, on which rule is older, or on what is not reported.`,
    remedy: `Take its trafficPolicy.tls out, set it to ISTIO_MUTUAL, or narrow its host so that ${host} is not meant; or ask who owns it.`,
    evidence: [
      reported(side, object, `host ${rule.host}, TLS ${rule.tls ?? 'unknown'}`),
    ],
  };
}
