/*
 * What kubelet and the network plugin do on a real node, in one: it creates a pod's objects, and runs what the stored
 * Pod says after Istio's injector was asked about it.
 */
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient, KubeObject } from '../kube/KubeClient';
import type { NetworkAddresses } from '../network/addresses';
import type { NetworkSpace } from '../network/NetworkSpace';
import type { Tunnel } from '../network/Tunnel';
import { Daemon } from '../process/Daemon';
import { eventually } from '../process/eventually';
import { scriptCommand } from '../process/scripts';
import { expand, resolveEnvironment } from '../workload/containerEnvironment';
import { Pod } from '../workload/Pod';
import {
  APP_PORTS,
  containersOf,
  deploymentManifest,
  podManifest,
  podStatus,
  replicaSetManifest,
  serviceManifest,
  type ServicePort,
  type WorkloadShape,
} from '../workload/podManifests';
import type { AppOptions } from '../workload/protocol';
import { missingPromises } from '../workload/promisedEnvironment';
import { startProxy } from './startProxy';

/** User of every app. */
const APP_UID = 1000;
const READY_TIMEOUT_MS = 120_000;

/** A node of one cluster. */
export interface NodeOptions {
  cluster: string;
  network: string;
  node: string;
  /** Address of the control plane: istiod's and the resolver's. */
  hostIp: string;
  addresses: NetworkAddresses;
  space: NetworkSpace;
  kube: KubeClient;
  tunnel: Tunnel;
  /** The cluster's folder. */
  dir: string;
  socketDir: string;
  targetsDir: string;
  /** Copies that other users can reach. */
  pilotAgent: string;
  envoy: string;
  envoyBootstrap: string;
  /** The mesh's `defaultConfig`. */
  proxyConfig: Record<string, unknown>;
}

/** What to run. */
export interface RunOptions {
  namespace: string;
  workload: string;
  serviceAccount: string;
  proxy: WorkloadShape['proxy'];
  /** For gateways: see their own network only. */
  requestedNetworkView: boolean;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** None: no Service is made. */
  servicePorts: ServicePort[];
  /** More lines of /etc/hosts, by name. */
  hosts: Record<string, string>;
  waitUntilReady: boolean;
}

/** Runs pods on the one node of a cluster. */
export class NodeRunner {
  readonly #counters = new Map<string, number>();

  constructor(private readonly node: NodeOptions) {}

