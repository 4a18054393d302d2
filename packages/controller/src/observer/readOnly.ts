import type { KubeApi } from '../kube/KubeApi';

/**
 * The reading half of an API server: whoever holds it cannot write, whatever the
 * credentials would allow.
 */
export function readOnly(kube: KubeApi): KubeApi {
  const refuse = (verb: string) => async () => {
    throw new Error(
      `This cluster is only observed: nothing is written to it (${verb})`,
    );
  };
  return {
    list: (...args) => kube.list(...args),
    watch: (...args) => kube.watch(...args),
    get: (...args) => kube.get(...args),
    version: signal => kube.version(signal),
    close: () => kube.close(),
    apply: refuse('apply'),
    create: refuse('create'),
    replace: refuse('replace'),
    delete: refuse('delete'),
    reviewToken: refuse('reviewToken'),
  };
}
