import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from '../binaries/ensureBinaries';
import { KubeClient } from '../kube/KubeClient';
import { controlPlaneAddress } from '../network/addresses';
import type { NetworkSpace } from '../network/NetworkSpace';
import type { Tunnel } from '../network/Tunnel';
import type { CertificateAuthority } from '../pki/certificateAuthority';
import type { Daemon } from '../process/Daemon';
import { eventually } from '../process/eventually';
import type { Pod } from '../workload/Pod';
import {
  APP_PORTS,
  GATEWAY_PORTS,
  ROOT_NAMESPACE,
  type ServicePort,
} from '../workload/podManifests';
import {
  API_PORT,
  ISTIOD_PORTS,
  prepareControlPlane,
  PROMETHEUS_PORT,
  renderKubeconfig,
  type ControlPlane,
} from './controlPlane';
import { Kubelet } from './Kubelet';
import { installInjector, startInjecting } from './injector';
import { NodeRunner, type RunOptions } from './nodeRunner';
import type { ClusterOptions, StartPodOptions } from './options';
import { prepareMesh } from './prepareMesh';

/** Ports of an app's Service when nothing else is asked for. */
const DEFAULT_SERVICE: ServicePort[] = [
  { name: 'http', port: 80, targetPort: APP_PORTS.http },
  { name: 'grpc', port: 9090, targetPort: APP_PORTS.grpc },
];

const MESH_ID = 'mesh1';

interface ClusterParts {
  options: Required<Omit<ClusterOptions, 'meshConfig'>>;
  index: number;
  dir: string;
  plane: ControlPlane;
  kube: KubeClient;
  adminToken: string;
  tunnel: Tunnel;
  runner: NodeRunner;
  /** With `workloadControllers` only. */
  kubelet?: Kubelet;
}

/** One real member cluster: control plane, istiod, a node that runs pods, Prometheus. */
export class Cluster {
  /** Brings a cluster up. It takes about ten seconds. */
  static async start(
    options: ClusterOptions,
    context: {
      /** From 1. */
      index: number;
      dir: string;
      socketDir: string;
      binaries: Binaries;
      /** Folder with copies of pilot-agent and Envoy that other users can run. */
      proxyBinaries: { pilotAgent: string; envoy: string };
      space: NetworkSpace;
      tunnel: Tunnel;
      root: CertificateAuthority;
    },
  ): Promise<Cluster> {
    const { index, space, tunnel, dir, binaries } = context;
    const full = {
      network: `net${index}`,
      region: `region-${index}`,
      zone: 'zone-a',
      root: 'common' as const,
      workloadControllers: false,
      ...options,
    };
    const ip = controlPlaneAddress(index);
    await space.addAddress(ip);
    const addresses = await space.network(full.network);
    // A folder that the caller named may hold an earlier testbed's logs.
    await fs.rm(dir, { recursive: true, force: true });
    await fs.mkdir(dir, { recursive: true });
    const proxyConfig = {
      discoveryAddress: `istiod.istio-system.svc:${ISTIOD_PORTS.secureGrpc}`,
      meshId: MESH_ID,
      concurrency: 1,
      // Stock Envoy has no istio_requests_total: these counters stand in for it.
      proxyStatsMatcher: {
        inclusionRegexps: [
          'cluster\\.outbound.*upstream_rq.*',
          'cluster\\.outbound.*ssl\\.fail_verify.*',
        ],
      },
    };
    const adminToken = randomBytes(24).toString('hex');
    const plane = await prepareControlPlane({
      cluster: full.name,
      index,
      namespace: space.controlPlane,
      dir,
      binaries,
      adminToken,
      workloadControllers: full.workloadControllers,
      meshConfig: {
        trustDomain: 'cluster.local',
        rootNamespace: ROOT_NAMESPACE,
        enablePrometheusMerge: false,
        defaultProviders: {},
        defaultConfig: proxyConfig,
        ...options.meshConfig,
      },
    });
    const kube = new KubeClient({
      tunnel,
      address: ip,
      port: API_PORT,
      ca: plane.servingCa,
      token: adminToken,
    });
    const node = `node-${full.name}`;
    const runner = new NodeRunner({
      cluster: full.name,
      network: full.network,
      node,
      hostIp: ip,
      addresses,
      space,
      kube,
      tunnel,
      dir,
      socketDir: context.socketDir,
      targetsDir: plane.targetsDir,
      ...context.proxyBinaries,
      envoyBootstrap: binaries.envoyBootstrap,
      proxyConfig,
    });
    const cluster = new Cluster({
      options: full,
      index,
      dir,
      plane,
      kube,
      adminToken,
      tunnel,
      runner,
      kubelet: full.workloadControllers
        ? new Kubelet({ cluster: full.name, kube, runner })
        : undefined,
    });
    plane.etcd.start();
    plane.apiServer.start();
    await cluster.apiServerReady();
    plane.controllerManager.start();
    plane.dns.start();
    plane.prometheus.start();
    await prepareMesh({
      ...full,
      cluster: full.name,
      kube,
      root: full.root === 'common' ? context.root : undefined,
      istiodDir: join(dir, 'istiod'),
      crdFile: binaries.istioCrds,
      node,
    });
    await installInjector({
      cluster: full.name,
      network: full.network,
      meshId: MESH_ID,
      kube,
      files: binaries.injector,
    });
    plane.istiod.start();
    await cluster.istiodReady();
    await startInjecting({ cluster: full.name, address: ip, kube });
    return cluster;
  }

