import { describeAccess } from './access';
import { describeApplying } from './applying';
import type { KubernetesConnection } from './connection';
import { ContractClient } from './connection';
import { describeDeleting } from './deleting';
import { describeIstio } from './istio';
import { describeReading } from './reading';
import { describeWatching } from './watching';
import { describeWriting } from './writing';

export type { KubernetesConnection } from './connection';

const START_TIMEOUT_MS = 120_000;

/**
 * The cases that an API server must pass to stand for Kubernetes in our tests
 * and in the demo. They run against the simulator and against a real
 * kube-apiserver.
 *
 * @param connect - starts the server under test, or finds it
 * @param options - istio: its CustomResourceDefinitions are installed there
 */
export function describeKubernetesApi(
  name: string,
  connect: () => Promise<KubernetesConnection>,
  options: { istio: boolean } = { istio: true },
) {
  describe(`Kubernetes API of ${name}`, () => {
    const namespace = `contract-${process.pid}`;
    let client: ContractClient | undefined;

    const connected = () => {
      if (!client) throw new Error(`${name} did not start`);
      return client;
    };

    beforeAll(async () => {
      client = new ContractClient(await connect());
      await client.post('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
    }, START_TIMEOUT_MS);

    afterAll(async () => {
      client?.closeWatches();
      await client?.connection.close();
    }, START_TIMEOUT_MS);

    const ns = () => namespace;
    describeReading(connected, ns);
    describeWriting(connected, ns);
    describeDeleting(connected, ns);
    describeApplying(connected, ns);
    describeWatching(connected, ns);
    describeAccess(connected, ns);
    describeIstio(connected, ns, options.istio ? describe : describe.skip);
  });
}
