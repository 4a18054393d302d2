/** One large simulated cluster and a hub, for the memory benchmark. */
import {
  createServingCertificate,
  startApiServer,
  type ApiServer,
  type KubernetesObject,
} from '@isthmus/simulator';
import { FakeHub } from '../../packages/controller/src/__testUtils__/FakeHub';
import {
  gatewayObjects,
  istiodObjects,
  rootCertificateObject,
} from '../../packages/simulator/src/model/meshObjects';
import { podObject } from '../../packages/simulator/src/model/podObjects';
import { serve } from '../processes/childProcess';

const SERVICES = 3_000;
const PODS_EACH = 5;
const NAMESPACES = 600;
const NODES = 1_400;
const ADMIN_TOKEN = 'benchmark-admin';

/** How to reach the cluster and its hub. */
export interface LargeCluster {
  url: string;
  ca: string;
  kubeToken: string;
  hubUrl: string;
  joinToken: string;
  objects: number;
}

let api: ApiServer;
let hub: FakeHub;
let pods: KubernetesObject[] = [];

function seedNodes() {
  for (let i = 0; i < NODES; i += 1) {
    const name = `node-${i}`;
    api.seed({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'topology.kubernetes.io/region': 'region-1',
          'topology.kubernetes.io/zone': `region-1-${'abc'[i % 3]}`,
        },
      },
      status: {
        addresses: [
          { type: 'InternalIP', address: `10.1.${i >> 8}.${i & 255}` },
        ],
        capacity: { cpu: '64', memory: '256Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      },
    });
  }
}

function seedService(index: number) {
  const namespace = `team-${index % (NAMESPACES - 20)}`;
  const name = `service-${index}`;
  const labels = { app: name, 'app.kubernetes.io/name': name, version: 'v1' };
  api.seed({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      type: 'ClusterIP',
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  });
  const replicaSet: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-7d9c5b8f6d`,
      namespace,
      uid: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
      labels: { 'pod-template-hash': '7d9c5b8f6d' },
    },
  };
  for (let n = 0; n < PODS_EACH; n += 1) {
    const number = index * PODS_EACH + n;
    const node = number % NODES;
    pods.push(
      api.seed(
        podObject({
          replicaSet,
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: name,
              containers: [
                {
                  name: 'app',
                  image: `registry.example/team/${name}:v1.0.0`,
                  ports: [{ name: 'http', containerPort: 8080 }],
                  env: Array.from({ length: 12 }, (_, e) => ({
                    name: `SETTING_${e}`,
                    value: `value ${e} of ${name}`,
                  })),
                },
              ],
            },
          },
          name: `${name}-7d9c5b8f6d-${String(n).padStart(5, 'x')}`,
          ip: `10.${20 + (number >> 16)}.${(number >> 8) & 255}.${
            number & 255
          }`,
          node: {
            name: `node-${node}`,
            address: `10.1.${node >> 8}.${node & 255}`,
          },
          ready: true,
          at: new Date(),
          proxy: { clusterName: 'large', network: 'net-1', environment: {} },
        }),
        'kubelet',
      ),
    );
  }
}

serve({
  async start(): Promise<LargeCluster> {
    const certificate = createServingCertificate();
    api = await startApiServer({
      certificate,
      tokens: {
        [ADMIN_TOKEN]: { username: 'admin', groups: ['system:masters'] },
      },
    });
    hub = await FakeHub.start();
    hub.publish({ epoch: { term: 1, n: 1 }, objects: [] });
    const namespaces = [
      'istio-system',
      ...Array.from({ length: NAMESPACES - 20 }, (_, i) => `team-${i}`),
    ];
    const already = api.readAll('v1', 'Namespace').length;
    for (let i = namespaces.length + already; i < NAMESPACES; i += 1) {
      namespaces.push(`empty-${i}`);
    }
    for (const name of namespaces) {
      api.seed({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          labels: name.startsWith('team-')
            ? { 'istio-injection': 'enabled' }
            : {},
        },
      });
    }
    const definition = {
      name: 'large',
      network: 'net-1',
      region: 'region-1',
      zones: ['region-1-a'],
      podNetwork: '10.20',
      namespaces: [],
      placements: [],
    };
    for (const object of [
      ...istiodObjects(definition),
      ...gatewayObjects(definition, 15443),
      rootCertificateObject('istio-system', 'no certificate'),
    ]) {
      api.seed(object, 'helm');
    }
    seedNodes();
    for (let i = 0; i < SERVICES; i += 1) seedService(i);
    const objects = ['Namespace', 'Node', 'Service', 'Pod']
      .map(kind => api.readAll('v1', kind).length)
      .reduce((a, b) => a + b, 0);
    return {
      url: api.url,
      ca: certificate.cert,
      kubeToken: ADMIN_TOKEN,
      hubUrl: hub.url,
      joinToken: [...hub.tokens][0],
      objects,
    };
  },
  /** Whether the hub has a complete inventory of everything. */
  reported: () => {
    const whole = (kind: 'namespaces' | 'services' | 'workloads') =>
      hub.reports.some(r => r.inventory[kind]?.mark === 'complete');
    return whole('namespaces') && whole('services') && whole('workloads');
  },
  /** Updates so many pods, one after another, evenly over some seconds. */
  async churn({ updates, seconds }: { updates: number; seconds: number }) {
    const batch = Math.ceil(updates / (seconds * 10));
    for (let done = 0; done < updates; done += batch) {
      for (let i = done; i < Math.min(updates, done + batch); i += 1) {
        const at = (i * 7) % pods.length;
        const status = pods[at].status as {
          conditions: { type: string; status: string }[];
        };
        pods[at] = api.replace({
          ...pods[at],
          status: {
            ...status,
            conditions: status.conditions.map(c =>
              c.type === 'Ready'
                ? { ...c, status: c.status === 'True' ? 'False' : 'True' }
                : c,
            ),
          },
        });
      }
      await new Promise<void>(resolve => {
        setTimeout(resolve, 100);
      });
    }
  },
  async stop() {
    pods = [];
    await api.stop();
    await hub.stop();
  },
});
