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
 * @param proxyConfigs - those of the pod's namespace
 * @param pod - as injected
 * @returns names of environment variables
 */
export function missingPromises(
  proxyConfigs: KubeObject[],
  pod: KubeObject,
): string[] {
  const { sidecars, main } = containersOf(pod);
  const env = [...sidecars, ...main].find(
    one => one.name === 'istio-proxy',
  )?.env;
  const has = new Set(env?.map(one => one.name));
  const labels = pod.metadata.labels ?? {};
  const promised = proxyConfigs
    .map(object => object.spec as ProxyConfigSpec)
    .filter(({ selector }) =>
      Object.entries(selector?.matchLabels ?? {}).every(
        ([key, value]) => labels[key] === value,
      ),
    )
    .flatMap(spec => Object.keys(spec.environmentVariables ?? {}));
  return [...new Set(promised)].filter(name => !has.has(name));
}
