import { InventoryWorkload } from '@isthmus/plugin-gns-common';
import { PodRecord } from './readPod';
import { boundedLabels, byNamespaceAndName } from './reduceNamespaces';

/**
 * Pods counted by the template that made them.
 * `asksDnsCapture`: namespaces whose proxies shall capture DNS; pods there that
 * started without it wait for a restart.
 */
export function reduceWorkloads(input: {
  pods: Iterable<PodRecord>;
  localityOf(node: string): string;
  asksDnsCapture(namespace: string): boolean;
}): InventoryWorkload[] {
  const byWorkload = new Map<string, PodRecord[]>();
  for (const pod of input.pods) {
    if (!pod.active) continue;
    const { kind, name } = pod.template.workload;
    const key = `${pod.namespace}/${kind}/${name}`;
    const pods = byWorkload.get(key);
    if (pods) pods.push(pod);
    else byWorkload.set(key, [pod]);
  }
  return [...byWorkload.values()]
    .map(pods => countWorkload(pods, input))
    .sort((a, b) => byNamespaceAndName(a, b) || (a.kind < b.kind ? -1 : 1));
}

function countWorkload(
  pods: readonly PodRecord[],
  input: {
    localityOf(node: string): string;
    asksDnsCapture(namespace: string): boolean;
  },
): InventoryWorkload {
  // During a roll-out the ready pods tell what is served now.
  const leading = pods.find(p => p.ready) ?? pods[0];
  const { workload, serviceAccount, namedPorts } = leading.template;
  const asks = input.asksDnsCapture(leading.namespace);
  const localities = new Map<string, number>();
  for (const pod of pods) {
    const locality = pod.ready ? input.localityOf(pod.node) : '';
    if (locality) localities.set(locality, (localities.get(locality) ?? 0) + 1);
  }
  return {
    namespace: leading.namespace,
    name: workload.name,
    kind: workload.kind,
    labels: boundedLabels(sharedLabels(pods)),
    serviceAccount,
    namedPorts: { ...namedPorts },
    pods: {
      total: pods.length,
      ready: pods.filter(p => p.ready).length,
      readyMtls: pods.filter(
        p => p.ready && p.template.sidecar && p.template.mtls,
      ).length,
      awaitingRestart: asks
        ? pods.filter(
            p => p.running && p.template.sidecar && !p.template.dnsCapture,
          ).length
        : 0,
    },
    localities: Object.fromEntries([...localities].sort()),
  };
}

/** Labels that all pods carry with the same value. */
function sharedLabels(pods: readonly PodRecord[]): Record<string, string> {
  const first = pods[0].template.labels;
  const others = new Set(pods.map(p => p.template.labels));
  others.delete(first);
  return Object.fromEntries(
    Object.entries(first)
      .filter(([key, value]) =>
        [...others].every(labels => labels[key] === value),
      )
      .sort(),
  );
}
