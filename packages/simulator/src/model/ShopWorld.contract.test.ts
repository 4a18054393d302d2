import type { ContractClient as Client } from '../apiserver/contract/connection';
import { ContractClient } from '../apiserver/contract/connection';
import {
  connectKubeApiserver,
  findIstioDefinitions,
  findKubernetesBinaries,
} from '../apiserver/contract/kubeApiserver';
import type { KubernetesObject } from '../apiserver/objects';
import { RESOURCE_TYPES, apiVersionOf } from '../apiserver/resources';
import { createShopWorld } from './ShopWorld';

const binaries = findKubernetesBinaries();

/** What a client may send: no server fields, no owners that are not there. */
function asSent(object: KubernetesObject) {
  const { name, namespace, labels, annotations } = object.metadata;
  const sent = {
    ...object,
    metadata: { name, namespace, labels, annotations },
  };
  if (object.kind !== 'Service') return sent;
  // The clusters give out the same addresses; this server has only one of each.
  const { clusterIP, clusterIPs, ...spec } = object.spec as Record<
    string,
    unknown
  >;
  return { ...sent, spec };
}

/** Creates every object strictly; returns what the server said against it. */
async function replay(
  client: Client,
  objects: KubernetesObject[],
): Promise<string[]> {
  const problems: string[] = [];
  // A real server admits a pod only when its service account is there.
  const accountsFirst = [...RESOURCE_TYPES].sort(
    (a, b) => Number(a.kind === 'Pod') - Number(b.kind === 'Pod'),
  );
  for (const type of accountsFirst) {
    const apiVersion = apiVersionOf(type);
    const own = objects.filter(
      object => object.kind === type.kind && object.apiVersion === apiVersion,
    );
    for (const object of own) {
      const { namespace, name } = object.metadata;
      const root = type.group ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const path = `${root}${namespace ? `/namespaces/${namespace}` : ''}/${
        type.plural
      }`;
      const strict = 'fieldValidation=Strict';
      const made = await client.post(`${path}?${strict}`, asSent(object));
      if (![201, 409].includes(made.status)) {
        problems.push(`${type.kind} ${name}: ${made.body.message}`);
        continue;
      }
      if (!type.status || type.kind === 'Namespace' || !object.status) continue;
      const status = await client.patch(
        `${path}/${name}/status?${strict}`,
        'application/merge-patch+json',
        { status: object.status },
      );
      if (status.status !== 200) {
        problems.push(`${type.kind} ${name}/status: ${status.body.message}`);
      }
    }
  }
  return problems;
}

if (binaries) {
  describe('the demo’s objects on a real kube-apiserver', () => {
    it('are accepted strictly, status included', async () => {
      const connection = await connectKubeApiserver(
        binaries,
        findIstioDefinitions(),
      );
      const world = await createShopWorld({ tickMs: 0 });
      try {
        const problems: string[] = [];
        // One cluster after the other: the last one only adds namespaces.
        for (const cluster of world.clusters) {
          const { objects } = cluster.api.store.snapshot();
          const found = await replay(new ContractClient(connection), objects);
          problems.push(...found);
        }
        expect(problems).toEqual([]);
      } finally {
        await world.stop();
        await connection.close();
      }
    }, 120_000);
  });
} else {
  // eslint-disable-next-line jest/no-disabled-tests
  describe.skip('the demo’s objects without a real kube-apiserver', () => {
    // eslint-disable-next-line jest/expect-expect
    it('needs kube-apiserver and etcd: set ISTHMUS_KUBE_APISERVER and ISTHMUS_ETCD, or run `yarn testbed up` once', () => {});
  });
}
