/** The API servers of the benchmark, with what runs in each cluster. */
import {
  MeshAuthority,
  SHOP_SERVICES,
  startApiServer,
  type ApiServer,
  type ShopCluster,
} from '@isthmus/simulator';
import {
  gatewayObjects,
  istiodObjects,
  namespaceObjects,
  nodeObjects,
  rootCertificateObject,
} from '../../packages/simulator/src/model/meshObjects';
import { serviceObjects } from '../../packages/simulator/src/model/serviceObjects';
import { WorkloadController } from '../../packages/simulator/src/model/WorkloadController';
import { cpuSeconds, machineClock, serve } from '../processes/childProcess';

/** How the controllers reach a cluster. */
export interface ClusterAddress {
  name: string;
  port: number;
}

/** Token of an account with all rights in every cluster. */
export const ADMIN_TOKEN = 'benchmark-admin';
/** The member namespace of every cluster. */
export const NAMESPACE = 'team';
const GATEWAY_PORT = 15443;
/** What an edit of `mtls` makes or takes away in each member namespace. */
const WATCHED = new Set(['PeerAuthentication', 'AuthorizationPolicy']);

const servers: ApiServer[] = [];
let measured:
  | { prefix: string; left: Map<string, number>; times: number[][] }
  | undefined;
let finish: (() => void) | undefined;

function definitionOf(index: number): ShopCluster {
  return {
    name: `cluster-${String(index).padStart(3, '0')}`,
    network: `net-${index}`,
    region: `region-${index % 5}`,
    zones: [`region-${index % 5}-a`],
    podNetwork: `10.${index + 1}`,
    namespaces: [{ name: NAMESPACE, injected: true }],
    placements: [
      {
        namespace: NAMESPACE,
        service: SHOP_SERVICES[index % SHOP_SERVICES.length].name,
        replicas: 2,
      },
    ],
  };
}

async function startCluster(index: number, root: string) {
  const cluster = definitionOf(index);
  const api = await startApiServer({
    tokens: {
      [ADMIN_TOKEN]: { username: 'admin', groups: ['system:masters'] },
    },
  });
  for (const object of [
    ...nodeObjects(cluster),
    ...namespaceObjects(cluster),
    ...istiodObjects(cluster),
    ...gatewayObjects(cluster, GATEWAY_PORT),
    ...cluster.placements.flatMap(serviceObjects),
    rootCertificateObject('istio-system', root),
    rootCertificateObject(NAMESPACE, root),
  ]) {
    api.seed(object, 'helm');
  }
  const workloads = new WorkloadController({
    api,
    clusterName: cluster.name,
    network: cluster.network,
    podNetwork: cluster.podNetwork,
    startupMs: 0,
    now: () => new Date(),
  });
  workloads.settle();
  api.store.observe(({ object }) => {
    if (!measured || !WATCHED.has(object.kind)) return;
    if (!object.metadata.name.startsWith(measured.prefix)) return;
    const key = `${index}/${object.kind}`;
    if (measured.left.has(key)) return;
    const now = machineClock();
    measured.left.set(key, now);
    measured.times[index].push(now);
    if (measured.left.size === servers.length * WATCHED.size) finish?.();
  });
  servers.push(api);
  return { name: cluster.name, port: api.port };
}

serve({
  async start(count: number): Promise<ClusterAddress[]> {
    const { certificate: cert } = await MeshAuthority.open(undefined);
    const addresses: ClusterAddress[] = [];
    for (let i = 0; i < count; i += 1) {
      addresses.push(await startCluster(i, cert));
    }
    return addresses;
  },
  /** Objects of ours in all clusters. */
  owned: () =>
    servers.map(
      api =>
        [
          'networking.istio.io/v1 ServiceEntry',
          'networking.istio.io/v1 DestinationRule',
          'networking.istio.io/v1 Gateway',
          'networking.istio.io/v1beta1 ProxyConfig',
          'security.istio.io/v1 PeerAuthentication',
          'security.istio.io/v1 AuthorizationPolicy',
        ].flatMap(kind => {
          const [version, name] = kind.split(' ');
          return api.readAll(version, name);
        }).length,
    ),
  /** From now on the first change of each watched object counts. */
  begin(prefix: string) {
    measured = {
      prefix,
      left: new Map(),
      times: servers.map(() => []),
    };
  },
  /** When each cluster stored the last of its changes; waits for all of them. */
  async stored(patience: number): Promise<{ last: number[]; missing: number }> {
    const round = measured!;
    const wanted = servers.length * WATCHED.size;
    if (round.left.size < wanted) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>(resolve => {
        finish = resolve;
        timer = setTimeout(resolve, patience);
      });
      clearTimeout(timer);
      finish = undefined;
    }
    measured = undefined;
    return {
      last: round.times
        .filter(t => t.length === WATCHED.size)
        .map(t => Math.max(...t)),
      missing: wanted - round.left.size,
    };
  },
  cpu: cpuSeconds,
});
