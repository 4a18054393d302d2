import type { InventoryWorkload } from '@isthmus/plugin-gns-common';
import { reported, type Finding } from '../link';
import type { Call } from '../types';

function sum(
  workloads: readonly InventoryWorkload[],
  of: keyof InventoryWorkload['pods'],
): number {
  return workloads.reduce((total, w) => total + w.pods[of], 0);
}

/** Whether the caller's pods have a proxy that resolves global names. */
export function dnsCapture(call: Call): Finding {
  const { side, namespace, workload } = call.caller;
  const inventory = side.view?.inventory;
  const parameters = {
    cluster: side.name,
    namespace,
    workload: workload ?? '',
  };
  const here = `${namespace} of ${side.name}`;
  const facts = inventory?.namespaces.find(n => n.name === namespace);
  const injection = facts
    ? [reported(side, `injection of ${namespace}`, facts.injection)]
    : [];
  if (facts?.injection === 'ambient') {
    return {
      state: 'broken',
      reason: 'ambient',
      parameters,
      text: `${here} is in ambient mode, which is not supported yet: its pods have no proxy of their own.`,
      remedy: `Use sidecar injection in it: label it istio-injection=enabled, take istio.io/dataplane-mode away, restart its pods.`,
      evidence: injection,
    };
  }
  if ((inventory?.marks.workloads ?? 'never') === 'never' || !inventory) {
    return {
      state: 'unknown',
      reason: 'workloadsUnseen',
      parameters,
      text: `${side.name} has not reported its pods yet.`,
      remedy: `Check the permissions and the log of the controller in ${side.name}.`,
      evidence: [...injection, reported(side, 'workloads', 'never reported')],
    };
  }
  const all = inventory.workloads.filter(w => w.namespace === namespace);
  const own = workload === null ? all : all.filter(w => w.name === workload);
  if (workload !== null && own.length === 0) {
    return {
      state: 'broken',
      reason: 'workloadUnknown',
      parameters,
      text: `${here} has no workload ${workload}.`,
      remedy:
        all.length > 0
          ? `Check the name; it has ${all.map(w => w.name).join(', ')}.`
          : 'Check the name, or deploy it.',
      evidence: [reported(side, `workloads of ${namespace}`, `no ${workload}`)],
    };
  }
  const who = workload === null ? `Pods of ${here}` : `${workload} in ${here}`;
  const pods = {
    total: sum(own, 'total'),
    ready: sum(own, 'ready'),
    mtls: sum(own, 'readyMtls'),
    waiting: sum(own, 'awaitingRestart'),
  };
  const evidence = [
    ...injection,
    reported(
      side,
      `pods of ${workload ?? namespace}`,
      `${pods.total} in all, ${pods.ready} ready, ${pods.mtls} ready with a proxy, ${pods.waiting} started without DNS capture`,
    ),
    ...(facts?.proxyConfig
      ? [
          reported(
            side,
            `ProxyConfig ${namespace}/${facts.proxyConfig.name}`,
            facts.proxyConfig.ours ? 'ours' : "somebody else's",
          ),
        ]
      : []),
  ];
  if (pods.waiting > 0) {
    const foreign = facts?.proxyConfig?.ours === false;
    return {
      state: 'broken',
      reason: foreign ? 'foreignProxyConfig' : 'podsAwaitRestart',
      parameters: {
        ...parameters,
        pods: pods.waiting,
        proxyConfig: facts?.proxyConfig?.name ?? '',
      },
      text: foreign
        ? `${pods.waiting} pods of ${who} do not resolve global names: the namespace has the ProxyConfig ${facts?.proxyConfig?.name}, Istio uses only one, and it does not ask for DNS capture.`
        : `${pods.waiting} pods of ${who} started before DNS capture was on, and do not resolve global names yet.`,
      remedy: `${
        foreign
          ? `Add ISTIO_META_DNS_CAPTURE: "true" to its environmentVariables, or delete it; then restart the pods`
          : 'Restart them'
      }: kubectl -n ${namespace} rollout restart deployment${
        workload === null ? '' : `/${workload}`
      }.`,
      evidence,
    };
  }
  if (pods.ready > 0 && pods.mtls === 0) {
    const never = facts?.injection === 'none';
    return {
      state: 'broken',
      reason: never ? 'notInjected' : 'noSidecar',
      parameters,
      text: never
        ? `${here} is not injected: its pods have no proxy, so global names mean nothing to them.`
        : `${who} has no pod with a proxy: its pods started before injection was on.`,
      remedy: never
        ? `Label the namespace istio-injection=enabled (or istio.io/rev), then restart its pods.`
        : `Restart them: kubectl -n ${namespace} rollout restart deployment${
            workload === null ? '' : `/${workload}`
          }.`,
      evidence,
    };
  }
  if (pods.ready === 0) {
    return {
      state: 'unknown',
      reason: 'noPods',
      parameters,
      text: `${who} has no ready pod that could call anybody.`,
      remedy: 'Start it, or check why its pods are not ready.',
      evidence,
    };
  }
  return {
    state: 'ok',
    reason: 'captured',
    parameters,
    text: `${pods.mtls} ready pods of ${who} have a proxy that resolves global names.`,
    evidence,
  };
}