  readonly #pods: Pod[] = [];

  private constructor(private readonly parts: ClusterParts) {}

  get name(): string {
    return this.parts.options.name;
  }

  /** From 1, in the order in which the testbed's clusters were asked for. */
  get index(): number {
    return this.parts.index;
  }

  get network(): string {
    return this.parts.options.network;
  }

  /** Address of its control plane inside the testbed. */
  get address(): string {
    return controlPlaneAddress(this.parts.index);
  }

  /** Folder with its logs. */
  get dir(): string {
    return this.parts.dir;
  }

  /** Admin client of its API server. */
  get kube(): KubeClient {
    return this.parts.kube;
  }

  /** URL of its API server inside the testbed. */
  get apiUrl(): string {
    return `https://${this.address}:${API_PORT}`;
  }

  /** Certificate that its API server's was signed by, PEM. */
  get apiCa(): string {
    return this.parts.plane.servingCa;
  }

  /** Admin kubeconfig for processes inside the control-plane namespace (`Testbed.runInControlPlane`). */
  get kubeconfig(): string {
    return this.parts.plane.kubeconfig;
  }

  /** Kill it and start it again to see what outlives it; then wait with {@link apiServerReady}. */
  get apiServer(): Daemon {
    return this.parts.plane.apiServer;
  }

  /** Kill it and start it again to see what outlives it; then wait with {@link istiodReady}. */
  get istiod(): Daemon {
    return this.parts.plane.istiod;
  }

  /** URL of its Prometheus inside the testbed. */
  get prometheusUrl(): string {
    return `http://${this.address}:${PROMETHEUS_PORT}`;
  }

  get prometheus(): Daemon {
    return this.parts.plane.prometheus;
  }

