import fc from 'fast-check';
import type { Answer } from './contract/connection';
import { ContractClient, MERGE } from './contract/connection';
import {
  connectKubeApiserver,
  findIstioDefinitions,
  findKubernetesBinaries,
} from './contract/kubeApiserver';
import { ownership } from './contract/objects';
import type { ApiServer } from './server';
import { startApiServer } from './server';

/** One write; both servers get the same. */
type Operation =
  | { how: 'apply'; manager: string; force: boolean; object: unknown }
  | { how: 'merge'; manager: string; object: unknown }
  | { how: 'delete' };

const manager = fc.constantFrom('one', 'two', 'three');
const value = fc.constantFrom('1', '2');
const key = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(key, value, { maxKeys: 2 });

const port = fc.record({
  port: fc.constantFrom(80, 81, 82),
  name: fc.constantFrom('http', 'grpc', 'tls'),
});
const ports = fc.uniqueArray(port, {
  selector: p => p.port,
  minLength: 1,
  maxLength: 3,
});

function operations(
  object: fc.Arbitrary<unknown>,
  patch: fc.Arbitrary<unknown>,
) {
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        how: fc.constant('apply' as const),
        manager,
        force: fc.boolean(),
        object,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        how: fc.constant('merge' as const),
        manager,
        object: patch,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ how: 'delete' as const }) },
  );
  return fc.array(operation, { minLength: 2, maxLength: 7 });
}

const configMaps = operations(
  fc
    .record({ labels, data: fc.dictionary(key, value, { maxKeys: 3 }) })
    .map(({ labels: l, data }) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', labels: l },
      data,
    })),
  fc.dictionary(key, fc.option(value), { maxKeys: 2 }).map(data => ({ data })),
);

const serviceEntries = operations(
  fc
    .record({
      labels,
      hosts: fc.uniqueArray(fc.constantFrom('a.example', 'b.example'), {
        minLength: 1,
      }),
      ports: fc.uniqueArray(
        fc.record({
          number: fc.constantFrom(80, 81),
          name: fc.constantFrom('http', 'grpc'),
        }),
        { selector: p => p.name, maxLength: 2 },
      ),
      selector: fc.option(labels, { nil: undefined }),
      resolution: fc.constantFrom('STATIC', 'DNS', 'NOPE'),
    })
    .map(({ labels: l, hosts, ports: p, selector, resolution }) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'x', labels: l },
      spec: {
        hosts,
        ports: p,
        resolution,
        ...(selector ? { workloadSelector: { labels: selector } } : {}),
      },
    })),
  fc.oneof(
    labels.map(l => ({ metadata: { labels: l } })),
    fc
      .constantFrom('STATIC', null)
      .map(resolution => ({ spec: { resolution } })),
  ),
);

const services = operations(
  fc
    .record({ labels, ports, selector: fc.option(labels, { nil: undefined }) })
    .map(({ labels: l, ports: p, selector }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'x', labels: l },
      spec: { ports: p, ...(selector ? { selector } : {}) },
    })),
  labels.map(l => ({ metadata: { labels: l } })),
);

/** The parts of an answer that must be equal: no ids, times or addresses. */
function comparable({ status, body }: Answer): unknown {
  if (status >= 400) {
    const { message, reason, details } = body;
    // The real server takes managers and fields in the order of a Go map.
    const sorted = (list: readonly unknown[] = []) =>
      list.map(item => JSON.stringify(item)).sort();
    return {
      status,
      reason,
      words: sorted(String(message).split(/[\s[\],]+/)),
      details: { ...details, causes: sorted(details?.causes) },
    };
  }
  if (body.kind === 'Status') return { status };
  const { labels: l, generation } = body.metadata;
  const { clusterIP, clusterIPs, ...spec } = body.spec ?? {};
  return {
    status,
    labels: l,
    generation,
    data: body.data,
    spec,
    owners: ownership(body),
  };
}

async function run(
  client: ContractClient,
  path: string,
  list: readonly Operation[],
): Promise<unknown[]> {
  const results: unknown[] = [];
  await client.delete(path);
  for (const operation of list) {
    let answer: Answer;
    if (operation.how === 'delete') {
      answer = await client.delete(path);
    } else if (operation.how === 'merge') {
      const query = `?fieldManager=${operation.manager}`;
      answer = await client.patch(`${path}${query}`, MERGE, operation.object);
    } else {
      answer = await client.apply(
        path,
        operation.manager,
        operation.object,
        operation.force ? '&force=true' : '',
      );
    }
    results.push(comparable(answer));
  }
  return results;
}

const binaries = findKubernetesBinaries();
const definitions = findIstioDefinitions();

if (binaries && definitions) {
  describe('random writes', () => {
    let server: ApiServer;
    let simulated: ContractClient;
    let real: ContractClient;

    beforeAll(async () => {
      server = await startApiServer({
        tokens: {
          'admin-token': { username: 'admin', groups: ['system:masters'] },
        },
      });
      simulated = new ContractClient({
        url: server.url,
        adminToken: 'admin-token',
        readerToken: '',
        close: () => server.stop(),
      });
      real = new ContractClient(
        await connectKubeApiserver(binaries, definitions),
      );
    }, 120_000);

    afterAll(async () => {
      await simulated?.connection.close();
      await real?.connection.close();
    }, 60_000);

    it.each([
      ['ConfigMap', '/api/v1/namespaces/default/configmaps/x', configMaps],
      ['Service', '/api/v1/namespaces/default/services/x', services],
      [
        'ServiceEntry',
        '/apis/networking.istio.io/v1/namespaces/default/serviceentries/x',
        serviceEntries,
      ],
    ])(
      'of a %s are answered as by a real kube-apiserver',
      async (_kind, path, sequences) => {
        await fc.assert(
          fc.asyncProperty(sequences, async list => {
            const [here, there] = await Promise.all([
              run(simulated, path, list),
              run(real, path, list),
            ]);
            expect(here).toEqual(there);
          }),
          { numRuns: 40, seed: Number(process.env.FC_SEED ?? 1) },
        );
      },
      120_000,
    );
  });
} else {
  // eslint-disable-next-line jest/no-disabled-tests
  describe.skip('random writes without a real kube-apiserver', () => {
    // eslint-disable-next-line jest/expect-expect
    it('needs kube-apiserver and etcd, and Istio in the Go module cache', () => {});
  });
}
