/** The controller as it runs in a pod, compiled before it is measured. */
import {
  createController,
  HttpKubeApi,
  type Controller,
} from '../../packages/controller/src';
import { serve } from '../processes/childProcess';
import type { LargeCluster } from './clusterProcess';

let controller: Controller | undefined;

serve({
  async start(cluster: LargeCluster) {
    controller = await createController({
      kube: HttpKubeApi.create({
        server: cluster.url,
        ca: cluster.ca,
        verify: true,
        authorization: async () => `Bearer ${cluster.kubeToken}`,
      }),
      hub: { url: cluster.hubUrl },
      token: cluster.joinToken,
    });
  },
  memory: () => process.memoryUsage(),
  peak: () => process.resourceUsage().maxRSS * 1024,
  async stop() {
    await controller?.stop();
  },
});
