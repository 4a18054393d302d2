import type { KubeObject } from '../kube/KubeClient';

/** Namespace whose ProxyConfig is for the whole mesh. */
export const ROOT_NAMESPACE = 'istio-system';

interface ProxyConfigSpec {
  selector?: { matchLabels?: Record<string, string> };
  environmentVariables?: Record<string, string>;
}

/**
 * Environment that the ProxyConfigs of a mesh give to the proxy of a new pod, as Istio's injector merges them: the
 * mesh's, over it the namespace's, over it those that select the pod; of each the oldest, by name when as old.
 *
 * @param proxyConfigs - all ProxyConfig objects of the cluster
 * @param pod - namespace and labels of the new pod
 */
export function proxyEnvironment(
  proxyConfigs: KubeObject[],
  pod: { namespace: string; labels: Record<string, string> },
): Record<string, string> {
  const oldestFirst = [...proxyConfigs].sort(
    (a, b) =>
      `${a.metadata.creationTimestamp}`.localeCompare(
        `${b.metadata.creationTimestamp}`,
      ) || a.metadata.name.localeCompare(b.metadata.name),
  );
  const spec = (object: KubeObject | undefined): ProxyConfigSpec =>
    (object?.spec as ProxyConfigSpec | undefined) ?? {};
  const selector = (object: KubeObject) =>
    Object.entries(spec(object).selector?.matchLabels ?? {});
  const ofNamespace = (namespace: string) =>
    oldestFirst.filter(object => object.metadata.namespace === namespace);

  const mesh = ofNamespace(ROOT_NAMESPACE).find(
    object => selector(object).length === 0,
  );
  const own = ofNamespace(pod.namespace);
  const whole = own.find(object => selector(object).length === 0);
  const selecting = own.find(
    object =>
      selector(object).length > 0 &&
      selector(object).every(([key, value]) => pod.labels[key] === value),
  );
  return Object.assign(
    {},
    ...[mesh, whole, selecting].map(
      object => spec(object).environmentVariables ?? {},
    ),
  );
}
