import { describeKubernetesApi } from './contract';
import {
  connectKubeApiserver,
  findIstioDefinitions,
  findKubernetesBinaries,
} from './contract/kubeApiserver';

const binaries = findKubernetesBinaries();
const definitions = findIstioDefinitions();

if (binaries) {
  describeKubernetesApi(
    'a real kube-apiserver',
    () => connectKubeApiserver(binaries, definitions),
    { istio: definitions !== undefined },
  );
} else {
  // Visible in the report; the mesh tests of CI build the binaries.
  // eslint-disable-next-line jest/no-disabled-tests
  describe.skip('Kubernetes API of a real kube-apiserver', () => {
    // eslint-disable-next-line jest/expect-expect
    it('needs kube-apiserver and etcd: set ISTHMUS_KUBE_APISERVER and ISTHMUS_ETCD, or run `yarn testbed up` once', () => {});
  });
}
