import type { ApiServer } from '../apiserver/server';
import type { DeploymentSpec } from './podObjects';

interface ProxyConfigView {
  metadata: { creationTimestamp?: string };
  spec?: {
    selector?: { matchLabels?: Record<string, string> };
    environmentVariables?: Record<string, string>;
  };
}

/** True when a pod of this template gets a proxy in this namespace. */
export function wantsProxy(
  api: ApiServer,
  namespace: string,
  template: DeploymentSpec['template'],
): boolean {
  const home = api.read('v1', 'Namespace', '', namespace);
  return (
    home?.metadata.labels?.['istio-injection'] === 'enabled' &&
    template.metadata?.labels?.['sidecar.istio.io/inject'] !== 'false'
  );
}

/**
 * What the namespace's ProxyConfig asks for now. The oldest one without
 * selector counts, as in istiod.
 */
export function proxyEnvironment(
  api: ApiServer,
  namespace: string,
): Record<string, string> {
  const configs = api
    .readAll('networking.istio.io/v1beta1', 'ProxyConfig', namespace)
    .map(object => object as unknown as ProxyConfigView)
    .filter(
      ({ spec }) => Object.keys(spec?.selector?.matchLabels ?? {}).length === 0,
    )
    .sort((a, b) =>
      (a.metadata.creationTimestamp ?? '') <
      (b.metadata.creationTimestamp ?? '')
        ? -1
        : 1,
    );
  return configs[0]?.spec?.environmentVariables ?? {};
}
