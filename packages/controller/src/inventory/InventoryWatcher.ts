import { z } from 'zod';
import {
  ANNOTATION_PAUSE,
  CONTROLLER_NAME,
  INVENTORY_KINDS,
  Inventory,
  InventoryKind,
  MeshFacts,
  gatewaySchema,
  meshFactsSchema,
  namespaceSchema,
  serviceSchema,
  workloadSchema,
} from '@isthmus/plugin-gns-common';
import { Clock, isoTime } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import {
  KubeApi,
  KubeObject,
  KubeResource,
  KubeSelector,
} from '../kube/KubeApi';
import { READ_RESOURCES } from '../kube/resources';
import { Reflector } from '../kube/Reflector';
import { Evidence } from './Evidence';
import { PodIndex } from './PodIndex';
import { readPod } from './readPod';
import { ServiceRecord, readService } from './readService';
import {
  NamespaceRecord,
  NodeRecord,
  PolicyRecord,
  readConfigMap,
  readImageTags,
  readNamespace,
  readNode,
  readPolicy,
} from './records';
import { readMeshConfig, reduceMesh } from './reduceMesh';
import { reduceGateways } from './reduceGateways';
import { reduceNamespaces } from './reduceNamespaces';
import { reduceServices } from './reduceServices';
import { reduceWorkloads } from './reduceWorkloads';

export interface InventoryOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Pick<Intervals, 'kubeBackoff' | 'watchSilence' | 'relist'>;
  logger: Logger;
  /** Where istiod runs. */
  istioNamespace: string;
  /** Where we run. */
  namespace: string;
  /** Whether a namespace is a member, so that its proxies shall capture DNS. */
  isMember(namespace: string): boolean;
  /** Something changed: a report may be due. */
  onChange(): void;
}

type Source =
  | 'namespaces'
  | 'nodes'
  | 'services'
  | 'pods'
  | 'peerAuthentications'
  | 'proxyConfigs'
  | 'istiod'
  | 'meshConfig'
  | 'rootCertificates'
  | 'ownDeployment';

/** What each kind of inventory is made from: it is complete when they all are. */
const SOURCES: Readonly<Record<InventoryKind, readonly Source[]>> = {
  mesh: ['namespaces', 'nodes', 'istiod', 'meshConfig', 'rootCertificates'],
  namespaces: [
    'namespaces',
    'peerAuthentications',
    'proxyConfigs',
    'meshConfig',
  ],
  services: ['services'],
  workloads: ['pods', 'nodes'],
  gateways: ['services', 'pods', 'namespaces'],
};

const ITEM_SCHEMAS: Readonly<Record<InventoryKind, z.ZodType>> = {
  mesh: meshFactsSchema,
  namespaces: namespaceSchema,
  services: serviceSchema,
  workloads: workloadSchema,
  gateways: gatewaySchema,
};

/** Watches the cluster and reduces it to the contract's inventory. */
export class InventoryWatcher {
  readonly #options: InventoryOptions;
  readonly #reflectors = new Map<Source, Reflector>();
  readonly #versions = new Map<Source, number>();
  readonly #evidence: Record<InventoryKind, Evidence>;
  readonly #cache = new Map<
    InventoryKind,
    { version: string; items: unknown[] }
  >();
  readonly #namespaces = new Map<string, NamespaceRecord>();
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #services = new Map<string, ServiceRecord>();
  readonly #pods = new PodIndex();
  readonly #peerAuthentications = new Map<string, PolicyRecord>();
  readonly #proxyConfigs = new Map<string, PolicyRecord>();
  readonly #istiod = new Map<string, string[]>();
  readonly #settled = new Set<Source>();
  #meshConfig: string | undefined;
  #rootCertificates: string | undefined;
  #deploymentPause: string | undefined;
  #kubernetesVersion: string | undefined;
  #membersVersion = 0;

  static create(options: InventoryOptions): InventoryWatcher {
    return new InventoryWatcher(options);
  }