  /** Pods that run here, in order, those deleted left out. */
  get pods(): readonly Pod[] {
    return [...this.#pods, ...(this.parts.kubelet?.pods ?? [])];
  }

  /**
   * Writes a kubeconfig with the credentials of a service account, as narrow as its RBAC.
   *
   * @param options - for processes inside the testbed by default; `server` for another way to the API server
   * @returns path of the file
   */
  async writeKubeconfig(options: {
    namespace: string;
    serviceAccount: string;
    server?: string;
  }): Promise<string> {
    const { namespace, serviceAccount, server = this.apiUrl } = options;
    const token = await this.kube.createToken(namespace, serviceAccount, {
      expirationSeconds: 43_200,
    });
    const path = join(this.dir, `${namespace}.${serviceAccount}.kubeconfig`);
    await fs.writeFile(
      path,
      renderKubeconfig({ cluster: this.name, server, ca: this.apiCa, token }),
      { mode: 0o600 },
    );
    return path;
  }

  /**
   * Writes an admin kubeconfig that works on the host, through a loopback port of this process.
   *
   * @returns path of the file
   */
  async writeHostKubeconfig(): Promise<string> {
    const { port } = await this.parts.tunnel.forward(this.address, API_PORT);
    const path = join(this.dir, 'host.kubeconfig');
    await fs.writeFile(
      path,
      renderKubeconfig({
        cluster: this.name,
        server: `https://127.0.0.1:${port}`,
        ca: this.apiCa,
        token: this.parts.adminToken,
      }),
      { mode: 0o600 },
    );
    return path;
  }

  /**
   * Starts a pod with an app that echoes HTTP on 8080, gRPC on 9090 and lines over TCP on 7070, and its objects: Namespace, ServiceAccount,
   * Service, Deployment, ReplicaSet, Pod. The proxy gets the environment of the ProxyConfigs that exist by then.
   *
   * With `workloadControllers` Kubernetes makes its pods and ends them: {@link pods} tells which there are.
   *
   * @returns the pod; of several the first
   */
  async startPod(options: StartPodOptions): Promise<Pod> {
    const service = options.service ?? DEFAULT_SERVICE;
    const run: RunOptions = {
      namespace: options.namespace,
      workload: options.name,
      serviceAccount: options.serviceAccount ?? options.name,
      proxy: options.inject ?? true ? 'sidecar' : 'none',
      requestedNetworkView: false,
      labels: options.labels ?? {},
      annotations: options.annotations ?? {},
      servicePorts: service === false ? [] : service,
      hosts: options.hosts ?? {},
      waitUntilReady: options.waitUntilReady ?? true,
    };
    return this.#run(run, options.replicas);
  }

  /**
   * Starts an east-west gateway: a router that sees its own network only, behind a Service of type LoadBalancer with
   * port 15443. Other networks reach it at {@link Pod.address}.
   */
  async startGateway(
    options: {
      namespace?: string;
      name?: string;
      /** False: a gateway as many run it, which also forwards to other networks. */
      requestedNetworkView?: boolean;
    } = {},
  ): Promise<Pod> {
    const namespace = options.namespace ?? ROOT_NAMESPACE;
    const name = options.name ?? 'istio-eastwestgateway';
    const gateway = await this.#run({
      namespace,
      workload: name,
      serviceAccount: name,
      proxy: 'router',
      requestedNetworkView: options.requestedNetworkView ?? true,
      labels: { istio: 'eastwestgateway' },
      annotations: {},
      servicePorts: GATEWAY_PORTS,
      hosts: {},
      waitUntilReady: true,
    });
    await this.kube.patchStatus(
      { apiVersion: 'v1', kind: 'Service', namespace, name },
      { loadBalancer: { ingress: [{ ip: gateway.address }] } },
    );
    return gateway;
  }

  /** Deletes a pod as a rollout does. */
  async deletePod(pod: Pod): Promise<void> {
    const at = this.#pods.indexOf(pod);
    if (at >= 0) this.#pods.splice(at, 1);
    await pod.delete();
  }

  /** Waits until the API server answers. */
  async apiServerReady(): Promise<void> {
    const { etcd, apiServer } = this.parts.plane;
    await eventually(
      async () => {
        await etcd.assertRunning();
        await apiServer.assertRunning();
        return this.kube.request<string>('GET', '/readyz');
      },
      { what: `API server of ${this.name} is ready`, timeoutMs: 120_000 },
    );
  }

  /** Waits until istiod answers. */
  async istiodReady(): Promise<void> {
    await eventually(
      async () => {
        await this.istiod.assertRunning();
        const url = `http://${this.address}:${ISTIOD_PORTS.http}/ready`;
        const { status, body } = await this.parts.tunnel.get(url);
        if (status !== 200) throw new Error(`${status} ${body}`);
        return true;
      },
      { what: `istiod of ${this.name} is ready`, timeoutMs: 120_000 },
    );
  }

  /** One instant query of its Prometheus. @returns the series with their values */
  async queryPrometheus(
    expression: string,
  ): Promise<{ metric: Record<string, string>; value: number }[]> {
    const url = `${this.prometheusUrl}/api/v1/query?query=${encodeURIComponent(
      expression,
    )}`;
    const { status, body } = await this.parts.tunnel.get(url);
    if (status !== 200) throw new Error(`${expression}: ${status} ${body}`);
    const { data } = JSON.parse(body) as {
      data: {
        result: { metric: Record<string, string>; value: [number, string] }[];
      };
    };
    return data.result.map(({ metric, value }) => ({
      metric,
      value: Number(value[1]),
    }));
  }

  /** Closes connections from this process; the processes end with their namespace. */
  close(): void {
    this.parts.kubelet?.stop();
    this.kube.close();
  }

  async #run(options: RunOptions, replicas = 1): Promise<Pod> {
    const { kubelet } = this.parts;
    if (kubelet) return kubelet.deploy(options, replicas);
    if (replicas !== 1) {
      throw new Error(
        `${options.workload} cannot have ${replicas} pods: start ${this.name} with workloadControllers`,
      );
    }
    const pod = await this.parts.runner.run(options);
    this.#pods.push(pod);
    return pod;
  }
}
