import type { KubeObject } from '../kube/KubeClient';
import { containersOf } from './podManifests';

interface ProxyConfigSpec {
  selector?: { matchLabels?: Record<string, string> };
  environmentVariables?: Record<string, string>;
}

/**
 * What ProxyConfigs promise to the proxy of a pod and its injected form lacks: istiod hears of a ProxyConfig a moment
 * after it was written, and a pod that starts in between goes without it.
 *
 * The oldest of the namespace counts, over it the oldest that selects the pod.
 *
 * @param proxyConfigs - those of the pod's namespace
 * @param pod - as injected
 * @returns names of environment variables
 */
export function missingPromises(
  proxyConfigs: KubeObject[],
  pod: KubeObject,
): string[] {
  const { sidecars, main } = containersOf(pod);
  const proxy = [...sidecars, ...main].find(one => one.name === 'istio-proxy');
  // Of two entries with the same name the last.
  const has = new Map(proxy?.env?.map(one => [one.name, one.value ?? '']));
  const labels = pod.metadata.labels ?? {};
  const specs = [...proxyConfigs]
    .sort((a, b) => createdAt(a).localeCompare(createdAt(b)))
    .map(object => object.spec as ProxyConfigSpec);
  const selectorOf = ({ selector }: ProxyConfigSpec) =>
    Object.entries(selector?.matchLabels ?? {});
  const promised = {
    ...specs.find(spec => selectorOf(spec).length === 0)?.environmentVariables,
    ...specs.find(
      spec =>
        selectorOf(spec).length > 0 &&
        selectorOf(spec).every(([key, value]) => labels[key] === value),
    )?.environmentVariables,
  };
  return Object.entries(promised).flatMap(([name, value]) =>
    has.get(name) === value ? [] : [name],
  );
}

function createdAt({ metadata }: KubeObject): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