  private constructor(options: InventoryOptions) {
    this.#options = options;
    const evidence = () => new Evidence(options.clock);
    this.#evidence = {
      mesh: evidence(),
      namespaces: evidence(),
      services: evidence(),
      workloads: evidence(),
      gateways: evidence(),
    };
    this.#followAll();
  }

  /** Watches until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      ...[...this.#reflectors.values()].map(r => r.run(signal)),
      this.#readVersion(signal),
    ]);
  }

  /** The membership changed: pods may wait for a restart now. */
  membersChanged(): void {
    this.#membersVersion += 1;
    this.#options.onChange();
  }

  /** Values of the pause annotations on our namespace and Deployment. */
  pauseAnnotations(): string[] {
    return [
      this.#namespaces.get(this.#options.namespace)?.paused,
      this.#deploymentPause,
    ].filter(value => value !== undefined);
  }

  /** Whether every source was listed, or failed to be. */
  get isSettled(): boolean {
    return this.#settled.size === this.#reflectors.size;
  }

  /** Number of objects followed. */
  get size(): number {
    return [...this.#reflectors.values()].reduce((n, r) => n + r.size, 0);
  }

  /** One kind as it is now, with its mark. Items are sorted, so equal clusters give equal text. */
  part<K extends InventoryKind>(kind: K): NonNullable<Inventory[K]> {
    const reasons = SOURCES[kind].flatMap(source => {
      const state = this.#reflectors.get(source)?.state;
      // Without Istio's CRDs there are no policies: that is complete.
      return state && !state.synced && !state.missing ? [state.reason] : [];
    });
    if (kind === 'mesh' && !this.#kubernetesVersion) {
      reasons.push('The version of the API server is not known yet');
    }
    const items = this.#items(kind);
    if (kind === 'mesh' && items.length === 0 && reasons.length === 0) {
      reasons.push('There is no namespace kube-system');
    }
    const part = {
      mark: reasons.length === 0 ? 'complete' : 'partial',
      observedAt: isoTime(this.#options.clock.now()),
      items,
      ...(reasons.length > 0
        ? { reason: reasons.join('; ').slice(0, 1000) }
        : {}),
      deletions: this.#evidence[kind].list(),
    };
    return part as NonNullable<Inventory[K]>;
  }

  /** Changes whenever {@link part} may have changed. */
  version(kind: InventoryKind): string {
    const members = kind === 'workloads' ? this.#membersVersion : 0;
    return [
      ...SOURCES[kind].map(source => this.#versions.get(source) ?? 0),
      members,
    ].join('.');
  }

  /** Kinds that are partial now, with the reason. */
  partialReasons(): Array<{ kind: InventoryKind; reason: string }> {
    return INVENTORY_KINDS.flatMap(kind => {
      const { mark, reason } = this.part(kind);
      return mark === 'partial' ? [{ kind, reason: reason ?? '' }] : [];
    });
  }

  #items(kind: InventoryKind): unknown[] {
    const version = this.version(kind);
    const cached = this.#cache.get(kind);
    if (cached?.version === version) return cached.items;
    // One object beyond the contract's bounds must not spoil the whole report.
    const schema = ITEM_SCHEMAS[kind];
    const items = this.#reduce(kind).filter(item => {
      const { success, error } = schema.safeParse(item);
      if (!success) {
        this.#options.logger.warn(
          `${kind}: an object is left out of the inventory: ${error.message.slice(
            0,
            500,
          )}`,
        );
      }
      return success;
    });
    this.#cache.set(kind, { version, items });
    return items;
  }

  #reduce(kind: InventoryKind): unknown[] {
    const network = this.#namespaces.get(this.#options.istioNamespace)?.labels[
      'topology.istio.io/network'
    ];
    switch (kind) {
      case 'mesh':
        return this.#mesh(network);
      case 'namespaces':
        return reduceNamespaces({
          namespaces: this.#namespaces.values(),
          peerAuthentications: [...this.#peerAuthentications.values()],
          proxyConfigs: [...this.#proxyConfigs.values()],
          rootNamespace: readMeshConfig(this.#meshConfig).rootNamespace,
        });
      case 'services':
        return reduceServices(this.#services.values());
      case 'workloads':
        return reduceWorkloads({
          pods: this.#pods.all(),
          localityOf: node => this.#nodes.get(node)?.locality ?? '',
          asksDnsCapture: this.#options.isMember,
        });
      default:
        return reduceGateways({
          services: this.#services.values(),
          podsOf: namespace => this.#pods.inNamespace(namespace),
          network,
        });
    }
  }

  #mesh(network: string | undefined): MeshFacts[] {
    const clusterUid = this.#namespaces.get('kube-system')?.uid;
    if (!clusterUid || !this.#kubernetesVersion) return [];
    return [
      reduceMesh({
        clusterUid,
        kubernetesVersion: this.#kubernetesVersion,
        istioVersions: [...this.#istiod.values()].flat(),
        meshConfig: readMeshConfig(this.#meshConfig),
        rootCertificates: this.#rootCertificates,
        network,
        localities: [...this.#nodes.values()].map(n => n.locality),
      }),
    ];
  }

  #followAll(): void {
    const { istioNamespace, namespace } = this.#options;
    const inIstio = (name: string): KubeSelector => ({
      namespace: istioNamespace,
      fieldSelector: `metadata.name=${name}`,
    });
    this.#followRecords(
      'namespaces',
      READ_RESOURCES.namespaces,
      this.#namespaces,
      readNamespace,
    );
    this.#followRecords('nodes', READ_RESOURCES.nodes, this.#nodes, readNode);
    this.#followRecords(
      'services',
      READ_RESOURCES.services,
      this.#services,
      readService,
    );
    this.#followRecords(
      'peerAuthentications',
      READ_RESOURCES.peerAuthentications,
      this.#peerAuthentications,
      readPolicy,
    );
    this.#followRecords(
      'proxyConfigs',
      READ_RESOURCES.proxyConfigs,
      this.#proxyConfigs,
      readPolicy,
    );
    this.#followRecords(
      'istiod',
      READ_RESOURCES.deployments,
      this.#istiod,
      readImageTags,
      {
        namespace: istioNamespace,
        labelSelector: 'app=istiod',
      },
    );
    this.#followPods();
    this.#follow('meshConfig', READ_RESOURCES.configMaps, inIstio('istio'), {
      upsert: object => {
        this.#meshConfig = readConfigMap(object).mesh;
      },
      remove: () => {
        this.#meshConfig = undefined;
      },
    });
    this.#follow(
      'rootCertificates',
      READ_RESOURCES.configMaps,
      inIstio('istio-ca-root-cert'),
      {
        upsert: object => {
          this.#rootCertificates = readConfigMap(object)['root-cert.pem'];
        },
        remove: () => {
          this.#rootCertificates = undefined;
        },
      },
    );
    this.#follow(
      'ownDeployment',
      READ_RESOURCES.deployments,
      { namespace, fieldSelector: `metadata.name=${CONTROLLER_NAME}` },
      {
        upsert: object => {
          this.#deploymentPause =
            object.metadata.annotations?.[ANNOTATION_PAUSE];
        },
        remove: () => {
          this.#deploymentPause = undefined;
        },
      },
    );
  }

  #followRecords<T>(
    source: Source,
    resource: KubeResource,
    records: Map<string, T>,
    read: (object: KubeObject) => T | undefined,
    selector: KubeSelector = {},
  ): void {
    // Cluster-scoped objects are looked up by their name alone.
    const keyOf = (key: string) => (resource.namespaced ? key : key.slice(1));
    this.#follow(source, resource, selector, {
      upsert: object => {
        const key = keyOf(
          `${object.metadata.namespace ?? ''}/${object.metadata.name}`,
        );
        const record = read(object);
        if (record === undefined) records.delete(key);
        else records.set(key, record);
      },
      remove: (key, seen) => {
        records.delete(keyOf(key));
        if (!seen) return;
        const [namespace, name] = key.split('/');
        if (source === 'namespaces' || source === 'services') {
          this.#evidence[source].record(namespace, name);
        }
        if (source === 'services') {
          this.#evidence.gateways.record(namespace, name);
        }
      },
    });
  }

  #followPods(): void {
    this.#follow(
      'pods',
      READ_RESOURCES.pods,
      {},
      {
        upsert: object => {
          const pod = readPod(object);
          if (pod) this.#pods.set(pod);
          else {
            this.#pods.delete(
              object.metadata.namespace ?? '',
              object.metadata.name,
            );
          }
        },
        remove: (key, seen) => {
          const [namespace, name] = key.split('/');
          const pod = this.#pods.delete(namespace, name);
          if (pod && seen) {
            this.#evidence.workloads.record(
              namespace,
              pod.template.workload.name,
            );
          }
        },
      },
    );
  }

  #follow(
    source: Source,
    resource: KubeResource,
    selector: KubeSelector,
    handlers: {
      upsert(object: KubeObject): void;
      remove(key: string, seenByWatch: boolean): void;
    },
  ): void {
    const changed = () => this.#changed(source);
    this.#reflectors.set(
      source,
      Reflector.create({
        ...this.#options,
        resource,
        selector,
        handlers: {
          onUpsert: object => {
            handlers.upsert(object);
            changed();
          },
          onDelete: (key, how) => {
            handlers.remove(key, how === 'watch');
            changed();
          },
          onState: () => {
            this.#settled.add(source);
            changed();
          },
        },
      }),
    );
  }

  #changed(source: Source): void {
    this.#versions.set(source, (this.#versions.get(source) ?? 0) + 1);
    this.#options.onChange();
  }

  async #readVersion(signal: AbortSignal): Promise<void> {
    const { kube, clock, intervals, logger } = this.#options;
    while (!signal.aborted) {
      try {
        const version = await kube.version(signal);
        if (version !== this.#kubernetesVersion) {
          this.#kubernetesVersion = version;
          this.#changed('istiod');
        }
        await clock.sleep(intervals.relist, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.debug(`version of the API server: ${messageOf(error)}`);
        await clock.sleep(intervals.kubeBackoff.max, signal);
      }
    }
  }
}
