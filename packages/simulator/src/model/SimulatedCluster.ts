import type { KubernetesObject, SeedObject } from '../apiserver/objects';
import type { ApiServerOptions } from '../apiserver/server';
import { ApiServer } from '../apiserver/server';
import type { PrometheusApi } from '../prometheus/PrometheusApi';
import { Incidents } from '../traffic/incidents';
import { CONTROLLER, PORTAL, accessObjects } from './accessObjects';
import type { ClusterIdentity } from './ClusterState';
import { ClusterState, newIdentity } from './ClusterState';
import { GatewayListener } from './GatewayListener';
import {
  gatewayObjects,
  istiodObjects,
  namespaceObjects,
  nodeObjects,
  rootCertificateObject,
} from './meshObjects';
import type { MeshAuthority } from './MeshAuthority';
import { ProxyAgents } from './ProxyAgents';
import { companionObjects, serviceObjects } from './serviceObjects';
import { freePort, onPort } from './onPort';
import { SimulatedIstiod } from './SimulatedIstiod';
import type { ShopCluster } from './shop';
import { SHOP_CLUSTERS } from './shop';
import { startPrometheus } from './SimulatedTraffic';
import { WorkloadController } from './WorkloadController';

/** Who a kubeconfig is for. */
export type KubeconfigRole = 'admin' | 'controller' | 'portal';

/** How a simulated cluster is started. */
export interface SimulatedClusterOptions {
  definition: ShopCluster;
  /** Signs for the mesh's proxies, which trust its root. */
  authority: MeshAuthority;
  /** Keeps objects, ports and tokens over restarts; without, all is new. */
  stateFolder?: string;
  /** How long a new pod takes to become ready, milliseconds. */
  startupMs?: number;
  now?: () => Date;
  /** What goes wrong; by default nothing does. */
  incidents?: Incidents;
}

const STARTUP_MS = 3_000;
const TOKEN_SECONDS = 10 * 365 * 86_400;
const SNAPSHOT_INTERVAL_MS = 10_000;

/** A member cluster of the demo: API server, workloads, gateway. */
export class SimulatedCluster {
  readonly #saving: NodeJS.Timeout;
  #savedVersion = 0;
  #saved: Promise<void> = Promise.resolve();

