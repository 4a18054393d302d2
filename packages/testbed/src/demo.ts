import type { Pod } from './workload/Pod';
import type { Testbed } from './Testbed';

/** What `status` shows. */
export interface DemoStatus {
  id: string;
  dir: string;
  clusters: {
    name: string;
    network: string;
    /** Works on the host while the owner lives. */
    kubeconfig: string;
    /** URL on the host. */
    prometheus: string;
    pods: {
      namespace: string;
      workload: string;
      name: string;
      address: string;
      netns: string;
    }[];
  }[];
}

/** Fills a testbed for people to try: a gateway in each cluster, a web shop's front in the first, its stock in the others. */
export async function startDemo(
  testbed: Testbed,
  options: { bare: boolean; log: (line: string) => void },
): Promise<DemoStatus> {
  await Promise.all(
    testbed.clusters.map(async (cluster, i) => {
      if (options.bare) return;
      await cluster.startGateway();
      await cluster.startPod(
        i === 0
          ? { namespace: 'shop-web', name: 'web' }
          : { namespace: 'shop-api', name: 'stock' },
      );
      options.log(`pods of ${cluster.name} are ready`);
    }),
  );
  return {
    id: testbed.id,
    dir: testbed.dir,
    clusters: await Promise.all(
      testbed.clusters.map(async cluster => {
        const prometheus = new URL(cluster.prometheusUrl);
        const { port } = await testbed.forward(
          prometheus.hostname,
          Number(prometheus.port),
        );
        return {
          name: cluster.name,
          network: cluster.network,
          kubeconfig: await cluster.writeHostKubeconfig(),
          prometheus: `http://127.0.0.1:${port}`,
          pods: cluster.pods.map(describePod),
        };
      }),
    ),
  };
}

function describePod(pod: Pod): DemoStatus['clusters'][number]['pods'][number] {
  const { namespace, workload, name, address, netns } = pod;
  return { namespace, workload, name, address, netns };
}
