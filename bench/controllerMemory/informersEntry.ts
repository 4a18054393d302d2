/** The peer: informers of the official client over the same four lists. */
import {
  CoreV1Api,
  KubeConfig,
  makeInformer,
  type Informer,
  type KubernetesObject,
  type ObjectCache,
} from '@kubernetes/client-node';
import { serve } from '../processes/childProcess';
import type { LargeCluster } from './clusterProcess';

const caches: (Informer<KubernetesObject> & ObjectCache<KubernetesObject>)[] =
  [];

serve({
  async start(cluster: LargeCluster) {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      {
        name: 'large',
        server: cluster.url,
        caData: Buffer.from(cluster.ca).toString('base64'),
        skipTLSVerify: false,
      },
      { name: 'admin', token: cluster.kubeToken },
    );
    const core = config.makeApiClient(CoreV1Api);
    caches.push(
      makeInformer(config, '/api/v1/namespaces', () => core.listNamespace()),
      makeInformer(config, '/api/v1/nodes', () => core.listNode()),
      makeInformer(config, '/api/v1/services', () =>
        core.listServiceForAllNamespaces(),
      ),
      makeInformer(config, '/api/v1/pods', () =>
        core.listPodForAllNamespaces(),
      ),
    );
    for (const cache of caches) {
      cache.on('error', error => {
        process.stderr.write(`informer: ${error}\n`);
      });
      await cache.start();
    }
  },
  held: () => caches.reduce((sum, cache) => sum + cache.list().length, 0),
  memory: () => process.memoryUsage(),
  peak: () => process.resourceUsage().maxRSS * 1024,
  async stop() {
    await Promise.all(caches.map(cache => cache.stop()));
  },
});
