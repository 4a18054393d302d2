/** The local controllers of the benchmark, with the intervals that they ship with. */
import {
  createController,
  HttpKubeApi,
  type Controller,
} from '../../packages/controller/src';
import { cpuSeconds, serve } from '../processes/childProcess';

/** What one controller needs to join. */
export interface Joining {
  hubUrl: string;
  joinToken: string;
  kubeUrl: string;
  kubeToken: string;
}

const controllers: Controller[] = [];

serve({
  async start(joining: Joining[]) {
    for (const { hubUrl, joinToken, kubeUrl, kubeToken } of joining) {
      controllers.push(
        await createController({
          kube: HttpKubeApi.create({
            server: kubeUrl,
            verify: true,
            authorization: async () => `Bearer ${kubeToken}`,
          }),
          hub: { url: hubUrl },
          token: joinToken,
        }),
      );
    }
  },
  /** Objects in place and all others, and the epochs, over all controllers. */
  progress: () => {
    let applied = 0;
    let other = 0;
    let current = 0;
    for (const controller of controllers) {
      for (const { state } of controller.objects()) {
        if (state === 'applied' || state === 'deleted') applied += 1;
        else other += 1;
      }
      const { highestEpoch, appliedEpoch } = controller;
      if (highestEpoch.n > 0 && highestEpoch.n === appliedEpoch.n) current += 1;
    }
    return { applied, other, current };
  },
  async stop() {
    await Promise.all(controllers.map(c => c.stop()));
  },
  cpu: cpuSeconds,
});