  private constructor(
    readonly definition: ShopCluster,
    readonly api: ApiServer,
    readonly workloads: WorkloadController,
    private readonly gateway: GatewayListener,
    private readonly identity: ClusterIdentity,
    private readonly state: ClusterState | undefined,
    private readonly stopRoots: () => void,
    private readonly prometheus: PrometheusApi,
    private readonly istiod: SimulatedIstiod,
    private readonly agents: ProxyAgents,
  ) {
    this.#saving = setInterval(() => {
      this.#saved = this.save();
      this.#saved.catch((error: Error) => {
        process.stderr.write(`${this.name}: not saved: ${error.message}\n`);
      });
    }, SNAPSHOT_INTERVAL_MS);
    this.#saving.unref();
  }

  static async start(
    options: SimulatedClusterOptions,
  ): Promise<SimulatedCluster> {
    const { definition, stateFolder, authority } = options;
    const rootCertificate = authority.certificate;
    const now = options.now ?? (() => new Date());
    const state = stateFolder
      ? await ClusterState.open(stateFolder)
      : undefined;
    const known = await state?.readIdentity();
    const identity = known ?? newIdentity();
    const snapshot = await state?.readSnapshot();
    const serverOptions: ApiServerOptions = {
      certificate: identity.certificate,
      tokenKey: Buffer.from(identity.tokenKey, 'base64'),
      clusterUid: identity.clusterUid,
      snapshot,
      tokens: {
        [identity.adminToken]: {
          username: 'admin',
          groups: ['system:masters'],
        },
      },
    };
    const gateway = await onPort(identity.gatewayPort, GatewayListener.listen);
    let api: ApiServer;
    try {
      api = await onPort(identity.apiPort, port =>
        ApiServer.start({ ...serverOptions, port }),
      );
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    let prometheus: PrometheusApi;
    try {
      prometheus = await startPrometheus({
        definition,
        clusters: SHOP_CLUSTERS,
        incidents: options.incidents ?? new Incidents(),
        api,
        port: identity.prometheusPort ?? 0,
      });
    } catch (error) {
      await Promise.all([gateway.stop(), api.stop()]);
      throw error;
    }
    let istiod: SimulatedIstiod;
    try {
      istiod = await onPort(identity.istiodPort ?? 0, port =>
        SimulatedIstiod.start({ api, authority, port }),
      );
      identity.issuerPort = await freePort(identity.issuerPort ?? 0);
    } catch (error) {
      await Promise.all([gateway.stop(), api.stop(), prometheus.stop()]);
      throw error;
    }
    const stopRoots = distributeRoot(api, rootCertificate);
    const workloads = new WorkloadController({
      api,
      clusterName: definition.name,
      network: definition.network,
      podNetwork: definition.podNetwork,
      startupMs: options.startupMs ?? STARTUP_MS,
      now,
    });
    const cluster = new SimulatedCluster(
      definition,
      api,
      workloads,
      gateway,
      identity,
      state,
      stopRoots,
      prometheus,
      istiod,
      new ProxyAgents({
        api,
        port: identity.issuerPort,
        now,
        onFailure: message =>
          process.stderr.write(`${definition.name}: ${message}\n`),
      }),
    );
    if (snapshot) {
      cluster.#moveGateway();
      workloads.finishStarts();
    }
    cluster.#populate(rootCertificate);
    await cluster.#keepIdentity();
    await cluster.save();
    return cluster;
  }

  get name(): string {
    return this.definition.name;
  }

  /** uid of kube-system. */
  get clusterUid(): string {
    return this.identity.clusterUid;
  }

  /** Port of the east-west gateway on 127.0.0.1. */
  get gatewayPort(): number {
    return this.gateway.port;
  }

  /** Where its Prometheus is asked. */
  get prometheusUrl(): string {
    return this.prometheus.url;
  }

  /** Where its controller issues certificates to pods, on 127.0.0.1. */
  get issuerPort(): number {
    return this.identity.issuerPort!;
  }

  /** Where istiod signs, on 127.0.0.1. */
  get istiodPort(): number {
    return this.istiod.port;
  }

  /** All that an earlier run did not have. */
  #populate(rootCertificate: string) {
    const { definition, api } = this;
    const objects: SeedObject[] = [
      ...nodeObjects(definition),
      ...namespaceObjects(definition),
      ...accessObjects(),
      ...istiodObjects(definition),
      ...gatewayObjects(definition, this.gateway.port),
      ...definition.placements.flatMap(serviceObjects),
      ...companionObjects(definition.placements),
    ];
    for (const object of objects) {
      const { namespace = '', name } = object.metadata;
      const known = api.read(object.apiVersion, object.kind, namespace, name);
      // Rights grow with the controller.
      if (!known || object.kind.endsWith('Role')) api.seed(object, 'helm');
    }
    for (const { metadata } of api.readAll('v1', 'Namespace')) {
      seedRoot(api, metadata.name, rootCertificate);
    }
    this.workloads.settle();
  }

  /** The gateway's port may have changed since the last run. */
  #moveGateway() {
    const [, service] = gatewayObjects(this.definition, this.gateway.port);
    const { namespace = '', name } = service.metadata;
    const live = this.api.read('v1', 'Service', namespace, name);
    const { ports = [] } = (live?.spec ?? {}) as {
      ports?: Array<{ name: string; port: number }>;
    };
    const current = ports.some(({ port }) => port === this.gateway.port);
    if (!current) this.api.seed(service, 'helm');
  }

  async #keepIdentity() {
    const { identity, api } = this;
    identity.apiPort = api.port;
    identity.gatewayPort = this.gateway.port;
    identity.prometheusPort = this.prometheus.port;
    identity.istiodPort = this.istiod.port;
    identity.controllerToken ??= api.issueToken(
      CONTROLLER.namespace,
      CONTROLLER.name,
      { seconds: TOKEN_SECONDS },
    );
    identity.portalToken ??= api.issueToken(PORTAL.namespace, PORTAL.name, {
      seconds: TOKEN_SECONDS,
    });
    await this.state?.writeIdentity(identity);
  }

  /** The bearer token of a role. */
  token(role: KubeconfigRole): string {
    const { adminToken, controllerToken, portalToken } = this.identity;
    const tokens = {
      admin: adminToken,
      controller: controllerToken,
      portal: portalToken,
    };
    const token = tokens[role];
    if (!token) throw new Error(`${this.name} has no token for ${role} yet`);
    return token;
  }

  /** A kubeconfig for a role. */
  kubeconfig(role: KubeconfigRole): string {
    const user = {
      admin: 'admin',
      controller: CONTROLLER.name,
      portal: PORTAL.name,
    }[role];
    return this.api.kubeconfig({
      cluster: this.name,
      user,
      token: this.token(role),
      ...(role === 'controller' ? { namespace: CONTROLLER.namespace } : {}),
    });
  }

  /** Writes all kubeconfigs into the cluster's state folder. */
  async writeKubeconfigs(): Promise<Record<KubeconfigRole, string>> {
    const { state } = this;
    if (!state) {
      throw new Error(`${this.name} was started without a state folder`);
    }
    const write = (role: KubeconfigRole) =>
      state.writeKubeconfig(role, this.kubeconfig(role));
    return {
      admin: await write('admin'),
      controller: await write('controller'),
      portal: await write('portal'),
    };
  }

  /** Saves the objects when they changed since the last time. */
  async save() {
    const version = this.api.store.resourceVersion;
    if (!this.state || version === this.#savedVersion) return;
    await this.state.writeSnapshot(this.api.store.snapshot());
    this.#savedVersion = version;
  }

  /** Restarts a pod of a service, as real life does now and then. */
  restartOnePod(namespace: string, service: string) {
    this.workloads.restartOnePod(namespace, service);
  }

  async stop() {
    clearInterval(this.#saving);
    this.stopRoots();
    this.workloads.stop();
    this.agents.stop();
    this.istiod.stop();
    await this.prometheus.stop();
    await this.gateway.stop();
    await this.api.stop();
    await this.#saved;
    await this.save();
  }
}

function seedRoot(api: ApiServer, namespace: string, rootCertificate: string) {
  const object = rootCertificateObject(namespace, rootCertificate);
  const known = api.read('v1', 'ConfigMap', namespace, object.metadata.name);
  const { 'root-cert.pem': root } = (known?.data ?? {}) as Record<
    string,
    string
  >;
  if (root !== rootCertificate) api.seed(object, 'pilot-discovery');
}

/** What istiod does: its root goes into every namespace. */
function distributeRoot(api: ApiServer, rootCertificate: string): () => void {
  const isNew = (object: KubernetesObject) =>
    object.kind === 'Namespace' && !object.metadata.deletionTimestamp;
  return api.store.observe(({ type, object }) => {
    if (type !== 'ADDED' || !isNew(object)) return;
    const { name } = object.metadata;
    setImmediate(() => {
      const home = api.read('v1', 'Namespace', '', name);
      if (home && isNew(home)) seedRoot(api, name, rootCertificate);
    });
  });
}
