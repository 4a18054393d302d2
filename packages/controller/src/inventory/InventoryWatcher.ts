import {
  ANNOTATION_PAUSE,
  CONTROLLER_NAME,
  INVENTORY_KINDS,
  Inventory,
  InventoryKind,
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
import { PodRecord, readPod } from './readPod';
import { oldestPolicy } from './reduceNamespaces';
import { readAuthorizationPolicy } from './readAuthorizationPolicy';
import { readDestinationRule } from './readDestinationRule';
import { readMeshConfig } from './reduceMesh';
import { readService } from './readService';
import { readSidecar } from './readSidecar';
import {
  readConfigMap,
  readImageTags,
  readNamespace,
  readNode,
  readPolicy,
} from './records';
import { ClusterRecords } from './ClusterRecords';
import { ITEM_SCHEMAS, SOURCES, Source, TOLD_OF } from './sources';

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
  readonly #records = new ClusterRecords();
  readonly #settled = new Set<Source>();
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
      this.#records.namespaces.get(this.#options.namespace)?.paused,
      this.#records.deploymentPause,
    ].filter(value => value !== undefined);
  }

  /** Pods of one namespace. */
  podsOf(namespace: string): Iterable<PodRecord> {
    return this.#records.pods.inNamespace(namespace);
  }

  /** One pod; undefined: it is not there, or not listed yet. */
  podOf(namespace: string, name: string): PodRecord | undefined {
    return this.#records.pods.get(namespace, name);
  }

  /** Istio's trust domain and PEM roots, each when it is known. */
  meshIdentity(): { trustDomain?: string; roots?: string } {
    const { meshConfig, rootCertificates } = this.#records;
    return {
      trustDomain: this.#settled.has('meshConfig')
        ? readMeshConfig(meshConfig).trustDomain
        : undefined,
      roots: rootCertificates,
    };
  }

  /** What of a namespace decides how its pods get their identity; undefined: it is not there. */
  namespaceFacts(name: string):
    | {
        name: string;
        labels: Readonly<Record<string, string>>;
        proxyConfig?: { name: string; ours: boolean };
      }
    | undefined {
    const record = this.#records.namespaces.get(name);
    if (!record) return undefined;
    const oldest = oldestPolicy(this.#records.proxyConfigs.values(), name);
    return {
      name,
      labels: record.labels,
      ...(oldest
        ? { proxyConfig: { name: oldest.name, ours: oldest.ours } }
        : {}),
    };
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
    const reasons = this.#reasons(kind);
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
      ...TOLD_OF[kind].map(source => this.#versions.get(source) ?? 0),
      members,
    ].join('.');
  }

  /** Whether every source of a kind was listed, or failed to be: before that there is nothing to tell. */
  isReady(kind: InventoryKind): boolean {
    return TOLD_OF[kind].every(source => this.#settled.has(source));
  }

  /** Kinds that are partial now, with the reason. */
  partialReasons(): Array<{ kind: InventoryKind; reason: string }> {
    return INVENTORY_KINDS.flatMap(kind => {
      const reasons = this.#reasons(kind);
      return reasons.length > 0 ? [{ kind, reason: reasons.join('; ') }] : [];
    });
  }

  #reasons(kind: InventoryKind): string[] {
    const reasons = SOURCES[kind].flatMap(source => {
      const state = this.#reflectors.get(source)?.state;
      // Without Istio's CRDs there are no policies: that is complete.
      return state && !state.synced && !state.missing ? [state.reason] : [];
    });
    if (kind === 'mesh' && !this.#records.kubernetesVersion) {
      reasons.push('The version of the API server is not known yet');
    }
    return reasons;
  }

  #items(kind: InventoryKind): unknown[] {
    const version = this.version(kind);
    const cached = this.#cache.get(kind);
    if (cached?.version === version) return cached.items;
    // One object beyond the contract's bounds must not spoil the whole report.
    const schema = ITEM_SCHEMAS[kind];
    const options = {
      ...this.#options,
      isRead: (source: Source) => this.#isRead(source),
    };
    const items = this.#records.reduce(kind, options).filter(item => {
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

  #isRead(source: Source): boolean {
    const state = this.#reflectors.get(source)?.state;
    return state !== undefined && (state.synced || Boolean(state.missing));
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
      this.#records.namespaces,
      readNamespace,
    );
    this.#followRecords(
      'nodes',
      READ_RESOURCES.nodes,
      this.#records.nodes,
      readNode,
    );
    this.#followRecords(
      'services',
      READ_RESOURCES.services,
      this.#records.services,
      readService,
    );
    this.#followRecords(
      'peerAuthentications',
      READ_RESOURCES.peerAuthentications,
      this.#records.peerAuthentications,
      readPolicy,
    );
    this.#followRecords(
      'proxyConfigs',
      READ_RESOURCES.proxyConfigs,
      this.#records.proxyConfigs,
      readPolicy,
    );
    this.#followRecords(
      'authorizationPolicies',
      READ_RESOURCES.authorizationPolicies,
      this.#records.authorizationPolicies,
      readAuthorizationPolicy,
    );
    this.#followRecords(
      'sidecars',
      READ_RESOURCES.sidecars,
      this.#records.sidecars,
      readSidecar,
    );
    this.#followRecords(
      'destinationRules',
      READ_RESOURCES.destinationRules,
      this.#records.destinationRules,
      readDestinationRule,
    );
    this.#followRecords(
      'istiod',
      READ_RESOURCES.deployments,
      this.#records.istiod,
      readImageTags,
      {
        namespace: istioNamespace,
        labelSelector: 'app=istiod',
      },
    );
    this.#followPods();
    this.#follow('meshConfig', READ_RESOURCES.configMaps, inIstio('istio'), {
      upsert: object => {
        this.#records.meshConfig = readConfigMap(object).mesh;
      },
      remove: () => {
        this.#records.meshConfig = undefined;
      },
    });
    this.#follow(
      'rootCertificates',
      READ_RESOURCES.configMaps,
      inIstio('istio-ca-root-cert'),
      {
        upsert: object => {
          this.#records.rootCertificates =
            readConfigMap(object)['root-cert.pem'];
        },
        remove: () => {
          this.#records.rootCertificates = undefined;
        },
      },
    );
    this.#follow(
      'ownDeployment',
      READ_RESOURCES.deployments,
      { namespace, fieldSelector: `metadata.name=${CONTROLLER_NAME}` },
      {
        upsert: object => {
          this.#records.deploymentPause =
            object.metadata.annotations?.[ANNOTATION_PAUSE];
        },
        remove: () => {
          this.#records.deploymentPause = undefined;
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
          if (pod) this.#records.pods.set(pod);
          else {
            this.#records.pods.delete(
              object.metadata.namespace ?? '',
              object.metadata.name,
            );
          }
        },
        remove: (key, seen) => {
          const [namespace, name] = key.split('/');
          const pod = this.#records.pods.delete(namespace, name);
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
        if (version !== this.#records.kubernetesVersion) {
          this.#records.kubernetesVersion = version;
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