  /** Creates a pod's objects, runs it, and reports it ready once its proxy is. */
  async run(options: RunOptions): Promise<Pod> {
    await this.#prepareNamespace(options);
    const object = await this.#createObjects(
      this.#shape(options),
      options.servicePorts,
    );
    return this.runStored(options, object);
  }

  /** Creates the objects of a workload of which Kubernetes makes the pods. */
  async deploy(options: RunOptions, replicas: number): Promise<void> {
    const { kube } = this.node;
    await this.#prepareNamespace(options);
    const shape = this.#shape(options);
    if (options.servicePorts.length > 0) {
      await kube.apply(serviceManifest(shape, options.servicePorts));
    }
    await kube.apply(deploymentManifest(shape, replicas));
  }

  /** Runs a pod that is there, and reports it ready once its proxy is. */
  async runStored(options: RunOptions, object: KubeObject): Promise<Pod> {
    const { kube, addresses } = this.node;
    const address =
      options.proxy === 'router'
        ? addresses.nextGateway()
        : addresses.nextPod();
    const startedAt = new Date().toISOString();
    const containers = containersOf(object);
    const status = (ready: boolean) =>
      podStatus({
        ip: address,
        hostIp: this.node.hostIp,
        ready,
        containers,
        startedAt,
      });
    const { namespace, name } = object.metadata;
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
    await kube.patchStatus(ref, status(false));
    const pod = await this.#start(
      this.#shape(options),
      options,
      object,
      address,
    );
    if (options.waitUntilReady) {
      await this.#awaitReady(pod, options.proxy);
      await pod.setReady(true);
    }
    return pod;
  }

  #shape(options: RunOptions): WorkloadShape {
    const { cluster, network, node, proxyConfig } = this.node;
    return { ...options, cluster, network, node, proxyConfig };
  }

  async #prepareNamespace(options: RunOptions): Promise<void> {
    const { kube } = this.node;
    const { namespace, serviceAccount, proxy } = options;
    await createIfMissing(kube, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    await createIfMissing(kube, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: serviceAccount, namespace },
    });
    if (proxy === 'none') return;
    await eventually(() => this.#meshRoot(namespace), {
      what: `istiod of ${this.node.cluster} writes its root into namespace ${namespace}`,
    });
  }

  /** The ConfigMap that every proxy mounts, undefined until it has istiod's root. */
  async #meshRoot(
    namespace: string,
  ): Promise<Record<string, string> | undefined> {
    const map = await this.node.kube.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace,
      name: 'istio-ca-root-cert',
    });
    const files = map?.data as Record<string, string> | undefined;
    return files?.['root-cert.pem'] ? files : undefined;
  }

  async #createObjects(
    shape: WorkloadShape,
    servicePorts: ServicePort[],
  ): Promise<KubeObject> {
    const { kube } = this.node;
    if (servicePorts.length > 0) {
      await kube.apply(serviceManifest(shape, servicePorts));
    }
    const [deployment] = await kube.apply(deploymentManifest(shape));
    const hash = createHash('sha256')
      .update(JSON.stringify(deployment.spec))
      .digest('hex')
      .slice(0, 8);
    const [replicaSet] = await kube.apply(
      replicaSetManifest(shape, deployment, hash),
    );
    const count = (this.#counters.get(replicaSet.metadata.uid!) ?? 0) + 1;
    this.#counters.set(replicaSet.metadata.uid!, count);
    const pod = podManifest(
      shape,
      replicaSet,
      `${replicaSet.metadata.name}-${count}`,
    );
    if (shape.proxy === 'sidecar') await this.#injectorKnows(pod);
    return kube.create(pod);
  }

  /** Waits until a pod that starts now would get what the ProxyConfigs of its namespace say. */
  async #injectorKnows(pod: KubeObject): Promise<void> {
    const { kube, cluster } = this.node;
    const { namespace, name } = pod.metadata;
    await eventually(
      async () => {
        const proxyConfigs = await kube.list({
          apiVersion: 'networking.istio.io/v1beta1',
          kind: 'ProxyConfig',
          namespace,
        });
        const missing = missingPromises(
          proxyConfigs,
          await kube.dryCreate(pod),
        );
        if (missing.length > 0) throw new Error(`lacks ${missing.join(', ')}`);
        return true;
      },
      {
        what: `pod ${namespace}/${name} of ${cluster} gets what ProxyConfigs say`,
        timeoutMs: 20_000,
      },
    );
  }

  async #start(
    shape: WorkloadShape,
    options: RunOptions,
    object: KubeObject,
    address: string,
  ): Promise<Pod> {
    const { cluster, hostIp, space, kube, targetsDir, socketDir } = this.node;
    const { name } = object.metadata;
    const { namespace, workload, serviceAccount, proxy } = shape;
    const containers = containersOf(object);
    const proxyContainer = [...containers.sidecars, ...containers.main].find(
      one => one.name === 'istio-proxy',
    );
    if (proxy === 'sidecar' && !proxyContainer) {
      throw new Error(
        `pod ${namespace}/${name} of ${cluster} came back without a proxy: the injector left it alone`,
      );
    }
    const env = resolveEnvironment(proxyContainer?.env ?? [], {
      fields: {
        'metadata.name': name,
        'metadata.namespace': namespace,
        'status.podIP': address,
        'status.hostIP': hostIp,
        'spec.nodeName': this.node.node,
        'spec.serviceAccountName': serviceAccount,
      },
      limits: proxyContainer?.resources?.limits ?? {},
    });
    const netns = await space.addPod({
      name: `${cluster}-${name}`,
      address,
      network: this.node.addresses,
      hosts: [
        `${hostIp} istiod.istio-system.svc`,
        ...Object.entries(options.hosts).map(([host, ip]) => `${ip} ${host}`),
      ],
      resolver: [
        `nameserver ${hostIp}`,
        `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local`,
        'options ndots:5 timeout:1 attempts:3',
        '',
      ].join('\n'),
      interception:
        proxy === 'sidecar'
          ? { captureDns: env.ISTIO_META_DNS_CAPTURE === 'true' }
          : undefined,
    });
    const folder = join(this.node.dir, 'pods', `${namespace}.${name}`);
    await fs.mkdir(folder, { recursive: true });
    const agent =
      proxyContainer &&
      (await startProxy({
        ...this.node,
        pod: object,
        netns,
        folder,
        env,
        args: (proxyContainer.args ?? []).map(arg => expand(arg, env)),
        meshRoots: (await this.#meshRoot(namespace)) ?? {},
      }));
    const controlSocket = join(
      socketDir,
      `${createHash('sha256').update(netns).digest('hex').slice(0, 16)}.sock`,
    );
    const app =
      proxy === 'router'
        ? undefined
        : {
            controlSocket,
            daemon: startApp(netns, folder, {
              cluster,
              namespace,
              workload,
              pod: name,
              httpPort: APP_PORTS.http,
              grpcPort: APP_PORTS.grpc,
              tcpPort: APP_PORTS.tcp,
              controlSocket,
              uid: APP_UID,
            }),
          };
    const targets = join(targetsDir, `${namespace}.${name}.json`);
    if (agent) {
      await fs.writeFile(
        targets,
        JSON.stringify([
          {
            targets: [`${address}:15090`],
            labels: { cluster, namespace, workload, pod: name },
          },
        ]),
      );
    }
    return new Pod({
      cluster,
      namespace,
      name,
      workload,
      serviceAccount,
      address,
      hostIp,
      netns,
      containers,
      agent,
      app,
      kube,
      remove: async () => {
        await fs.rm(targets, { force: true });
        await space.removePod(netns);
        await fs.rm(controlSocket, { force: true });
      },
    });
  }

  async #awaitReady(pod: Pod, proxy: WorkloadShape['proxy']): Promise<void> {
    await eventually(
      async () => {
        await pod.assertAlive();
        if (proxy === 'none') return true;
        const url = `http://${pod.address}:15021/healthz/ready`;
        const { status, body } = await this.node.tunnel.get(url);
        if (status !== 200) throw new Error(`${url}: ${status} ${body}`);
        return true;
      },
      {
        what: `pod ${pod.namespace}/${pod.name} of ${this.node.cluster} is ready`,
        timeoutMs: READY_TIMEOUT_MS,
      },
    );
  }
}

function startApp(netns: string, folder: string, options: AppOptions): Daemon {
  const [command, ...args] = scriptCommand('workload/app.mts');
  return new Daemon({
    name: `app of ${options.pod}`,
    command,
    args,
    env: { TESTBED_APP: JSON.stringify(options) },
    cwd: '/',
    namespace: netns,
    logFile: join(folder, 'app.log'),
  }).start();
}

async function createIfMissing(
  kube: KubeClient,
  object: KubeObject,
): Promise<void> {
  const { name, namespace } = object.metadata;
  const ref = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace,
    name,
  };
  if (!(await kube.get(ref))) await kube.apply(object);
}
